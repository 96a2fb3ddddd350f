"""What is left of an ending that rings shorter."""

from __future__ import annotations

import numpy as np
import pytest

from otio_soundtrack.audio.facts import MusicFacts, analyse_music
from otio_soundtrack.audio.fit import render_fit
from otio_soundtrack.audio.fit_plan import plan_fit
from otio_soundtrack.audio.untouched import blurred
from otio_soundtrack.model.fit import FitPlan, Segment
from tests.audio.bands import RATE, band

KNOWN = int(5.25 * RATE)


@pytest.fixture(scope="module")
def take() -> MusicFacts:
    """A band's take with its ending."""
    return analyse_music(band(bars=24)[0])


def ending(take: MusicFacts, less: int, ring: int) -> tuple[FitPlan, float]:
    """Return the take with less of its end and a fall, samples, and how alike its last seconds are to its own."""
    whole = plan_fit(take, take.samples)
    stop = take.end - less
    plan = whole.model_copy(
        update={"samples": stop, "segments": (Segment(start=0, stop=stop),), "keep_first": stop, "ring": ring}
    )
    own, fallen = (one[stop - KNOWN : stop].mean(axis=1) for one in (take.sound.file, render_fit(plan, take.sound.file)))
    return plan, float(own @ fallen / np.sqrt((own @ own) * (fallen @ fallen)))


def test_a_fall_over_what_is_hardly_heard_costs_nothing(take: MusicFacts) -> None:
    """The decay is as good as over."""
    plan, alike = ending(take, 0, RATE // 20)
    assert alike > 0.999
    assert blurred(take, plan) == 0


@pytest.mark.parametrize("less", [RATE, 2 * RATE])
def test_a_fall_over_what_sounds_costs_as_much_as_is_missed(take: MusicFacts, less: int) -> None:
    """As much as the correlation of the written sound with the take's own is below 0.985."""
    plan, alike = ending(take, less, 3 * RATE)
    assert alike < 0.96
    assert blurred(take, plan) == pytest.approx(250 * (0.985 - alike), abs=1.5)


def test_an_ending_that_is_made_is_not_compared(take: MusicFacts) -> None:
    """It is told as made."""
    plan, _ = ending(take, RATE, 3 * RATE)
    assert blurred(take, plan.model_copy(update={"ending": "made"})) == 0
