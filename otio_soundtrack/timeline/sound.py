"""What sounds with the picture, and where editors ask for music: one walk over the audio tracks of the outline."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from otio_soundtrack.model.cut import AudioElement, TaggedCue
from otio_soundtrack.timeline.clocks import ZERO, Clock, Grid
from otio_soundtrack.timeline.nodes import Item, Join, Kind, Media, Pile, Row
from otio_soundtrack.timeline.sources import Sources


@dataclass(frozen=True)
class Stretch:
    """Record seconds [start, end) that are heard, with linear fades at both ends."""

    start: Fraction
    end: Fraction
    fade_in: Fraction = ZERO
    fade_out: Fraction = ZERO

    def within(self, first: Fraction, last: Fraction) -> Stretch:
        """Return the part inside a window; a fade of which the window takes a piece is shortened to what is left of it."""
        if first <= self.start and self.end <= last:
            return self
        start, end = max(self.start, first), min(self.end, last)
        fade_in = max(ZERO, self.start + self.fade_in - start)
        fade_out = max(ZERO, end - (self.end - self.fade_out))
        return Stretch(start, end, min(fade_in, end - start), min(fade_out, end - start))

    def over(self, clock: Clock) -> Stretch:
        """Return the stretch, given on a clock's own time, on record time."""
        scale = abs(clock.speed)
        head, tail = (self.fade_in, self.fade_out) if clock.speed > 0 else (self.fade_out, self.fade_in)
        return Stretch(*clock.span(self.start, self.end), head / scale, tail / scale)

    def inside(self, outer: Stretch) -> Stretch:
        """Return the part of the stretch that a composition lets through, with the composition's own fades.

        A part that lies in such a fade takes what is left of it; of two fades on one end the longer counts.
        """
        part = self.within(outer.start, outer.end)
        if not outer.fade_in and not outer.fade_out:
            return part
        length = part.end - part.start
        fade_in = max(part.fade_in, min(outer.start + outer.fade_in - part.start, length))
        fade_out = max(part.fade_out, min(part.end - (outer.end - outer.fade_out), length))
        return Stretch(part.start, part.end, fade_in, fade_out)


@dataclass(frozen=True)
class _Laid:
    """An item where it lies."""

    item: Item
    start: Fraction
    """On what ``clock`` belongs to."""
    clock: Clock
    stretch: Stretch
    """The record seconds in which it is heard."""


@dataclass
class Listener:
    """Collects the sound of one timeline."""

    sources: Sources
    grid: Grid
    elements: list[AudioElement] = field(default_factory=list)
    tagged: list[TaggedCue] = field(default_factory=list)
    _heard: set[tuple[str, Fraction]] = field(default_factory=set)
    """Compositions on audio tracks, by name and record start."""
    _silent: list[_Laid] = field(default_factory=list)
    """Compositions on video tracks: they may hold audio tracks of their own."""

    def listen(self, root: Item, clock: Clock, seconds: Fraction) -> None:
        """Collect what sounds in the first ``seconds`` of the record: audio tracks, then audio tracks inside nested pictures.

        FCP7 lays a nested sequence on a video and on an audio track, and it must not sound twice: one that is heard from an audio
        track at the same time is left out of the second part.
        """
        self._item(_Laid(root, ZERO, clock, Stretch(ZERO, seconds)), audible=False, track="")
        while self._silent:
            laid = self._silent.pop()
            if (laid.item.name, laid.stretch.start) not in self._heard:
                self._item(laid, audible=False, track="")
        self.elements.sort(key=lambda element: element.start)
        self.tagged.sort(key=lambda cue: cue.start)

    def _item(self, laid: _Laid, *, audible: bool, track: str) -> None:
        """Collect one item; ``audible`` says whether clips are heard where it lies."""
        item, stretch = laid.item, laid.stretch
        if item.tag is not None and audible:
            self._tag(item, stretch, laid.clock.span(laid.start, laid.start + item.duration))
            return
        if stretch.end <= stretch.start:
            return
        if item.content is None or item.speed == 0:
            return  # a gap, or a held frame
        inside = laid.clock.inside(laid.start, item.duration, item.head, item.speed)
        if isinstance(item.content, Media):
            if audible:
                self._element(item.content, inside, stretch, track or item.name)
            return
        if audible:
            self._heard.add((item.name, stretch.start))
        if isinstance(item.content, Row):
            self._row(item.content, inside, stretch, audible=audible, track=track)
        else:
            self._pile(item.content, inside, stretch, audible=audible, track=track)

    def _pile(self, pile: Pile, clock: Clock, stretch: Stretch, *, audible: bool, track: str) -> None:
        for item, start in zip(pile.items, pile.starts, strict=True):
            if item.kind is Kind.OTHER:
                continue
            is_track = isinstance(item.content, Row)
            heard = item.kind is Kind.SOUND if is_track else audible
            part = stretch.within(*clock.span(start, start + item.duration))
            self._item(_Laid(item, start, clock, part), audible=heard, track=item.name if heard and is_track else track)

    def _row(self, row: Row, clock: Clock, stretch: Stretch, *, audible: bool, track: str) -> None:
        into = {join.after: join for join in row.joins}
        out = {join.before: join for join in row.joins}
        for index, (item, start) in enumerate(zip(row.items, row.starts, strict=True)):
            if not audible and not isinstance(item.content, (Row, Pile)):
                continue
            own = _faded(item, start, into.get(index), out.get(index)).over(clock)
            outside = own.end <= stretch.start or own.start >= stretch.end
            if outside and (item.tag is None or not audible):
                continue
            laid = _Laid(item, start, clock, own.inside(stretch))
            if audible:
                self._item(laid, audible=True, track=track)
            else:
                self._silent.append(laid)

    def _element(self, media: Media, own: Clock, stretch: Stretch, track: str) -> None:
        found = self.sources.sound(media)
        if found is None:
            return
        self.elements.append(
            AudioElement(
                source=found.source,
                start=stretch.start,
                duration=stretch.end - stretch.start,
                at=own.own(stretch.start) - found.origin,
                speed=own.speed,
                fade_in=stretch.fade_in,
                fade_out=stretch.fade_out,
                track=track,
            )
        )

    def _tag(self, item: Item, stretch: Stretch, whole: tuple[Fraction, Fraction]) -> None:
        """Collect a tagged item: the stretch of it that lies on picture, of its whole span on the record."""
        start, end = self.grid.frame(stretch.start), self.grid.frame(stretch.end)
        if item.tag is None:
            return
        if end <= start:
            self.sources.notes.add(item.name or "A tagged clip", "no cue", "it lies outside the picture")
            return
        beyond = self.grid.frame(whole[1]) - self.grid.frame(whole[0]) - (end - start)
        cue = TaggedCue(start=start, frames=end - start, prompt=item.tag.prompt, brief=item.tag.brief, beyond=max(0, beyond))
        self.tagged.append(cue)


def _faded(item: Item, start: Fraction, into: Join | None, out: Join | None) -> Stretch:
    """Return when an item of a row is heard, on the row's own time: transitions make it longer and fade it."""
    end = start + item.duration
    if into is None and out is None:
        return Stretch(start, end)
    return Stretch(
        start - (into.lead if into else ZERO),
        end + (out.tail if out else ZERO),
        into.lead + into.tail if into else ZERO,
        out.lead + out.tail if out else ZERO,
    )
