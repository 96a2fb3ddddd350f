"""A mix at its loudness after encoding: judged by pyloudnorm and by oversampling on what PyAV decodes, not by our meter."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pyloudnorm
import pytest
from scipy.signal import resample_poly

from otio_soundtrack.audio.deliver import MOST_PASSES, Wanted, deliver
from tests.audio.sounds import RATE, music
from tests.talking import LINES, speech


def decoded(path: Path) -> np.ndarray:
    """Return what a player decodes."""
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)]).astype(np.float64)


def true_peak_dbtp(sound: np.ndarray) -> float:
    """Return the peak of the signal oversampled eight times."""
    return float(20 * np.log10(np.abs(resample_poly(sound, 8, 1, axis=0)).max()))


def film(level: float) -> np.ndarray:
    """Return speech over music."""
    said = speech(level)[: 8 * RATE]
    return (said[:, None] + 0.3 * music(len(said) / RATE)[: len(said)]).astype(np.float32)


@pytest.mark.parametrize(("lufs", "ceiling", "level"), [(-23.0, -1.0, 0.05), (-24.0, -2.0, 0.9), (-14.0, -1.0, 0.05)])
def test_the_decoded_file_has_its_loudness_below_its_ceiling(lufs: float, ceiling: float, level: float, tmp_path: Path) -> None:
    """Within half a LU, true peak kept, as others measure them; what is told is that."""
    path = tmp_path / "mix.m4a"
    made = deliver(film(level), path, Wanted(lufs=lufs, true_peak_dbtp=ceiling), LINES)
    found = decoded(path)
    assert pyloudnorm.Meter(RATE).integrated_loudness(found) == pytest.approx(lufs, abs=0.5)
    assert true_peak_dbtp(found) <= ceiling + 0.02
    assert made.chosen.found.integrated_lufs == pytest.approx(pyloudnorm.Meter(RATE).integrated_loudness(found), abs=0.1)
    assert made.passes <= MOST_PASSES + 1


def test_dialogue_can_be_what_is_measured(tmp_path: Path) -> None:
    """The loudness while somebody speaks is the target; that of the whole is another, since the shout after the lines is loud."""
    mix = film(0.3)
    mix[round(7.0 * RATE) :] *= 8
    made = deliver(mix, tmp_path / "mix.m4a", Wanted(lufs=-27.0, true_peak_dbtp=-2.0, by_dialogue=True), LINES[:1])
    spoken = np.concatenate([decoded(tmp_path / "mix.m4a")[round(a * RATE) : round(b * RATE)] for a, b in LINES[:1]])
    meter = pyloudnorm.Meter(RATE)
    assert meter.integrated_loudness(spoken) == pytest.approx(-27.0, abs=1.0)
    assert made.chosen.found.dialogue_lufs == pytest.approx(-27.0, abs=0.2)


def test_a_loudness_that_cannot_be_reached_keeps_the_ceiling(tmp_path: Path) -> None:
    """A click in a whisper at −6 LUFS: the passes are bounded and peaks stay where they must."""
    mix = film(0.002)[: 3 * RATE] * np.float32(0.01)
    mix[RATE] = 0.9
    made = deliver(mix, tmp_path / "mix.m4a", Wanted(lufs=-6.0, true_peak_dbtp=-1.0), ())
    assert made.passes <= MOST_PASSES + 1
    assert true_peak_dbtp(decoded(tmp_path / "mix.m4a")) <= -0.98


def test_silence_stays_silence_and_a_sample_is_enough(tmp_path: Path) -> None:
    """There is no loudness to reach."""
    for samples in (1, 5000):
        made = deliver(np.zeros((samples, 2), np.float32), tmp_path / "mix.m4a", Wanted(lufs=-14.0, true_peak_dbtp=-1.0), ())
        assert (made.chosen.found.integrated_lufs, made.passes) == (None, 1)
