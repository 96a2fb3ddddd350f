"""Who strikes together plays softer, so that the master has little to limit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.audio.master import master
from otio_soundtrack.composer.balance import balanced
from otio_soundtrack.composer.score import Note, Stem
from otio_soundtrack.model.plan import HitPoint, Mood, Palette
from tests.composer.plans import EVERYBODY, in_palette, plan_of, rendered

PULSE = [Note(Stem.HARMONY, "felt piano", float(second), 1.0, 60, 0.6) for second in range(20)]
"""A stroke a second."""
LONG = [replace(note, start=note.start + 20 * turn) for turn in range(50) for note in PULSE]
"""The same for so long that nothing else counts in the mean."""
TUTTI_S = 10.5
TUTTI = [Note(Stem.HARMONY, "felt piano", TUTTI_S, 1.0, 48 + number, 0.6) for number in range(16)]
"""Sixteen strokes at once, between two of the pulse: 12 dB more than one."""
NOTES = st.builds(
    Note,
    st.just(Stem.HARMONY),
    st.sampled_from(["felt piano", "strings", "taiko", "celesta"]),
    st.floats(0, 30),
    st.floats(0.05, 5),
    st.integers(40, 80),
    st.floats(0.02, 1),
)


def decibels(softer: Note, note: Note) -> float:
    """Return by how much a note became softer; half the velocity is 8.4 dB."""
    return float(28 * np.log10(note.velocity / softer.velocity))


def tutti(hits: tuple[float, ...] = ()) -> list[Note]:
    """Return the notes of the tutti as they are played."""
    return [note for note in balanced([*PULSE, *TUTTI], hits) if note.start == TUTTI_S]


def test_an_even_pulse_is_left_as_it_is() -> None:
    """Nobody has to make room for another."""
    assert balanced(PULSE, ()) == PULSE


def test_a_tutti_is_softer_but_still_the_loudest() -> None:
    """All its notes by the same: more than a third of what it rises above one stroke, and less than that."""
    lowered = [decibels(after, before) for after, before in zip(tutti(), TUTTI, strict=True)]
    assert np.ptp(lowered) < 1e-9
    assert 4.0 < lowered[0] < 12.0
    rest = [note for note in balanced([*PULSE, *TUTTI], ()) if note.start != TUTTI_S]
    assert rest == PULSE


def test_twice_the_tutti_is_a_tenth_of_its_decibels_louder() -> None:
    """Doubled, it has 3.01 dB more; of those a tenth is left, apart from what it adds to the mean of the cue."""
    once = next(note for note in balanced([*LONG, *TUTTI], ()) if note.start == TUTTI_S)
    twice = next(note for note in balanced([*LONG, *TUTTI, *TUTTI], ()) if note.start == TUTTI_S)
    assert decibels(twice, once) == pytest.approx(0.9 * 10 * np.log10(2), abs=0.1)


def test_a_hit_stands_out() -> None:
    """The same strokes on a hit point keep more of their force."""
    assert 0.5 < decibels(tutti()[0], tutti((TUTTI_S,))[0]) < 1.0


def test_what_is_held_counts() -> None:
    """A stroke into a full chord is softer than one into silence."""
    chord = [Note(Stem.HARMONY, "strings", TUTTI_S - 2, 4.0, pitch, 0.9) for pitch in range(48, 64)]
    into = next(note for note in balanced([*LONG, *chord, TUTTI[0]], ()) if note.start == TUTTI_S)
    assert decibels(into, TUTTI[0]) > 1.0


def test_no_notes_are_no_notes() -> None:
    """An empty score has no mean."""
    assert balanced([], ()) == []


@settings(max_examples=50)
@given(st.lists(NOTES, max_size=40))
def test_nobody_is_moved_left_out_or_louder(notes: list[Note]) -> None:
    """Only velocities change, and only downwards; they never vanish."""
    played = balanced(notes, ())
    written = sorted(notes, key=lambda note: note.start)
    assert [replace(note, velocity=0.5) for note in played] == [replace(note, velocity=0.5) for note in written]
    assert all(0 < after.velocity <= before.velocity for after, before in zip(played, written, strict=True))


def test_accents_of_everybody_leave_the_limiter_little_to_do() -> None:
    """Sparse music with hits that all players strike: less than 3 dB at −16 LUFS and −1 dBTP, 6.8 dB were nobody balanced."""
    hits = tuple(HitPoint(frame=frame, weight=1.0, origin="marker") for frame in range(60, 1000, 75))
    sections = [(start, Mood.QUIRKY, energy, "C minor", 100.0, EVERYBODY) for start, energy in ((0, 0.35), (500, 0.7))]
    made = in_palette(plan_of(1000, sections=sections, hits=hits), Palette.CHAMBER)
    assert master(rendered(made).mix, lufs=-16.0, ceiling_dbtp=-1.0).curve.deepest_db < 3.0
