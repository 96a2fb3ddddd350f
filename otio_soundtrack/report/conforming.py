"""What became of the music of an earlier cut, in words (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from otio_soundtrack.model.conform import Conformed, Moved, ShotChange
from otio_soundtrack.report.axes import moment

_SEEN = ("cut", "motion")
"""Labels of hits that nobody asked for: what they lie on."""
_KINDS = ("added", "removed", "trimmed", "retimed", "moved")


def summary(one: Conformed) -> tuple[str, ...]:
    """Return it in two or three sentences."""
    how = "The take from the store was fitted to this cut; nobody was asked." if one.how == "refitted" else ""
    if one.shots is None:
        return tuple(filter(None, (f"{_length(one)}; what changed in the cut is not on file.", how, *one.notes)))
    counts = {kind: sum(change.kind == kind for change in one.shots) for kind in _KINDS}
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)
    return tuple(filter(None, (f"{_length(one)}; shots: {told or 'none changed'}.", how, *one.notes)))


def _length(one: Conformed) -> str:
    longer = one.frames_after - one.frames_before
    if not longer:
        return f"The cut is as long as before ({one.frames_after} frames)"
    return f"The cut is {abs(longer)} frames {'longer' if longer > 0 else 'shorter'} ({one.frames_before} to {one.frames_after})"


def shot_rows(changes: Iterable[ShotChange]) -> list[tuple[str, ...]]:
    """Return a row for each shot that changed: what, name, timecode and frames then and now."""
    return [
        (
            change.kind,
            change.name,
            change.before or "–",
            change.after or "–",
            "–" if change.frames_before is None else str(change.frames_before),
            "–" if change.frames_after is None else str(change.frames_after),
        )
        for change in changes
    ]


def music_words(moves: Sequence[Moved]) -> str:
    """Return what became of hits that nobody asked for, a sentence; empty where there are none."""
    seen = [one for one in moves if one.label in _SEEN]
    went = sum(one.before is not None and one.after is not None for one in seen)
    gone, new = sum(one.after is None for one in seen), sum(one.before is None for one in seen)
    return f"Hits on picture changes: {went} went with their pictures, {gone} gone, {new} new." if seen else ""


def music_rows(moves: Sequence[Moved]) -> list[tuple[str, ...]]:
    """Return a row for each join and each hit of a person: what, label, seconds then and now, by how much."""
    return [
        (
            one.what,
            one.label,
            "new" if one.before is None else moment(one.before),
            "gone" if one.after is None else moment(one.after),
            "" if one.before is None or one.after is None else f"{one.after - one.before:+.2f} s",
        )
        for one in moves
        if one.label not in _SEEN
    ]
