"""What the media linker does: clip → request → reference."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import opentimelineio as otio

from otio_soundtrack.pipeline.relinking import Request, music_for
from otio_soundtrack.timeline.marks import NAMESPACE, tag_of
from otio_soundtrack.timeline.urls import local_path, url_for
from otio_soundtrack.times import exact_rate, frames_at, seconds


def linked(in_clip: otio.schema.Clip, arguments: dict[str, Any]) -> otio.core.MediaReference | None:
    """Return a reference to the music of a cue, or what the next linker gives, or None to leave the clip unchanged.

    Args:
        in_clip: any clip of the timeline that is being read.
        arguments: ``-M`` arguments: ``soundtrack_media_dir`` (default: the store), ``soundtrack_media_root`` (where relative
            media are looked for, default: the current folder), ``then`` (name of the linker for all other clips).
    """
    then = arguments.pop("then", None)
    wanted = _request(in_clip)
    if wanted is None:
        return None if then is None else otio.media_linker.linked_media_reference(in_clip, str(then), arguments)
    if _is_there(in_clip, Path(arguments.get("soundtrack_media_root") or Path.cwd())):
        return None
    folder = arguments.get("soundtrack_media_dir")
    music = music_for(wanted, media_dir=None if folder is None else Path(folder).absolute())
    if music is None:
        return None
    path = music if isinstance(music, Path) else music.audio
    # the music has no timecode and is as long as the clip: its first sample is whatever source time the clip begins at
    reference = otio.schema.ExternalReference(target_url=url_for(path, "file", None), available_range=in_clip.source_range)
    reference.name = path.name
    reference.metadata[NAMESPACE] = dict(wanted.said) if isinstance(music, Path) else music.record.metadata()
    return reference


def _request(clip: otio.schema.Clip) -> Request | None:
    """Return what a clip wants, None if it is no cue or has no length."""
    said = clip.metadata.get(NAMESPACE)
    tag = tag_of(clip)
    if (tag is None and not said) or clip.source_range is None:
        return None
    length = clip.source_range.duration
    return Request(
        name=clip.name,
        rate=length.rate,
        frames=frames_at(seconds(length), exact_rate(length.rate)),
        prompt=tag.prompt if tag is not None else "",
        # OTIO's own dictionary type dies with its clip; JSON outlives it
        said=json.loads(otio.core.serialize_json_to_string(said)) if said else {},
    )


def _is_there(clip: otio.schema.Clip, root: Path) -> bool:
    """Return whether the clip's music already lies where it says."""
    reference = clip.media_reference
    if not isinstance(reference, otio.schema.ExternalReference) or not reference.target_url:
        return False
    path = local_path(reference.target_url, root)
    return path is not None and path.is_file()
