"""The outline of a timeline: what lies where, in exact seconds, before anything is decided about picture or sound.

OTIO objects are read once into this tree, so that everything after it is pure, fast and independent of their lifetimes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from opentimelineio import schema

from otio_soundtrack.timeline.clocks import ONE, ZERO


class Kind(Enum):
    """What a track is for. Kinds are free strings in OTIO; only these count."""

    PICTURE = "picture"
    SOUND = "sound"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, eq=False)
class Media:
    """The media of one clip; each clip has its own."""

    clip: schema.Clip
    name: str
    """For messages and for the slate: name of the clip, of its reference or of its file."""
    used: tuple[Fraction, Fraction]
    """Media time that the clip uses, handles left out: first and last second."""
    overlay: bool = False
    """A title or another generator that is laid over picture and that we cannot draw: shown only where nothing else is."""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A marker in the own time of its item."""

    start: Fraction
    end: Fraction
    name: str
    comment: str
    colour: str


@dataclass(frozen=True, kw_only=True)
class Tag:
    """What an editor asks of music that shall be where an item lies."""

    prompt: str
    brief: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class Item:
    """Something that takes up time on its parent."""

    name: str
    duration: Fraction
    """Seconds on the parent."""
    head: Fraction = ZERO
    """Own time of its ``source_range``'s start: media time for a clip, time of the children for a composition."""
    speed: Fraction = ONE
    """Own seconds per second on the parent; 0 holds ``head``, below 0 plays the used stretch in reverse."""
    content: Media | Row | Pile | None = None
    """None is transparent and silent: a gap, or something that is disabled."""
    kind: Kind = Kind.PICTURE
    """Of a track; picture for everything else."""
    marks: tuple[Mark, ...] = ()
    tag: Tag | None = None


@dataclass(frozen=True, kw_only=True)
class Join:
    """A transition between two items of a row, or between an item and nothing."""

    cut: Fraction
    """Time of the cut on the row."""
    lead: Fraction
    """Seconds before the cut in which the next item already shows."""
    tail: Fraction
    """Seconds after the cut in which the item before still shows."""
    before: int | None
    """Index of the item before, None at the head of the row."""
    after: int | None
    """Index of the item after, None at the end of the row."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A track: items one after the other."""

    items: tuple[Item, ...]
    starts: tuple[Fraction, ...]
    """Where each item starts on the row, ascending."""
    joins: tuple[Join, ...] = ()
    """In order; they do not overlap."""
    length: Fraction
    """Seconds, fades at head and tail included as OTIO counts them."""


@dataclass(frozen=True, kw_only=True)
class Pile:
    """A stack: items above each other, the first at the bottom."""

    items: tuple[Item, ...]
    starts: tuple[Fraction, ...]
    """Where each starts; 0 but for the record offsets of EDL tracks."""
    length: Fraction
