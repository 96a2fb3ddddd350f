"""The music on a timeline: which stretch of record time each clip is heard, and what is on file about it.

Music is what our records describe (in the metadata of reference and clip, or in the sidecar beside the file where a format has
lost them) and what somebody else has described under ``metadata["otio_soundtrack"]["cue_sheet"]``. Muted tracks and clips are
left out, and so are takes that do not play. A clip that only asks for music (``MUSIC: …``) holds none yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from opentimelineio import opentime, schema

from otio_soundtrack.errors import NothingToScoreError
from otio_soundtrack.model.cut import CutMarker
from otio_soundtrack.timeline.clocks import ONE, ZERO, Clock, Grid
from otio_soundtrack.timeline.cut_list import picture_range, probed, start_time_of
from otio_soundtrack.timeline.layout import Layout, available_range
from otio_soundtrack.timeline.markers import markers
from otio_soundtrack.timeline.marks import NAMESPACE, is_ours
from otio_soundtrack.timeline.nodes import Item, Media
from otio_soundtrack.timeline.notes import Notes
from otio_soundtrack.timeline.rates import sound_or_picture_rate
from otio_soundtrack.timeline.records import record_beside, record_on
from otio_soundtrack.timeline.sound import Listener, Stretch
from otio_soundtrack.timeline.sources import Probe, Sources
from otio_soundtrack.timeline.urls import local_path
from otio_soundtrack.times import exact_rate

ON_FILE = "cue_sheet"
"""Key of what a person says of a piece of music, in our namespace or in a sidecar."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of record time in which one clip of music is heard."""

    start: Fraction
    """Record seconds."""
    end: Fraction
    at: Fraction
    """Seconds of its media from their first sample, at ``start``."""
    clip: str
    """Name of the clip."""
    file: str
    """Name of its media file, empty where there is none."""
    media: str
    """Target URL: what tells one unrecorded piece of music from another."""
    said: Mapping[str, Any]
    """The record; ``said[ON_FILE]`` is what a person says."""


@dataclass(frozen=True, kw_only=True)
class LaidMusic:
    """All music of a timeline."""

    rate: float
    """Frames per second of the picture; without picture of the sound's own ranges."""
    frames: int
    """Length of the programme: the picture, or without picture all tracks."""
    has_picture: bool
    start_time: opentime.RationalTime | None
    pieces: tuple[Piece, ...]
    """In the order of their starts."""
    markers: tuple[CutMarker, ...]
    unlisted: tuple[tuple[str, int], ...]
    """Audio tracks with sound of which no record says that it is music: name and number of clips."""


@dataclass
class _MusicListener(Listener):
    """Collects music instead of sound; media need not be there."""

    pieces: list[Piece] = field(default_factory=list)
    unlisted: dict[str, int] = field(default_factory=dict)

    def _element(self, media: Media, own: Clock, stretch: Stretch, track: str) -> None:
        said = _said(media.clip, self.sources.root)
        if _describes(said):
            self._keep(media, said, stretch, own.own(stretch.start))
        else:
            self.unlisted[track] = self.unlisted.get(track, 0) + 1

    def _tag(self, item: Item, stretch: Stretch, whole: tuple[Fraction, Fraction]) -> None:
        if not isinstance(item.content, Media) or stretch.end <= stretch.start:
            return
        said = _said(item.content.clip, self.sources.root)
        if _describes(said):
            self._keep(item.content, said, stretch, item.head + (stretch.start - whole[0]) * item.speed)

    def _keep(self, media: Media, said: Mapping[str, Any], stretch: Stretch, at: Fraction) -> None:
        url = str(getattr(media.clip.media_reference, "target_url", "") or "")
        name = url.replace("\\", "/").rsplit("/", 1)[-1]
        found = local_path(url, self.sources.root)
        self.pieces.append(
            Piece(
                start=stretch.start,
                end=stretch.end,
                at=at - (available_range(media.clip) or (ZERO, ZERO))[0],
                clip=media.name,
                file=found.name if found is not None else name,
                media=url or media.name,
                said=said,
            )
        )


def laid_music(timeline: schema.Timeline, *, media_root: Path | None, probe: Probe = probed) -> LaidMusic:
    """Return the music of a timeline, that of earlier runs of ours as well as what others have described.

    Args:
        timeline: stays untouched. Media need not be there.
        media_root: where relative media, and so their sidecars, are looked for.
        probe: reads what a media file says of itself; only asked about clips without any range.

    Raises:
        NothingToScoreError: the timeline has no length.
        UnsupportedTimingError: a rate or range that means nothing.
    """
    unmarked = timeline.deepcopy()
    for track in unmarked.tracks:
        if isinstance(track, schema.Track) and is_ours(track):
            del track.metadata[NAMESPACE]  # outlines leave marked tracks out
    sources = Sources(root=media_root, missing="slate", probe=probe, notes=Notes())
    root = Layout(sources.length, sources.notes).root(unmarked.tracks)
    seconds, has_picture = _programme(timeline, root)
    rate = sound_or_picture_rate(unmarked.tracks)
    grid, record = Grid(exact_rate(rate)), Clock(ZERO, ONE)
    frames = grid.frame(seconds)
    listener = _MusicListener(sources, grid)
    listener.listen(root, record, seconds)
    return LaidMusic(
        rate=rate,
        frames=frames,
        has_picture=has_picture,
        start_time=start_time_of(timeline),
        pieces=tuple(sorted(listener.pieces, key=lambda piece: (piece.start, piece.end))),
        markers=markers(root, record, grid, frames),
        unlisted=tuple(listener.unlisted.items()),
    )


def is_music(clip: schema.Clip, media_root: Path | None) -> bool:
    """Return whether anybody has said that a clip plays music."""
    return _describes(_said(clip, media_root))


def _describes(said: Mapping[str, Any]) -> bool:
    return ON_FILE in said or "cue_id" in said


def _programme(timeline: schema.Timeline, root: Item) -> tuple[Fraction, bool]:
    """Return how long the programme is, and whether it has a picture: without one it is as long as everything on it."""
    try:
        return picture_range(timeline, root)[1], True
    except NothingToScoreError:
        if root.duration <= 0:
            raise
        return root.duration, False


def _said(clip: schema.Clip, root: Path | None) -> dict[str, Any]:
    """Return what is on file about a clip: its reference's record, else its own, else the sidecar's; with what a person adds.

    The reference comes first: where a host has switched to another take, the clip still carries the record of the first.
    """
    own, reference = record_on(clip), record_on(clip.media_reference)
    url = str(getattr(clip.media_reference, "target_url", "") or "")
    said = next((one for one in (reference, own) if "cue_id" in one), None) or record_beside(local_path(url, root))
    if ON_FILE in own:
        said = said | {ON_FILE: own[ON_FILE]}
    return said
