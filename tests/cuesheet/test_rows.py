"""Lines of a cue sheet: what is one cue, what it is used for, who wrote it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.cuesheet.rows import Use, joined, sheet_cues
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.cue_sheet import SheetCue, Usage, usage_of
from tests.cuesheet.sheets import LIBRARY, WRITERS, ours, use


def spans(*uses: Use) -> list[tuple[int, int]]:
    """Return the stretches of the lines that uses make."""
    return [(one.first, one.end) for one in joined(uses)]


def line(said: dict[str, Any], usages: tuple[tuple[int, int, Usage], ...] = ()) -> SheetCue:
    """Return the line of one use."""
    return sheet_cues([use(100, 200, said)], usages)[0][0]


def warnings(said: dict[str, Any]) -> str:
    """Return what is said about one use."""
    return " ".join(sheet_cues([use(0, 100, said)], ())[1])


def test_pieces_of_one_work_that_touch_or_overlap_are_one_cue() -> None:
    """A razor cut and a cross-fade inside of a track are no new use."""
    assert spans(use(0, 100), use(100, 150)) == [(0, 150)]
    assert spans(use(0, 100), use(90, 150)) == [(0, 150)]
    assert spans(use(0, 100), use(20, 50)) == [(0, 100)]


def test_pieces_of_one_work_with_silence_between_are_two_cues() -> None:
    """The second is another use."""
    assert spans(use(0, 100), use(101, 150)) == [(0, 100), (101, 150)]


def test_two_works_that_cross_stay_two_cues() -> None:
    """Joining is wrong there."""
    assert spans(use(0, 100), use(90, 150, ours(source="bb")), use(150, 180)) == [(0, 100), (90, 150), (150, 180)]


def test_another_cue_id_of_the_same_track_is_another_cue() -> None:
    """A library track may be laid twice."""
    assert spans(use(0, 100), use(100, 150, ours(cue="1m02"))) == [(0, 100), (100, 150)]


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60), st.sampled_from("ab")), max_size=12))
def test_every_frame_of_music_is_on_one_line_of_its_work_and_no_other_frame_is(given: list[tuple[int, int, str]]) -> None:
    """Lines cover what is heard of a work exactly, each frame once, and do not touch each other."""
    uses = [use(at, at + length, ours(source=work)) for at, length, work in sorted(given)]
    for work in "ab":
        heard = {frame for one in uses if one.said["source_sha256"] == work for frame in range(one.first, one.end)}
        lines = [one for one in joined(uses) if one.said["source_sha256"] == work]
        listed = [frame for one in lines for frame in range(one.first, one.end)]
        assert sorted(listed) == sorted(heard)
        assert all(one.end < other.first for one, other in pairwise(lines))


@pytest.mark.parametrize(
    ("brief", "usage"),
    [({"instrumental": True}, "BI"), ({}, "BI"), ({"instrumental": False}, "BV")],
    ids=["score", "old", "song"],
)
def test_a_cue_of_ours_is_background_instrumental_or_vocal_where_a_voice_was_asked(brief: dict[str, Any], usage: str) -> None:
    """The conventions' default."""
    assert line(ours(brief=brief)).usage is usage_of(usage)


def test_a_marker_in_the_cue_wins_over_what_is_on_file_and_over_the_default() -> None:
    """The editor sees the scene."""
    said = ours() | {"cue_sheet": {"usage": "T"}}
    assert line(said).usage is Usage.THEME
    assert line(said, ((150, 150, Usage.VISUAL_VOCAL),)).usage is Usage.VISUAL_VOCAL
    assert line(said, ((200, 200, Usage.VISUAL_VOCAL), (0, 100, Usage.LOGO))).usage is Usage.THEME  # both lie outside


def test_usage_is_known_by_code_and_by_name() -> None:
    """Codes and names of the fact sheet; the opening title is a main title."""
    codes = {"MT": "Main Title", "ET": "End Title", "T": "Theme", "BI": "Background Instrumental", "BV": "Background Vocal"}
    codes |= {"VI": "Visual Instrumental", "VV": "Visual Vocal", "L": "Logo", "F": "Feature"}
    for code, name in codes.items():
        found = usage_of(name.lower())
        assert found is not None
        assert found is usage_of(code.lower())
        assert (found.value, found.words) == (code, name)
    assert usage_of("OT") is Usage.MAIN_TITLE
    assert usage_of("background") is None


def test_a_source_cue_has_an_s_after_its_number() -> None:
    """``1m02s``: reel 1, music, cue 2, source."""
    assert line({"cue_sheet": LIBRARY}).cue == "1m02s"
    assert line(ours()).cue == "1m01"


@pytest.mark.parametrize(
    ("ai", "registrable"), [("none", "yes"), ("assisted", "ask"), ("full", "no"), ("unknown", "ask"), ("whatever", "ask")]
)
def test_ai_status_says_whether_the_work_can_be_registered(ai: str, registrable: str) -> None:
    """Wholly machine-made works are not taken; of partly made ones the rights holder must say."""
    assert line(ours(ai=ai)).registrable == registrable


def test_a_wholly_generated_work_has_no_writer_whoever_is_named() -> None:
    """Neither user nor vendor nor model is put there; that names were left out is said."""
    said = ours() | {"cue_sheet": {"writers": WRITERS}}
    assert line(said).on_file.writers == ()
    assert "left out" in warnings(said)


def test_the_rights_holder_may_state_another_ai_status_and_the_contradiction_is_told() -> None:
    """It is their declaration, not ours."""
    said = ours() | {"cue_sheet": {"writers": WRITERS, "ai": "assisted"}}
    assert [one.name for one in line(said).on_file.writers] == ["Zoë Ångström", "Jo Bell"]
    assert "stated by hand; the record says 'full'" in warnings(said)


def test_nothing_is_known_of_music_of_which_nothing_is_on_file() -> None:
    """A bare tag makes a line and no claim."""
    cue = line({"cue_sheet": {}})
    assert (cue.cue, cue.usage, cue.ai, cue.registrable) == ("", None, "unknown", "ask")
    assert not any(value for name, value in cue.on_file.model_dump().items())


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ((60, 40), ""),
        ((30, 20), ""),
        ((33.33, 33.33, 33.34), ""),
        ((60, 30), "make 90 %, not 100 %"),
        ((60, None), "have no share"),
    ],
)
def test_shares_that_do_not_add_up_are_told_and_kept(shares: tuple[float | None, ...], told: str) -> None:
    """Validated, never repaired; some forms give each side half."""
    writers = [{"name": f"Writer {number}", "share": share} for number, share in enumerate(shares)]
    said = {"cue_sheet": {"writers": writers}}
    assert told in warnings(said)
    assert bool(told) == bool(warnings(said))
    assert tuple(one.share for one in line(said).on_file.writers) == shares


def test_temp_music_and_final_ai_music_without_approval_are_told() -> None:
    """The commissioner's rules."""
    assert "TEMP" in warnings(ours(intent="temp"))
    assert "no approval" in warnings(ours(intent="final"))
    assert warnings(ours(intent="final") | {"cue_sheet": {"approval": "GEN-7"}}) == ""


@pytest.mark.parametrize("said", [{"wroters": []}, {"usage": "XX"}, {"writers": [{"name": ""}]}, "text", {"ai": "maybe"}])
def test_words_on_a_clip_that_mean_nothing_are_refused_by_name(said: object) -> None:
    """One clear error, the clip named."""
    with pytest.raises(SettingsError, match=r"clip 'a\.wav'"):
        sheet_cues([use(0, 100, {"cue_sheet": said})], ())


def test_fields_that_a_provider_wrote_into_the_record_count_until_a_person_says_otherwise() -> None:
    """A library track brings its own."""
    said = ours(ai="unknown", title="From the record", library="Slow Tunes", writers=["Ann Other"])
    assert line(said).on_file.title == "From the record"
    assert line(said).on_file.writers[0].name == "Ann Other"
    stated = line(said | {"cue_sheet": {"title": "By hand"}}).on_file
    assert (stated.title, stated.library) == ("By hand", "Slow Tunes")
