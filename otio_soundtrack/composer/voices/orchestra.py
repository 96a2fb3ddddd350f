"""All voices of all palettes by name, with their seats."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.voices import colours, drums, instruments, machine
from otio_soundtrack.composer.voices.ensemble import Ensemble
from otio_soundtrack.composer.voices.modal import Modal

MODALS: dict[str, Modal] = instruments.MODALS | colours.MODALS
"""Everything that rings out by itself."""
ENSEMBLES: dict[str, Ensemble] = instruments.ENSEMBLES | colours.ENSEMBLES
"""Everything that is held."""
DRUMS: dict[str, Callable[[int, float], NDArray[np.float32]]] = drums.DRUMS | machine.STROKES
"""Every drum and effect: a function of variant and hardness."""
SEATS: dict[str, instruments.Seat] = instruments.SEATS | colours.SEATS
"""Where each of them sits and how loud it is."""
