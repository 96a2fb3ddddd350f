"""Cuts that already are a file: its pictures need not be encoded again (room picture)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from otio_soundtrack.model.cut import CutList, SourceKind
from otio_soundtrack.tools.media.copying import copy_facts


@dataclass(frozen=True, kw_only=True)
class WholeFile:
    """A file that is the picture of a cut."""

    path: Path
    codec: str
    width: int
    height: int


def only_source(cuts: CutList) -> Path | None:
    """Return the file that a cut shows from its first frame on without a break, at its own speed; None where there is none."""
    first = cuts.cuts[0].layers[0] if cuts.cuts[0].layers else None
    if first is None or first.source.kind is not SourceKind.MOVIE or first.source.path is None:
        return None
    for cut in cuts.cuts:
        if len(cut.layers) != 1:
            return None
        (layer,) = cut.layers
        runs_on = abs(layer.at - Fraction(cut.start) / cuts.exact_rate) * cuts.exact_rate < Fraction(1, 2)
        whole = layer.weights is None or all(weight == 1.0 for weight in layer.weights)
        if layer.source != first.source or layer.speed != 1 or not whole or not runs_on:
            return None
    return first.source.path


def whole_file(cuts: CutList, height: int | None) -> WholeFile | None:
    """Return the file that a cut shows from its first to its last frame and whose pictures MP4 can hold as they are.

    Args:
        cuts: the cut.
        height: lines that are wanted; None takes the file as it is.

    Returns:
        None where the pictures must be encoded.

    Raises:
        UnreadableMediaError: the file is not media.
    """
    path = only_source(cuts)
    facts = None if path is None else copy_facts(path, cuts.exact_rate)
    if path is None or facts is None or facts.frames != cuts.frames or height not in (None, facts.height):
        return None
    return WholeFile(path=path, codec=facts.codec, width=facts.width, height=facts.height)
