"""The pipeline (floor 5): the only place that knows more than one room.

Its sub-packages stand in the order of the way, and each knows only some of those before it (``docs/flow.md``, kept by
``tests/test_floors.py``); they import nothing themselves. What the doors call is fetched when it is first used: who lists the
library, or listens to a track for it, need not wait until all that draws and encodes is there.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from otio_soundtrack.pipeline.cut.cutting import analyze, export_cut
    from otio_soundtrack.pipeline.cut.musicplan import plan
    from otio_soundtrack.pipeline.deliverables.cuesheets import cue_sheet
    from otio_soundtrack.pipeline.deliverables.fitting import fit
    from otio_soundtrack.pipeline.deliverables.mixing import mix
    from otio_soundtrack.pipeline.deliverables.visualizing import visualize
    from otio_soundtrack.pipeline.scoring.whole_way import score

__all__ = ["analyze", "cue_sheet", "export_cut", "fit", "mix", "plan", "score", "visualize"]

_MODULES = {
    "analyze": "cut.cutting",
    "cue_sheet": "deliverables.cuesheets",
    "export_cut": "cut.cutting",
    "fit": "deliverables.fitting",
    "mix": "deliverables.mixing",
    "plan": "cut.musicplan",
    "score": "scoring.whole_way",
    "visualize": "deliverables.visualizing",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # the type depends on the name
    """Fetch a function when it is first used."""
    if name in _MODULES:
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
