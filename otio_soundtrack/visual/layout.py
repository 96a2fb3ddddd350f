"""Where things stand in the picture (pure). Drawn up for 1080 lines of the short side, scaled to any size."""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.settings import Aspect

DEFAULT_LINES: dict[Aspect, int] = {"16:9": 1080, "1:1": 1080, "9:16": 1920}
"""What the networks show without scaling."""


@dataclass(frozen=True)
class Box:
    """A part of the picture, even pixels: colour has half the resolution."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """First column after it."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """First line after it."""
        return self.top + self.height


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The parts of one picture."""

    width: int
    height: int
    scale: float
    """Pixels for one of the drawing."""
    centred: bool
    """Whether the writing is centred, or begins on the left."""
    art: Box
    """Cover or disc, a square."""
    title: Box
    author: Box
    bars: Box
    wave: Box
    clocks: Box
    """Time that has gone on the left, length on the right."""
    watermark: Box
    letters: tuple[int, int, int]
    """Sizes of title, signature, and figures and watermark, pixels."""
    title_lines: int
    """Most lines of the title."""
    bands: int
    """Bars of the spectrum."""

    def px(self, drawn: float) -> int:
        """Return a length of the drawing in pixels, at least one."""
        return max(1, round(drawn * self.scale))


_Drawn = tuple[int, int, int, int]
_DRAWINGS: dict[Aspect, tuple[tuple[int, int], dict[str, _Drawn], tuple[int, int, int], int, int]] = {
    # the outer twentieth of every side stays free (SMPTE ST 2046-1, safe title); an upright picture leaves more above and below,
    # where apps lay their names and buttons
    "16:9": (
        (1920, 1080),
        {
            "art": (120, 132, 640, 640),
            "title": (840, 132, 960, 250),
            "author": (840, 406, 960, 64),
            "bars": (840, 502, 960, 270),
            "wave": (120, 836, 1680, 96),
            "clocks": (120, 946, 1680, 40),
            "watermark": (560, 946, 800, 40),
        },
        (88, 38, 26),
        3,
        64,
    ),
    "1:1": (
        (1080, 1080),
        {
            "art": (290, 64, 500, 500),
            "title": (80, 594, 920, 120),
            "author": (80, 722, 920, 50),
            "bars": (80, 790, 920, 96),
            "wave": (80, 906, 920, 64),
            "clocks": (80, 980, 920, 36),
            "watermark": (240, 980, 600, 36),
        },
        (76, 36, 26),
        2,
        56,
    ),
    "9:16": (
        (1080, 1920),
        {
            "art": (140, 270, 800, 800),
            "title": (90, 1112, 900, 210),
            "author": (90, 1346, 900, 60),
            "bars": (90, 1436, 900, 112),
            "wave": (90, 1574, 900, 80),
            "clocks": (90, 1666, 900, 40),
            "watermark": (240, 1666, 600, 40),
        },
        (92, 44, 32),
        3,
        56,
    ),
}


def layout(aspect: Aspect, lines: int) -> Layout:
    """Return where things stand.

    Args:
        aspect: shape of the picture.
        lines: height, an odd one is made even.
    """
    (width, height), boxes, letters, title_lines, bands = _DRAWINGS[aspect]
    scale = lines / height
    placed = {name: _box(drawn, scale) for name, drawn in boxes.items()}
    return Layout(
        width=_even(width * scale),
        height=_even(height * scale),
        scale=scale,
        centred=aspect != "16:9",
        letters=tuple(max(1, round(letter * scale)) for letter in letters),  # type: ignore[arg-type]  # three of three
        title_lines=title_lines,
        bands=bands,
        **placed,
    )


def _box(drawn: _Drawn, scale: float) -> Box:
    left, top, width, height = drawn
    return Box(_even(left * scale), _even(top * scale), _even(width * scale), _even(height * scale))


def _even(length: float) -> int:
    return max(2, 2 * round(length / 2))
