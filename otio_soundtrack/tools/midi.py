"""Standard MIDI Files: the one door to mido (floor 2).

*Conventions.* Times are ticks from the start of the file; a quarter note has :attr:`MidiSong.ticks_per_quarter` of them.
Format 1: the first track conducts (tempo, metre, key, markers), each part has a track of its own. Text is UTF-8, which the
standard leaves open and every current program reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mido import Message, MetaMessage, MidiFile, MidiTrack

from otio_soundtrack.tools.files import written_whole

PERCUSSION_CHANNEL = 9
"""Channel 10 of General MIDI, counted from 0."""
CHANNELS = 16
"""Channels of a port."""

_EARLY, _OFF, _ON = 0, 1, 2
"""Order of events on one tick: settings first, then what ends, then what begins."""
_FORMAT = 1
"""Several tracks that sound together."""


@dataclass(frozen=True, kw_only=True)
class MidiNote:
    """A note."""

    start: int
    """Tick on which it begins."""
    end: int
    """Tick on which it is let go, after its start."""
    key: int
    """0–127, 60 is middle C; on the percussion channel the drum."""
    velocity: int
    """1–127."""


@dataclass(frozen=True, kw_only=True)
class MidiPart:
    """What one instrument plays."""

    name: str
    channel: int
    """0–15; :data:`PERCUSSION_CHANNEL` is percussion."""
    port: int = 0
    """More parts than channels go to further ports."""
    programme: int
    """General MIDI programme, 0–127."""
    notes: tuple[MidiNote, ...]
    """In order of their start; no two of one key overlap."""


@dataclass(frozen=True, kw_only=True)
class SmpteStart:
    """Where on the tape the file starts."""

    hours: int
    minutes: int
    seconds: int
    frames: int
    rate: float
    """24, 25, 29.97 (drop-frame) or 30: no other can be said."""


@dataclass(frozen=True, kw_only=True)
class MidiSong:
    """A whole file."""

    ticks_per_quarter: int
    name: str
    text: str
    """A line about the file."""
    smpte: SmpteStart | None
    tempi: tuple[tuple[int, int], ...]
    """Tick, and microseconds a quarter note from there on; the first on tick 0."""
    metres: tuple[tuple[int, int, int], ...]
    """Tick, and upper and lower number of the time signature from there on."""
    keys: tuple[tuple[int, str], ...]
    """Tick, and key signature from there on, like ``Bb`` or ``C#m``."""
    markers: tuple[tuple[int, str], ...]
    parts: tuple[MidiPart, ...]
    end: int
    """Tick on which the cue ends."""


_Event = tuple[int, int, Message | MetaMessage]


def write_midi(path: Path, song: MidiSong) -> None:
    """Write a Standard MIDI File, whole or not at all.

    Raises:
        StoreError: the file cannot be written.
    """
    made = MidiFile(type=_FORMAT, ticks_per_beat=song.ticks_per_quarter, charset="utf-8")
    made.tracks.append(_track(_conducting(song), song.end))
    made.tracks.extend(_track(_playing(part), song.end) for part in song.parts)
    with written_whole(path) as scratch, scratch.open("wb") as stream:
        made.save(file=stream)


def _track(events: Iterable[_Event], end: int) -> MidiTrack:
    """Return a track of events on absolute ticks, which ends on a tick."""
    track, at = MidiTrack(), 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - at))
        at = tick
    track.append(MetaMessage("end_of_track", time=end - at))
    return track


def _conducting(song: MidiSong) -> list[_Event]:
    events: list[_Event] = [
        (0, _EARLY, MetaMessage("track_name", name=song.name)),
        (0, _EARLY, MetaMessage("text", text=song.text)),
    ]
    if song.smpte is not None:
        start = song.smpte
        said = MetaMessage(
            "smpte_offset",
            frame_rate=start.rate,
            hours=start.hours,
            minutes=start.minutes,
            seconds=start.seconds,
            frames=start.frames,
        )
        events.append((0, _EARLY, said))
    events += [(tick, _EARLY, MetaMessage("set_tempo", tempo=tempo)) for tick, tempo in song.tempi]
    events += [
        (tick, _EARLY, MetaMessage("time_signature", numerator=upper, denominator=lower)) for tick, upper, lower in song.metres
    ]
    events += [(tick, _EARLY, MetaMessage("key_signature", key=key)) for tick, key in song.keys]
    events += [(tick, _ON, MetaMessage("marker", text=text)) for tick, text in song.markers]
    return events


def _playing(part: MidiPart) -> list[_Event]:
    events: list[_Event] = [
        (0, _EARLY, MetaMessage("track_name", name=part.name)),
        (0, _EARLY, MetaMessage("midi_port", port=part.port)),
        (0, _EARLY, Message("program_change", channel=part.channel, program=part.programme)),
    ]
    for note in part.notes:
        events.append((note.start, _ON, Message("note_on", channel=part.channel, note=note.key, velocity=note.velocity)))
        events.append((note.end, _OFF, Message("note_off", channel=part.channel, note=note.key, velocity=0)))
    return events
