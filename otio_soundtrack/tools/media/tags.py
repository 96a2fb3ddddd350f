"""What is written in a music file: title, people, rights, words (floor 2).

ID3, Vorbis comments, MP4 and RIFF name the same things differently; FFmpeg evens out the common ones. The rest is known here. A
licence is what is written as such: a copyright line says whose the music is, not what may be done with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from otio_soundtrack.model.track import Rights, Tags
from otio_soundtrack.tools.media.opening import OpenMedia, media_errors

MOST_CHARS = 200
"""Of one entry: some files carry whole texts."""
_NAMES = {
    "title": ("title", "tit2", "inam"),
    "artist": ("artist", "tpe1", "album_artist"),
    "composer": ("composer", "tcom", "writer", "imus"),
    "publisher": ("publisher", "tpub", "organization", "label"),
    "isrc": ("isrc", "tsrc"),
    "licence": ("license", "licence", "wcop"),
}
_WORDS = ("album", "genre", "mood", "tmoo", "keywords", "grouping", "tit1", "description", "comment", "subject", "theme")
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
"""ISO 3901: country, registrant, year, designation. RIFF's chunk of that name is somebody's name, no code."""
_SPACE = re.compile(r"\s+")


def read_tags(path: Path) -> Tags:
    """Return what is written in a music file; what nobody wrote is empty.

    Args:
        path: a local file.

    Raises:
        UnreadableMediaError: it is absent or no media.
    """
    with media_errors(path), OpenMedia(path) as media:
        written: dict[str, str] = {}
        for tags in (media.container.metadata, *(stream.metadata for stream in media.container.streams.audio)):
            for name, value in tags.items():
                written.setdefault(name.lower(), _tidy(value))
    told = {name: _first(written, names) for name, names in _NAMES.items()}
    artist = told.pop("artist")
    told["isrc"] = _isrc(told["isrc"])
    words = tuple(dict.fromkeys(value for name in _WORDS if (value := _first(written, (name,)))))
    return Tags(rights=Rights.model_validate(told), artist=artist, words=words)


def _first(written: Mapping[str, str], names: tuple[str, ...]) -> str:
    """Return the first entry that is there; languages may stand behind a name (``comment-eng``)."""
    for name in names:
        for known, value in written.items():
            if value and (known == name or known.startswith(f"{name}-")):
                return value
    return ""


def _isrc(text: str) -> str:
    code = text.upper().replace("-", "").replace(" ", "")
    return code if _ISRC.fullmatch(code) else ""


def _tidy(value: str) -> str:
    """Return an entry as one line of printable characters, not longer than anybody reads."""
    shown = "".join(char if char.isprintable() else " " for char in value)
    return _SPACE.sub(" ", shown).strip()[:MOST_CHARS]
