"""Numbered media, made once a session, and ways to say and to check a cut."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.media.movies import clicks, numbered_movie, numbered_stills, sound_file
from tests.picture.cutting import FILM, NTSC, PAL, VARIABLE_MS


@pytest.fixture(scope="session")
def footage(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Movies by name; the code in each says which it is: film 0, pal 1, ntsc 2, deep 3, variable 4, turned 5, mute 6."""
    folder = tmp_path_factory.mktemp("footage")
    with_sound = clicks(48_000 * 10, [0, 48_000, 100_000, 240_000, 400_001])
    made = {
        "film": numbered_movie(folder / "film.mp4", source=0, frames=240, rate=FILM, sound=with_sound),
        "pal": numbered_movie(folder / "pal.mp4", source=1, frames=1000, rate=PAL, key_every=100, sound=with_sound),
        "ntsc": numbered_movie(folder / "ntsc.mov", source=2, frames=300, rate=NTSC, key_every=250),
        "deep": numbered_movie(folder / "deep.mp4", source=3, frames=60, rate=PAL, pixels="yuv420p10le"),
        "variable": numbered_movie(
            folder / "variable.mp4", source=4, frames=len(VARIABLE_MS), rate=PAL, stamps=VARIABLE_MS, base=Fraction(1, 1000)
        ),
        "turned": numbered_movie(folder / "turned.mp4", source=5, frames=50, rate=PAL, rotation=90),
        "mute": numbered_movie(folder / "mute.mkv", source=6, frames=75, rate=PAL),
        "mono": sound_file(folder / "mono.wav", clicks(44_100 * 8, [44_100, 44_100 * 5], channels=1), 44_100),
    }
    stills = numbered_stills(folder / "frames", source=7, numbers=[0, 1, 2, 4, 5, 8, 9])
    return {**made, "still": stills[2], "frames": stills[0].parent}
