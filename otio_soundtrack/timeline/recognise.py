"""Tracks of earlier runs in formats that lose our metadata (FCP XML, AAF, Kdenlive …): known by name, sidecar and place.

Such a track is taken for ours only if nothing but our music lies on it, each file with its sidecar beside it, uncut, and where
the sidecar says that its cue starts. A track on which somebody moved or cut our music, or laid anything else, is that person's
work.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import isfinite
from pathlib import Path

from opentimelineio import opentime, schema
from opentimelineio.exceptions import OTIOError

from otio_soundtrack.timeline.marks import NAMESPACE, is_ours, plain
from otio_soundtrack.timeline.records import record_beside
from otio_soundtrack.timeline.urls import local_path

MUSIC_NAME = re.compile(r"_\d+M\d+[A-Z]?_MX_v\d{3}_tk\d{2}_48k24_\d+(DF)?(_TEMP)?\.wav$")
"""The end of the name of every music file of ours."""
_RECOGNISED = "recognised"
_CENTRE = 0.5
"""Pan of AAF: 0 is left, 1 right."""


def recognised(timeline: schema.Timeline, media_root: Path) -> tuple[schema.Timeline, tuple[str, ...]]:
    """Return a timeline whose tracks of earlier runs carry our mark, and warnings about music of ours that is somebody's now.

    Args:
        timeline: stays untouched; it is returned itself where there is nothing to mark.
        media_root: where relative media are looked for.
    """
    lead = timeline.tracks.source_range.start_time if timeline.tracks.source_range is not None else None
    starts = {Fraction(0)} | ({_seconds(lead)} if lead is not None else set())
    marked: list[int] = []
    warnings: list[str] = []
    for index, track in enumerate(timeline.tracks):
        if not isinstance(track, schema.Track) or track.kind != schema.TrackKind.Audio or is_ours(track):
            continue
        files = [path for clip in track.find_clips() if (path := _music_file(clip, media_root)) is not None]
        if not files:
            continue
        try:
            ours = any(_is_as_written(track, media_root, start) for start in starts)
        except OTIOError:  # an item without any range: we write none
            ours = False
        if ours:
            marked.append(index)
        else:
            name = track.name or f"{index + 1}"
            warnings.append(f"Track {name} holds music of an earlier run ({files[0].name}), not as it was written: it stays.")
    if not marked:
        return timeline, tuple(warnings)
    copy = timeline.deepcopy()
    for index in marked:
        copy.tracks[index].metadata[NAMESPACE] = {_RECOGNISED: True}
    return copy, tuple(warnings)


def _music_file(clip: schema.Clip, media_root: Path) -> Path | None:
    """Return the music file of ours that a clip plays, None where it plays another or has kept our metadata."""
    url = getattr(clip.media_reference, "target_url", None)
    if not url or NAMESPACE in clip.metadata or NAMESPACE in clip.media_reference.metadata:
        return None
    path = local_path(str(url), media_root)
    return path if path is not None and MUSIC_NAME.search(path.name) else None


def _is_as_written(track: schema.Track, media_root: Path, start: Fraction) -> bool:
    """Return whether a track holds our cues and gaps alone, each cue whole and in its place."""
    clips = [(index, child) for index, child in enumerate(track) if not isinstance(child, schema.Gap)]
    if track.trimmed_range() != track.available_range() or not all(_is_centre_pan(effect) for effect in track.effects):
        return False
    for index, child in clips:
        path = _music_file(child, media_root) if isinstance(child, schema.Clip) else None
        if path is None or len(child.effects) > 0 or not child.enabled:
            return False
        place = _place(path)
        if place is None or not _lies(child, track.range_of_child_at_index(index), place, start):
            return False
    return bool(clips)


def _is_centre_pan(effect: schema.Effect) -> bool:
    """Return whether an effect is the pan that the AAF adapter puts on every audio track, with all its values in the centre."""
    try:
        points = plain(effect.metadata["AAF"]["Parameters"]["Pan"]["keyframe_values"])
    except (KeyError, TypeError):
        return False
    return (
        effect.name == "Audio Pan" and isinstance(points, list) and [point[1:] for point in points] == [[_CENTRE]] * len(points)
    )


def _lies(clip: schema.Clip, on_track: opentime.TimeRange, place: tuple[int, int, float, int], start: Fraction) -> bool:
    """Return whether a clip plays the cue of a file, from where its cue starts to where it ends, to a frame."""
    first, frames, rate, handle = place
    frame = 1 / Fraction(rate)
    wanted = (start + first * frame, frames * frame)
    found = (_seconds(on_track.start_time), _seconds(on_track.duration))
    head = _seconds(clip.trimmed_range().start_time - clip.available_range().start_time)
    return abs(head - handle * frame) < frame and all(abs(one - other) < frame for one, other in zip(found, wanted, strict=True))


def _place(audio: Path) -> tuple[int, int, float, int] | None:
    """Return first frame, frames, rate and head handle of the cue that a sidecar tells of, None where there is none of ours."""
    record = record_beside(audio)
    try:
        plan = record["brief"]["plan"]
        first, frames, rate = int(plan["start"]), int(plan["frames"]), float(plan["rate"])
        handle = int(record.get("handles", {}).get("head", 0))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return (first, frames, rate, handle) if "cue_id" in record and rate > 0 else None


def _seconds(time: opentime.RationalTime) -> Fraction:
    """Return exact seconds; a time that is none (a rate of 0, no number) counts as 0."""
    return Fraction(time.value) / Fraction(time.rate) if time.rate > 0 and isfinite(time.value) else Fraction(0)
