"""Two versions of a cut, shot against shot."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.model.conform import Shot
from otio_soundtrack.timeline.alignment import Alignment, aligned, at_rate

RATE = Fraction(24)


def cut(*shots: tuple[str, int, int]) -> list[Shot]:
    """Return shots of (source, first source frame, frames), one after the other; frame −1 is a still."""
    made: list[Shot] = []
    for source, first, frames in shots:
        start = made[-1].end if made else 0
        still = first < 0
        made.append(
            Shot(
                start=start,
                frames=frames,
                name=source,
                source=source,
                at=0.0 if still else first / 24,
                speed=0.0 if still else 1.0,
            )
        )
    return made


def changes(found: Alignment) -> list[tuple[str, str]]:
    """Return kind and name of every change."""
    codes = [str(shot.start) for shot in found.old], [str(shot.start) for shot in found.new]
    return [(one.kind, one.name) for one in found.changes(range(len(found.old)), range(len(found.new)), codes)]


def test_what_only_comes_earlier_is_not_told() -> None:
    """A shot is taken out at the head: all others ripple."""
    found = aligned(cut(("a", 0, 48), ("b", 0, 24), ("c", 0, 24)), cut(("b", 0, 24), ("c", 0, 24)), RATE)
    assert changes(found) == [("removed", "a")]
    assert (found.frame(0), found.frame(48), found.frame(95)) == (None, 0, 47)


def test_every_kind_of_change_is_told_in_order() -> None:
    """Trimmed at its head, moved behind another, added, removed."""
    old = cut(("a", 0, 48), ("b", 0, 24), ("c", 0, 24), ("d", 0, 24))
    new = cut(("a", 12, 36), ("c", 0, 24), ("e", 0, 10), ("d", 0, 24), ("b", 0, 24))
    assert changes(aligned(old, new, RATE)) == [("trimmed", "a"), ("added", "e"), ("moved", "b")]
    assert changes(aligned(new, old, RATE)) == [("trimmed", "a"), ("moved", "b"), ("removed", "e")]


def test_a_frame_keeps_its_picture() -> None:
    """Its head was trimmed by 12 frames: frame 20 of the source is the ninth of the shot now."""
    found = aligned(cut(("x", 0, 10), ("a", 0, 48)), cut(("a", 12, 36)), RATE)
    assert found.frame(10 + 20) == 8
    assert found.frame(10 + 5) is None, "trimmed away"


def test_a_cut_that_is_repeated_is_itself_and_its_copies() -> None:
    """Appended, or put into the middle of it: what was there is where it was, seen from one of its ends."""
    old = cut(("a", 0, 48), ("b", 0, 24), ("a", 60, 24), ("c", 0, 24))
    shown = [(shot.source, round(24 * shot.at), shot.frames) for shot in old]
    for place, pairs in ((4, [0, 1, 2, 3]), (2, [0, 1, 6, 7])):
        found = aligned(old, cut(*shown[:place], *shown, *shown[place:]), RATE)
        assert [found.pairs[number] for number in range(4)] == pairs
        assert [kind for kind, _ in changes(found)] == ["added"] * 4


def test_one_source_used_often_is_told_apart_by_what_is_shown() -> None:
    """An interview in pieces, and stills that all look the same."""
    old = cut(("i", 0, 24), ("i", 100, 24), ("i", 200, 24), ("s", -1, 10), ("s", -1, 10))
    new = cut(("i", 200, 24), ("i", 0, 24), ("s", -1, 10), ("s", -1, 10))
    found = aligned(old, new, RATE)
    assert found.pairs == {0: 1, 2: 0, 3: 2, 4: 3}


def test_a_retimed_shot_has_no_frames_to_follow() -> None:
    """Half speed: the same source, other moments."""
    slow = [cut(("a", 0, 48))[0].model_copy(update={"speed": 0.5})]
    found = aligned(cut(("a", 0, 48)), slow, RATE)
    assert changes(found) == [("retimed", "a")]
    assert found.frame(10) is None


def test_media_that_are_missing_now_are_known_by_the_name_of_their_clip() -> None:
    """A slate stands for them."""
    slate = [shot.model_copy(update={"source": f"slate {shot.name}"}) for shot in cut(("a", 0, 24), ("b", 5, 24))]
    assert aligned(cut(("a", 0, 24), ("b", 5, 24)), slate, RATE).pairs == {0: 0, 1: 1}


def test_a_stretch_follows_the_shots_that_stayed() -> None:
    """A shot inside it went elsewhere: the stretch does not follow it there."""
    old = cut(("a", 0, 24), ("b", 0, 24), ("c", 0, 24), ("d", 0, 24))
    new = cut(("b", 0, 30), ("d", 0, 24), ("a", 0, 24), ("c", 0, 24))
    found = aligned(old, new, RATE)
    assert found.stretch(24, 48) == (0, 30)
    assert found.stretch(30, 40) == (6, 16)
    assert aligned(cut(("a", 0, 24)), cut(("z", 0, 24)), RATE).stretch(0, 24) is None


def test_another_rate_is_converted() -> None:
    """A second is a second."""
    (first, second) = at_rate(cut(("a", 0, 24), ("b", 0, 48)), RATE, Fraction(25))
    assert ((first.start, first.frames), (second.start, second.frames)) == ((0, 25), (25, 50))


shots = st.lists(st.tuples(st.sampled_from("abc"), st.integers(-1, 90), st.integers(1, 60)), min_size=1, max_size=12)


@given(shots)
def test_the_same_cut_has_no_changes(some: list[tuple[str, int, int]]) -> None:
    """Whatever it is made of: every frame lies where it lay, or on a shot that shows the same."""
    found = aligned(cut(*some), cut(*some), RATE)
    assert all(found.old[here].source == found.new[there].source for here, there in found.pairs.items())
    if len(set(some)) == len(some) and not any(first < 0 for _, first, _ in some):
        assert changes(found) == []


@given(shots, shots)
def test_pairs_are_one_to_one_and_what_stayed_is_in_order(
    one: list[tuple[str, int, int]], other: list[tuple[str, int, int]]
) -> None:
    """And every frame that is followed lies in the cut."""
    found = aligned(cut(*one), cut(*other), RATE)
    assert len(set(found.pairs.values())) == len(found.pairs)
    kept = [found.pairs[here] for here in sorted(found.stayed)]
    assert kept == sorted(kept)
    end = found.new[-1].end
    assert all(there is None or 0 <= there < end for there in map(found.frame, range(found.old[-1].end)))
