"""Timeline to cut list: the way into this room for reading."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Literal

from opentimelineio import opentime, schema

from otio_soundtrack.errors import NothingToScoreError, UnsupportedTimingError
from otio_soundtrack.model.cut import CutList, MediaFacts
from otio_soundtrack.timeline.clocks import ONE, ZERO, Clock, Grid, range_of
from otio_soundtrack.timeline.compose import Compositor
from otio_soundtrack.timeline.cuts import cuts_of
from otio_soundtrack.timeline.layout import Layout
from otio_soundtrack.timeline.markers import markers
from otio_soundtrack.timeline.nodes import Item, Kind, Media, Pile, Row
from otio_soundtrack.timeline.notes import Notes
from otio_soundtrack.timeline.rates import picture_rate
from otio_soundtrack.timeline.sound import Listener
from otio_soundtrack.timeline.sources import Probe, Sources
from otio_soundtrack.timeline.spans import over
from otio_soundtrack.times import exact_rate

_HOUR_SECONDS = 3600
_LONGEST_PICTURE_SECONDS = 100 * _HOUR_SECONDS
"""A hundred hours: no cut is longer, and a broken range would ask for more memory than there is."""
_NO_PICTURE = "Music is composed to picture: give a timeline with at least one enabled video track that holds something."


def probed(path: Path) -> MediaFacts:
    """Return what a media file says of itself (FFmpeg is loaded on the first call)."""
    from otio_soundtrack.tools.media.probe import probe

    return probe(path)


def cut_list(
    timeline: schema.Timeline,
    *,
    media_root: Path | None = None,
    missing: Literal["slate", "fail"] = "slate",
    probe: Probe = probed,
) -> CutList:
    """Return every cut, sound and marker of a timeline on record frames.

    Video tracks are composited top-most visible; titles and other generators that we cannot draw show (as a slate) only where
    nothing else is. A dissolve is two cuts, split at its nominal cut, of which the second changes the picture.

    Args:
        timeline: stays untouched. A track of an earlier run of ours is not part of the cut.
        media_root: folder that relative media belong to, None for the working folder.
        missing: ``slate`` puts a slate for media that are missing or unreadable, with a warning; ``fail`` raises.
        probe: reads what a media file says of itself; raises UnreadableMediaError. Called once a file.

    Returns:
        cuts that follow each other without gap and cover the picture; its rate is the very float of the longest video track.

    Raises:
        NothingToScoreError: there is no picture, or it has no length.
        UnsupportedTimingError: a rate, range or retime that means nothing; media of unknown length.
        MissingMediaError, UnreadableMediaError: only with ``missing="fail"``.
    """
    notes = Notes()
    sources = Sources(root=media_root, missing=missing, probe=probe, notes=notes)
    root = Layout(sources.length, notes).root(timeline.tracks)
    start, seconds = picture_range(timeline, root)
    rate = picture_rate(timeline.tracks)
    grid = Grid(exact_rate(rate))
    frames = grid.frame(seconds)
    if frames == 0:
        raise NothingToScoreError(f"the picture of timeline {timeline.name!r} has no length.", hint=_NO_PICTURE)
    record = Clock(ZERO, ONE)
    composed = Compositor(grid).picture(root, ZERO, record, (0, frames))
    backdrop = Compositor(grid, overlays=True).picture(root, ZERO, record, (0, frames)) if _has_overlays(root) else []
    cuts = cuts_of(over(composed, backdrop), frames, grid, sources)
    if not any(cut.layers for cut in cuts):
        notes.add("The picture", "black throughout", "the video tracks hold only gaps or disabled clips")
    listener = Listener(sources, grid)
    listener.listen(root, record, seconds)
    return CutList(
        name=timeline.name,
        rate=rate,
        frames=frames,
        start_time=start_time_of(timeline),
        lead_frames=grid.frame(start),
        cuts=cuts,
        audio=tuple(listener.elements),
        markers=markers(root, record, grid, frames),
        tagged=tuple(listener.tagged),
        warnings=notes.sentences(),
    )


def picture_range(timeline: schema.Timeline, root: Item) -> tuple[Fraction, Fraction]:
    """Return where the picture starts on the tracks and how long it is, seconds.

    Raises:
        NothingToScoreError: no video track, or none that holds anything.
        UnsupportedTimingError: longer than any picture.
    """
    laid = zip(root.content.items, root.content.starts, strict=True) if isinstance(root.content, Pile) else ()
    ends = [start + item.duration for item, start in laid if item.content is not None and _has_picture(item)]
    if not ends:
        raise NothingToScoreError(f"timeline {timeline.name!r} holds no video track with picture.", hint=_NO_PICTURE)
    trim = range_of(timeline.tracks.source_range, "the timeline's stack")
    start, end = (ZERO, max(ends)) if trim is None else (trim[0], min(trim[0] + trim[1], max(ends)))
    if end - start > _LONGEST_PICTURE_SECONDS:
        raise UnsupportedTimingError(
            f"the picture of timeline {timeline.name!r} is {float((end - start) / _HOUR_SECONDS):.0f} hours long.",
            hint="Correct the range of the clip that is too long: more than 100 hours are taken for a mistake.",
        )
    if end <= start:
        raise NothingToScoreError(f"the picture of timeline {timeline.name!r} has no length.", hint=_NO_PICTURE)
    return start, end - start


def _has_picture(item: Item) -> bool:
    """Return whether an item takes up picture time: a clip, a gap on a track, a video track that holds something."""
    if item.kind is not Kind.PICTURE:
        return False
    if isinstance(item.content, Pile):
        return any(_has_picture(child) for child in item.content.items)
    return not isinstance(item.content, Row) or len(item.content.items) > 0


def _has_overlays(item: Item) -> bool:
    if isinstance(item.content, Media):
        return item.content.overlay
    return isinstance(item.content, (Row, Pile)) and any(_has_overlays(child) for child in item.content.items)


def start_time_of(timeline: schema.Timeline) -> opentime.RationalTime | None:
    """Return the label of frame 0; a placeholder at a rate of 0 is none.

    Raises:
        UnsupportedTimingError: it is no number.
    """
    start = timeline.global_start_time
    if start is None or start.rate <= 0:
        return None
    if start.value - start.value != 0:
        raise UnsupportedTimingError(f"the global start time of timeline {timeline.name!r} is {start.value}.")
    return start
