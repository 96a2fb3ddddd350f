"""From measures to the features of a cut."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.analysis import curves
from otio_soundtrack.analysis.features import features
from otio_soundtrack.analysis.frames import COLUMNS, MOTION, FrameTable
from otio_soundtrack.analysis.sound import SoundMeter
from otio_soundtrack.model.cut import Cut, CutList, Layer, Source, SourceKind
from tests.analysis.films import film, measured, shot, thumb

SOURCE = Source(kind=SourceKind.COLOUR, name="colour")


def cut_list(lengths: list[int], rate: float = 25.0, **blends: bool) -> CutList:
    """Return a cut list of plain cuts."""
    starts = np.cumsum([0, *lengths])
    cuts = tuple(Cut(start=int(start), frames=length) for start, length in zip(starts, lengths, strict=False))
    return CutList(name="film", rate=rate, frames=sum(lengths), start_time=None, cuts=cuts)


def test_edit_points_come_from_the_edit_and_are_not_found_twice() -> None:
    """What the timeline says is an edit; what the detector sees on the same frame is the same cut."""
    rng = np.random.default_rng(1)
    thumbs, truth = film(*(shot(rng, 50) for _ in range(4)))
    found = features(cut_list([50] * 4), measured(thumbs), None)
    assert [(change.frame, change.origin) for change in found.changes] == [(frame, "edit") for frame in truth]


def test_cuts_inside_a_clip_are_detected() -> None:
    """A finished film arrives as one clip."""
    rng = np.random.default_rng(2)
    thumbs, truth = film(*(shot(rng, 50) for _ in range(4)))
    found = features(cut_list([200]), measured(thumbs), None)
    assert [(change.frame, change.origin) for change in found.changes] == [(frame, "detected") for frame in truth]


def test_the_strongest_change_is_one_and_an_invisible_one_is_nothing() -> None:
    """Strength is measured on the pictures and normalised over the cut."""
    grey, alike, white = (np.tile(thumb(luma), (40, 1)) for luma in (0.3, 0.3, 0.9))
    found = features(cut_list([40, 40, 40]), measured(np.concatenate([grey, alike, white])), None)
    assert [change.strength for change in found.changes] == [0.0, 1.0]


def test_a_dissolve_is_as_strong_as_its_two_pictures_differ() -> None:
    """Its neighbouring frames are nearly equal; the pictures on both sides are not."""
    mix = np.linspace(0.1, 0.9, 25)
    thumbs = np.concatenate([np.tile(thumb(0.1), (50, 1)), np.stack([thumb(luma) for luma in mix]), np.tile(thumb(0.9), (50, 1))])
    layers = tuple(Layer(source=SOURCE, at=Fraction(0), weights=tuple(weights)) for weights in (1 - mix, mix))
    halves = [tuple(replace(layer, weights=layer.weights[part]) for layer in layers) for part in (slice(0, 12), slice(12, 25))]
    cuts = (
        Cut(start=0, frames=50),
        Cut(start=50, frames=12, layers=halves[0]),
        Cut(start=62, frames=13, layers=halves[1], changes_picture=False),
        Cut(start=75, frames=50, changes_picture=False),
    )
    listed = CutList(name="dissolve", rate=25.0, frames=125, start_time=None, cuts=cuts)
    found = features(listed, measured(thumbs), None)
    assert [(change.frame, change.strength) for change in found.changes] == [(50, 1.0)]


@pytest.mark.parametrize("every", [25, 50, 125])
def test_pace_counts_cuts_per_minute(every: int) -> None:
    """A cut each second is 60 a minute, also near both ends."""
    lengths = [every] * (3000 // every)
    pace = features(cut_list(lengths), None, None).pace.values
    expected = 60 * 25 / every
    assert np.median(pace) == pytest.approx(expected, rel=0.03)
    assert min(pace) > 0.7 * expected
    assert max(pace) < 1.3 * expected


def test_an_uncut_picture_has_no_pace() -> None:
    """One shot."""
    assert set(features(cut_list([500]), None, None).pace.values) == {0.0}


def test_motion_leaves_cuts_out() -> None:
    """Two still pictures with a hard cut between them do not move."""
    thumbs = np.concatenate([np.tile(thumb(0.2), (50, 1)), np.tile(thumb(0.8), (50, 1))])
    assert set(features(cut_list([50, 50]), measured(thumbs), None).motion.values) == {0.0}


def test_a_dissolve_counts_as_much_as_the_hard_cut_between_the_same_pictures() -> None:
    """Black to white by dissolve, white to black by a cut: both as strong."""
    mix = tuple(np.linspace(0.0, 1.0, 20).tolist())
    thumbs = np.concatenate(
        [
            np.tile(thumb(0.0), (40, 1)),
            np.stack([thumb(luma) for luma in mix]),
            np.tile(thumb(1.0), (40, 1)),
            np.tile(thumb(0.0), (40, 1)),
        ]
    )
    first = (Layer(source=SOURCE, at=Fraction(0), weights=mix[:10]),)
    second = (Layer(source=SOURCE, at=Fraction(0), weights=mix[10:]),)
    cuts = (
        Cut(start=0, frames=40),
        Cut(start=40, frames=10, layers=first),
        Cut(start=50, frames=10, layers=second, changes_picture=False),
        Cut(start=60, frames=40, changes_picture=False),
        Cut(start=100, frames=40),
    )
    listed = CutList(name="dissolve", rate=25.0, frames=140, start_time=None, cuts=cuts)
    found = features(listed, measured(thumbs), None)
    assert [(change.frame, change.strength) for change in found.changes] == [(40, 1.0), (100, 1.0)]


def test_the_first_frame_does_not_slow_the_motion() -> None:
    """It has nothing before it, so that it is left out instead of counted as still."""
    table = FrameTable()
    rows = np.zeros((100, COLUMNS), np.float32)
    rows[1:, MOTION] = 0.04
    table.finish(rows)
    assert len(set(features(cut_list([100]), table, None).motion.values)) == 1


def test_a_faster_pan_moves_more_and_the_rate_does_not_matter() -> None:
    """The same pan shot at 50 frames per second makes half the step a frame: about the same movement."""

    def motion(pan: float, rate: float) -> float:
        table = measured(shot(np.random.default_rng(3), int(3 * rate), pan=pan, grain=0))
        return float(np.mean(features(cut_list([int(3 * rate)], rate), table, None).motion.values))

    slow, fast = motion(0.3, 25.0), motion(1.2, 25.0)
    assert fast > 2 * slow
    assert motion(0.6, 50.0) == pytest.approx(fast, rel=0.35)


def test_a_cut_nobody_looked_at_has_empty_curves_and_middling_cuts() -> None:
    """Nothing is made up; edit points are still known."""
    found = features(cut_list([50, 50]), None, None)
    assert found.brightness.values == found.motion.values == found.loudness.values == ()
    assert [change.strength for change in found.changes] == [0.5]


def test_a_table_of_another_length_is_refused() -> None:
    """A caller's bug."""
    with pytest.raises(ValueError, match="99 frames"):
        features(cut_list([99]), measured(np.tile(thumb(0.2), (100, 1))), None)


def test_speech_ends_with_the_picture() -> None:
    """Sound that is longer than the picture does not make regions beyond it."""

    class Talkative(SoundMeter):
        def speech(self) -> tuple[tuple[float, float], ...]:
            return ((0.5, 1.0), (1.9, 5.0), (6.0, 7.0))

    found = features(cut_list([50]), None, Talkative())
    assert [(region.start, region.end) for region in found.speech] == [(13, 25), (48, 50)]


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 2000), st.sampled_from([1.0, 5.0, 12.0, 23.976, 24.0, 25.0, 29.97, 59.94, 120.0]))
def test_curves_cover_the_cut_at_any_rate(frames: int, rate: float) -> None:
    """Five values a second, the last bin may be partial; no value is missing below five frames a second."""
    listed = cut_list([frames], rate)
    signal = np.arange(frames, dtype=np.float32)
    curve = curves.binned(signal, listed.exact_rate, unit="frames")
    seconds = Fraction(frames) / listed.exact_rate
    assert len(curve.values) == -((-seconds * 5) // 1)
    assert list(curve.values) == sorted(curve.values)
    assert curves.pace((), frames, listed.exact_rate).values == (0.0,) * len(curve.values)


def test_a_bin_without_counted_frames_repeats_the_one_before() -> None:
    """A bin that holds nothing but a cut takes the movement before it."""
    only = np.array([True] * 5 + [False] * 5 + [True] * 5)
    curve = curves.binned(np.arange(15.0), Fraction(25), unit="0-1", only=only)
    assert curve.values == (2.0, 2.0, 12.0)
