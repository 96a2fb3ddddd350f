"""The pipeline (floor 5): the only place that knows more than one room.

===========  ==========================================================================
"""

from __future__ import annotations

from otio_soundtrack.pipeline.cuesheets import cue_sheet
from otio_soundtrack.pipeline.cutting import analyze, export_cut
from otio_soundtrack.pipeline.fitting import fit
from otio_soundtrack.pipeline.mixing import mix
from otio_soundtrack.pipeline.musicplan import plan
from otio_soundtrack.pipeline.scoring import score
from otio_soundtrack.pipeline.visualizing import visualize

__all__ = ["analyze", "cue_sheet", "export_cut", "fit", "mix", "plan", "score", "visualize"]
