"""The notes of a cue for a sequencer: what the engine plays, as parts, tempi, metres, keys and markers.

A composer who opens the file at the cue's first frame has the whole piece on bars and beats: notes lie within half a millisecond
of where the engine plays them (:mod:`.midi_clock`). Slow voices are not written early: a sampler has attacks of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from otio_soundtrack.composer.arrange import arranged
from otio_soundtrack.composer.general_midi import PATCHES, Patch, signature
from otio_soundtrack.composer.grid import grid
from otio_soundtrack.composer.keys import parse_key
from otio_soundtrack.composer.midi_clock import TICKS_PER_QUARTER, MidiClock, midi_clock
from otio_soundtrack.composer.score import Note, Score, Stem
from otio_soundtrack.model.plan import Plan
from otio_soundtrack.times import exact_rate, frame_seconds
from otio_soundtrack.tools.midi import CHANNELS, PERCUSSION_CHANNEL, MidiNote, MidiPart, MidiSong, SmpteStart

_LOUDEST = 127
_SMPTE_RATES = {24.0: 24, 25.0: 25, 30.0: 30}
"""Picture rates whose timecode a MIDI file can say; 29.97 only as drop-frame, and no other without an error that grows."""
_DROP_RATE = 30_000 / 1001
_TIMECODE = re.compile(r"^(\d\d):(\d\d):(\d\d)([:;])(\d\d)$")
_HOURS = 24
"""Hours that SMPTE counts."""


def midi_song(plan: Plan, cuts: Iterable[int] = ()) -> MidiSong:
    """Return the notes of a plan for a sequencer.

    Args:
        plan: of the cue; the same plan, seed included, gives the notes that are heard in its take.
        cuts: frames of the cue on which the picture changes.

    Raises:
        SettingsError: the plan cannot be composed (:func:`.arrange.arranged`).
    """
    beats = grid(plan)
    clock = midi_clock(beats, plan.beats_per_bar)
    end = clock.tick(beats.seconds)
    where = f" at {plan.timecode}" if plan.timecode else ""
    return MidiSong(
        ticks_per_quarter=TICKS_PER_QUARTER,
        name=plan.cue_id,
        text=f"otio-soundtrack cue {plan.cue_id}{where}, {plan.rate:g} frames per second, seed {plan.seed}",
        smpte=smpte_start(plan.timecode, plan.rate),
        tempi=tuple((tick, tempo) for tick, tempo in zip(clock.ticks, clock.tempi, strict=True) if tick < end),
        metres=tuple(metre for metre in clock.metres if metre[0] < end),
        keys=_keys(plan, clock),
        markers=_markers(plan, cuts, clock),
        parts=_parts(arranged(plan), clock, end),
        end=end,
    )


def smpte_start(timecode: str, rate: float) -> SmpteStart | None:
    """Return the start of the file on the tape, None where MIDI has no word for it (23.976, 48, 50, 60 frames per second)."""
    found = _TIMECODE.match(timecode)
    drop = exact_rate(rate) == exact_rate(_DROP_RATE)
    if found is None or (rate not in _SMPTE_RATES and not drop) or (found[4] == ";") is not drop or int(found[1]) >= _HOURS:
        return None
    hours, minutes, seconds, frames = (int(found[group]) for group in (1, 2, 3, 5))
    return SmpteStart(hours=hours, minutes=minutes, seconds=seconds, frames=frames, rate=29.97 if drop else _SMPTE_RATES[rate])


def _at(plan: Plan, clock: MidiClock, frame: int) -> int:
    return clock.tick(float(frame_seconds(frame, exact_rate(plan.rate))))


def _keys(plan: Plan, clock: MidiClock) -> tuple[tuple[int, str], ...]:
    """Return the key signatures, each only where it is another than before."""
    signed = [(_at(plan, clock, section.start), signature(parse_key(section.key))) for section in plan.sections]
    return tuple(next(group) for _, group in groupby(signed, key=lambda one: one[1]))


def _markers(plan: Plan, cuts: Iterable[int], clock: MidiClock) -> tuple[tuple[int, str], ...]:
    """Return a marker for every frame on which something is: the section that begins, the hit, or else the cut."""
    words: dict[int, list[str]] = {}
    for number, section in enumerate(plan.sections, start=1):
        words.setdefault(section.start, []).append(f"section {number}: {section.mood.value}, {section.key}")
    for hit in plan.hits:
        words.setdefault(hit.frame, []).append(f"hit: {hit.label or hit.origin}")
    for cut in cuts:
        if 0 <= cut < plan.frames and cut not in words:
            words[cut] = ["cut"]
    return tuple((_at(plan, clock, frame), " · ".join(said)) for frame, said in sorted(words.items()))


def _parts(score: Score, clock: MidiClock, end: int) -> tuple[MidiPart, ...]:
    """Return a part for each voice of each stem, in the order of the stems; each has a channel of its own."""
    order = list(Stem)
    played: dict[tuple[int, str], list[Note]] = {}
    for note in score.notes:
        played.setdefault((order.index(note.stem), note.voice), []).append(note)
    parts, melodic = [], 0
    for (stem, voice), notes in sorted(played.items()):
        patch = PATCHES[voice]
        port, channel = _channel(patch, melodic)
        melodic += patch.drum is None
        name = f"{order[stem].value}: {voice}"
        written = tuple(_written(notes, patch, clock, end))
        parts.append(MidiPart(name=name, channel=channel, port=port, programme=patch.programme, notes=written))
    return tuple(parts)


def _channel(patch: Patch, melodic: int) -> tuple[int, int]:
    """Return port and channel of the next part; the percussion channel is left to percussion."""
    if patch.drum is not None:
        return 0, PERCUSSION_CHANNEL
    port, channel = divmod(melodic, CHANNELS - 1)
    return port, channel + (channel >= PERCUSSION_CHANNEL)


def _written(notes: Sequence[Note], patch: Patch, clock: MidiClock, end: int) -> Iterable[MidiNote]:
    """Return the notes of one voice in order; a key that is struck again is let go first, and struck once on one tick."""
    by_key: dict[int, dict[int, tuple[int, int]]] = {}
    for note in notes:
        key = next(one for one in (patch.drum, patch.key, note.pitch) if one is not None)
        start = min(clock.tick(note.start), end - 1)
        struck = (max(1, round(note.velocity * _LOUDEST)), min(end, max(start + 1, clock.tick(note.end))))
        starts = by_key.setdefault(key, {})
        starts[start] = max(struck, starts.get(start, struck))
    made = []
    for key, starts in by_key.items():
        following = [*sorted(starts)[1:], end]
        for start, then in zip(sorted(starts), following, strict=True):
            velocity, let_go = starts[start]
            made.append(MidiNote(start=start, end=min(let_go, then), key=key, velocity=velocity))
    return sorted(made, key=lambda note: (note.start, note.key))
