"""True peaks between the samples, judged by SciPy's resampling of the whole."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import resample_poly

from otio_soundtrack.tools.peaks import HOP, REACH, hop_peaks
from tests.audio.sounds import music


@pytest.mark.parametrize("samples", [1, 15, 64, 1000, 48_000])
def test_every_hop_has_its_true_peak(samples: int) -> None:
    """Within three percent of another's fourfold resampling (another filter), the hop's own samples never above it."""
    sound = music(1.0)[:samples].T.astype(np.float64)
    peaks = hop_peaks(np.pad(sound, ((0, 0), (REACH, REACH))), 0.0)
    assert len(peaks) == -(-samples // HOP)
    assert all(peak >= np.abs(sound[:, hop * HOP : (hop + 1) * HOP]).max() for hop, peak in enumerate(peaks))
    fine = np.abs(resample_poly(sound, 4, 1, axis=1)).max(axis=0)
    others = [fine[hop * 4 * HOP : (hop + 1) * 4 * HOP].max() for hop in range(len(peaks))]
    assert np.median(np.abs(peaks - others) / others) < 0.03
    assert peaks.max() == pytest.approx(max(others), rel=0.03)


def test_where_all_is_low_only_samples_are_looked_at() -> None:
    """The largest sample stands for the hop, and high places are found all the same."""
    sound = np.full((1, 640), 0.1)
    sound[0, 320:322] = (0.9, 0.9)
    peaks = hop_peaks(np.pad(sound, ((0, 0), (REACH, REACH))), 0.5)
    assert set(peaks[:12]) == {0.1}
    assert peaks[20] > 1.0
