"""Timeline files: what is read, and what is refused with which words."""

from __future__ import annotations

import gc
import re
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio import schema

from otio_soundtrack.errors import NothingToScoreError, UnreadableTimelineError
from otio_soundtrack.timeline.cut_list import cut_list
from otio_soundtrack.timeline.read import read_timeline
from tests.timeline.builders import clip, timeline, track

_EDL = """TITLE: rates
001  AX V     C        01:00:00:00 01:00:01:{last} 00:00:00:00 00:00:01:{last}
* FROM CLIP NAME:  a
"""


def _write(path: Path, thing: otio.core.SerializableObject) -> Path:
    otio.core.serialize_json_to_file(thing, str(path))
    return path


def test_timeline_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    """The perfect case."""
    edit = timeline(track(clip("a", 0, 24)))
    assert read_timeline(_write(tmp_path / "x.otio", edit)).is_equivalent_to(edit)


@pytest.mark.parametrize("thing", [clip("a", 0, 24), track(clip("a", 0, 24)), schema.Stack(children=[track(clip("a", 0, 24))])])
def test_things_that_lie_on_timelines_are_wrapped(thing: otio.core.Item, tmp_path: Path) -> None:
    """A clip, a track or a stack alone is a cut as well."""
    assert cut_list(read_timeline(_write(tmp_path / "x.otio", thing))).frames == 24


def test_first_timeline_of_a_collection_is_taken_also_from_an_inner_one(tmp_path: Path) -> None:
    """FCPX events come so."""
    inner = schema.SerializableCollection(children=[timeline(name="one"), timeline(name="two")])
    outer = schema.SerializableCollection(children=[clip("a", 0, 24), inner])
    assert read_timeline(_write(tmp_path / "x.otio", outer)).name == "one"


def test_collection_without_a_timeline_is_nothing_to_score(tmp_path: Path) -> None:
    """It says what the collection holds instead."""
    with pytest.raises(NothingToScoreError, match="clip"):
        read_timeline(_write(tmp_path / "x.otio", schema.SerializableCollection(children=[clip("a", 0, 24)])))


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("no.otio", None, "there is no file"),
        ("a.otio", "hello", "cannot be read"),
        ("a.otio", "", "cannot be read"),
        ("a.otio", "{}", "holds no timeline"),
        ("a.otio", '{"OTIO_SCHEMA": "Foo.1"}', "does not know"),
        ("a.otio", '{"OTIO_SCHEMA": "Timeline.9"}', "does not know"),
        ("a.otio", '{"OTIO_SCHEMA": "MissingReference.1"}', "holds no timeline but MissingReference"),
        ("a.xyz", "hello", "suffix"),
        ("a", "hello", "suffix"),
        ("a.edl", "001 AX V C nonsense", "cannot be read"),
        ("a.xml", "<xmeml", "cannot be read"),
        ("a.otioz", "no zip", "cannot be read"),
    ],
)
def test_what_cannot_be_read_says_so_in_one_line_with_a_hint(name: str, text: str | None, words: str, tmp_path: Path) -> None:
    """Absent, damaged, foreign, unknown, newer."""
    path = tmp_path / name
    if text is not None:
        path.write_text(text)
    with pytest.raises(UnreadableTimelineError, match=words) as caught:
        read_timeline(path)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_damaged_aaf_is_refused(tmp_path: Path) -> None:
    """The adapter's library leaves such a file open, which is noticed when it is collected: here."""
    path = tmp_path / "a.aaf"
    path.write_text("no aaf")
    with pytest.raises(UnreadableTimelineError, match="cannot be read"):
        read_timeline(path)
    gc.collect()


def test_folder_named_like_a_timeline_is_refused(tmp_path: Path) -> None:
    """No IsADirectoryError escapes."""
    (tmp_path / "a.otio").mkdir()
    with pytest.raises(UnreadableTimelineError):
        read_timeline(tmp_path / "a.otio")


def test_file_of_a_newer_opentimelineio_asks_for_a_downgrade(tmp_path: Path) -> None:
    """OTIO 0.19 writes Marker.3."""
    path = tmp_path / "a.otio"
    path.write_text('{"OTIO_SCHEMA": "Marker.3"}')
    with pytest.raises(UnreadableTimelineError) as caught:
        read_timeline(path)
    assert "OTIO_CORE:0.18.1" in caught.value.hint


@pytest.mark.parametrize(("last", "rate"), [("23", 24), ("24", 25), ("29", 30), ("49", 50), ("59", 60)])
def test_edl_is_read_at_the_first_rate_that_has_its_frames(last: str, rate: float, tmp_path: Path) -> None:
    """An EDL does not say its rate; a frame number beyond 23 does."""
    path = tmp_path / "a.edl"
    path.write_text(_EDL.format(last=last))
    cuts = cut_list(read_timeline(path))
    assert (cuts.rate, cuts.frames) == (rate, rate + int(last))


def test_drop_frame_edl_is_read_at_29_97(tmp_path: Path) -> None:
    """Semicolons are drop-frame, and drop-frame is NTSC."""
    path = tmp_path / "a.edl"
    path.write_text("FCM: DROP FRAME\n" + re.sub(r":(\d\d)(?=[ \n])", r";\1", _EDL.format(last="20")))
    assert cut_list(read_timeline(path)).rate == 30000 / 1001


def test_file_in_latin_1_is_read(tmp_path: Path) -> None:
    """Old EDLs are not UTF-8."""
    path = tmp_path / "a.edl"
    path.write_bytes(_EDL.format(last="10").replace("NAME:  a", "NAME:  Bär").encode("latin-1"))
    assert cut_list(read_timeline(path)).cuts[0].name == "Bär"


def test_hooks_and_linkers_of_others_do_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown default linker fails every read through OTIO's own function; ours does not ask it."""
    path = _write(tmp_path / "x.otio", timeline(track(clip("a", 0, 24))))
    monkeypatch.setenv("OTIO_DEFAULT_MEDIA_LINKER", "there is none")
    with pytest.raises(otio.exceptions.NotSupportedError):
        otio.adapters.read_from_file(str(path))
    assert read_timeline(path).name == "edit"


def test_adapters_do_not_print_on_standard_output(shared_timelines: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The Kdenlive adapter prints a banner on every call."""
    pytest.importorskip("otio_kdenlive_adapter")
    read_timeline(shared_timelines / "kde_kdenlive_mixes_markers.kdenlive")
    assert capfd.readouterr().out == ""
