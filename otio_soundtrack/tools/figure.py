"""The one door of matplotlib (floor 2): figures without a window and without global state.

``pyplot`` keeps every figure alive in a global list and picks a window system; neither belongs in a plug-in. Figures here are
plain objects on the Agg canvas, so that they can be drawn in any thread and are freed with their last reference. Matplotlib is
fetched when the first figure is drawn: most runs draw none.
"""

from __future__ import annotations

import warnings
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from otio_soundtrack.tools.files import written_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes as Axes  # noqa: PLC0414  # its name for those who draw
    from matplotlib.figure import Figure as Figure  # noqa: PLC0414

__all__ = ["DOTS_PER_INCH", "figure", "png_bytes", "save_png"]

DOTS_PER_INCH = 110
"""13 inches are 1430 pixels: sharp on a notebook, small enough for a report."""


def figure(width: float, height: float) -> Figure:
    """Return an empty figure.

    Args:
        width: inches.
        height: inches.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    made = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, facecolor="white")
    FigureCanvasAgg(made)
    return made


def png_bytes(drawn: Figure) -> bytes:
    """Return the figure as PNG, the same bytes for the same drawing (no date, no program version)."""
    stream = BytesIO()
    with warnings.catch_warnings():
        # a clip name in a script that the font lacks is drawn as boxes: a picture of the cut, not a reason to fail or to shout
        warnings.filterwarnings("ignore", message=".*[Gg]lyph", category=UserWarning)
        drawn.savefig(stream, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return stream.getvalue()


def save_png(drawn: Figure, path: Path) -> None:
    """Write the figure as PNG, whole or not at all.

    Raises:
        StoreError: the file cannot be written.
    """
    content = png_bytes(drawn)
    with written_whole(path) as scratch:
        scratch.write_bytes(content)
