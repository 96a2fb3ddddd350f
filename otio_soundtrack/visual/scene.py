"""What stands still: the picture in each colour of the music, dark and lit, with cover, writing and watermark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.tools.media.framing import Framer, frame_planes
from otio_soundtrack.tools.media.still import resized
from otio_soundtrack.tools.titles import Layer, Writing, composited, written
from otio_soundtrack.tools.typeface import Face, fitted
from otio_soundtrack.visual.layout import Box, Layout
from otio_soundtrack.visual.movement import Levels
from otio_soundtrack.visual.painting import (
    Ground,
    Pixels,
    bars_picture,
    cover_picture,
    disc_picture,
    shadow_picture,
    wave_picture,
)
from otio_soundtrack.visual.palette import Colour, Passage, passage_at

Planes = NDArray[np.uint8]
"""Y, U and V of a picture after one another [shape=(height × 3 / 2, width)]."""

_SMALLEST = 0.42
"""Of its size that a title may shrink to before it is cut off."""
_INK, _SOFT_INK, _FAINT_INK = 1.0, 0.78, 0.62
"""Opacity of title, signature, and what stands below."""
_BLUR = 6
"""Pixels a side to which a cover is shrunk before it fills the ground."""
_SHADOW = 36


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is written, each in the font that draws it; empty texts are left out."""

    title: Face
    author: Face
    watermark: Face
    length: str
    """Like ``3:12``, in figures."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """The music as it is shown."""

    levels: Levels
    """Heights of the bars at each frame [shape=(frames, bands)], 0–1."""
    heights: Levels
    """Of each column of the waveform, 0–1."""
    passages: Sequence[Passage]
    """At least one, in order; the first counts from the beginning."""
    seconds: float


@dataclass(frozen=True)
class Still:
    """The picture in one colour."""

    dark: Planes
    lit: Planes


@dataclass
class Scene:
    """Makes the stills of one video; each colour is painted once, when it is first needed."""

    layout: Layout
    words: Words
    shown: Shown
    cover: Pixels | None
    """Square [shape=(n, n, 3)], None: the track itself is drawn as a disc."""
    cut_off: list[str] = field(default_factory=list)
    """Texts that are too long for their places, known once a still is painted."""
    _stills: dict[Colour, Still] = field(default_factory=dict)

    def still(self, colour: Colour) -> Still:
        """Return the picture in a colour."""
        if colour not in self._stills:
            below, bands = Layer(self._ground.picture(colour)), self.shown.levels.shape[1]
            bars = [bars_picture(self.layout.bars, bands, colour, lit=lit) for lit in (False, True)]
            dark, lit = (
                self._planes([below, *fixed, _at(self.layout.bars, drawn), *self._writing])
                for fixed, drawn in zip(self._fixed, bars, strict=True)
            )
            self._stills[colour] = Still(dark, lit)
        return self._stills[colour]

    def _planes(self, layers: Sequence[Layer]) -> Planes:
        rgb = composited(self.layout.width, self.layout.height, layers)
        return frame_planes(Framer(self.layout.width, self.layout.height).painted(rgb))

    @cached_property
    def _fixed(self) -> tuple[list[Layer], list[Layer]]:
        """Cover or disc, and waveform, dark and lit: they keep their colours throughout."""
        wave, heights = self.layout.wave, self.shown.heights
        colours = self._colours(len(heights))
        dark, lit = ([*self._art(lit=lit), _at(wave, wave_picture(wave, heights, colours, lit=lit))] for lit in (False, True))
        return dark, lit

    @cached_property
    def _ground(self) -> Ground:
        return Ground(self.layout, self._blurred())

    def _art(self, *, lit: bool) -> list[Layer]:
        art = self.layout.art
        if self.cover is None:
            moments = 4 * art.width
            return [_at(art, disc_picture(art.width, self._gathered(moments), self._colours(moments), lit=lit))]
        reach = self.layout.px(_SHADOW)
        shadow = Layer(shadow_picture(art.width, reach), art.left - reach, art.top - reach // 2)
        return [shadow, _at(art, cover_picture(resized(self.cover, art.width, art.height)))]

    def _gathered(self, moments: int) -> Levels:
        """Return the levels of the bands over the whole track, in so many moments at most."""
        levels = self.shown.levels
        edges = np.linspace(0, len(levels), min(moments, len(levels)) + 1).astype(np.int64)[:-1]
        return np.asarray(np.add.reduceat(levels, edges, axis=0) / np.diff(np.append(edges, len(levels)))[:, None], np.float32)

    def _colours(self, moments: int) -> NDArray[np.float32]:
        """Return the colour of each moment of the track [shape=(moments, 3)]."""
        at = (np.arange(moments) + 0.5) * self.shown.seconds / moments
        passages = self.shown.passages
        return np.array([passages[passage_at(passages, second)].colour for second in at.tolist()], np.float32)

    def _blurred(self) -> Pixels | None:
        """The cover over the whole ground, so small that nothing of it can be made out."""
        if self.cover is None:
            return None
        layout = self.layout
        longest = max(layout.width, layout.height)
        whole = resized(resized(self.cover, _BLUR, _BLUR), longest, longest)
        top, left = (longest - layout.height) // 2, (longest - layout.width) // 2
        return whole[top : top + layout.height, left : left + layout.width]

    @cached_property
    def _writing(self) -> list[Layer]:
        """All that is written and stands still."""
        place, words = self.layout, self.words
        layers = [
            *self._title(),
            *self._line("author", words.author, place.author, place.letters[1], _SOFT_INK),
            *self._line("domain name", words.watermark, place.watermark, place.letters[2], _FAINT_INK),
        ]
        return [*layers, self._figures(words.length, place.clocks, right=True)]

    def _title(self) -> list[Layer]:
        place, face = self.layout, self.words.title
        if not face.text:
            return []
        box, letter = place.title, place.letters[0]
        fit = fitted(
            face, width=box.width, height=box.height, lines=place.title_lines, largest=letter, smallest=int(letter * _SMALLEST)
        )
        if not fit.whole:
            self.cut_off.append("title")
        drawn = _inked(
            written(Writing(lines=fit.lines, letter=fit.letter, font=face.file, align="center" if place.centred else "left"))
        )
        left = box.left + ((box.width - drawn.shape[1]) // 2 if place.centred else 0)
        # a title stands on the line of its signature, however many lines it has; beside a cover it begins with it
        top = box.bottom - drawn.shape[0]
        return [Layer(drawn, left, max(box.top, top))]

    def _line(self, name: str, face: Face, box: Box, size: int, opacity: float) -> list[Layer]:
        """Return one line of text in a box, smaller where it is long."""
        if not face.text:
            return []
        fit = fitted(face, width=box.width, height=2 * size, lines=1, largest=size, smallest=max(1, size // 2))
        drawn = _inked(written(Writing(lines=fit.lines, letter=fit.letter, font=face.file, opacity=opacity)))
        if not fit.whole:
            self.cut_off.append(name)
        left = box.left + (0 if box == self.layout.author and not self.layout.centred else (box.width - drawn.shape[1]) // 2)
        return [Layer(drawn, left, box.top + (box.height - drawn.shape[0]) // 2)]

    def figures(self, text: str) -> Layer:
        """Return the time that has gone on, drawn, at its place."""
        return self._figures(text, self.layout.clocks, right=False)

    def _figures(self, text: str, box: Box, *, right: bool) -> Layer:
        """Return figures in the face that has them, all as wide as each other."""
        letter = self.layout.letters[2]
        drawn = written(Writing(lines=(text,), letter=letter, font=None, opacity=_FAINT_INK))
        columns = np.flatnonzero(drawn[..., 3].any(axis=0))
        drawn = drawn[:, columns[0] : columns[-1] + 1]
        return Layer(drawn, box.right - drawn.shape[1] if right else box.left, box.top + (box.height - letter) // 2 - letter // 3)


def _at(box: Box, pixels: Pixels) -> Layer:
    return Layer(pixels, box.left, box.top)


def _inked(drawn: Pixels) -> Pixels:
    """Return drawn text without the empty room around it."""
    rows, columns = np.flatnonzero(drawn[..., 3].any(axis=1)), np.flatnonzero(drawn[..., 3].any(axis=0))
    if not len(rows):
        return drawn
    return drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
