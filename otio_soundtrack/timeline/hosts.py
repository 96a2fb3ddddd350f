"""Hints for the applications that wrote a timeline, given only where the timeline already carries their namespace.

DaVinci Resolve (18.5 and later) takes the width of an audio track from ``Resolve_OTIO.Audio Type`` and the routing of a clip from
``Channels``: without them a stereo file may arrive on one side. Its own exports hold both in this form.
"""

from __future__ import annotations

from opentimelineio import schema

_RESOLVE = "Resolve_OTIO"
_STEREO = 2


def track_hints(timeline: schema.Timeline) -> dict[str, object]:
    """Return metadata that an audio track of ours should carry beside our own."""
    return {_RESOLVE: {"Audio Type": "Stereo", "Locked": False, "SoloOn": False}} if _from_resolve(timeline) else {}


def clip_hints(timeline: schema.Timeline, channels: int) -> dict[str, object]:
    """Return metadata that a clip of ours should carry beside our own.

    Args:
        timeline: the timeline that it is for.
        channels: of the clip's file.
    """
    if not _from_resolve(timeline) or channels != _STEREO:
        return {}
    return {_RESOLVE: {"Channels": [{"Source Channel ID": channel, "Source Track ID": 0} for channel in range(channels)]}}


def _from_resolve(timeline: schema.Timeline) -> bool:
    return _RESOLVE in timeline.metadata or any(_RESOLVE in child.metadata for child in timeline.tracks)
