"""The whole way: timeline in, timeline with music out."""

from __future__ import annotations

from pathlib import Path

from otio_soundtrack.pipeline.cut.cutting import TimelineOrPath, opened
from otio_soundtrack.pipeline.scoring.destination import Destination, Elsewhere
from otio_soundtrack.pipeline.scoring.finishing import Scored, finished
from otio_soundtrack.pipeline.scoring.preparing import prepared
from otio_soundtrack.pipeline.takes.requested import Delivered
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.settings import score_options


def score(
    timeline: TimelineOrPath,
    output: Path | str | None = None,
    *,
    in_place: bool = False,
    beside: Path | Elsewhere | None = None,
    progress: Progress = silent,
    **options: object,
) -> Scored:
    """Score a cut: read, analyse, spot, compose, and write the music back on a new track.

    Args:
        timeline: an OTIO timeline, which stays untouched, or the path of any file that OTIO reads.
        output: the timeline to write, any suffix that OTIO writes; None writes audio only, and ``media_dir`` says where.
        in_place: whether ``output`` may be the input.
        beside: the timeline file that somebody else writes, or its folder: relative URLs count from there, and what the format
            cannot hold is told before the work; None: ``output``.
        progress: is told how far the work is.
        options: the flags of ``otio-soundtrack score`` with underscores (:class:`otio_soundtrack.settings.ScoreOptions`).

    Returns:
        the new timeline, its cues and what else was written.

    Raises:
        SettingsError: an option that cannot be obeyed; nothing was done.
        TimelineError, PictureError, AudioError, StoreError: the reason; files and object are as before.
    """
    asked = score_options(**options)
    target = Destination(output=None if output is None else Path(output), beside=beside)
    target.check_place()
    with opened(timeline, media_root=asked.media_root, missing=asked.missing) as source:
        ready = prepared(source, asked, target, in_place=in_place, progress=progress)
        answers = Delivered()
        if ready.requested.asks:
            from otio_soundtrack.pipeline.services.obtaining import delivered  # late: it opens the doors to the network

            answers = delivered(ready.requested, ready.asked, progress)
        return finished(source, ready, answers, target, in_place=in_place, progress=progress)
