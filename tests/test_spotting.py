"""Spotting: which stretches get music, and what it hits."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentimelineio.opentime import RationalTime

from otio_soundtrack.errors import NothingToScoreError, SettingsError
from otio_soundtrack.model.cut import Cut, CutList, CutMarker, TaggedCue
from otio_soundtrack.model.features import Curve, Features, PictureChange, Region
from otio_soundtrack.model.plan import Spot
from otio_soundtrack.settings import SpottingAsk
from otio_soundtrack.spotting import spots
from otio_soundtrack.spotting.grammar import Word, statement

RATE = 25.0


def cut_list(
    frames: int = 2500, markers: tuple[CutMarker, ...] = (), tagged: tuple[TaggedCue, ...] = (), start: float = 0
) -> CutList:
    """Return a cut list of one cut at 25 frames per second."""
    return CutList(
        name="film",
        rate=RATE,
        frames=frames,
        start_time=RationalTime(start, RATE),
        cuts=(Cut(start=0, frames=frames),),
        markers=markers,
        tagged=tagged,
    )


def seen(frames: int = 2500, changes: dict[int, float] | None = None, speech: tuple[tuple[int, int], ...] = ()) -> Features:
    """Return features with given changes (frame: strength) and speech."""
    empty = Curve(unit="", hz=5.0, values=())
    return Features(
        rate=RATE,
        frames=frames,
        changes=tuple(PictureChange(frame=frame, origin="edit", strength=much) for frame, much in (changes or {}).items()),
        pace=empty,
        motion=empty,
        brightness=empty,
        saturation=empty,
        warmth=empty,
        speech=tuple(Region(start=start, end=end) for start, end in speech),
        loudness=empty,
        integrated_lufs=None,
    )


def mark(start: int, name: str, frames: int = 0, comment: str = "") -> CutMarker:
    """Return a marker."""
    return CutMarker(start=start, frames=frames, name=name, comment=comment)


def marked(*markers: CutMarker, **ask: object) -> tuple[Spot, ...]:
    """Return the spots of a cut with markers, asked for by markers."""
    return spots(cut_list(markers=markers), seen(), SpottingAsk(cues="markers", **ask))


def ranges(found: tuple[Spot, ...]) -> list[tuple[str, int, int]]:
    """Return id, start and end of spots."""
    return [(spot.cue_id, spot.start, spot.end) for spot in found]


@pytest.mark.parametrize(
    ("text", "word", "cue_id", "rest"),
    [
        ("MX 1M2 IN", Word.IN, "1m02", ""),
        ("mx 1m2 in", Word.IN, "1m02", ""),
        ("MX 1M2 OUT", Word.OUT, "1m02", ""),
        ("MX1M12 Out", Word.OUT, "1m12", ""),
        ("1M03 start", Word.IN, "1m03", ""),
        ("MX 2m104b end", Word.OUT, "2m104b", ""),
        ("MX IN", Word.IN, "", ""),
        ("MX 1M1 IN: sneak in under the line", Word.IN, "1m01", "sneak in under the line"),
        ("MX 3M1", Word.CUE, "3m01", ""),
        ("MX 3M1 Love theme", Word.CUE, "3m01", "Love theme"),
        ("MX Love theme", Word.CUE, "", "Love theme"),
        ("MX Interlude", Word.CUE, "", "Interlude"),
        ("HIT", Word.HIT, "", ""),
        ("Hit downbeat", Word.HIT, "", "downbeat"),
        ("HIT: the door", Word.HIT, "", "the door"),
        ("STING", Word.STING, "", ""),
        ("silence", Word.SILENCE, "", ""),
        ("DUCK -12", Word.DUCK, "", "-12"),
        ("USAGE VI", Word.USAGE, "", "VI"),
        ("REF temp name", Word.IGNORED, "", "temp name"),
        ("MUSIC IN", Word.IN, "", ""),
        ("Music Out: after the kiss", Word.OUT, "", "after the kiss"),
        ("MUSIC: calm strings", Word.CUE, "", "calm strings"),
        ("music in the background", Word.NOTE, "", "music in the background"),
        ("Music by Ann", Word.NOTE, "", "Music by Ann"),
        ("Hitchcock cameo", Word.NOTE, "", "Hitchcock cameo"),
        ("stinger?", Word.NOTE, "", "stinger?"),
        ("MXF export here", Word.NOTE, "", "MXF export here"),
        ("don't hit this", Word.NOTE, "", "don't hit this"),
        ("fix grade", Word.NOTE, "", "fix grade"),
    ],
)
def test_the_grammar_of_markers(text: str, word: Word, cue_id: str, rest: str) -> None:
    """The words of the trade, in any case; a longer word that begins like one is a note."""
    said = statement(text)
    assert (said.word, said.cue_id, said.text) == (word, cue_id, rest)


def test_the_whole_cut_is_one_cue_by_default() -> None:
    """Nothing asked: from the first frame to the last."""
    assert ranges(spots(cut_list(), seen(), SpottingAsk())) == [("1m01", 0, 2500)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [(("10", "20.5s"), (250, 513)), (("250f", "500f"), (250, 500)), (("01:00:10:00", "01:00:20:12"), (250, 512))],
)
def test_a_range_in_any_form_of_time(typed: tuple[str, str], expected: tuple[int, int]) -> None:
    """Seconds (half up), frames and record timecode; the out point is exclusive."""
    found = spots(cut_list(start=90_000), seen(), SpottingAsk(range=typed))
    assert ranges(found) == [("1m01", *expected)]


def test_in_and_out_markers_make_a_cue() -> None:
    """The trade's pair; numbers may be missing, and the same frame may end one cue and begin the next."""
    found = marked(mark(100, "MX 1M2 IN"), mark(300, "MX 1M2 OUT"), mark(300, "mx 1m3 in"), mark(500, "mx 1m3 out"))
    assert ranges(found) == [("1m02", 100, 300), ("1m03", 300, 500)]
    pairs = (mark(600, "MX IN"), mark(700, "MX IN"), mark(700, "MX OUT"), mark(800, "MX OUT"))
    assert ranges(marked(*pairs)) == [("1m01", 600, 700), ("1m02", 700, 800)]


def test_one_marker_may_end_a_cue_and_begin_the_next() -> None:
    """Two statements in one marker, also split between name and comment."""
    found = marked(mark(0, "MX 1M1 IN"), mark(400, "MX 1M1 OUT", comment="MX 1M2 IN; brighter"), mark(800, "MX 1M2 OUT"))
    assert ranges(found) == [("1m01", 0, 400), ("1m02", 400, 800)]
    assert found[1].prompt == "brighter"


def test_a_spanned_marker_is_a_cue_and_its_words_are_the_prompt() -> None:
    """With a number or without; unnumbered cues get one between their neighbours'."""
    found = marked(mark(900, "MX 1M1 Chase", 100, "driving drums"), mark(100, "slow, warm strings", 200), mark(400, "", 50))
    assert ranges(found) == [("1m00", 100, 300), ("1m00a", 400, 450), ("1m01", 900, 1000)]
    assert [spot.prompt for spot in found] == ["slow, warm strings", "", "Chase, driving drums"]


def test_a_spanned_sting_is_a_short_cue() -> None:
    """And tells the composer so."""
    (found,) = marked(mark(100, "STING", 75))
    assert (found.start, found.frames, found.prompt) == (100, 75, "short sting")


def test_markers_of_other_trades_are_no_cues() -> None:
    """Unspanned notes, usage and temp references ask for no music."""
    with pytest.raises(NothingToScoreError, match="no marker") as failed:
        marked(mark(10, "fix grade"), mark(20, "USAGE BI", 30), mark(30, "REF some film", 40))
    assert "MX 1M1 IN" in failed.value.hint


@pytest.mark.parametrize(
    ("markers", "said"),
    [
        ((mark(100, "MX 1M1 OUT"),), "OUT' at 00:00:04:00 has no IN"),
        ((mark(100, "MX 1M1 IN"),), "IN' at 00:00:04:00 has no OUT"),
        ((mark(100, "MX 1M1 IN"), mark(200, "MX 1M2 OUT")), "has no IN"),
        ((mark(100, "MX 1M1 IN"), mark(150, "MX 1M1 IN"), mark(200, "MX 1M1 OUT")), "has no OUT"),
        ((mark(200, "MX 1M1 OUT"), mark(300, "MX 1M1 IN")), "has no IN"),
        (
            (mark(100, "a", 100), mark(150, "b", 100)),
            r"marker 'a' \(00:00:04:00 to 00:00:08:00\) and marker 'b' \(00:00:06:00 to 00:00:10:00\) overlap at 00:00:06:00",
        ),
        ((mark(100, "MX 1M1 IN"), mark(200, "MX 1M1 OUT"), mark(150, "", 100, "theme")), "marker 'MX 1M1 IN'.*marker 'theme'"),
        ((mark(100, "MX 1M1", 10), mark(150, "MX 1M1", 10)), "two cues are called 1M01"),
    ],
)
def test_markers_that_do_not_pair_are_an_error_that_names_them(markers: tuple[CutMarker, ...], said: str) -> None:
    """The message says which marker, where; the hint what to do."""
    with pytest.raises(SettingsError, match=said) as failed:
        marked(*markers)
    assert failed.value.hint


def test_an_in_and_out_on_one_frame_is_an_error() -> None:
    """A cue of no length: the OUT comes first, so it has no IN."""
    with pytest.raises(SettingsError):
        marked(mark(100, "MX 1M1 IN"), mark(100, "MX 1M1 OUT"))


@pytest.mark.parametrize("frames", [0, 1])
def test_a_marker_of_one_frame_marks_a_moment(frames: int) -> None:
    """FCP XML and Premiere give every point marker one frame: a note is no cue, a HIT a hit, IN and OUT a pair, STING a hit."""
    points = (mark(120, "fix grade", frames), mark(130, "MX 1M9", frames), mark(150, "HIT door", frames))
    pair = (mark(100, "MX 1M1 IN", frames), mark(300, "MX 1M1 OUT", frames), mark(200, "STING", frames))
    (found,) = marked(*points, *pair, mark(160, "SILENCE", frames), mark(170, "DUCK", frames), hits="markers")
    assert ranges((found,)) == [("1m01", 100, 300)]
    assert [(hit.frame, hit.label) for hit in found.hits] == [(50, "door"), (100, "sting")]
    assert found.keep_clear == ()


def test_a_marker_of_two_frames_has_a_length() -> None:
    """One more than a point."""
    assert ranges(marked(mark(100, "sting here", 2))) == [("1m01", 100, 102)]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["", "", ""], ["1m01", "1m02", "1m03"]),
        (["MX 1M1", "", "MX 1M2"], ["1m01", "1m01a", "1m02"]),
        (["MX 1M1", "", "", "MX 1M5", ""], ["1m01", "1m02", "1m03", "1m05", "1m06"]),
        (["", "MX 1M2"], ["1m01", "1m02"]),
        (["", "", "", "MX 1M1"], ["1m00", "1m00a", "1m00b", "1m01"]),
        (["MX 2M3", "", "MX 3M1"], ["2m03", "2m04", "3m01"]),
        (["", "MX 2M1"], ["2m00", "2m01"]),
        (["MX 2M1", "", "MX 1M1"], ["2m01", "2m02", "1m01"]),
        (["MX 1M1", "", "MX 1M1A", "MX 1M2"], ["1m01", "1m03", "1m01a", "1m02"]),
    ],
)
def test_cues_without_a_number_are_numbered_in_order_of_time(names: list[str], expected: list[str]) -> None:
    """As a cue sheet is read; what the editor numbered stays, and no number is given twice."""
    found = marked(*(mark(100 * place, name, 50) for place, name in enumerate(names)))
    assert [spot.cue_id for spot in found] == expected


def test_cues_outside_the_picture_are_cut_at_its_edge() -> None:
    """Markers may hang over the end, or lie wholly beyond it."""
    assert ranges(marked(mark(2400, "tail", 500))) == [("1m01", 2400, 2500)]
    with pytest.raises(NothingToScoreError, match="inside the picture"):
        marked(mark(2600, "beyond", 50))


def test_a_range_narrows_marked_cues() -> None:
    """Only what lies in the range is scored."""
    found = marked(mark(100, "a", 200), mark(500, "b", 200), range=("200f", "400f"))
    assert ranges(found) == [("1m01", 200, 300)]


def test_silence_markers_leave_no_music() -> None:
    """The cue is split; a numbered cue gives its letters to the parts."""
    quiet = mark(1000, "SILENCE", 500)
    assert ranges(spots(cut_list(markers=(quiet,)), seen(), SpottingAsk())) == [("1m01", 0, 1000), ("1m02", 1500, 2500)]
    assert ranges(marked(mark(500, "MX 2M4", 1500), quiet)) == [("2m04a", 500, 1000), ("2m04b", 1500, 2000)]
    with pytest.raises(NothingToScoreError, match="SILENCE"):
        spots(cut_list(markers=(mark(0, "silence", 2500),)), seen(), SpottingAsk())


def test_tagged_clips_are_cues() -> None:
    """What an editor laid on an audio track, with the words of the clip."""
    tagged = (TaggedCue(start=800, frames=200, prompt="tense"), TaggedCue(start=100, frames=300, prompt="slow, warm"))
    found = spots(cut_list(tagged=tagged), seen(), SpottingAsk(cues="tagged"))
    assert ranges(found) == [("1m01", 100, 400), ("1m02", 800, 1000)]
    assert [spot.prompt for spot in found] == ["slow, warm", "tense"]


def test_no_tagged_clip_is_nothing_to_score() -> None:
    """The hint shows how to tag one."""
    with pytest.raises(NothingToScoreError, match="tagged") as failed:
        spots(cut_list(), seen(), SpottingAsk(cues="tagged"))
    assert "MUSIC:" in failed.value.hint


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (SpottingAsk(range=("0", "101")), "reaches outside the cut"),
        (SpottingAsk(range=("-1", "10")), "reaches outside the cut"),
        (SpottingAsk(range=("100", "100.5")), "reaches outside the cut"),
        (SpottingAsk(range=("20", "10")), "is empty"),
        (SpottingAsk(range=("10", "10")), "is empty"),
        (SpottingAsk(range=("ten", "20")), "is not a time"),
        (SpottingAsk(hit=("100",)), "outside the cut"),
        (SpottingAsk(hit=("5",), range=("10", "20")), "in no cue"),
    ],
)
def test_times_that_cannot_be_obeyed_are_refused(ask: SpottingAsk, said: str) -> None:
    """Each is one clear error."""
    with pytest.raises(SettingsError, match=said):
        spots(cut_list(), seen(), ask)


def test_hits_of_the_user_and_of_markers_come_before_cuts() -> None:
    """Weights: user 1, HIT 0.9, HIT downbeat and STING 1; a cut never reaches them, and none lies within two seconds of one."""
    markers = (mark(500, "HIT: door"), mark(700, "hit downbeat"), mark(900, "STING"))
    changes = {505: 1.0, 1000: 1.0, 1020: 0.4, 1500: 0.2}
    (found,) = spots(cut_list(markers=markers), seen(changes=changes), SpottingAsk(hit=("12", "50.02")))
    assert [(hit.frame, hit.weight, hit.label, hit.origin) for hit in found.hits] == [
        (300, 1.0, "", "user"),
        (500, 0.9, "door", "marker"),
        (700, 1.0, "downbeat", "marker"),
        (900, 1.0, "sting", "marker"),
        (1000, 0.8, "", "cut"),
        (1251, 1.0, "", "user"),
        (1500, 0.32, "", "cut"),
    ]


@pytest.mark.parametrize(("asked", "origins"), [("cuts", {"user", "cut"}), ("markers", {"user", "marker"}), ("none", {"user"})])
def test_the_user_chooses_where_hits_come_from(asked: str, origins: set[str]) -> None:
    """``--hits``; the user's own always count."""
    ask = SpottingAsk(hit=("3",), hits=asked)
    (found,) = spots(cut_list(markers=(mark(500, "HIT"),)), seen(changes={1000: 1.0}), ask)
    assert {hit.origin for hit in found.hits} == origins


def test_hits_count_from_the_first_frame_of_their_cue() -> None:
    """The start of a cue and the ring of its last chord are no cut hits."""
    found = marked(mark(400, "a", 400), mark(1000, "HIT"), mark(1000, "b", 500))
    assert [[hit.frame for hit in spot.hits] for spot in found] == [[], [0]]
    changes = {400: 1.0, 600: 0.5, 790: 1.0}
    (one,) = spots(cut_list(), seen(changes=changes), SpottingAsk(range=("400f", "800f")))
    assert [hit.frame for hit in one.hits] == [200]


def test_dialogue_and_duck_markers_are_kept_clear_with_their_pauses() -> None:
    """Pauses under a second are held; regions are cut at the cue and count from its start."""
    speech = ((0, 120), (130, 200), (700, 800), (1990, 2100))
    markers = (mark(1200, "DUCK -12", 100),)
    (found,) = spots(cut_list(markers=markers), seen(speech=speech), SpottingAsk(range=("100f", "2000f")))
    assert [(region.start, region.end) for region in found.keep_clear] == [(0, 100), (600, 700), (1100, 1200), (1890, 1900)]


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 5000),
    st.lists(st.tuples(st.integers(1, 4999), st.floats(0, 1)), max_size=60),
    st.lists(st.tuples(st.integers(0, 4999), st.integers(1, 300)), max_size=8),
)
def test_cut_hits_lie_apart_and_inside(frames: int, changes: list[tuple[int, float]], speech: list[tuple[int, int]]) -> None:
    """Any cut: hits ascend, lie two seconds apart, inside the cue; quiet regions ascend without touching."""
    known = dict(sorted((frame, much) for frame, much in changes if frame < frames))
    talk = tuple((start, min(frames, start + length)) for start, length in sorted(speech) if start < frames)
    (found,) = spots(cut_list(frames), seen(frames, known, talk), SpottingAsk())
    places = [hit.frame for hit in found.hits]
    assert all(later - earlier >= 50 for earlier, later in pairwise(places))
    assert all(0 < place < frames and place in known for place in places)
    if known and frames > 60:
        candidates = {frame: much for frame, much in known.items() if frame < frames - 25}
        assert bool(places) == bool(candidates)
        if candidates:
            strongest = max(candidates, key=lambda frame: (candidates[frame], -frame))
            assert strongest in places
    edges = [edge for region in found.keep_clear for edge in (region.start, region.end)]
    assert edges == sorted(set(edges))
