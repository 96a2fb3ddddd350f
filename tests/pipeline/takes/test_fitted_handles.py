"""Handles of music that somebody else made: what the take has beyond the points between which it is played."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from otio_soundtrack.audio.facts import analyse_music
from otio_soundtrack.audio.fit import beyond
from otio_soundtrack.audio.fit_plan import plan_fit
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.pipeline.takes.fitted import fitted
from otio_soundtrack.pipeline.takes.taking import record
from otio_soundtrack.provider.ask import Offer
from otio_soundtrack.tools.files import sha256
from otio_soundtrack.tools.store import TakeStore
from otio_soundtrack.tools.waveform import read_wav, write_wav
from tests.audio.bands import RATE, band
from tests.providers.briefs import brief

HANDLES = Handles.of(48, 24.0, start=1000)


@pytest.fixture(scope="module")
def take() -> NDArray[np.float32]:
    """A band's take of about a minute, with its own ending and two seconds of silence."""
    return np.concatenate([band(bpm=104, metre=4, bars=24)[0], np.zeros((2 * RATE, 2), np.float32)])


def test_the_handles_are_the_music_next_to_what_is_played(take: NDArray[np.float32]) -> None:
    """Before a start inside of the take, and after its own ending; sample for sample."""
    facts = analyse_music(take)
    plan = plan_fit(facts, 40 * RATE, start_seconds=8.0)
    assert (plan.ending, plan.rise) == ("kept", 0)
    before, after = beyond(plan, facts.sound, HANDLES)
    first, last = plan.segments[0].start, plan.segments[-1].stop
    assert np.array_equal(before, take[first - 2 * RATE : first])
    assert np.abs(before).max() > 0.05
    if plan.ring:
        assert not after.any()
    else:
        assert np.array_equal(after[: len(take) - last], take[last : last + 2 * RATE])


def test_nothing_follows_an_ending_that_was_made(take: NDArray[np.float32]) -> None:
    """The take goes on there, with music that has nothing to do with the end."""
    facts = analyse_music(take[: 30 * RATE])
    plan = plan_fit(facts, 20 * RATE)
    assert plan.ending == "made"
    before, after = beyond(plan, facts.sound, HANDLES)
    assert before.shape == after.shape == (2 * RATE, 2)
    assert not after.any()


def test_a_fitted_take_plays_the_same_with_handles_as_without(take: NDArray[np.float32], tmp_path: Path) -> None:
    """The file is longer by the handles to the sample; facts are those of the cue; the store keeps both."""
    write_wav(tmp_path / "take.wav", take)
    fetched = Fetched(path=tmp_path / "take.wav", sha256=sha256(tmp_path / "take.wav"), size=1)
    offer = Offer(file=fetched, heard=None, start_seconds=8.0)  # type: ignore[arg-type]
    made = [
        fitted(offer, brief(20.0), TakeStore(tmp_path), job_ids=(), cost=0, lufs=-16.0, handles=handles)
        for handles in (NO_HANDLES, HANDLES)
    ]
    alone, around = (read_wav(one.stored.path)[0] for one in made)
    assert len(around) == 2 * RATE + len(alone) + 2 * RATE
    assert np.abs(around[2 * RATE : -2 * RATE] - alone).max() < 0.01
    assert made[0].facts.integrated_lufs == pytest.approx(made[1].facts.integrated_lufs, abs=0.1)
    assert made[1].facts.ends
    told = record(made[1], LOCAL.declaration, "temp")
    assert (told.samples, told.handles) == (len(around), HANDLES)
