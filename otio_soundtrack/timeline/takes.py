"""The takes of our cues on a timeline: which there are, which plays, and another one made to play."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from opentimelineio import schema

from otio_soundtrack.model.cut import CutList
from otio_soundtrack.timeline.clocks import seconds_of
from otio_soundtrack.timeline.marks import NAMESPACE, is_ours, plain
from otio_soundtrack.timeline.records import record_beside, record_on
from otio_soundtrack.timeline.urls import local_path


@dataclass(frozen=True, kw_only=True)
class LaidTake:
    """One media reference of a clip of ours."""

    key: str
    """Among the clip's media references, like ``take-1``."""
    name: str
    """File name."""
    path: Path | None
    """The music, None where it is not on this machine."""
    said: Mapping[str, Any]
    """Its record: of the reference, else of the sidecar; empty where there is none."""


@dataclass(frozen=True, kw_only=True)
class LaidCue:
    """A clip on a track of ours."""

    place: tuple[int, int]
    """Index of the track in the stack and of the clip in the track."""
    start: Fraction
    """Record seconds from the first frame of the picture."""
    seconds: Fraction
    """How long it plays."""
    offset: Fraction
    """Seconds into the music at which it starts: above 0 with handles at the head, or where an editor trimmed."""
    active: str
    takes: tuple[LaidTake, ...]

    @property
    def cue_id(self) -> str:
        """Return its number, like ``1m01``; empty where no record tells."""
        return next((str(take.said["cue_id"]) for take in self.takes if "cue_id" in take.said), "")


def laid_cues(timeline: schema.Timeline, cut: CutList, media_root: Path) -> tuple[LaidCue, ...]:
    """Return the cues on tracks of ours, in order of time.

    Args:
        timeline: tracks of ours carry our mark (:func:`.recognise.recognised`).
        cut: its cut list.
        media_root: where relative media are looked for.
    """
    lead = Fraction(cut.lead_frames) / cut.exact_rate
    found = []
    for (track, index), clip in _clips(timeline):
        placed = timeline.tracks[track].range_of_child_at_index(index)
        played = clip.trimmed_range()
        head = clip.available_range().start_time if clip.media_reference.available_range is not None else played.start_time
        found.append(
            LaidCue(
                place=(track, index),
                start=seconds_of(placed.start_time, clip.name) - lead,
                seconds=seconds_of(placed.duration, clip.name),
                offset=seconds_of(played.start_time - head, clip.name),
                active=clip.active_media_reference_key,
                takes=tuple(_take(key, one, media_root) for key, one in _in_order(clip)),
            )
        )
    return tuple(sorted(found, key=lambda cue: cue.start))


def with_active(timeline: schema.Timeline, place: tuple[int, int], key: str) -> schema.Timeline:
    """Return a copy of a timeline in which another take of a cue plays.

    Name and record of the clip become those of the take; range, markers and everything else stay.

    Args:
        timeline: stays untouched.
        place: of the clip (:attr:`LaidCue.place`).
        key: of the media reference that is to play.

    Raises:
        ValueError: there is no such take.
    """
    copy = timeline.deepcopy()
    clip = copy.tracks[place[0]][place[1]]
    if key not in clip.media_references():
        raise ValueError(f"clip {clip.name!r} has no take {key!r}")
    clip.active_media_reference_key = key
    clip.name = clip.media_reference.name or clip.name
    if NAMESPACE in clip.media_reference.metadata:
        clip.metadata[NAMESPACE] = plain(clip.media_reference.metadata[NAMESPACE])
    return copy


def _clips(timeline: schema.Timeline) -> Iterator[tuple[tuple[int, int], schema.Clip]]:
    for number, track in enumerate(timeline.tracks):
        if isinstance(track, schema.Track) and is_ours(track):
            for index, child in enumerate(track):
                if isinstance(child, schema.Clip):
                    yield (number, index), child


def _in_order(clip: schema.Clip) -> list[tuple[str, Any]]:
    """Return the media references, take 2 before take 10."""
    return sorted(clip.media_references().items(), key=lambda pair: (len(pair[0]), pair[0]))


def _take(key: str, reference: Any, media_root: Path) -> LaidTake:  # noqa: ANN401  # any media reference
    url = str(getattr(reference, "target_url", "") or "")
    path = local_path(url, media_root)
    there = path is not None and path.is_file()
    return LaidTake(
        key=key,
        name=reference.name or (path.name if path is not None else key),
        path=path if there else None,
        said=record_on(reference) or record_beside(path),
    )
