"""Cuts that already are a file."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from otio_soundtrack.model.cut import CutList
from otio_soundtrack.picture.whole import only_source, whole_file
from tests.footage import movie
from tests.picture.cutting import cut_list, layer
from tests.picture.cutting import movie as source

FILE = Path("one.mov")


@pytest.mark.parametrize(
    ("cut", "found"),
    [
        (cut_list(24, (100, [layer(FILE, 0)])), True),
        (cut_list(24, (40, [layer(FILE, 0)]), (60, [layer(FILE, Fraction(40, 24))])), True),
        (cut_list(24, (40, [layer(FILE, 0)]), (60, [layer(FILE, Fraction(42, 24))])), False),
        (cut_list(24, (100, [layer(FILE, Fraction(1, 24))])), False),
        (cut_list(24, (100, [layer(FILE, 0, speed=2)])), False),
        (cut_list(24, (100, [layer(FILE, 0, weights=[0.5] * 100)])), False),
        (cut_list(24, (100, [layer(FILE, 0), layer(FILE, 0)])), False),
        (cut_list(24, (40, [layer(FILE, 0)]), (60, [layer(Path("two.mov"), Fraction(40, 24))])), False),
        (cut_list(24, (40, [layer(FILE, 0)]), (60, [])), False),
        (cut_list(24, (100, [])), False),
    ],
    ids=["whole", "bladed", "jump", "later start", "speed", "faded", "two layers", "two files", "black after", "black"],
)
def test_only_a_file_that_runs_on_is_one(cut: CutList, found: bool) -> None:
    """Blades that change nothing are nothing; everything else must be encoded."""
    assert (only_source(cut) is not None) == found


def test_a_file_is_whole_only_to_its_last_frame_and_in_its_own_size(tmp_path: Path) -> None:
    """One frame less, or another height, is another picture."""
    path = movie(tmp_path / "m.mp4", frames=48)
    cut = cut_list(24, (48, [layer(source(path), 0)]))
    found = whole_file(cut, None)
    assert found is not None
    assert (found.path, found.width, found.height, found.codec) == (path, 160, 90, "h264")
    assert whole_file(cut, 90) == found
    assert whole_file(cut, 180) is None
    assert whole_file(cut_list(24, (47, [layer(source(path), 0)])), None) is None
    assert whole_file(replace(cut, rate=25.0), None) is None
