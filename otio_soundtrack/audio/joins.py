"""The joins of a fit as they can be told: where they lie, and how much new begins there, measured on the sound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.model.cue import SeamReport
from otio_soundtrack.model.fit import FitPlan, Seam
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ

_AROUND_S = 0.08
"""What belongs to one attack, on each side of it."""
_WINDOW, _HOP = 1024, 256
"""21 ms, every 5 ms: an attack is shorter than a beat by far."""
_HANN = np.hanning(_WINDOW).astype(np.float32)
_NOISE = float(np.sqrt(np.square(_HANN).sum()))
"""Magnitude that noise of level 1 has in every band."""
_LEVEL = SAMPLE_RATE_HZ
"""Samples on each side whose level is the measure: what is faint against them hardly counts."""
_CONTRAST = 10.0
"""Bands of a tenth of that level begin to count; the logarithm is that of loudness."""
_MILLISECONDS = 1000
_FAINTEST = 1e-6
"""Nothing begins where so little changes: then there is no ratio."""


def join_reports(plan: FitPlan, fitted: Sound, take: Sound) -> tuple[SeamReport, ...]:
    """Return the joins of a plan with what was measured at them.

    Args:
        plan: as it was rendered.
        fitted: the result, 48 kHz.
        take: what it was made from, 48 kHz.
    """
    return tuple(
        SeamReport(
            at=seam.at,
            from_=seam.from_,
            to=seam.to,
            percentile=seam.percentile,
            on_metre=seam.on_metre,
            fade_ms=round(seam.fade / SAMPLE_RATE_HZ * _MILLISECONDS, 1),
            flux_ratio=flux_ratio(seam, fitted, take),
        )
        for seam in plan.seams
    )


def flux_ratio(seam: Seam, fitted: Sound, take: Sound) -> float | None:
    """Return how much begins at a join, against the same beats of the take: 1 is as much as there, above it the join stands out.

    Args:
        seam: the join.
        fitted: the result.
        take: what it was made from.

    Returns:
        the rise of the spectrum (spectral flux) at the join, divided by the mean of that where the take was left and where it is
        entered; None where nothing begins there.
    """
    own = np.mean([_flux(take, seam.from_), _flux(take, seam.to)])
    return None if own < _FAINTEST else round(float(_flux(fitted, seam.at) / own), 2)


def _flux(sound: Sound, seconds: float) -> float:
    """Return how much the spectrum rises around a moment, whatever the level."""
    centre, around = round(seconds * SAMPLE_RATE_HZ), int(_AROUND_S * SAMPLE_RATE_HZ)
    part = sound[max(0, centre - around - _WINDOW) : max(0, centre + around)].mean(axis=1)
    if len(part) < _WINDOW + _HOP:
        return 0.0
    loud = float(np.sqrt(np.mean(np.square(sound[max(0, centre - _LEVEL) : centre + _LEVEL], dtype=np.float64))))
    if loud < _FAINTEST:
        return 0.0
    frames: NDArray[np.float32] = np.lib.stride_tricks.sliding_window_view(part, _WINDOW)[::_HOP]
    size = np.abs(np.fft.rfft(frames * _HANN, axis=1)) / (loud * _NOISE)
    rises = np.maximum(0.0, np.diff(np.log1p(_CONTRAST * size), axis=0))
    return float(rises.mean(axis=1).sum())
