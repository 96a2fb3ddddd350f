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


@pytest.mark.parametrize("wanted_s", [58.9, 30.5, 41])
def test_a_decay_that_was_cut_off_is_an_ending_all_the_same(wanted_s: float) -> None:
    """Down by 33 dB in two seconds, and after another the file is over: kept, and nothing of it stops dead."""
    whole = band(bars=26)[0]
    sound = whole[: 59 * RATE + int(np.abs(whole[59 * RATE : 60 * RATE]).max(axis=1).argmax())].copy()
    sound[-3 * RATE :] *= (10 ** (np.append(np.linspace(0, -33, 2 * RATE), np.full(RATE, -33.0)) / 20))[:, None]
    facts = analyse_music(sound)
    assert facts.ends
    assert facts.fall
    plan = plan_fit(facts, int(wanted_s * RATE))
    out = render_fit(plan, sound)
    assert plan.ending == "kept"
    assert np.abs(out[-48:]).max() < 10 ** (-60 / 20)
    assert np.array_equal(out[-4 * RATE : -RATE], sound[-4 * RATE : -RATE]) or plan.segments[-1].stop < len(sound)


def test_what_breaks_off_loud_has_no_ending() -> None:
    """Nor has what is only a little softer at last."""
    sound = band(bars=26)[0][: 60 * RATE].copy()
    sound[-3 * RATE :] *= (10 ** (np.linspace(0, -12, 3 * RATE) / 20))[:, None]
    assert not analyse_music(sound).ends
