"""The pipeline (floor 5): the only place that knows more than one room.

Its sub-packages stand in the order of the way, and each knows only some of those before it (``docs/flow.md``, kept by
``tests/test_floors.py``); they import nothing themselves.
"""

from __future__ import annotations

from otio_soundtrack.pipeline.cut.cutting import analyze, export_cut
from otio_soundtrack.pipeline.cut.musicplan import plan
from otio_soundtrack.pipeline.deliverables.cuesheets import cue_sheet
from otio_soundtrack.pipeline.deliverables.fitting import fit
from otio_soundtrack.pipeline.deliverables.mixing import mix
from otio_soundtrack.pipeline.deliverables.visualizing import visualize
from otio_soundtrack.pipeline.scoring.whole_way import score

__all__ = ["analyze", "cue_sheet", "export_cut", "fit", "mix", "plan", "score", "visualize"]
