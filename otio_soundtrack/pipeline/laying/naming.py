"""Names of music files, as post-production expects them.

``SHOW_1M01_MX_v001_tk02_48k24_2997DF_TEMP.wav``: production, cue, music, version of the request, take of that version, format,
rate, and TEMP where it is. Alphabet ``[A-Za-z0-9._-]``, at most 64 characters; a delivered version is never overwritten
(facts of the trade: turnover conventions of sound departments).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from otio_soundtrack.timeline.recognise import MUSIC_NAME
from otio_soundtrack.times import is_drop_frame
from otio_soundtrack.tools.files import sha256

LONGEST_NAME = 64
"""Characters of a file name that every host and AAF carry."""
_VERSIONS = 999


def music_file(show: str, cue_id: str, *, version: int, take: int, rate: float, temp: bool) -> str:
    """Return the file name of one take.

    Args:
        show: name of the timeline or of the written file; shortened where the whole would be too long.
        cue_id: like ``1m01``.
        version: of the request, from 1.
        take: alternative of the same version, from 1.
        rate: picture rate, frames per second.
        temp: whether the music is temporary.
    """
    tail = f"_{plain(cue_id).upper()}_MX_v{version:03d}_tk{take:02d}_48k24_{_rate_tag(rate)}{'_TEMP' if temp else ''}.wav"
    return f"{plain(show)[: LONGEST_NAME - len(tail)] or 'cut'}{tail}"


def show_name(timeline: str, written: Path | None, read: Path | None) -> str:
    """Return the name that all music files of a timeline begin with: the same through every door.

    Args:
        timeline: the timeline's own name, which counts first.
        written: the file that is written, where there is one.
        read: the file that was read, where there is one.
    """
    files = (path.stem for path in (written, read) if path is not None)
    return next((name for name in (timeline, *files) if plain(name)), "cut")


def show_of(file: str) -> str:
    """Return the show in the name of a music file of ours, empty where the name is not of that form."""
    match = MUSIC_NAME.search(file)
    return "" if match is None else file[: match.start()]


def stem_file(mix: Path, stem: str) -> Path:
    """Return the path of a stem beside its mix: ``…_TEMP_STEM-DRUMS.wav``."""
    return mix.with_name(f"{mix.stem}_STEM-{plain(stem).upper()}{mix.suffix}")


def duck_file(clean: Path, preset: str) -> Path:
    """Return the path of a ducked file beside the clean one: ``…_TEMP_DUCK-MEDIUM.wav``."""
    return clean.with_name(f"{clean.stem}_DUCK-{plain(preset).upper()}{clean.suffix}")


def plain(name: str) -> str:
    """Return a name in the alphabet of turnover files."""
    return re.sub(r"[^A-Za-z0-9.-]+", "_", name).strip("_.")


def free_version(
    folder: Path, show: str, cue_id: str, digests: Sequence[str], *, rate: float, temp: bool, taken: Collection[str]
) -> list[Path]:
    """Return the paths for the takes of a cue: the first version whose files are either absent or already these very takes.

    Args:
        folder: media folder.
        show: name of the timeline.
        cue_id: like ``1m01``.
        digests: SHA-256 of each take, in order.
        rate: picture rate.
        temp: whether the music is temporary.
        taken: base names of media that the timeline already uses for something else.
    """
    for version in range(1, _VERSIONS + 1):
        names = [
            music_file(show, cue_id, version=version, take=number, rate=rate, temp=temp) for number in range(1, len(digests) + 1)
        ]
        paths = [folder / name for name in names]
        if not any(name in taken for name in names) and all(
            not path.exists() or sha256(path) == digest for path, digest in zip(paths, digests, strict=True)
        ):
            return paths
    raise ValueError(f"{folder} holds {_VERSIONS} versions of {cue_id}")


def _rate_tag(rate: float) -> str:
    """Return ``24``, ``23976``, ``2997DF`` …: the rate without its point, and how its timecode is counted."""
    return f"{rate:.3f}".rstrip("0").rstrip(".").replace(".", "") + ("DF" if is_drop_frame(rate) else "")
