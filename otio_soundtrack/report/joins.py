"""The joins of a fit, and what to listen to (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from otio_soundtrack.model.cue import SeamReport
from otio_soundtrack.report.axes import moment
from otio_soundtrack.report.html import listed, small_picture, table

MOST_PICTURES = 24
"""Joins that are drawn; who has more listens to the worst, which the words name."""
MOST_MISSED = 12
"""Hits told in words; the table has them all."""
ON_BEAT_FRAMES = 1.0
"""A hit within a frame is met: picture cannot show less."""
_RARE, _SELDOM = 99.0, 90.0
"""Percentiles from which a step is one that the take itself hardly, or seldom, makes."""
_STANDS_OUT, _WEAK = 1.6, 0.5
"""Ratios of flux from which a join is heard as an attack of its own, and below which one is missing."""


def joins_section(seams: Sequence[SeamReport], pictures: Sequence[bytes], hits: Sequence[str] = ()) -> str:
    """Return the part of a page that shows joins; empty where there are none.

    Args:
        seams: in order of time.
        pictures: PNG of the first of them.
        hits: what is to be heard at hits, sentences (:func:`missed`).
    """
    if not seams:
        return ""
    head = ("join", "at", "leaves take at", "enters take at", "bar beat", "step above", "flux", "cross-fade")
    drawn = "".join(small_picture(png, f"Sound around join {number}") for number, png in enumerate(pictures, start=1))
    told = (
        "Step above: how many of the take's own steps from beat to beat are smaller; 50 % is an ordinary one. "
        "Flux: how much begins at the join, against the same beats of the take; 1.0 is as much."
    )
    parts = ("<h3>Joins: what to listen to</h3>", listed((*to_listen(seams), *hits)), table(head, _rows(seams)), f"<p>{told}</p>")
    return "".join((*parts, f'<div class="pictures">{drawn}</div>' if drawn else ""))


def to_listen(seams: Sequence[SeamReport]) -> tuple[str, ...]:
    """Return where to listen and for what, the worst join first; one sentence where nothing stands out."""
    ranked = sorted(enumerate(seams, start=1), key=lambda one: -_doubt(one[1]))
    told = tuple(f"Join {number} at {moment(seam.at)}: {why}" for number, seam in ranked if (why := _why(seam)))
    if told:
        return told
    number, seam = ranked[0]
    return (f"No join stands out by its figures; the boldest is join {number} at {moment(seam.at)}.",)


def missed(hits: Iterable[tuple[float, str, float | None]]) -> tuple[str, ...]:
    """Return where no change of the music meets a hit to a frame, the worst first.

    Args:
        hits: seconds, label, and by how many frames the music is late; None: nothing in it was near.
    """
    off = [(at, label, frames) for at, label, frames in hits if frames is None or abs(frames) > ON_BEAT_FRAMES]
    ranked = sorted(off, key=lambda hit: -(float("inf") if hit[2] is None else abs(hit[2])))
    return tuple(
        f"Hit {label + ' ' if label else ''}at {moment(at)}: {_off(frames)}." for at, label, frames in ranked[:MOST_MISSED]
    )


def _off(frames: float | None) -> str:
    if frames is None:
        return "missed, nothing in the music was near"
    return f"the music is {abs(frames):.1f} frames {'late' if frames > 0 else 'early'}"


def _doubt(seam: SeamReport) -> float:
    """Return how doubtful a join is: what is rare, what stands out, and what breaks the bar."""
    flux = 0.0 if seam.flux_ratio is None else max(0.0, seam.flux_ratio - 1)
    return seam.percentile / 100 + flux + (seam.on_metre is False)


def _why(seam: SeamReport) -> str:
    """Return for what to listen at a join, empty where its figures are ordinary."""
    found = []
    if seam.on_metre is False:
        found.append("the bar is cut, it is entered on another beat than it was left: does it stumble?")
    if seam.flux_ratio is not None and seam.flux_ratio >= _STANDS_OUT:
        found.append(f"more begins here than on these beats of the take ({seam.flux_ratio:.1f} ×): is there an attack too many?")
    if seam.flux_ratio is not None and seam.flux_ratio <= _WEAK:
        found.append(f"less begins here than on these beats of the take ({seam.flux_ratio:.1f} ×): is an attack missing?")
    if seam.percentile >= _RARE:
        found.append("the take itself hardly makes such a step: does harmony or sound jump?")
    elif seam.percentile >= _SELDOM:
        found.append(f"a larger step than {seam.percentile:.0f} % of those in the take: does harmony or sound change?")
    return " ".join(f"{one[0].upper()}{one[1:]}" if number else one for number, one in enumerate(found))


def _rows(seams: Sequence[SeamReport]) -> list[tuple[str, ...]]:
    return [
        (
            str(number),
            moment(seam.at),
            moment(seam.from_),
            moment(seam.to),
            {True: "same", False: "another", None: ""}[seam.on_metre],
            f"{seam.percentile:.0f} %",
            "" if seam.flux_ratio is None else f"{seam.flux_ratio:.2f}",
            "" if seam.fade_ms is None else f"{seam.fade_ms:.0f} ms",
        )
        for number, seam in enumerate(seams, start=1)
    ]
