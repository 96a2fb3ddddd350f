"""The temp track that a service remixes or matches: a file, music of the timeline itself, or a URL."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from otio_soundtrack.errors import LimitError, SettingsError
from otio_soundtrack.model.cut import AudioElement, CutList
from otio_soundtrack.model.plan import Spot
from otio_soundtrack.model.sound import Samples
from otio_soundtrack.picture.mix import windows
from otio_soundtrack.picture.trim import trimmed
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.provider.ask import LocalFile
from otio_soundtrack.provider.declaration import ReferenceLimits
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.files import kept_by_hash
from otio_soundtrack.tools.media.sound import SoundReader
from otio_soundtrack.tools.waveform import write_mp3

_SHOWN_NAMES = 8
"""Names of clips and tracks told to somebody who mistyped one."""


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A reference as a service is given it: a file, or an address, or neither."""

    file: LocalFile | None = None
    url: str = ""


def reference(given: str, url: str, source: Opened, spot: Spot, *, limits: ReferenceLimits | None, folder: Path) -> Reference:
    """Return the reference for a cue, cut to what the service takes and encoded as MP3.

    Args:
        given: what ``--reference`` says: a URL, a music file, or the name of a clip or track of the timeline; empty for none.
        url: what ``--reference-url`` says; where it is given, the service fetches that.
        source: the timeline.
        spot: the cue; of the timeline's own music its range is taken.
        limits: of the service; None where it takes no files.
        folder: where the file is laid, under its hash.

    Raises:
        SettingsError: nothing has that name.
        LimitError: it is too short for the service, or too large however it is encoded.
        UnreadableMediaError: the file does not decode.
    """
    if url or not given:
        return Reference(url=url)
    if given.startswith(("https://", "http://")):
        return Reference(url=given)
    if limits is None:
        return Reference()
    sound = _of_file(Path(given), limits) if Path(given).is_file() else _of_timeline(given, source.cut, spot, limits)
    if len(sound) < limits.least_seconds * SAMPLE_RATE_HZ:
        seconds = len(sound) / SAMPLE_RATE_HZ
        raise LimitError(
            f"the reference {given!r} has {seconds:.1f} s; the service takes {limits.least_seconds:g} s at least.",
            hint="Give a longer piece with --reference.",
        )
    file = _laid(sound, folder)
    if file.size > limits.most_bytes:
        raise LimitError(
            f"the reference {given!r} has {file.size:,} bytes as MP3; the service takes {limits.most_bytes:,} at most.",
            hint="Give a shorter piece with --reference.",
        )
    return Reference(file=file)


def _of_file(path: Path, limits: ReferenceLimits) -> Samples:
    """Return the beginning of a music file, as much as the service takes; no silence is added after its end."""
    most, end = int(limits.most_seconds * SAMPLE_RATE_HZ), 0
    parts = [np.zeros((0, 2), np.float32)]
    with closing(SoundReader(path)) as reader:
        for at, piece in reader.pieces():
            if end >= most:
                break
            parts += [np.zeros((max(0, at - end), 2), np.float32), piece[max(0, end - at) :]]
            end = max(end, at + len(piece))
    return np.concatenate(parts)[:most]


def _of_timeline(name: str, cut: CutList, spot: Spot, limits: ReferenceLimits) -> Samples:
    """Return what a clip or track of the timeline sounds like under the cue."""
    wanted = tuple(one for one in cut.audio if name in (one.source.name, one.track))
    if not wanted:
        raise SettingsError(
            f"--reference: there is no file {name!r}, and no clip or track of that name sounds in the timeline.",
            hint=f"There are {_names(cut.audio)}." if cut.audio else "The timeline has no sound; give a music file.",
        )
    part = trimmed(replace(cut, audio=wanted), (spot.start, spot.start + spot.frames))
    sound = np.concatenate(list(windows(part)))
    heard = np.flatnonzero(np.abs(sound).max(axis=1))
    if not len(heard):
        raise SettingsError(f"--reference: {name!r} is silent under cue {spot.cue_id}.", hint="Choose another clip or --range.")
    return sound[heard[0] : heard[-1] + 1][: int(limits.most_seconds * SAMPLE_RATE_HZ)]


def _names(elements: tuple[AudioElement, ...]) -> str:
    names = dict.fromkeys(name for one in elements for name in (one.source.name, one.track) if name)
    shown = [repr(name) for name in list(names)[:_SHOWN_NAMES]]
    return ", ".join(shown) + (" and others" if len(names) > _SHOWN_NAMES else "")


def _laid(sound: Samples, folder: Path) -> LocalFile:
    """Write the reference under the hash of its bytes."""
    path, digest, _ = kept_by_hash(folder, ".mp3", lambda scratch: write_mp3(scratch, sound))
    return LocalFile(path=path, sha256=digest, size=path.stat().st_size, seconds=len(sound) / SAMPLE_RATE_HZ)
