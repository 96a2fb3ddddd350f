"""The music that an earlier run of ours laid on a timeline: where it sounds now, and what is said of its keyframes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opentimelineio import schema

from otio_soundtrack.errors import MissingMediaError
from otio_soundtrack.model.cut import AudioElement, CutList
from otio_soundtrack.timeline.clocks import ONE, ZERO, Clock, Grid
from otio_soundtrack.timeline.cut_list import probed
from otio_soundtrack.timeline.layout import Layout
from otio_soundtrack.timeline.marks import NAMESPACE, is_ours
from otio_soundtrack.timeline.notes import Notes
from otio_soundtrack.timeline.records import record_beside, record_on
from otio_soundtrack.timeline.sound import Listener
from otio_soundtrack.timeline.sources import Sources
from otio_soundtrack.timeline.urls import local_path


@dataclass(frozen=True, kw_only=True)
class PlayingMusic:
    """A piece of our music on the timeline: the active take of a cue, or what an editor left of it."""

    cue_id: str
    """Like ``1m01``; empty where the format of the timeline has lost it."""
    path: Path
    """The music file."""
    element: AudioElement
    """Where it sounds, on record time."""
    lanes: tuple[Mapping[str, Any], ...]
    """What clip, media reference and sidecar say of its keyframes, in this order, as JSON types."""


def playing_music(timeline: schema.Timeline, cut: CutList, media_root: Path) -> tuple[PlayingMusic, ...]:
    """Return the music of ours that sounds, in order of time, by the rules for any other sound: moved, trimmed and disabled.

    Args:
        timeline: with our tracks marked (:func:`recognised`); stays untouched.
        cut: its cut list.
        media_root: where relative media are looked for.

    Raises:
        MissingMediaError: a music file is not there.
    """
    copy = timeline.deepcopy()
    for index in reversed(range(len(copy.tracks))):
        if not (isinstance(copy.tracks[index], schema.Track) and is_ours(copy.tracks[index])):
            del copy.tracks[index]
    said: dict[Path, tuple[str, tuple[Mapping[str, Any], ...]]] = {}
    for track in copy.tracks:
        del track.metadata[NAMESPACE]
        for clip in track.find_clips():
            path = _music(clip, media_root)
            if path is not None:
                said[path] = _said(clip, path)
                clip.name = path.name
            # neither brief nor name may ask for music: it is there
            clip.metadata.pop(NAMESPACE, None)
    sources = Sources(root=media_root, missing="fail", probe=probed, notes=Notes())
    listener = Listener(sources, Grid(cut.exact_rate))
    if len(copy.tracks):
        listener.listen(Layout(sources.length, sources.notes).root(copy.tracks), Clock(ZERO, ONE), cut.seconds)
    found = [(element, element.source.path) for element in listener.elements if element.source.path is not None]
    return tuple(
        PlayingMusic(cue_id=said[path][0], path=path, element=element, lanes=said[path][1])
        for element, path in found
        if path in said
    )


def lanes_on(timeline: schema.Timeline) -> dict[str, Mapping[str, Any]]:
    """Return the lanes that our clips on a timeline carry, by the SHA-256 of their music."""
    found: dict[str, Mapping[str, Any]] = {}
    for track in timeline.tracks:
        for clip in track.find_clips() if isinstance(track, schema.Track) and is_ours(track) else ():
            for said in (record_on(clip.media_reference), record_on(clip)):
                if isinstance(said.get("duck"), Mapping) and "sha256" in said:
                    found[str(said["sha256"])] = said["duck"]
    return found


def _music(clip: schema.Clip, media_root: Path) -> Path | None:
    """Return the file that a clip plays, None where it plays none.

    Raises:
        MissingMediaError: it is not there.
    """
    reference = clip.media_reference
    if not isinstance(reference, schema.ExternalReference) or not clip.enabled:
        return None
    path = local_path(reference.target_url, media_root)
    if path is None or not path.exists():
        raise MissingMediaError(
            f"the music of clip {clip.name!r} is not there: {reference.target_url}.",
            hint="Relink it, or make it again: otioconvert -m soundtrack_linker, or `otio-soundtrack score`.",
        )
    return path


def _said(clip: schema.Clip, path: Path) -> tuple[str, tuple[Mapping[str, Any], ...]]:
    """Return the cue of a clip and what is said of its keyframes.

    The clip speaks of the take that was active when it was written; where another is active now, reference and sidecar do.
    """
    on_clip, on_reference = (record_on(thing) for thing in (clip, clip.media_reference))
    same = on_reference.get("sha256", on_clip.get("sha256")) == on_clip.get("sha256")
    sidecar = record_beside(path)
    records = [*([on_clip] if same else []), on_reference, sidecar]
    lanes = tuple(one["duck"] for one in records if isinstance(one.get("duck"), Mapping))
    return str(on_clip.get("cue_id") or sidecar.get("cue_id") or ""), lanes
