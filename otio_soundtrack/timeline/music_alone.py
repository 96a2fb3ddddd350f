"""Timelines around their music: the music heard alone, and a video of it laid on a track."""

from __future__ import annotations

from pathlib import Path

from opentimelineio import opentime, schema

from otio_soundtrack.settings import UrlStyle
from otio_soundtrack.timeline.marks import NAMESPACE, is_ours
from otio_soundtrack.timeline.music import LaidMusic, is_music
from otio_soundtrack.timeline.urls import url_for
from otio_soundtrack.times import exact_rate, frames_at, seconds

VISUAL_TRACK = "Visual"
"""Name of the track that a video of the music is laid on."""


def music_alone(timeline: schema.Timeline, laid: LaidMusic, media_root: Path | None) -> schema.Timeline:
    """Return a timeline on which only the music is heard, over a picture of nothing that is as long as the programme.

    Args:
        timeline: stays untouched.
        laid: its music; where no record says what is music, everything on audio tracks is kept.
        media_root: where relative media, and so their sidecars, are looked for.
    """
    copy = timeline.deepcopy()
    for track in copy.tracks:
        if isinstance(track, schema.Track) and is_ours(track):
            del track.metadata[NAMESPACE]  # cut lists leave marked tracks out
        if not isinstance(track, schema.Track) or track.kind != schema.TrackKind.Audio:
            track.enabled = False
    for clip in copy.find_clips():
        if laid.pieces and not is_music(clip, media_root):
            clip.enabled = False
        if NAMESPACE in clip.metadata:
            del clip.metadata[NAMESPACE]  # with a brief on it, a clip is a wish for music, and silent
        clip.name = ""  # and so it is with a name like MUSIC: …
    lead = _lead(timeline, laid)
    nothing = schema.Gap(source_range=_range(lead + laid.frames, laid.rate))
    copy.tracks.append(schema.Track(name="nothing", kind=schema.TrackKind.Video, children=[nothing]))
    return copy


def with_visual(timeline: schema.Timeline, laid: LaidMusic, video: Path, *, url_style: UrlStyle, beside: Path) -> schema.Timeline:
    """Return a copy of a timeline with a video of its music on a new video track, last; everything else is as it was.

    Args:
        timeline: without picture; stays untouched.
        laid: its music.
        video: the file, as many frames as the programme has, at its rate.
        url_style: form of the media reference.
        beside: the timeline file that will be written, for relative references.
    """
    copy = timeline.deepcopy()
    whole = _range(laid.frames, laid.rate)
    reference = schema.ExternalReference(target_url=url_for(video, url_style, beside), available_range=whole)
    reference.name = video.name
    track = schema.Track(name=VISUAL_TRACK, kind=schema.TrackKind.Video)
    lead = _lead(timeline, laid)
    if lead > 0:
        track.append(schema.Gap(source_range=_range(lead, laid.rate)))
    track.append(schema.Clip(name=video.name, media_reference=reference, source_range=whole))
    copy.tracks.append(track)
    return copy


def _lead(timeline: schema.Timeline, laid: LaidMusic) -> int:
    """Return the frames of the tracks before the first that is seen."""
    trim = timeline.tracks.source_range
    return 0 if trim is None else max(0, frames_at(seconds(trim.start_time), exact_rate(laid.rate)))


def _range(frames: int, rate: float) -> opentime.TimeRange:
    return opentime.TimeRange(opentime.RationalTime(0, rate), opentime.RationalTime(frames, rate))
