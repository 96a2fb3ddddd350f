"""The acceptance test of services judges the composer and every fit too, with the same figures."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.ear import judged
from otio_soundtrack.audio.acceptance import JUDGED, figures
from otio_soundtrack.audio.listen import listen
from otio_soundtrack.cli.main import main
from otio_soundtrack.model.cue import TakeFacts
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.sounds import RATE, music


@pytest.mark.parametrize("seed", range(12))
def test_the_composer_and_its_fits_pass_what_services_must_pass(seed: int, tmp_path: Path) -> None:
    """A short cue of every mood, shorter, longer and as it is; many more behind ``make floors``."""
    against = dict(judged(seed, 6 + seed % 4, ((0.6, 1.7), (0.35, 1.0), (0.8, 2.6))[seed % 3], tmp_path))
    assert len(against) == 3
    assert {name: found for name, found in against.items() if found} == {}


def test_figures_are_those_that_were_measured_by_their_names(tmp_path: Path) -> None:
    """No second spelling, no second rounding; what is wrong stands first."""
    write_wav(tmp_path / "take.wav", np.concatenate([music(2), np.zeros((3 * RATE, 2), np.float32)]))
    facts = listen(tmp_path / "take.wav")
    told = figures(facts, samples=5 * RATE, ceiling_dbtp=None)
    assert set(JUDGED) <= set(TakeFacts.model_fields)
    assert {name: told[name] for name in JUDGED} == {name: getattr(facts, name) for name in JUDGED}
    assert told["faults"] == ["it is silent for the last 3.1 s"]  # 3 s, and what its decay has below −60 dBFS


def test_music_of_a_user_is_fitted_and_told_what_stands_against_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A hole of two seconds is the user's own: the file is written, and the hole is told to people and to programs."""
    hole = np.zeros((2 * RATE, 2), np.float32)
    write_wav(tmp_path / "own.wav", np.concatenate([music(3), hole, music(3)]))
    words = ["fit", str(tmp_path / "own.wav"), "--duration", "8", "-o", str(tmp_path / "out.wav"), "--json", "--quiet"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (tmp_path / "out.wav").is_file()
    (fault,) = told["acceptance"]["faults"]
    assert "in the middle" in fault
    assert any(fault in warning for warning in told["warnings"])
