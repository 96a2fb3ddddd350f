"""Laws of the writing that hold for any plan and any band."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.composer.arrange import arranged
from otio_soundtrack.composer.bands import PLAYERS
from otio_soundtrack.composer.form import form
from otio_soundtrack.composer.grid import grid
from otio_soundtrack.composer.voices.orchestra import DRUMS
from otio_soundtrack.model.plan import Instrument, Palette
from tests.composer.plans import in_palette, random_plan

SEEDS = st.integers(min_value=0, max_value=10**6)


@given(SEEDS, st.sampled_from(Palette), st.floats(min_value=3.0, max_value=60.0))
@settings(max_examples=60, deadline=None)
def test_parts_stay_in_their_registers_and_out_of_the_dialogue(seed: int, palette: Palette, seconds: float) -> None:
    """A law over any plan and band: bass below G3, all else from E2 to C7; no tune begins where somebody speaks."""
    plan = in_palette(random_plan(seed, seconds), palette)
    score = arranged(plan)
    pitched = [note for note in score.notes if note.voice not in DRUMS]
    assert all(24 <= note.pitch <= 59 for note in pitched if note.stem.value == "bass")
    assert all(40 <= note.pitch <= 96 for note in pitched if note.stem.value in ("harmony", "melody"))
    spoken = [(region.start / plan.rate, region.end / plan.rate) for region in plan.keep_clear]
    bells = {players.bell for players in PLAYERS.values()}
    alone = any(set(section.instruments) <= {Instrument.MELODY, Instrument.BELL} for section in plan.sections)
    tune = [note for note in pitched if note.stem.value == "melody" and note.voice not in bells and note.start < score.final]
    if not alone and all(Instrument.PAD in section.instruments for section in plan.sections):
        for start, end in spoken:
            assert not [note for note in tune if start + 0.02 < note.start < end - 0.02 and note.start > 0.1]


@given(SEEDS, st.floats(min_value=6.0, max_value=60.0))
@settings(max_examples=40, deadline=None)
def test_bars_begin_on_beats_and_leave_no_gap(seed: int, seconds: float) -> None:
    """Of any plan, but for the bar in which the cue begins; every bar ends where the next begins, up to the final chord."""
    plan = random_plan(seed, seconds)
    bars = [moment.bar for moment in form(plan, grid(plan)).moments]
    assert all(bar.beat == round(bar.beat) for bar in bars[1:-1])
    assert all(one.beat + one.beats == pytest.approx(other.beat) for one, other in pairwise(bars))
    assert [bar.section for bar in bars] == sorted(bar.section for bar in bars)


@given(SEEDS, st.sampled_from(Palette))
@settings(max_examples=20, deadline=None)
def test_the_same_plan_gives_the_same_notes(seed: int, palette: Palette) -> None:
    """Composing has no memory."""
    plan = in_palette(random_plan(seed, 20.0), palette)
    assert arranged(plan) == arranged(plan)
