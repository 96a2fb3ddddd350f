"""The cut list of a part of the picture (room picture, pure)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from otio_soundtrack.model.cut import AudioElement, Cut, CutList, Layer


def trimmed(cuts: CutList, only: tuple[int, int] | None) -> CutList:
    """Return what a range of the picture shows and sounds like, counted from its own first frame.

    Args:
        cuts: the whole.
        only: first frame and the frame after the last; None is all.

    Raises:
        ValueError: the range is empty or lies outside the picture.
    """
    if only is None:
        return cuts
    first, end = only
    if not 0 <= first < end <= cuts.frames:
        raise ValueError(f"range {first}–{end} lies outside the {cuts.frames} frames of the picture, or is empty")
    rate = cuts.exact_rate
    shown = [
        _part(cut, max(first, cut.start), min(end, cut.end), rate, first)
        for cut in cuts.cuts
        if cut.start < end and first < cut.end
    ]
    # an element keeps its whole length, so that its fades stay where they are; the mix takes what lies inside
    window = Fraction(first) / rate, Fraction(end) / rate
    heard = [replace(element, start=element.start - window[0]) for element in cuts.audio if _sounds(element, *window)]
    return replace(cuts, frames=end - first, cuts=tuple(shown), audio=tuple(heard), markers=(), tagged=())


def _part(cut: Cut, first: int, end: int, rate: Fraction, zero: int) -> Cut:
    """Return frames ``first`` to ``end`` of a cut, counted from ``zero``."""
    skipped = first - cut.start
    layers = tuple(_later(layer, skipped, end - first, rate) for layer in cut.layers)
    return replace(cut, start=first - zero, frames=end - first, layers=layers)


def _later(layer: Layer, skipped: int, frames: int, rate: Fraction) -> Layer:
    weights = None if layer.weights is None else layer.weights[skipped : skipped + frames]
    return replace(layer, at=layer.at + skipped / rate * layer.speed, weights=weights)


def _sounds(element: AudioElement, first: Fraction, end: Fraction) -> bool:
    return element.start < end and first < element.start + element.duration
