"""Typefaces for titles (floor 2): which font draws a text, and how large it may be in its box.

No font has all scripts, and none that has most comes with Python. The face that comes with Pillow draws English, DejaVu Sans (in
matplotlib's wheel) all of Latin, Greek, Cyrillic, Arabic and Hebrew; for others the fonts of the machine are looked through. What
no font draws is left out and told, instead of a row of boxes.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

from otio_soundtrack.errors import SettingsError

_FOLDERS = {
    "linux": ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("C:/Windows/Fonts", "~/AppData/Local/Microsoft/Windows/Fonts"),
}
_WIDE_FONTS = (
    *("NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf", "SourceHanSans-Regular.ttc", "DroidSansFallbackFull.ttf"),
    *("DroidSansFallback.ttf", "wqy-microhei.ttc", "wqy-zenhei.ttc", "uming.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc"),
    *("AppleSDGothicNeo.ttc", "Arial Unicode.ttf", "msyh.ttc", "YuGothM.ttc", "meiryo.ttc", "malgun.ttf", "segoeui.ttf"),
    *("NotoSans-Regular.ttf", "NotoSansArabic-Regular.ttf", "NotoSansDevanagari-Regular.ttf", "NotoSansThai-Regular.ttf"),
    *("Nirmala.ttf", "FreeSans.ttf", "unifont.otf"),
)
"""Fonts with many letters or of many machines, in the order in which they are tried."""
_PROBE_LETTER = 32
"""Size at which letters are compared."""
_NOWHERE = "\U0010ffff"
"""A character that no font has: it is drawn as what stands for missing ones."""
_SMALLER = 0.94
"""Ratio of one size that is tried to the one before."""
LINE = 7 / 6
"""Distance of lines in letters, as moviepy lays them: a letter, and a sixth between."""

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@dataclass(frozen=True)
class Face:
    """The font for one text."""

    file: Path | None
    """None is the face that comes with Pillow."""
    text: str
    """What it draws of the text."""
    missing: tuple[str, ...]
    """Characters that it lacks, each once."""


@dataclass(frozen=True)
class Fit:
    """A text in its box."""

    lines: tuple[str, ...]
    letter: int
    """Size of the letters, pixels."""
    whole: bool
    """Whether nothing had to be cut off."""


def face_for(text: str, given: Path | None = None) -> Face:
    """Return the first font that draws all of a text, or the one that draws most of it.

    Args:
        text: on one line; what cannot be printed counts as a space.
        given: font file that the user prefers.

    Raises:
        SettingsError: the given file is no font.
    """
    plain = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    if given is not None:
        _require_font(given)
    best = _face(plain, given)
    for file in _candidates():
        if not best.missing:
            break
        found = _face(plain, file)
        best = min(best, found, key=lambda one: len(one.missing))
    return best


def fitted(face: Face, *, width: int, height: int, lines: int, largest: int, smallest: int) -> Fit:
    """Return a text in the largest letters in which it fits into a box.

    Args:
        face: the text and its font.
        width: pixels.
        height: pixels.
        lines: most lines.
        largest: size to begin with, pixels.
        smallest: size at which the end is cut off with an ellipsis instead.
    """
    letter = float(largest)
    while True:
        size = max(round(letter), smallest)
        font = _font(face.file, size)
        wrapped = _wrapped(face.text, font, width)
        room = max(1, min(lines, int(height / (size * LINE))))
        if len(wrapped) <= room:
            return Fit(tuple(wrapped), size, whole=True)
        if size == smallest:
            return Fit((*wrapped[: room - 1], _shortened(wrapped[room - 1], font, width)), size, whole=False)
        letter *= _SMALLER


def _face(text: str, file: Path | None) -> Face:
    missing = [one for one in dict.fromkeys(text) if not _draws(file, one)]
    drawn = " ".join("".join(one for one in text if one not in missing).split())
    return Face(file, drawn, tuple(one for one in missing if unicodedata.category(one)[0] not in "CM"))


@lru_cache(maxsize=4096)
def _draws(file: Path | None, character: str) -> bool:
    """Return whether a font draws a character as itself."""
    if character == " ":
        return True
    font = _font(file, _PROBE_LETTER)
    mask, box = font.getmask(character), font.getmask(_NOWHERE)
    return mask.size != box.size or bytes(mask) != bytes(box)


@lru_cache(maxsize=64)
def _font(file: Path | None, letter: int) -> Font:
    return ImageFont.load_default(letter) if file is None else ImageFont.truetype(str(file), letter)


def _require_font(file: Path) -> None:
    try:
        _font(file, _PROBE_LETTER)
    except OSError as error:
        raise SettingsError(f"{file} is no font that can be used.", hint="Give a .ttf, .otf or .ttc file.") from error


def _candidates() -> Iterator[Path | None]:
    found = find_spec("matplotlib")
    if found is not None and found.origin is not None:
        yield Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / "DejaVuSans.ttf"
    yield from _wide_fonts()


@lru_cache(maxsize=1)
def _wide_fonts() -> tuple[Path, ...]:
    """Return the fonts of this machine that are known to have many letters."""
    folders = (Path(folder).expanduser() for folder in _FOLDERS.get(sys.platform, ()))
    files = {file.name: file for folder in folders if folder.is_dir() for file in folder.rglob("*.[to]t[fc]")}
    return tuple(files[name] for name in _WIDE_FONTS if name in files)


def _wrapped(text: str, font: Font, width: int) -> list[str]:
    """Return lines that are not wider than a box; a word that is wider alone, and text without spaces, breaks anywhere."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if font.getlength(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        line = word
        while font.getlength(line) > width and len(line) > 1:
            fitting = _fitting(line, font, width)
            lines.append(line[:fitting])
            line = line[fitting:]
    return [*lines, line] if line or not lines else lines


def _fitting(line: str, font: Font, width: float) -> int:
    """Return how many characters of a line that is too wide fit, at least one: found by halving."""
    fits, wide = 1, len(line)
    while wide - fits > 1:
        middle = (fits + wide) // 2
        fits, wide = (middle, wide) if font.getlength(line[:middle]) <= width else (fits, middle)
    return fits


def _shortened(line: str, font: Font, width: int) -> str:
    room = width - font.getlength("…")
    kept = line if font.getlength(line) <= room else line[: _fitting(line, font, room)]
    return f"{kept.rstrip()}…"
