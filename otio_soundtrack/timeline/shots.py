"""Cut list → shots: what of a cut is kept, so that a later version can be compared with it (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from otio_soundtrack.model.conform import Shot
from otio_soundtrack.model.cut import Cut, CutList, Layer, Source

_DECIMALS = 6
"""Of source seconds: far below a frame."""


def shots(cut: CutList, first: int = 0, after: int | None = None) -> tuple[Shot, ...]:
    """Return the shots of a cut, in order; a dissolve belongs to the shots on its sides.

    Args:
        cut: any cut list.
        first: frame of the timeline from which on shots are wanted.
        after: frame before which they begin; None: the end.
    """
    end = cut.frames if after is None else after
    return tuple(shot for one in _runs(cut.cuts) if (shot := _shot(one, cut)).start < end and shot.end > first)


def _runs(cuts: Sequence[Cut]) -> Iterator[Sequence[Cut]]:
    """Yield the cuts of each shot."""
    starts = [0, *(number for number, cut in enumerate(cuts) if number and cut.changes_picture), len(cuts)]
    yield from (cuts[first:after] for first, after in pairwise(starts) if after > first)


def _shot(run: Sequence[Cut], cut: CutList) -> Shot:
    start, frames = run[0].start, run[-1].end - run[0].start
    # what it shows is clearest where it stands alone, and longest
    clear = max(run, key=lambda one: (len(one.layers) == 1, one.frames))
    if not clear.layers:
        return Shot(start=start, frames=frames, name=clear.name or "black", source="", at=0.0, speed=0.0)
    layer = _shown(clear, clear.layers)
    at = layer.at - (clear.start - start) / cut.exact_rate * layer.speed
    name = clear.name or layer.source.name
    return Shot(
        start=start, frames=frames, name=name, source=_key(layer.source), at=round(float(at), _DECIMALS), speed=float(layer.speed)
    )


def _shown(cut: Cut, layers: Sequence[Layer]) -> Layer:
    """Return the layer that a cut is named after, else the one that is seen most."""
    named = [layer for layer in layers if cut.name in (layer.source.name, layer.source.name.rsplit(".", 1)[0])]
    return (
        named[-1] if named else max(layers, key=lambda layer: 1.0 if layer.weights is None else sum(layer.weights) / cut.frames)
    )


def _key(source: Source) -> str:
    return source.path.name if source.path is not None else f"{source.kind.value} {source.name}"
