"""The very end of a fit: where the decay of the music was left before it was over, it goes to zero."""

from __future__ import annotations

import numpy as np

from otio_soundtrack.audio.listen import REST_S
from otio_soundtrack.model.sound import Samples
from otio_soundtrack.times import SAMPLE_RATE_HZ

SILENT_DBFS = -90.0
"""An end below is over: a step of 16 bits."""
FALL_S = 0.03
"""Far below what is heard as a fade, above what is heard as a click."""


def at_rest(laid: Samples) -> Samples:
    """Return a fit whose last moments go to zero; one that is over already is returned as it is.

    A decay that stops at −57 dBFS would click once it is made louder, one that stops at −46 dBFS clicks as it is.

    Args:
        laid: the fit; changed in place.
    """
    last = laid[len(laid) - min(len(laid), int(REST_S * SAMPLE_RATE_HZ)) :]
    if float(np.abs(last).max(initial=0.0)) > 10 ** (SILENT_DBFS / 20):
        fall = min(len(laid), int(FALL_S * SAMPLE_RATE_HZ))
        laid[len(laid) - fall :] *= np.linspace(1.0, 0.0, fall, dtype=np.float32)[:, None] ** 2
    return laid
