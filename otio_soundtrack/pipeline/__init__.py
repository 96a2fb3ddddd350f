"""The pipeline (floor 5): the only place that knows more than one room.

===========  =================================================================================
cutting      timeline → cut list → picture file and features
planning     features → spots → plans and briefs, or a plan file of the user
taking       brief → take that passed its acceptance test, placed beside the timeline
fitting      any music → exactly the wanted length
preparing    timeline → plans, and what is requested for them
obtaining    requested → delivered: here are the key, the ledger and the network, and nowhere else
finishing    delivered → the new timeline; nothing is left behind when a step fails
scoring      all of it
mixing       scored timeline → one video, ducked, at its loudness
cuesheets    timeline → music cue sheet
visualizing  music → branded video
===========  =================================================================================
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
