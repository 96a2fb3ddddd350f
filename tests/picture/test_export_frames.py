"""Every output frame shows the source frame that the cut asks for."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from otio_soundtrack.model.cut import CutList, PictureFile, Source, SourceKind
from otio_soundtrack.picture.export import export_cut
from tests.picture.cutting import FILM, NTSC, PAL, VARIABLE_MS, codes, cut_list, expected, layer, luma, movie

HEIGHT = 180


def exported(cuts: CutList, path: Path) -> PictureFile:
    """Export small and return the file."""
    file = export_cut(cuts, path, height=HEIGHT)
    assert file is not None
    return file


def test_hard_cuts_between_rates_show_the_frame_of_their_time(footage: dict[str, Path], tmp_path: Path) -> None:
    """24, 25 and 29.97 in a 25 timeline: first, middle and last frame of every cut."""
    pieces = [
        ("film", 0, "2.5", FILM),
        ("pal", 1, "7.04", PAL),
        ("ntsc", 2, "3.3", NTSC),
        ("pal", 1, "0", PAL),
        ("film", 0, "9", FILM),
    ]
    cuts = cut_list(25.0, *((24, [layer(footage[name], at)]) for name, _, at, _ in pieces))
    exported(cuts, tmp_path / "cut.mp4")
    wanted = [code for _, source, at, rate in pieces for code in expected(source, at, rate, 24, 25)]
    assert codes(tmp_path / "cut.mp4") == wanted


@pytest.mark.parametrize(("rate", "exact"), [(24.0, FILM), (25.0, PAL), (29.97, NTSC), (23.976, Fraction(24_000, 1001))])
def test_every_record_rate_is_exact(footage: dict[str, Path], tmp_path: Path, rate: float, exact: Fraction) -> None:
    """The rate of the file is the exact one, and each frame is the right one."""
    file = exported(cut_list(rate, (100, [layer(footage["pal"], "3.2")])), tmp_path / "cut.mp4")
    assert file.rate == exact
    assert codes(tmp_path / "cut.mp4") == expected(1, "3.2", PAL, 100, exact)


def test_a_retime_takes_frames_at_its_speed(footage: dict[str, Path], tmp_path: Path) -> None:
    """Double, half and a hundredth of the speed, and fifty times it."""
    pieces = [("0.4", "2", 40), ("1", "1/2", 40), ("5", "1/100", 30), ("0", "50", 15)]
    cuts = cut_list(25.0, *((frames, [layer(footage["pal"], at, speed)]) for at, speed, frames in pieces))
    exported(cuts, tmp_path / "cut.mp4")
    wanted = [code for at, speed, frames in pieces for code in expected(1, at, PAL, frames, 25, speed=speed)]
    assert codes(tmp_path / "cut.mp4") == wanted


def test_reverse_plays_backwards_over_key_frames(footage: dict[str, Path], tmp_path: Path) -> None:
    """150 frames in reverse cross a key frame and two of our segments."""
    exported(cut_list(25.0, (150, [layer(footage["pal"], "9.96", -1)])), tmp_path / "cut.mp4")
    assert codes(tmp_path / "cut.mp4") == [(1, 249 - k) for k in range(150)]


def test_a_freeze_holds_its_frame(footage: dict[str, Path], tmp_path: Path) -> None:
    """Speed 0 shows one frame throughout."""
    exported(cut_list(25.0, (40, [layer(footage["pal"], "4.12", 0)])), tmp_path / "cut.mp4")
    assert codes(tmp_path / "cut.mp4") == [(1, 103)] * 40


def test_missing_handles_hold_the_first_and_the_last_frame(footage: dict[str, Path], tmp_path: Path) -> None:
    """Source time before 0 and past the end."""
    exported(
        cut_list(24.0, (20, [layer(footage["film"], Fraction(-10, 24))]), (20, [layer(footage["film"], Fraction(230, 24))])),
        tmp_path / "c.mp4",
    )
    assert codes(tmp_path / "c.mp4") == [(0, max(0, k - 10)) for k in range(20)] + [(0, min(239, 230 + k)) for k in range(20)]


def test_gaps_are_black(footage: dict[str, Path], tmp_path: Path) -> None:
    """No layer, and a black colour, are black; what is before and after is right."""
    black = Source(kind=SourceKind.COLOUR, name="black")
    exported(
        cut_list(25.0, (10, [layer(footage["pal"], 1)]), (300, []), (10, [layer(black, 0)]), (10, [layer(footage["pal"], 2)])),
        tmp_path / "c.mp4",
    )
    planes = list(luma(tmp_path / "c.mp4"))
    assert max(int(plane.max()) for plane in planes[10:320]) <= 18
    assert codes(tmp_path / "c.mp4")[320:] == [(1, 50 + k) for k in range(10)]


def test_a_variable_rate_shows_what_is_on_screen(footage: dict[str, Path], tmp_path: Path) -> None:
    """Each source frame stays until the next one starts."""
    exported(cut_list(50.0, (200, [layer(footage["variable"], 0)])), tmp_path / "cut.mp4")
    shown = [(4, max(n for n, start in enumerate(VARIABLE_MS) if start <= k * 20)) for k in range(200)]
    assert codes(tmp_path / "cut.mp4") == shown


def test_ten_bits_become_eight(footage: dict[str, Path], tmp_path: Path) -> None:
    """A 10-bit source is right frame by frame."""
    exported(cut_list(25.0, (30, [layer(footage["deep"], "0.8")])), tmp_path / "cut.mp4")
    assert codes(tmp_path / "cut.mp4") == [(3, 20 + k) for k in range(30)]


def test_matroska_with_rounded_stamps_is_exact(footage: dict[str, Path], tmp_path: Path) -> None:
    """Millisecond stamps do not shift a frame."""
    exported(cut_list(25.0, (40, [layer(footage["mute"], "1.2")])), tmp_path / "cut.mp4")
    assert codes(tmp_path / "cut.mp4") == [(6, 30 + k) for k in range(40)]


def test_a_sequence_repeats_the_frame_before_a_missing_one(footage: dict[str, Path], tmp_path: Path) -> None:
    """Frames 3, 6 and 7 are not on disk."""
    files = tuple(footage["frames"] / f"shot.{number:04d}.png" for number in range(10))
    sequence = Source(kind=SourceKind.SEQUENCE, name="shot", path=files[0], files=files, rate=PAL)
    exported(cut_list(25.0, (10, [layer(sequence, 0)]), (10, [layer(sequence, "0.36", -1)])), tmp_path / "cut.mp4")
    there = [0, 1, 2, 2, 4, 5, 5, 5, 8, 9]
    assert codes(tmp_path / "cut.mp4") == [(7, number) for number in there + there[::-1]]


def test_a_still_stays(footage: dict[str, Path], tmp_path: Path) -> None:
    """A PNG is shown throughout."""
    still = Source(kind=SourceKind.STILL, name="still", path=footage["still"])
    exported(cut_list(25.0, (30, [layer(still, 5)])), tmp_path / "cut.mp4")
    assert codes(tmp_path / "cut.mp4") == [(7, 2)] * 30


def test_a_range_exports_only_its_frames(footage: dict[str, Path], tmp_path: Path) -> None:
    """Frames 15 to 45 of two cuts."""
    cuts = cut_list(25.0, (30, [layer(footage["pal"], 1)]), (30, [layer(footage["film"], 2)]))
    file = export_cut(cuts, tmp_path / "cut.mp4", height=HEIGHT, only=(15, 45))
    assert file is not None
    assert file.frames == 30
    assert codes(tmp_path / "cut.mp4") == [(1, 25 + k) for k in range(15, 30)] + expected(0, 2, FILM, 15, 25)


def test_a_long_clip_is_shared_out_without_a_seam(footage: dict[str, Path], tmp_path: Path) -> None:
    """Forty seconds in one clip are cut up for the workers at key frames; no frame is lost or doubled there."""
    exported(cut_list(25.0, (1000, [layer(movie(footage["pal"]), 0)])), tmp_path / "cut.mp4")
    assert codes(tmp_path / "cut.mp4") == [(1, k) for k in range(1000)]
