"""The scorecard of a provider: measured on takes as they came, each counted once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.cli.main import main
from otio_soundtrack.model.scorecard import Mark
from otio_soundtrack.pipeline.takes.marking import Charge, drift, marked
from otio_soundtrack.settings import home
from otio_soundtrack.tools.marks import keep, scorecards
from tests.audio.sounds import sine

RATE = 48_000


def test_real_length_tail_loudness_and_cost_are_measured(tmp_path: Path) -> None:
    """A sine of −20 dBFS in both channels has −20 LUFS (EBU Tech 3341, case 1 at −23); twelve seconds with three of silence."""
    sound = np.concatenate([sine(1000, -20, 12), np.zeros((3 * RATE, 2), np.float32)])
    mark = marked(tmp_path, sound, Charge("suno", 30.0), sha256="a", asked=10 * RATE, beats=[])
    assert mark.seconds == 15.0
    assert mark.tail_seconds == pytest.approx(3.0, abs=0.05)
    card = scorecards(tmp_path)["suno"]
    assert (card.takes, card.refused, card.length_ratio, card.credits_per_second) == (1, 0, 1.5, 2.0)
    assert card.lufs == pytest.approx(-20.0, abs=0.1)
    assert card.drift is None


def test_a_take_counts_once_and_a_refused_one_is_paid_for_but_not_measured(tmp_path: Path) -> None:
    """Looked at again it is the same take; its figures do not speak for the provider."""
    sound = sine(1000, -20, 10)
    for _ in range(2):
        mark = marked(tmp_path, sound, Charge("suno", 10.0), sha256="a", asked=10 * RATE, beats=[])
    keep(tmp_path, replace(mark, sha256="b", seconds=30.0, refused="it is silent"))
    card = scorecards(tmp_path)["suno"]
    assert (card.takes, card.refused, card.length_ratio) == (2, 1, 1.0)
    assert card.credits_per_second == pytest.approx(20 / 40)


def test_without_takes_there_is_no_scorecard_and_no_file(tmp_path: Path) -> None:
    """Looking makes nothing."""
    assert scorecards(tmp_path) == {}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("last", "percent"), [(0.5, 0.0), (0.51, 100 * (1 - 0.5 / 0.51)), (0.49, 100 * (0.5 / 0.49 - 1))])
def test_drift_is_between_the_first_and_the_last_third(last: float, percent: float) -> None:
    """120 beats a minute that get slower or faster."""
    beats = np.cumsum([0.5] * 20 + [0.5 + (last - 0.5) / 2] * 20 + [last] * 20).tolist()
    assert drift(beats) == pytest.approx(percent, abs=1e-6)
    assert drift(beats[:10]) is None


@pytest.mark.parametrize(
    ("name", "paid", "rate", "said"),
    [("suno", 0.0, None, "cost not known"), ("suno", 5.0, 0.5, "0.50 credits a second"), ("local", 0.0, 0.0, "0.00 credits")],
)
def test_a_price_that_nobody_published_is_not_told_as_nothing(
    name: str, paid: float, rate: float | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Seen on the account it is told; what is free costs nothing."""
    measured = {"asked_seconds": 10.0, "seconds": 10.0, "tail_seconds": 0.0, "lufs": None, "drift": None}
    keep(home(), Mark(provider=name, sha256="a", credits=paid, **measured))
    assert main(["providers", "--json"]) == 0
    (card,) = (one["scorecard"] for one in json.loads(capsys.readouterr().out) if one["name"] == name)
    assert card["credits_per_second"] == rate
    assert main(["providers"]) == 0
    assert said in capsys.readouterr().out
