"""SoundFonts that are on this machine already, in the folders where systems and programs put them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from otio_soundtrack.composer.sampler.font import SoundFont, open_font
from otio_soundtrack.errors import SoundtrackError

GOOD_ONE = "MuseScore_General, MIT licence; on Debian and Ubuntu `apt install musescore-general-soundfont-small`"
"""A font to recommend."""

_LIKED = ("musescore_general", "fluidr3", "generaluser")
"""Beginnings of names of fonts that are known to be good, the best first."""
_SHARED = ("/usr/share/sounds/sf3", "/usr/share/sounds/sf2", "/usr/share/soundfonts", "/usr/local/share/soundfonts")
_SHARED_MAC = ("/Library/Audio/Sounds/Banks",)
_OWN = (
    ".local/share/soundfonts",
    ".local/share/sounds/sf3",
    ".local/share/sounds/sf2",
    "Library/Audio/Sounds/Banks",
    "Documents/MuseScore4/SoundFonts",
    "Documents/MuseScore3/SoundFonts",
    "Documents/SoundFonts",
)
_SUFFIXES = (".sf2", ".sf3")


def usual_folders() -> tuple[Path, ...]:
    """Return the folders that are looked into, those of the user first; not all of them exist."""
    own = Path(os.path.expanduser("~"))  # noqa: PTH111  # Path.home raises where there is no home
    return (*(own / folder for folder in _OWN), *(Path(folder) for folder in (*_SHARED, *_SHARED_MAC)))


def found_fonts(folders: tuple[Path, ...] | None = None) -> Iterator[SoundFont]:
    """Yield every SoundFont that can be opened, the best known first; files that cannot are passed over.

    Args:
        folders: where to look, None: the usual ones.
    """
    places = usual_folders() if folders is None else folders
    files = {path.resolve(): None for folder in places if folder.is_dir() for path in sorted(folder.iterdir()) if _named_so(path)}
    for path in sorted(files, key=_rank):  # a stable sort: among equals the order of the folders stays
        try:
            font = open_font(path)
        except SoundtrackError:
            continue
        yield font


def _named_so(path: Path) -> bool:
    return path.suffix.lower() in _SUFFIXES and path.is_file()


def _rank(path: Path) -> int:
    name = path.stem.lower()
    return next((place for place, liked in enumerate(_LIKED) if name.startswith(liked)), len(_LIKED))
