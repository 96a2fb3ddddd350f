"""What an export will do, before it does anything (room picture, pure): it can be printed, and is tested as text.

A cut list becomes **segments** (stretches of record time, encoded on their own and joined), fed by **clusters** (stretches of one
source, decoded once and in order, whatever number of segments wants frames of it). Clusters stand in **waves**: the frames of
dissolves that wait for their other half must fit into the scratch space, so very many dissolves are made wave after wave.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from otio_soundtrack.model.cut import Layer, Source, SourceKind

DRAWN = frozenset({SourceKind.COLOUR, SourceKind.SLATE})
"""Kinds of sources that are drawn, not read."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A stretch of picture that is encoded on its own; the same content stands for every place where it is shown."""

    frames: int
    """Length, above 0."""
    layers: tuple[Layer, ...]
    """From bottom to top as in a cut, ``at`` being the time of the segment's first frame; empty means black."""

    @property
    def is_static(self) -> bool:
        """Whether all frames are the same picture."""
        return all(is_held(layer) and layer.weights is None for layer in self.layers)

    @property
    def is_plain(self) -> bool:
        """Whether it shows one source and nothing else, so that frames go straight into the encoder."""
        return len(self.layers) == 1 and self.layers[0].weights is None


@dataclass(frozen=True, kw_only=True)
class Feed:
    """Frames of one source that a segment wants."""

    segment: int
    """Number of the segment."""
    layer: int
    """Number of its layer."""
    at: Fraction
    """Earliest source time wanted, seconds."""
    step: Fraction
    """Source seconds between wanted frames, 0 or above."""
    frames: int
    """How many are wanted; 1 where one frame is held."""
    backwards: bool = False
    """Whether the segment shows them in reverse."""

    @property
    def last(self) -> Fraction:
        """Latest source time wanted."""
        return self.at + (self.frames - 1) * self.step

    def wanted(self) -> Iterator[Fraction]:
        """Give the source times in ascending order; the segment shows them so, or the other way round if it plays backwards."""
        for number in range(self.frames):
            yield self.at + number * self.step


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A stretch of one source that is decoded once, in order."""

    source: Source
    feeds: tuple[Feed, ...]
    start: Fraction
    """Key frame at which decoding begins, seconds."""
    end: Fraction
    """Latest time wanted."""
    cost: float
    """About how long it takes, in units that only compare (megapixels decoded)."""


@dataclass(frozen=True, kw_only=True)
class ExportPlan:
    """All that an export will do."""

    rate: Fraction
    """Frames per second of the cut."""
    frames: int
    """Length of the cut."""
    segments: tuple[Segment, ...]
    """Each different one once."""
    order: tuple[int, ...]
    """Numbers of segments in record order; the same number again where the same content is shown again."""
    drawn: tuple[int, ...]
    """Numbers of segments that need no decoding."""
    waves: tuple[tuple[Cluster, ...], ...]
    """Clusters, dearest first; a wave begins when the one before is done."""


def is_held(layer: Layer) -> bool:
    """Return whether a layer shows one picture throughout."""
    return layer.speed == 0 or layer.source.kind in (SourceKind.STILL, *DRAWN)


def describe(plan: ExportPlan) -> str:
    """Return the plan as text for people and tests: the record order, then what is decoded for it."""
    lines = [f"{plan.frames} frames at {plan.rate} in {len(plan.order)} pieces, {len(plan.segments)} different"]
    at = 0
    for number in plan.order:
        segment = plan.segments[number]
        lines.append(f"  {at:>6} +{segment.frames} segment {number}: {_content(segment)}")
        at += segment.frames
    for wave, clusters in enumerate(plan.waves, start=1):
        for cluster in clusters:
            wants = ", ".join(_wish(feed) for feed in cluster.feeds)
            lines.append(f"  wave {wave}: {cluster.source.name} {_time(cluster.start)}–{_time(cluster.end)} for {wants}")
    return "\n".join(lines)


def _content(segment: Segment) -> str:
    if not segment.layers:
        return "black"
    return " + ".join(_shown(layer) for layer in segment.layers)


def _shown(layer: Layer) -> str:
    text = f"{layer.source.kind.value} {layer.source.name}"
    if not is_held(layer) or layer.source.kind is SourceKind.MOVIE:
        text += f" @{_time(layer.at)}"
    if layer.speed != 1 and layer.source.kind not in (SourceKind.STILL, *DRAWN):
        text += f" ×{layer.speed}"
    if layer.weights is not None:
        text += f" {layer.weights[0]:.2f}→{layer.weights[-1]:.2f}"
    return text


def _wish(feed: Feed) -> str:
    return f"{feed.segment}{'' if feed.layer == 0 else f'.{feed.layer}'}{' (reverse)' if feed.backwards else ''}"


def _time(seconds: Fraction) -> str:
    return f"{float(seconds):.3f}"
