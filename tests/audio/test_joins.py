"""What is measured at joins, on sounds whose joins are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from otio_soundtrack.audio.joins import flux_ratio, join_reports
from otio_soundtrack.model.fit import FitPlan, Seam, Segment
from tests.audio.sounds import RATE

BEAT_S = 0.5


def beats(count: int = 24, *, missing: int = -1, louder: int = -1) -> NDArray[np.float32]:
    """Return a struck tone every half second; one may be missing, one four times as loud and bright."""
    time = np.arange(int(BEAT_S * RATE)) / RATE
    tone = 0.1 * np.sin(2 * np.pi * 220 * time) * np.exp(-6 * time)
    noise = np.random.default_rng(1).normal(0, 0.4, len(time)) * np.exp(-60 * time)
    parts = [tone * (number != missing) + noise * (number == louder) for number in range(count)]
    # each beat begins 50 ms late, so that its attack lies inside of what is looked at
    return np.repeat(np.concatenate([np.zeros(2400), *parts]).astype(np.float32)[:, None], 2, axis=1)


def seam(at: float, leave: float, enter: float) -> Seam:
    """Return a join."""
    return Seam(at=at, from_=leave, to=enter, percentile=50.0, cost=1.0, on_metre=True, lag=0, likeness=0.9, fade=480, before=240)


def test_a_join_on_which_as_much_begins_as_in_the_take_is_one() -> None:
    """The same beat everywhere."""
    assert flux_ratio(seam(3.05, 5.05, 2.05), beats(), beats()) == pytest.approx(1.0, abs=0.05)


def test_an_attack_too_many_stands_out_and_one_that_lacks_is_told() -> None:
    """The take has a struck tone on both beats."""
    join = seam(3.05, 5.05, 2.05)
    assert (flux_ratio(join, beats(louder=6), beats()) or 0) > 1.6
    assert (flux_ratio(join, beats(missing=6), beats()) or 9) < 0.5


def test_level_is_no_matter_and_silence_has_no_ratio() -> None:
    """A fit is levelled after it was made; where nothing begins, nothing can be compared."""
    join = seam(3.05, 5.05, 2.05)
    assert flux_ratio(join, beats(louder=6) * np.float32(0.25), beats()) == flux_ratio(join, beats(louder=6), beats())
    assert flux_ratio(join, np.zeros_like(beats()), np.zeros_like(beats())) is None


def test_joins_at_the_very_ends_are_told_too() -> None:
    """Nothing lies before the first sample and after the last."""
    sound = beats(8)
    plan = FitPlan(
        samples=len(sound),
        segments=(Segment(start=0, stop=10), Segment(start=20, stop=30), Segment(start=40, stop=50)),
        seams=(seam(0.0, 0.0, 0.0), seam(len(sound) / RATE, len(sound) / RATE, 2.05)),
        keep_first=0,
        keep_last=0,
        stretch_cents=0.0,
        ending="kept",
        ring=0,
        rise=0,
        tempo_bpm=120.0,
    )
    first, last = join_reports(plan, sound, sound)
    assert (first.fade_ms, first.on_metre, last.percentile) == (10.0, True, 50.0)
