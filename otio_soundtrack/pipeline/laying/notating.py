"""The notes of the takes as MIDI files.

Composing is cheap and the same every time, so that a take from the store, for which nothing was played, has its notes too.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.composer.midi import midi_song
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.cue import Cue
from otio_soundtrack.pipeline.cut.cutting import Opened, refuse_own
from otio_soundtrack.pipeline.laying.naming import plain
from otio_soundtrack.tools.files import require_writable
from otio_soundtrack.tools.midi import write_midi

SUFFIXES = (".mid", ".midi", ".smf")
"""What sequencers take for a Standard MIDI File."""


def check_midi(path: Path, provider: str, source: Opened, target: Path | None) -> None:
    """Check that notes can be had and written at all, before anybody works for them.

    Raises:
        SettingsError: another provider than the local engine, no name of a MIDI file, or a file that is needed.
        StoreError: the folder cannot be written.
    """
    if provider != LOCAL.declaration.name:
        raise SettingsError(
            f"--midi: {provider} gives sound, not notes.", hint=f"Use --provider {LOCAL.declaration.name}, or leave --midi out."
        )
    if path.suffix.lower() not in SUFFIXES or path.is_dir():
        raise SettingsError(f"--midi: {path} is not the name of a MIDI file.", hint="Give a name that ends in .mid.")
    if target is not None and path.resolve() == target.resolve():
        raise SettingsError(f"--midi: {path} is the timeline that will be written.", hint="Give another name for the notes.")
    refuse_own(source, path)
    require_writable(path.absolute().parent)


def midi_file(wanted: Path, cue_id: str, number: int, *, only: bool) -> Path:
    """Return the path for the notes of one take.

    Args:
        wanted: what ``--midi`` says.
        cue_id: like ``1m01``.
        number: of the take, from 1.
        only: whether the run makes this one take and no other: then the name is as wanted. Else cue and take stand behind it as
            in the names of the music, ``notes_1M01_tk02.mid``.
    """
    return wanted if only else wanted.with_name(f"{wanted.stem}_{plain(cue_id).upper()}_tk{number:02d}{wanted.suffix}")


def write_notes(wanted: Path, cues: Sequence[Cue], changes: Sequence[int], written: list[Path]) -> tuple[Path, ...]:
    """Write one MIDI file for each take of each cue.

    Args:
        wanted: what ``--midi`` says.
        cues: the scored cues.
        changes: frames of the timeline on which the picture changes.
        written: is told the path of every file that was not there before.

    Returns:
        The files, in the order of cues and takes.

    Raises:
        StoreError: a file cannot be written.
    """
    only = sum(len(cue.takes) for cue in cues) == 1
    paths = []
    for cue in cues:
        cuts = [frame - cue.spot.start for frame in changes if cue.spot.start <= frame < cue.spot.end]
        for number, take in enumerate(cue.takes, start=1):
            path = midi_file(wanted, cue.spot.cue_id, number, only=only)
            if not path.exists():
                written.append(path)
            write_midi(path, midi_song(take.record.brief.plan, cuts))
            paths.append(path)
    return tuple(paths)
