"""What editors write onto items: markers, and the tags that ask for music. Read here, laid on record time elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

import opentimelineio as otio

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.timeline.clocks import range_of
from otio_soundtrack.timeline.nodes import Mark, Tag

NAMESPACE = "otio_soundtrack"
"""Our key in the metadata of timelines."""

_MUSIC = re.compile(r"^MUSIC:\s*", re.IGNORECASE)
_EDL = "cmx_3600"


def is_ours(track: otio.core.SerializableObjectWithMetadata) -> bool:
    """Return whether an earlier run of ours wrote this track."""
    return NAMESPACE in track.metadata


def without_ours(timeline: otio.schema.Timeline) -> otio.schema.Timeline:
    """Return a copy of a timeline without the tracks of earlier runs."""
    copy = timeline.deepcopy()
    ours = [index for index, child in enumerate(copy.tracks) if isinstance(child, otio.schema.Track) and is_ours(child)]
    for index in reversed(ours):
        del copy.tracks[index]
    return copy


def tag_of(item: otio.core.Item) -> Tag | None:
    """Return what the item asks of music, None where it asks nothing (interface.md §3, "tagged clip").

    The name says more than the brief's own prompt; a brief that is text is a prompt.

    Raises:
        SettingsError: its brief is neither text nor a set of options.
    """
    ours = item.metadata.get(NAMESPACE)
    given = ours["brief"] if isinstance(ours, Mapping) and "brief" in ours else None
    if isinstance(given, str):
        given = {"prompt": given}
    if given is not None and not isinstance(given, Mapping):
        raise SettingsError(
            f"the brief on {item.name or 'an item'!r} is {type(plain(given)).__name__}, neither words nor a set of options.",
            hint='Give metadata["otio_soundtrack"]["brief"] as text, or as {"prompt": …, "mood": …}.',
        )
    brief = {str(key): plain(value) for key, value in given.items()} if isinstance(given, Mapping) else {}
    if match := _MUSIC.match(item.name):
        return Tag(prompt=item.name[match.end() :].strip() or str(brief.get("prompt", "")), brief=brief)
    if isinstance(given, Mapping):
        return Tag(prompt=str(brief.get("prompt", "")), brief=brief)
    return None


def marks_of(
    item: otio.core.Item, used: tuple[Fraction, Fraction], media: tuple[Fraction, Fraction] | None, recorded: Fraction | None
) -> tuple[Mark, ...]:
    """Return the markers of an item in its own time.

    OTIO's rule is that a marker's range is in the time of its item, which for a clip is media time. Two habits of writers differ
    and are recognised by where the marker would fall: counted from the clip's first frame (Hiero) where that is no time of its
    media, and record timecode (EDL ``LOC`` lines).

    Args:
        item: any item.
        used: own time that the item uses, first and last second.
        media: own time that exists, where known.
        recorded: record timecode of the item's first frame in seconds, should it come from an EDL; None inside nests.
    """
    if len(item.markers) == 0:
        return ()
    return tuple(_mark(marker, used, media, recorded if _EDL in marker.metadata else None) for marker in item.markers)


def _mark(
    marker: otio.schema.Marker,
    used: tuple[Fraction, Fraction],
    media: tuple[Fraction, Fraction] | None,
    recorded: Fraction | None,
) -> Mark:
    first, last = used
    span = range_of(marker.marked_range, f"marker {marker.name!r}")
    start, duration = span if span is not None else (first, Fraction(0))
    if recorded is not None and not first <= start < last and 0 <= start - recorded < last - first:
        start += first - recorded
    elif media is not None and start < media[0] and 0 <= start < last - first:
        start += first
    return Mark(start=start, end=start + duration, name=marker.name, comment=_comment(marker), colour=str(marker.color or ""))


def _comment(marker: otio.schema.Marker) -> str:
    """Return the note of a marker: the schema's own field, or where writers put it before there was one."""
    own = getattr(marker, "comment", "")
    if own:
        return str(own)
    for key in ("comment", "note", "notes"):
        if key in marker.metadata and isinstance(marker.metadata[key], str):
            return str(marker.metadata[key])
    return ""


def plain(value: object) -> object:
    """Return metadata as plain dictionaries and lists: OTIO's own containers die with their owner."""
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(entry) for entry in value]
    return value
