"""What formats of timelines can hold, and what a timeline needs before it goes into one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import opentimelineio as otio
from opentimelineio import schema

from otio_soundtrack.timeline.marks import without_ours
from otio_soundtrack.timeline.urls import local_path

FOLDERS = frozenset({"otiod"})
"""Formats that are folders, by suffix."""
BUNDLES = frozenset({"otiod", "otioz"})
"""Formats that take the media with them."""
KEEPS_ALL = frozenset({"otio", "otiod", "otioz"})
_LOSSES = {
    "edl": (
        "EDL holds picture events only: the music track is not in the file. "
        "Hand over the WAV with its record timecode, or write .otio."
    ),
    "ale": "ALE is a list of clips without a timeline: the music track is not in the file. Write .otio as well.",
}
"""What formats lose for certain, by suffix."""


def suffix_of(path: Path) -> str:
    """Return the suffix of a path without its dot, in small letters."""
    return path.suffix[1:].lower()


def certain_losses(path: Path) -> tuple[str, ...]:
    """Return warnings about what the format of ``path`` never holds of our track, known without writing it."""
    loss = _LOSSES.get(suffix_of(path))
    return () if loss is None else (loss,)


def suited(timeline: schema.Timeline, path: Path, media_root: Path | None) -> tuple[schema.Timeline, tuple[str, ...]]:
    """Return a timeline as the format of ``path`` can take it, and warnings, a sentence each.

    EDL and ALE have no place for our track, and some writers fail over it: it is left out. For a bundle the media are named so
    that it finds them: the bundling adapters look for relative media in the working folder and do not know all forms of URLs.

    Args:
        timeline: stays untouched.
        path: the file that will be written.
        media_root: where relative media of the timeline lie, None for the folder of ``path``.
    """
    suffix = suffix_of(path)
    if suffix in _LOSSES:
        return without_ours(timeline), ()
    return _reachable(timeline, media_root, path.absolute().parent) if suffix in BUNDLES else (timeline, ())


def left_behind(timeline: schema.Timeline, path: Path, media_root: Path, named: Path) -> tuple[str, ...]:
    """Return a warning if relative URLs that lead to media today lead nowhere from where the timeline is written.

    They are the user's, so they stay as they are.

    Args:
        timeline: as it was read.
        path: the file that will be written.
        media_root: where its relative media lie.
        named: how that place is called for a person.
    """
    folder = path.absolute().parent
    if suffix_of(path) in BUNDLES or folder == media_root.absolute():
        return ()
    lost = sorted({url for url in _urls(timeline) if _found(url, media_root) and not _found(url, folder)})
    if not lost:
        return ()
    others = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
    told = f"Relative media URLs of the timeline ({lost[0]}{others}) count from {named} and do not lead there from {folder}: "
    return (
        told + "they are as they were. Write the timeline there, copy the media beside it, or write .otioz with the media in it.",
    )


def _urls(timeline: schema.Timeline) -> Iterator[str]:
    """Yield the URLs of the media of others: of files, and of folders of numbered pictures."""
    others = without_ours(timeline)
    for clip in others.find_clips():
        reference = clip.media_reference
        url = getattr(reference, "target_url", None) or getattr(reference, "target_url_base", None)
        if url:
            yield str(url)


def _found(url: str, folder: Path) -> bool:
    path = local_path(url, folder)
    return path is not None and path.exists()


def _reachable(timeline: schema.Timeline, root: Path | None, folder: Path) -> tuple[schema.Timeline, tuple[str, ...]]:
    """Return a copy whose media a bundle can find, and a warning about those that nobody can find."""
    copy = timeline.deepcopy()
    absent = []
    for clip in copy.find_clips():
        reference = clip.media_reference
        if not isinstance(reference, schema.ExternalReference):
            continue
        # media of the timeline count from where they were, ours from the file that is written
        readings = [local_path(reference.target_url, place) for place in (root or folder, folder)]
        path = next((one for one in readings if one is not None and one.is_file()), None)
        if path is not None:
            reference.target_url = path.as_uri()
        else:
            absent.append(clip.name)
    return copy, (f"Not in the bundle, because their media are not here: {', '.join(absent)}.",) if absent else ()


def is_timeline(path: Path) -> bool:
    """Return whether a file is a timeline by its suffix: whether an adapter reads it."""
    return suffix_of(path) in otio.adapters.suffixes_with_defined_adapters(read=True)
