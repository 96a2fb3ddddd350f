"""The plan of an export, as text."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.model.cut import Source, SourceKind
from otio_soundtrack.picture import fold
from otio_soundtrack.picture.fold import plan_export
from otio_soundtrack.picture.plan import describe
from otio_soundtrack.tools.media.index import PictureIndex
from tests.picture.cutting import cut_list, layer

PAL = Fraction(25)
FRAME_BYTES = 640 * 360 * 3 // 2


def clip(name: str) -> Source:
    """Return a movie that nobody opens."""
    return Source(kind=SourceKind.MOVIE, name=name, path=Path(f"/vol/{name}.mov"))


def index(keys: list[int], rate: Fraction = PAL) -> PictureIndex:
    """Return an index with key frames at whole seconds."""
    return PictureIndex(keys=tuple(map(Fraction, keys)), rate=rate, aspect=Fraction(16, 9), pixels=1_000_000)


A, B = clip("A"), clip("B")
EVERY_TEN = {A: index(list(range(0, 120, 10))), B: index(list(range(0, 120, 10)))}


def test_the_plan_reads_as_a_text() -> None:
    """Record order, content, and what is decoded for it, once for both uses of the same stretch."""
    cuts = cut_list(
        25.0,
        (50, [layer(A, 12)]),
        (25, []),
        (30, [layer(A, 16, -2)]),
        (20, [layer(B, 5, weights=[0.75] * 20), layer(A, 41, weights=[0.25] * 20)]),
        (25, []),
    )
    assert describe(plan_export(cuts, EVERY_TEN, FRAME_BYTES)).splitlines() == [
        "150 frames at 25 in 5 pieces, 4 different",
        "       0 +50 segment 0: movie A @12.000",
        "      50 +25 segment 1: black",
        "      75 +30 segment 2: movie A @16.000 ×-2",
        "     105 +20 segment 3: movie B @5.000 0.75→0.75 + movie A @41.000 0.25→0.25",
        "     125 +25 segment 1: black",
        "  wave 1: A 10.000–16.000 for 0, 2 (reverse)",
        "  wave 1: B 0.000–5.760 for 3",
        "  wave 1: A 40.000–41.760 for 3.1",
    ]


def test_the_same_content_is_made_once() -> None:
    """A clip shown three times, and a freeze held at two places, are two segments."""
    cuts = cut_list(
        25.0, (10, [layer(A, 3)]), (9, [layer(A, 7, 0)]), (10, [layer(A, 3)]), (9, [layer(A, 7, 0)]), (10, [layer(A, 3)])
    )
    plan = plan_export(cuts, EVERY_TEN, FRAME_BYTES)
    assert plan.order == (0, 1, 0, 1, 0)
    assert len(plan.segments) == 2


def test_a_long_clip_is_cut_at_key_frames() -> None:
    """A minute from second 5: taken apart at the key frames of 20, 40 and 60 s, each part decoded from its own."""
    plan = plan_export(cut_list(25.0, (1500, [layer(A, 5)])), EVERY_TEN, FRAME_BYTES)
    assert [segment.frames for segment in plan.segments] == [375, 500, 500, 125]
    assert sorted((float(one.start), float(one.end)) for one in plan.waves[0]) == [
        (0, 19.96),
        (20, 39.96),
        (40, 59.96),
        (60, 64.96),
    ]


def test_a_source_without_key_frames_is_read_in_one_go_unless_far_apart() -> None:
    """Nothing is known of where decoding may begin: stretches near each other stay together."""
    cuts = cut_list(25.0, (25, [layer(A, 0)]), (25, [layer(A, 8)]), (25, [layer(A, 60)]))
    plan = plan_export(cuts, {A: index([])}, FRAME_BYTES)
    assert sorted(len(cluster.feeds) for cluster in plan.waves[0]) == [1, 2]


def test_one_key_frame_for_all_means_one_decode_from_the_head() -> None:
    """With a single key frame everything hangs together."""
    cuts = cut_list(25.0, (25, [layer(A, 50)]), (25, [layer(A, 8)]))
    clusters = plan_export(cuts, {A: index([0])}, FRAME_BYTES).waves[0]
    assert [(float(one.start), float(one.end)) for one in clusters] == [(0, 50.96)]


def test_what_waits_is_bounded_by_waves(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one dissolve a wave, three dissolves take three; plain clips are all in the first."""
    monkeypatch.setattr(fold, "PENDING_BYTES", FRAME_BYTES * 40)
    half = [0.5] * 20
    mixes = [(20, [layer(A, at, weights=half), layer(B, at, weights=half)]) for at in (0, 30, 60)]
    plan = plan_export(cut_list(25.0, (50, [layer(A, 100)]), *mixes), EVERY_TEN, FRAME_BYTES)
    assert [len(wave) for wave in plan.waves] == [3, 2, 2]


def test_encoders_open_at_once_are_bounded() -> None:
    """A hundred different cuts of the same second are fed in passes, none of which has too many at once."""
    cuts = cut_list(25.0, *((25, [layer(A, Fraction(k, 1000))]) for k in range(100)))
    clusters = plan_export(cuts, EVERY_TEN, FRAME_BYTES).waves[0]
    assert sum(len(cluster.feeds) for cluster in clusters) == 100
    assert max(len(cluster.feeds) for cluster in clusters) <= fold.OPEN_SEGMENTS


def test_a_cut_of_nothing_but_black_decodes_nothing() -> None:
    """Black and colours are drawn; a long black is the same piece again and again."""
    plan = plan_export(cut_list(25.0, (1000, [])), {}, FRAME_BYTES)
    assert plan.waves == ()
    assert plan.drawn == (0,)
    assert plan.order == (0, 0, 0, 0)


pieces = st.lists(
    st.tuples(
        st.integers(1, 700),
        st.sampled_from([A, B, None]),
        st.fractions(-5, 100, max_denominator=50),
        st.sampled_from([Fraction(1), Fraction(-1), Fraction(0), Fraction(1, 3), Fraction(7)]),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


@given(pieces)
def test_every_frame_is_made_once_from_the_right_time(wanted: list[tuple[int, Source | None, Fraction, Fraction, bool]]) -> None:
    """Law: laid in record order, the feeds ask for exactly the source times of the cut; every segment is fed or drawn."""
    cuts = cut_list(
        25.0,
        *(
            (frames, [] if source is None else [layer(source, at, speed, [0.5] * frames if faded else None)])
            for frames, source, at, speed, faded in wanted
        ),
    )
    plan = plan_export(cuts, EVERY_TEN, FRAME_BYTES)
    asked: dict[int, list[Fraction]] = {}
    for wave in plan.waves:
        for cluster in wave:
            for feed in cluster.feeds:
                times = list(feed.wanted())
                frames = plan.segments[feed.segment].frames
                asked[feed.segment] = times * frames if feed.frames == 1 else times[::-1] if feed.backwards else times
                assert cluster.start <= max(Fraction(0), feed.at) or feed.at < 0
                assert feed.last <= cluster.end
    shown = [time for number in plan.order for time in asked.get(number, [None] * plan.segments[number].frames)]
    true = [
        None if source is None else at + Fraction(k, 25) * speed for frames, source, at, speed, _ in wanted for k in range(frames)
    ]
    assert shown == true
    assert set(plan.drawn) | set(asked) == set(range(len(plan.segments)))
