"""Temporary music: how it is known on any timeline, and that it has no place in a final package.

One rule, here and nowhere else: what is written as final holds no TEMP music that can be heard. Music is TEMP where our metadata
say so, or where clip, media or track carry the stamp ``TEMP`` as a word of its own in capitals, as turnover names do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from opentimelineio import schema

from otio_soundtrack.errors import TempMusicError
from otio_soundtrack.timeline.marks import NAMESPACE

STAMP = "TEMP"
"""In names and on markers."""
_STAMPED = re.compile(rf"(?<![A-Za-z0-9]){STAMP}(?![A-Za-z0-9])")


def temp_music(timeline: schema.Timeline) -> tuple[str, ...]:
    """Return the names of the TEMP music that can be heard: on enabled audio tracks, enabled clips."""
    found = (name for track in timeline.audio_tracks() if track.enabled for name in _on(track))
    return tuple(dict.fromkeys(found))


def require_final(timeline: schema.Timeline) -> None:
    """Check that a timeline may go into a final package.

    Raises:
        TempMusicError: it holds TEMP music.
    """
    if temp := temp_music(timeline):
        others = f" and {len(temp) - 1} more" if len(temp) > 1 else ""
        raise TempMusicError(
            f"the timeline holds TEMP music ({temp[0]}{others}), which has no place in a final package.",
            hint="Replace, mute or remove it, or leave --intent final out.",
        )


def _on(track: schema.Track) -> Iterator[str]:
    for clip in track.find_clips():
        ours = clip.metadata.get(NAMESPACE)
        said = isinstance(ours, Mapping) and ours.get("intent") == "temp"
        url = str(getattr(clip.media_reference, "target_url", "") or "").rsplit("/", 1)[-1]
        names = (clip.name, clip.media_reference.name, url, track.name)
        if clip.enabled and (said or any(_STAMPED.search(name or "") for name in names)):
            yield clip.name or url or track.name
