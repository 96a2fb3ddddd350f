"""Cues onto a copy of the timeline (interface.md §4): one new track, last, and nothing else touched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor
from pathlib import Path

import opentimelineio as otio
from opentimelineio import opentime, schema

from otio_soundtrack.errors import UnsupportedTimingError
from otio_soundtrack.model.cue import Cue, CueTake
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.tidy import tidy
from otio_soundtrack.settings import UrlStyle
from otio_soundtrack.timeline.clocks import seconds_of
from otio_soundtrack.timeline.hosts import clip_hints, track_hints
from otio_soundtrack.timeline.marks import NAMESPACE, is_ours, without_ours
from otio_soundtrack.timeline.temp import STAMP
from otio_soundtrack.timeline.urls import url_for
from otio_soundtrack.times import exact_rate

TRACK_SCHEMA = 1
"""Version of what the track's metadata hold."""
_HIT_COLOUR = schema.MarkerColor.RED
_TEMP_COLOUR = schema.MarkerColor.YELLOW
_SECTION_COLOUR = schema.MarkerColor.CYAN


def with_cues(
    timeline: schema.Timeline,
    cues: Sequence[Cue],
    *,
    cut: CutList,
    url_style: UrlStyle = "file",
    track_name: str = "Soundtrack",
    beside: Path | None = None,
) -> schema.Timeline:
    """Return a copy of a timeline with cues on a new audio track.

    A track of an earlier run is replaced. Everything else compares equal to the input, ``global_start_time`` included. The clips
    lie at the picture's own rate, never at the sample rate: editors take the timeline's rate from its longest track.

    Args:
        timeline: stays untouched.
        cues: at least one, with their audio complete on disk; they must not overlap nor reach beyond the picture.
        cut: the cut list of this timeline.
        url_style: form of the media references (:func:`url_for`).
        track_name: name of the new track.
        beside: the timeline file that will be written, or its folder; needed for relative URLs.

    Raises:
        ValueError: no cue, cues that overlap or leave the picture, a take that is not there, relative URLs without ``beside``.
        UnsupportedTimingError: a cue would start before the tracks do.
        RuntimeError: a bug of ours: the result is not what was meant.
    """
    ordered = sorted(cues, key=lambda cue: cue.spot.start)
    _check(ordered, cut)
    result = without_ours(timeline)
    track = schema.Track(
        name=track_name,
        kind=schema.TrackKind.Audio,
        metadata={NAMESPACE: {"schema": TRACK_SCHEMA, "cues": [cue.spot.cue_id for cue in ordered]}, **track_hints(timeline)},
    )
    at = 0
    for cue in ordered:
        start = cut.lead_frames + cue.spot.start
        if start > at:
            track.append(schema.Gap(source_range=_range(0, start - at, cut.rate)))
        track.append(_clip(cue, timeline, cut, lambda take: url_for(take.audio, url_style, beside)))
        at = start + cue.spot.frames
    result.tracks.append(track)
    _verify(timeline, result, ordered, cut)
    return result


def with_stand_in(timeline: schema.Timeline, cut: CutList) -> schema.Timeline:
    """Return a copy of a timeline with a track of the shape of ours over the whole picture, its music not there yet.

    Args:
        timeline: stays untouched.
        cut: its cut list.
    """
    result = without_ours(timeline)
    track = schema.Track(name="Soundtrack", kind=schema.TrackKind.Audio, metadata={NAMESPACE: {"schema": TRACK_SCHEMA}})
    if cut.lead_frames > 0:
        track.append(schema.Gap(source_range=_range(0, cut.lead_frames, cut.rate)))
    over = _range(0, cut.frames, cut.rate)
    reference = schema.ExternalReference(target_url=Path("music.wav").absolute().as_uri(), available_range=over)
    reference.name = "music.wav"
    track.append(schema.Clip(name="music.wav", media_reference=reference, source_range=over))
    result.tracks.append(track)
    return result


def _check(cues: Sequence[Cue], cut: CutList) -> None:
    """Raise over cues that cannot be laid."""
    if not cues:
        raise ValueError("no cue to write")
    at = 0
    for cue in cues:
        if cue.spot.start < at or cue.spot.end > cut.frames:
            raise ValueError(f"cue {cue.spot.cue_id} [{cue.spot.start}, {cue.spot.end}) overlaps another or leaves the picture")
        if cut.lead_frames + cue.spot.start < 0:
            raise UnsupportedTimingError(
                f"cue {cue.spot.cue_id} would start before the tracks do: the timeline's stack is trimmed to a start below 0.",
                hint="Remove the trim of the stack, or score a range that starts later (--range).",
            )
        keys = [take.key for take in cue.takes]
        if cue.active not in keys or len(set(keys)) != len(keys):
            raise ValueError(f"cue {cue.spot.cue_id} has takes {keys}, of which {cue.active!r} should be active")
        at = cue.spot.end


def _is_earlier(child: otio.core.Composable) -> bool:
    return isinstance(child, schema.Track) and is_ours(child)


def _clip(cue: Cue, timeline: schema.Timeline, cut: CutList, url: Callable[[CueTake], str]) -> schema.Clip:
    """Return the clip of a cue: its takes are the media references, hits and sections its markers."""
    first = _first(cue.active_take)
    clip = schema.Clip(
        name=cue.active_take.audio.name,
        source_range=_range(first, cue.spot.frames, cut.rate),
        metadata={NAMESPACE: cue.active_take.record.metadata(), **clip_hints(timeline, cue.active_take.facts.channels)},
    )
    references = {take.key: _reference(take, cue.spot.frames, cut, url(take)) for take in cue.takes}
    clip.set_media_references(references, cue.active)
    for start, end, name in cue.sections:
        clip.markers.append(_marker(name, _range(first + start, end - start, cut.rate), _SECTION_COLOUR, {"kind": "section"}))
    if cue.active_take.record.intent == "temp":
        clip.markers.append(_marker(STAMP, _range(first, 0, cut.rate), _TEMP_COLOUR, {"kind": "temp"}))
    for hit in cue.spot.hits:
        facts = {"kind": "hit", "origin": hit.origin, "weight": hit.weight}
        clip.markers.append(_marker(hit.label or "hit", _range(first + hit.frame, 0, cut.rate), _HIT_COLOUR, facts))
    return clip


def _first(take: CueTake) -> int:
    """Return the source frame on which the cue of a take begins: media time counts from 0, or from the time stamp of the file."""
    return take.record.handles.head + (0 if take.record.bwf is None else take.record.bwf.frame)


def _reference(take: CueTake, frames: int, cut: CutList, url: str) -> schema.ExternalReference:
    """Return the media reference of a take; its available range always holds the cue, even a sample short."""
    whole = floor(Fraction(take.facts.samples, take.facts.sample_rate) * cut.exact_rate)
    handles = take.record.handles
    reference = schema.ExternalReference(
        target_url=url,
        available_range=_range(_first(take) - handles.head, handles.head + max(frames, whole) + handles.tail, cut.rate),
        metadata={NAMESPACE: take.record.metadata()},
    )
    reference.name = take.audio.name
    return reference


def _marker(name: str, marked: opentime.TimeRange, colour: str, facts: Mapping[str, object]) -> schema.Marker:
    return schema.Marker(name=name, marked_range=marked, color=colour, metadata={NAMESPACE: tidy(facts)})


def _range(start: int, frames: int, rate: float) -> opentime.TimeRange:
    return opentime.TimeRange(opentime.RationalTime(start, rate), opentime.RationalTime(frames, rate))


def _verify(before: schema.Timeline, after: schema.Timeline, cues: Sequence[Cue], cut: CutList) -> None:
    """Raise RuntimeError unless everything else is as it was and our clips lie where they should.

    The timeline's duration and its rate stay as they were: our track ends with the picture at the latest, and of equally long
    tracks the first counts. One exception is no bug: where the picture is no whole number of frames, its rounded length may be
    up to half a frame longer.
    """
    kept = [child for child in before.tracks if not _is_earlier(child)]
    others = list(after.tracks)[:-1]
    # their text, not is_equivalent_to: that says no to copies of generators and to metadata that hold NaN
    if len(kept) != len(others) or any(_text(old) != _text(new) for old, new in zip(kept, others, strict=True)):
        raise RuntimeError("writing the music has changed another track; nothing was saved")
    track = after.tracks[-1]
    clips = [(index, child) for index, child in enumerate(track) if isinstance(child, schema.Clip)]
    for (index, clip), cue in zip(clips, cues, strict=True):
        placed = track.range_of_child_at_index(index)
        wanted = (cut.lead_frames + cue.spot.start, cue.spot.frames)
        # not TimeRange.contains, which wants something left over at both ends
        whole, used = clip.available_range(), clip.source_range
        held = whole.start_time <= used.start_time and used.end_time_exclusive() <= whole.end_time_exclusive()
        if (placed.start_time.value, placed.duration.value) != wanted or not held:
            raise RuntimeError(f"cue {cue.spot.cue_id} does not lie where it should; nothing was saved")
    _verify_duration(before, after, track.duration())


def _text(child: otio.core.Composable) -> str:
    return str(child.to_json_string(indent=0))


def _verify_duration(before: schema.Timeline, after: schema.Timeline, ours: opentime.RationalTime) -> None:
    try:
        old, new = before.duration(), after.duration()
    except otio.exceptions.OTIOError:
        return  # a clip without any range: OTIO cannot tell the duration, before as after
    grown = seconds_of(new, "the scored timeline") - seconds_of(old, "the timeline")
    if (old == new and old.rate == new.rate) or (new == ours and 0 < grown <= 1 / (2 * exact_rate(ours.rate))):
        return
    earlier = [child for child in before.tracks if _is_earlier(child)]
    if not earlier:
        raise RuntimeError(f"writing the music has changed the timeline's duration from {old} to {new}; nothing was saved")
