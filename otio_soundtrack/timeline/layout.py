"""OTIO objects to the outline of :mod:`nodes`: who lies where, for how long, at which speed.

Positions are added up here once, from exact seconds, in one pass: OTIO's ``range_in_parent`` adds up a track anew for each of
its children. The rules are OTIO's own: transitions take no time except at the head and the end of a track, a composition is as
long as its content, a retime changes what is seen and not how long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import opentimelineio as otio
from opentimelineio import schema

from otio_soundtrack.errors import UnsupportedTimingError
from otio_soundtrack.timeline import generators
from otio_soundtrack.timeline.clocks import ONE, ZERO, bounded, range_of, seconds_of
from otio_soundtrack.timeline.marks import is_ours, marks_of, tag_of
from otio_soundtrack.timeline.nodes import Item, Join, Kind, Media, Pile, Row
from otio_soundtrack.timeline.notes import Notes

_KINDS = {schema.TrackKind.Video: Kind.PICTURE, schema.TrackKind.Audio: Kind.SOUND}
_SCALAR_DENOMINATOR = 1_000_000
"""Speeds come as floats (0.3333333333333333): a millionth finds the fraction that was meant."""

Length = Callable[[schema.Clip], "Fraction | None"]
"""Measures the media of a clip that says nothing of its length; None where there is none to measure."""


@dataclass(frozen=True)
class Layout:
    """Builds the outline of one timeline."""

    length: Length
    notes: Notes

    def root(self, stack: schema.Stack) -> Item:
        """Return the outline of a timeline's ``tracks``; tracks that an earlier run of ours wrote are left out."""
        tracks = [child for child in stack if not (isinstance(child, schema.Track) and is_ours(child))]
        labels = {id(track): label for track in tracks if (label := _record_label(track, self)) is not None}
        # a track without such a label counts from the start of the picture, as it does beside tracks that never saw an EDL
        origin = min(
            (labels[id(track)] for track in tracks if id(track) in labels and _kind(track) is Kind.PICTURE), default=ZERO
        )
        items, starts = [], []
        for track in tracks:
            label = labels.get(id(track), ZERO)
            item = self.item(track, recorded=label)
            items.append(replace(item, head=ZERO) if id(track) in labels else item)
            starts.append(label - origin if id(track) in labels else ZERO)
        length = max((start + item.duration for start, item in zip(starts, items, strict=True)), default=ZERO)
        return self._item(stack, Pile(items=tuple(items), starts=tuple(starts), length=length), (ZERO, length), None)

    def item(self, thing: otio.core.Item, recorded: Fraction | None = None) -> Item:
        """Return the outline of anything that takes up time.

        Args:
            thing: clip, gap, track or stack.
            recorded: record timecode of its first frame in seconds, should it come from an EDL; None inside nests.

        Raises:
            UnsupportedTimingError: it has no length, or one that means nothing.
        """
        if isinstance(thing, schema.Clip):
            return self._clip(thing, recorded)
        if isinstance(thing, schema.Track):
            row = self._row(thing, recorded)
            return self._item(thing, row, (ZERO, row.length), recorded)
        if isinstance(thing, schema.Stack):
            items = tuple(self.item(child) for child in thing)
            length = max((item.duration for item in items), default=ZERO)
            return self._item(thing, Pile(items=items, starts=(ZERO,) * len(items), length=length), (ZERO, length), None)
        return self._item(thing, None, None, recorded)

    def _item(
        self,
        thing: otio.core.Item,
        content: Media | Row | Pile | None,
        available: tuple[Fraction, Fraction] | None,
        recorded: Fraction | None,
    ) -> Item:
        """Return the item of a thing whose own time starts and lasts as ``available`` says where nothing trims it."""
        name = _name(thing)
        span = range_of(thing.source_range, name) or available
        if span is None:
            raise UnsupportedTimingError(
                f"{name} has neither a source range nor an available range, so nobody knows how long it is.",
                hint="Relink it, or make its media readable (--media-root), so that its length can be measured.",
            )
        head, duration = span
        speed = self._speed(thing, name)
        used = (head, head + duration * (abs(speed) or ONE))
        media = (available[0], available[0] + available[1]) if available is not None and available[1] > 0 else None
        return Item(
            name=thing.name,
            duration=duration,
            head=head,
            speed=speed,
            content=content if thing.enabled else None,
            kind=_kind(thing),
            marks=marks_of(thing, used, media, recorded) if thing.enabled else (),
            tag=tag_of(thing) if thing.enabled else None,
        )

    def _clip(self, clip: schema.Clip, recorded: Fraction | None) -> Item:
        reference = clip.media_reference
        available = available_range(clip)
        if clip.source_range is None and available is None:
            length = self.length(clip)
            available = None if length is None else (ZERO, length)
        bare = self._item(clip, None, available, recorded)
        look = generators.look_of(reference, clip.name) if isinstance(reference, schema.GeneratorReference) else None
        if not clip.enabled or look is generators.Look.CLEAR:
            return bare
        media = Media(
            clip=clip,
            name=_media_name(clip),
            used=(bare.head, bare.head + bare.duration * abs(bare.speed)),
            overlay=look is generators.Look.OVERLAY,
        )
        return replace(bare, content=media)

    def _row(self, track: schema.Track, recorded: Fraction | None) -> Row:
        items: list[Item] = []
        starts: list[Fraction] = []
        found: list[tuple[int, schema.Transition]] = []
        at = ZERO
        children = list(track)
        for child in children:
            if isinstance(child, schema.Transition):
                found.append((len(items), child))
                continue
            item = self.item(child, recorded=None if recorded is None else recorded + at)
            items.append(item)
            starts.append(at)
            at = bounded(at + item.duration)
        length = at
        if children and isinstance(children[0], schema.Transition):
            length += seconds_of(children[0].in_offset, _name(children[0]))
        if children and isinstance(children[-1], schema.Transition):
            length += seconds_of(children[-1].out_offset, _name(children[-1]))
        joins = self._joins(found, items, [*starts, at], picture=_kind(track) is Kind.PICTURE)
        return Row(items=tuple(items), starts=tuple(starts), joins=joins, length=length)

    def _joins(
        self, found: Iterable[tuple[int, schema.Transition]], items: list[Item], starts: list[Fraction], *, picture: bool
    ) -> tuple[Join, ...]:
        """Return the transitions of a row, cut short where they would run over the items beside them or into each other."""
        joins: list[Join] = []
        for index, transition in found:
            name = _name(transition)
            if picture and "dissolve" not in transition.transition_type.lower():
                self.notes.add(name, "shown as a dissolve", f"its type is {transition.transition_type or 'not given'}")
            before, after = (index - 1 if index > 0 else None), (index if index < len(items) else None)
            busy = joins[-1].tail if joins and joins[-1].after == before and before is not None else ZERO
            if joins and joins[-1].cut == starts[index] and joins[-1].after == after:
                self.notes.add(name, "left out", "its cut already has a transition")
                continue
            lead = max(ZERO, seconds_of(transition.in_offset, name))
            tail = max(ZERO, seconds_of(transition.out_offset, name))
            room_before = ZERO if before is None else items[before].duration - busy
            room_after = tail if after is None else items[after].duration
            if (before is not None and lead > room_before) or tail > room_after:
                self.notes.add(name, "shortened", "it is longer than what stands beside it")
            join = Join(cut=starts[index], lead=min(lead, room_before), tail=min(tail, room_after), before=before, after=after)
            if join.lead + join.tail > 0:
                joins.append(join)
        return tuple(joins)

    def _speed(self, thing: otio.core.Item, name: str) -> Fraction:
        """Return how fast the own time of a thing runs, all its retimes together."""
        speed = ONE
        for effect in thing.effects:
            if not isinstance(effect, schema.TimeEffect) or not effect.enabled:
                continue
            if not isinstance(effect, schema.LinearTimeWarp):
                self.notes.add(name, "shown without its retime", f"{effect.effect_name or 'its kind'} has no common meaning")
                continue
            scalar = effect.time_scalar
            if scalar - scalar != 0:
                raise UnsupportedTimingError(f"{name} is retimed by {scalar}, which is no number.")
            speed *= Fraction(scalar).limit_denominator(_SCALAR_DENOMINATOR)
        return speed


def available_range(clip: schema.Clip) -> tuple[Fraction, Fraction] | None:
    """Return media start and length in exact seconds; None where unknown or a placeholder (nothing, or a rate of 0)."""
    reference = clip.media_reference
    span = None if reference is None else reference.available_range
    if span is None or span.duration.value <= 0 or span.duration.rate <= 0:
        return None
    return range_of(span, _name(clip))


def _record_label(track: otio.core.Item, layout: Layout) -> Fraction | None:
    """Return the record timecode, in seconds, of the first frame of a track that was read from an EDL; None elsewhere.

    The CMX 3600 adapter keeps it as ``source_range.start = −record in``, with the length of the content. Taken literally such a
    track would show nothing. A real trim with a negative start is longer than its content by that much.
    """
    span = range_of(track.source_range, _name(track))
    if span is None or span[0] >= 0 or not isinstance(track, schema.Track):
        return None
    content = sum((layout.item(child).duration for child in track if not isinstance(child, schema.Transition)), ZERO)
    return -span[0] if span[1] == content else None


def _kind(thing: otio.core.Item) -> Kind:
    if not isinstance(thing, schema.Track):
        return Kind.PICTURE
    return _KINDS.get(thing.kind, Kind.OTHER)


def _name(thing: otio.core.Composable) -> str:
    """Return what to call a thing in a message."""
    return f"{thing.schema_name().lower()} {thing.name!r}"


def _media_name(clip: schema.Clip) -> str:
    reference = clip.media_reference
    url = getattr(reference, "target_url", "") or getattr(reference, "name_prefix", "") or ""
    return str(clip.name or getattr(reference, "name", "") or url.replace("\\", "/").rsplit("/", 1)[-1] or "unnamed clip")
