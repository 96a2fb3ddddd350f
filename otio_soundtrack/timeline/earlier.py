"""Music that an earlier run laid on a timeline, with all that is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opentimelineio import schema

from otio_soundtrack.timeline.marks import is_ours
from otio_soundtrack.timeline.records import record_beside, record_on
from otio_soundtrack.timeline.urls import local_path


@dataclass(frozen=True, kw_only=True)
class EarlierTake:
    """A take of a cue on the timeline."""

    key: str
    """Of its media reference."""
    said: Mapping[str, Any]
    """Its record: from the metadata, else from the sidecar."""
    beside: Mapping[str, Any]
    """What the sidecar says; empty where there is none."""


@dataclass(frozen=True, kw_only=True)
class EarlierClip:
    """A cue on a track of ours."""

    track: str
    """Name of the track."""
    active: str
    takes: tuple[EarlierTake, ...]
    """In order, take 1 first."""


def earlier_clips(timeline: schema.Timeline, media_root: Path) -> tuple[EarlierClip, ...]:
    """Return the cues that earlier runs laid on a timeline, in order; a clip that was cut into pieces counts once.

    Args:
        timeline: tracks of ours carry our mark (:func:`.recognise.recognised`).
        media_root: where relative media are looked for.
    """
    found: dict[str, EarlierClip] = {}
    for track in timeline.tracks:
        if isinstance(track, schema.Track) and is_ours(track):
            for clip in track.find_clips():
                takes = _takes(clip, media_root)
                active = next((take for take in takes if take.key == clip.active_media_reference_key), None)
                if active is not None:
                    made = EarlierClip(track=track.name, active=active.key, takes=takes)
                    found.setdefault(str(active.said["sha256"]), made)
    return tuple(found.values())


def _takes(clip: schema.Clip, media_root: Path) -> tuple[EarlierTake, ...]:
    takes = []
    for key, reference in clip.media_references().items():
        path = local_path(str(getattr(reference, "target_url", None) or ""), media_root)
        beside = record_beside(path)
        said = record_on(reference) or beside
        if "sha256" in said:
            takes.append(EarlierTake(key=key, said=said, beside=beside if beside.get("sha256") == said["sha256"] else {}))
    return tuple(sorted(takes, key=lambda take: (len(take.key), take.key)))
