"""Numbered picture files: which files an ``ImageSequenceReference`` means, and at which rate."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

from opentimelineio import schema

from otio_soundtrack.errors import UnsupportedTimingError
from otio_soundtrack.timeline.urls import local_path
from otio_soundtrack.times import exact_rate, round_half_up

_LONGEST_SEQUENCE = 1_000_000
"""Files: more than eleven hours at 24 a second; a count beyond is a broken range."""

_LONGEST_NUMBER = 20
"""Digits of a file number: no writer pads to more."""


def sequence_rate(clip: schema.Clip) -> Fraction:
    """Return how many files a second are shown.

    Real files hold 0.0 and 1.0 in the reference's own rate as placeholders; then the ranges of the clip know.

    Raises:
        UnsupportedTimingError: no rate above 0 anywhere.
    """
    reference = clip.media_reference
    ranges = [span for span in (reference.available_range, clip.source_range) if span is not None]
    rates = [reference.rate, *(span.duration.rate for span in ranges)]
    found = next((rate for rate in rates if rate > 1), None) or next((rate for rate in rates if rate > 0), None)
    if found is None:
        raise UnsupportedTimingError(f"image sequence of clip {clip.name!r} has no rate above 0.")
    return exact_rate(found) / max(1, int(reference.frame_step))


def sequence_start(clip: schema.Clip) -> Fraction:
    """Return the media time of the first file where the clip counts by file numbers, seconds."""
    step = max(1, int(clip.media_reference.frame_step))
    return int(clip.media_reference.start_frame) / (sequence_rate(clip) * step)


def sequence_files(clip: schema.Clip, root: Path | None) -> tuple[tuple[Path, ...], Path | None]:
    """Return the files of a sequence in order, one a frame, and how its first file is called.

    A file that is missing is replaced by the one before it (before the first: by the first that is there). Without an available
    range, all files of that name that lie in the folder count.

    Returns:
        the files, empty where none of them exists; the path of the first for messages, None where it is not local.
    """
    reference = clip.media_reference
    step = max(1, reference.frame_step)
    first = local_path(_file_url(reference, reference.start_frame), root)
    if first is None:
        return (), None
    names = frozenset(name for name in _names(first.parent) if name.startswith(_last_part(reference.name_prefix)))
    if not names:
        return (), first
    count = _count(clip)
    if count is None:
        count = _count_on_disk(reference, names)
    wanted = [_last_part(_file_name(reference, reference.start_frame + index * step)) for index in range(count)]
    there = next((name for name in wanted if name in names), None)
    if there is None:
        return (), first
    files: list[Path] = []
    last = first.parent / there
    for name in wanted:
        last = first.parent / name if name in names else last
        files.append(last)
    return tuple(files), first


def sequence_length(clip: schema.Clip, root: Path | None) -> Fraction | None:
    """Return the seconds for which there are files, None where there are none."""
    files, _ = sequence_files(clip, root)
    return len(files) / sequence_rate(clip) if files else None


def _file_name(reference: schema.ImageSequenceReference, number: int) -> str:
    digits = str(abs(number)).zfill(min(_LONGEST_NUMBER, max(0, reference.frame_zero_padding)))
    return f"{reference.name_prefix}{'-' if number < 0 else ''}{digits}{reference.name_suffix}"


def _last_part(name: str) -> str:
    """Return a name without its folders: some writers leave a part of the folder in the prefix."""
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _file_url(reference: schema.ImageSequenceReference, number: int) -> str:
    base = reference.target_url_base
    joint = "" if not base or base.endswith(("/", "\\")) else "/"
    return f"{base}{joint}{_file_name(reference, number)}"


def _names(folder: Path) -> frozenset[str]:
    """Return the names in a folder, read at once: asking for each file of a sequence costs a system call each."""
    try:
        return frozenset(entry.name for entry in folder.iterdir())
    except OSError:  # no such folder, or not to be read: then nothing of it is there for us
        return frozenset()


def _count(clip: schema.Clip) -> int | None:
    """Return how many files the available range means, None without one."""
    span = clip.media_reference.available_range
    if span is None or span.duration.value <= 0 or span.duration.rate <= 0:
        return None
    seconds = Fraction(span.duration.value).limit_denominator(1000) / exact_rate(span.duration.rate)
    return max(1, min(_LONGEST_SEQUENCE, round_half_up(seconds * sequence_rate(clip))))


def _count_on_disk(reference: schema.ImageSequenceReference, names: frozenset[str]) -> int:
    pattern = re.compile(re.escape(_last_part(reference.name_prefix)) + r"(\d+)" + re.escape(reference.name_suffix))
    numbers = [int(match[1]) for name in names if (match := pattern.fullmatch(name))]
    last = max((number for number in numbers if number >= reference.start_frame), default=reference.start_frame)
    count = (last - int(reference.start_frame)) // max(1, int(reference.frame_step)) + 1
    return min(_LONGEST_SEQUENCE, count)
