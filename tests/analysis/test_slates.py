"""A slate stands for a picture that nobody has seen: it must not colour what the music is made from."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from otio_soundtrack.analysis.features import UNSEEN_STRENGTH, features
from otio_soundtrack.analysis.frames import FrameTable
from otio_soundtrack.model.cut import Cut, CutList, Layer, Source, SourceKind

SEEN = Source(kind=SourceKind.COLOUR, name="seen", colour=(200, 180, 150))
SLATE = Source(kind=SourceKind.SLATE, name="gone.mov", reason="missing")
BRIGHT, GREY = 190, 45
"""Luma of the pictures and of the slate, 16–235."""


def watched(*shots: tuple[Source, int]) -> tuple[CutList, FrameTable]:
    """Return a cut of 25 frames a shot and the table of flat pictures of the given luma."""
    cuts = tuple(
        Cut(start=25 * number, frames=25, layers=(Layer(source=source, at=Fraction(0)),), name=source.name)
        for number, (source, _) in enumerate(shots)
    )
    cut = CutList(name="slates", rate=25.0, frames=25 * len(shots), start_time=None, cuts=cuts)
    thumbs = np.full((cut.frames, 3456), 128, np.uint8)
    for number, (_, luma) in enumerate(shots):
        thumbs[25 * number : 25 * number + 25, :2304] = luma
    table = FrameTable()
    table.finish(table.measure(thumbs, None))
    return cut, table


def test_a_slate_between_pictures_is_as_bright_as_the_pictures() -> None:
    """The grey of the card is not light of the film."""
    cut, table = watched((SEEN, BRIGHT), (SLATE, GREY), (SEEN, BRIGHT))
    assert len({round(value, 3) for value in features(cut, table, None).brightness.values}) == 1
    cut, table = watched((SEEN, BRIGHT), (SEEN, GREY), (SEEN, BRIGHT))
    assert len({round(value, 3) for value in features(cut, table, None).brightness.values}) > 1


def test_a_cut_to_or_from_a_slate_is_middling_strong() -> None:
    """How different the pictures are is not known."""
    cut, table = watched((SEEN, BRIGHT), (SLATE, GREY), (SEEN, GREY), (SEEN, BRIGHT))
    strengths = [change.strength for change in features(cut, table, None).changes]
    assert strengths[:2] == [UNSEEN_STRENGTH, UNSEEN_STRENGTH]
    assert strengths[2] != UNSEEN_STRENGTH


def test_a_cut_of_slates_only_has_edit_points_and_no_curves() -> None:
    """Nobody looked at anything, and nothing is claimed."""
    cut, table = watched((SLATE, GREY), (SLATE, GREY))
    seen = features(cut, table, None)
    assert seen.brightness.values == ()
    assert [change.frame for change in seen.changes] == [25]
