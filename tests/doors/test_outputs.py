"""What a run leaves on disk, where, and what is refused or told before anything is composed."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

import otio_soundtrack
from otio_soundtrack.composer.engine import LocalEngine
from otio_soundtrack.errors import SettingsError, StoreError, TimelineError, UnreadableTimelineError
from otio_soundtrack.pipeline.laying.naming import show_name
from otio_soundtrack.timeline.read import read_timeline
from tests.footage import clip, edit, small_cut


def span(frames: int, rate: float = 24.0) -> TimeRange:
    """Return a range from 0."""
    return TimeRange(RationalTime(0, rate), RationalTime(frames, rate))


def snapshot(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The composer must not be asked."""
    monkeypatch.setattr(LocalEngine, "render", lambda *_given: pytest.fail("composed"))


def test_a_second_run_changes_nothing_on_disk(footage: Path, tmp_path: Path) -> None:
    """The same plan, seed and inputs: timeline, music, sidecar and report keep their bytes, made anew or not."""
    otio_soundtrack.score(footage / "small.otio", tmp_path / "out.otio")
    sidecar = next((tmp_path / "out.media").glob("*.json"))
    assert json.loads(sidecar.read_text())["created"].endswith("+00:00")
    before = snapshot(tmp_path)
    for fresh in (False, True):
        otio_soundtrack.score(footage / "small.otio", tmp_path / "out.otio", fresh=fresh)
        assert snapshot(tmp_path) == before


def floats(value: Any) -> list[float]:
    """Return every float of JSON types but picture rates."""
    if isinstance(value, dict):
        return [number for name, one in value.items() if name != "rate" for number in floats(one)]
    if isinstance(value, list):
        return [number for one in value for number in floats(one)]
    return [value] if isinstance(value, float) else []


def test_sidecar_and_markers_hold_no_noise_of_floating_point(footage: Path, tmp_path: Path) -> None:
    """No number has more than six decimals."""
    otio_soundtrack.score(footage / "small.otio", tmp_path / "out.otio")
    music = json.loads((tmp_path / "out.otio").read_text())["tracks"]["children"][-1]["children"][0]
    records = [json.loads(next((tmp_path / "out.media").glob("*.json")).read_text()), music["metadata"]]
    records += [marker["metadata"] for marker in music["markers"]]
    numbers = floats(records)
    assert len(numbers) > 20
    assert [number for number in numbers if number != round(number, 6)] == []


def test_a_plan_with_two_tempi_says_both(footage: Path, tmp_path: Path) -> None:
    """One number would be a lie; the first field stays the tempo of the longest section."""
    otio_soundtrack.plan(footage / "small.otio", tmp_path / "plan.json", grid="constant")
    plan = json.loads((tmp_path / "plan.json").read_text())
    cue = plan["cues"][0]
    section = cue["sections"][0]
    cue["sections"] = [
        {**section, "start": 0, "end": 80, "tempo_bpm": 80.0},
        {**section, "start": 80, "end": 200, "tempo_bpm": 100.0},
    ]
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    result = otio_soundtrack.score(footage / "small.otio", tmp_path / "out.otio", plan=tmp_path / "plan.json")
    record = result.cues[0].active_take.record.metadata()
    assert (record["tempo_bpm"], record["tempi_bpm"]) == (100.0, [80.0, 100.0])
    assert "80.0 to 100.0 BPM" in result.report.read_text()
    one = otio_soundtrack.score(footage / "small.otio", tmp_path / "one.otio", grid="constant", tempo=90)
    assert one.cues[0].active_take.record.tempi_bpm == ()


@pytest.mark.parametrize("in_place", [True, False])
def test_a_linked_timeline_is_written_through_its_link(in_place: bool, tmp_path: Path) -> None:
    """``current.otio`` leads to the version of today: the version is written, the link stays."""
    (tmp_path / "versions").mkdir()
    small_cut(tmp_path / "versions")
    link = tmp_path / "current.otio"
    link.symlink_to(Path("versions") / "small.otio")
    source = link if in_place else tmp_path / "versions" / "small.otio"
    otio_soundtrack.score(source, link, in_place=True, media_root=tmp_path / "versions")
    assert link.is_symlink()
    assert len(read_timeline(tmp_path / "versions" / "small.otio").tracks) == 2


def test_a_report_replaces_neither_a_file_of_the_user_nor_that_of_another_timeline(footage: Path, tmp_path: Path) -> None:
    """A shared folder: each report is named after its timeline, and only a report of ours is ever replaced."""
    media = tmp_path / "music"
    media.mkdir()
    for name in ("report.html", "two.report.html"):
        (media / name).write_text("<html>mine</html>")
    reports = [
        otio_soundtrack.score(footage / "small.otio", tmp_path / f"{name}.otio", media_dir=media).report
        for name in ("one", "two", "one")
    ]
    assert [path.name for path in reports] == ["one.report.html", "two.report-2.html", "one.report.html"]
    assert {(media / name).read_text() for name in ("report.html", "two.report.html")} == {"<html>mine</html>"}


def test_a_report_in_the_folder_of_its_timeline_is_called_report(footage: Path, tmp_path: Path) -> None:
    """As the public contract shows it; a file of the user that has this name is kept."""
    assert otio_soundtrack.score(footage / "small.otio", tmp_path / "out.otio").report == tmp_path / "out.media" / "report.html"
    (tmp_path / "out.media" / "report.html").write_text("mine")
    assert otio_soundtrack.score(footage / "small.otio", tmp_path / "out.otio").report.name == "report-2.html"


def test_relative_media_that_do_not_come_along_are_told_once(footage: Path, tmp_path: Path) -> None:
    """They are the user's: they stay as they are. Beside the input, or with media of absolute URLs, there is nothing to tell."""
    (warning,) = otio_soundtrack.score(footage / "small.otio", tmp_path / "out.otio").warnings
    assert "a.mp4 and 1 more" in warning
    assert str(footage) in warning
    shots = read_timeline(tmp_path / "out.otio").tracks[0]
    assert [shot.media_reference.target_url for shot in shots] == ["a.mp4", "b.mp4", "a.mp4", "b.mp4"]
    small_cut(tmp_path / "own")
    assert otio_soundtrack.score(tmp_path / "own" / "small.otio", tmp_path / "own" / "out.otio").warnings == ()


def test_a_music_file_has_the_same_name_through_every_door(footage: Path, tmp_path: Path) -> None:
    """Command, hook and Python: the timeline's own name, else that of the file."""
    by_path = otio_soundtrack.score(footage / "small.otio", tmp_path / "a.otio").cues[0].audio.name
    timeline = read_timeline(footage / "small.otio")
    by_object = otio_soundtrack.score(timeline, media_dir=tmp_path, media_root=footage).cues[0].audio.name
    for shot in timeline.find_clips():
        shot.media_reference.target_url = (footage / shot.media_reference.target_url).as_uri()
    otio.adapters.write_to_file(timeline, str(tmp_path / "b.otio"), hook_function_argument_map={"soundtrack_provider": "local"})
    (by_hook,) = (path.name for path in (tmp_path / "b.media").glob("*.wav"))
    assert by_path == by_object == by_hook
    assert by_path.startswith("small_cut_1M01_MX_v001")
    assert [show_name("", Path("out.otio"), Path("in.otio")), show_name("", None, Path("in.otio"))] == ["out", "in"]
    assert show_name("…", None, None) == "cut"


@pytest.fixture
def talky(footage: Path) -> otio.schema.Timeline:
    """The small cut with two audio tracks: all that an EDL can hold."""
    timeline = read_timeline(footage / "small.otio")
    for shot in timeline.find_clips():
        shot.media_reference.target_url = (footage / shot.media_reference.target_url).as_uri()
    for name in ("A1", "A2"):
        timeline.tracks.append(otio.schema.Track(name, kind="Audio", children=[otio.schema.Gap(source_range=span(200))]))
    return timeline


@pytest.mark.parametrize("door", ["python", "hook"])
def test_an_edl_goes_without_our_track_and_the_music_is_kept(door: str, talky: otio.schema.Timeline, tmp_path: Path) -> None:
    """CMX 3600 has two audio tracks and no third; the loss is told."""
    target = tmp_path / "out.edl"
    if door == "python":
        assert any("EDL" in warning for warning in otio_soundtrack.score(talky, target).warnings)
    else:
        with pytest.warns(UserWarning, match="EDL"):
            otio.adapters.write_to_file(talky, str(target), hook_function_argument_map={"soundtrack_provider": "local"})
    assert target.read_text().count("TITLE") == 1
    (audio,) = (tmp_path / "out.media").glob("*.wav")
    assert Path(f"{audio}.soundtrack.json").is_file()


def dissolved(footage: Path) -> otio.schema.Timeline:
    """An edit with a dissolve that no Avid made."""
    timeline = edit(((footage / "a.mp4").as_uri(), 10, 48), ((footage / "b.mp4").as_uri(), 20, 48))
    halves = RationalTime(6, 24)
    timeline.tracks[0].insert(1, otio.schema.Transition("x", "SMPTE_Dissolve", halves, halves))
    return timeline


def television(footage: Path) -> otio.schema.Timeline:
    """An edit at 29.97."""
    timeline = edit()
    timeline.tracks[0].append(clip("shot", (footage / "a.mp4").as_uri(), 0, 60, rate=30000 / 1001))
    return timeline


@pytest.mark.parametrize("door", ["python", "hook"])
@pytest.mark.parametrize(("name", "hint"), [("out.aaf", "dissolve"), ("out.fcpxml", "whole frame")])
@pytest.mark.usefixtures("unasked")
def test_what_a_format_cannot_hold_is_told_before_anything_is_composed(
    door: str, name: str, hint: str, footage: Path, tmp_path: Path
) -> None:
    """What happened to what, and what to do: no traceback of an adapter, nothing on disk."""
    timeline, target = (dissolved if name.endswith("aaf") else television)(footage), tmp_path / name
    given = {"use_empty_mob_ids": True} if name.endswith("aaf") else {}
    asked = {"soundtrack_provider": "local"}
    doors = {
        "python": lambda: otio_soundtrack.score(timeline, target),
        "hook": lambda: otio.adapters.write_to_file(timeline, str(target), hook_function_argument_map=asked, **given),
    }
    with pytest.raises(TimelineError, match=name) as told:
        doors[door]()
    assert hint in told.value.hint
    assert len(str(told.value)) < 500
    assert snapshot(tmp_path) == {}


@pytest.mark.parametrize("suffix", ["otio", "otioz", "otiod"])
@pytest.mark.usefixtures("unasked")
def test_a_closed_folder_is_told_before_anything_is_composed(
    suffix: str, footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests may run as root, who may write everywhere: the system's answer is set."""
    import os

    (tmp_path / "closed").mkdir()
    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: real(path, mode) and Path(path).name != "closed")
    with pytest.raises(StoreError, match="closed"):
        otio_soundtrack.score(footage / "small.otio", tmp_path / "closed" / f"out.{suffix}", media_dir=tmp_path / "music")


@pytest.mark.usefixtures("unasked")
def test_a_closed_store_or_a_bundle_that_stands_there_is_told_before_anything_is_composed(
    footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither could be written after the work."""
    (tmp_path / "there.otiod").mkdir()
    with pytest.raises(StoreError, match="exists"):
        otio_soundtrack.score(footage / "small.otio", tmp_path / "there.otiod")
    (tmp_path / "home").write_text("in the way")
    monkeypatch.setenv("OTIO_SOUNDTRACK_HOME", str(tmp_path / "home"))
    with pytest.raises(StoreError, match="home"):
        otio_soundtrack.score(footage / "small.otio", tmp_path / "out.otio")


def test_an_input_that_is_closed_to_us_says_permission(footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as root, who may read everything: the system's answer is set."""

    def closed(self: Path, *_given: object, **_options: object) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(UnreadableTimelineError, match="Permission denied") as told:
        read_timeline(footage / "small.otio")
    assert "permissions" in told.value.hint


def tagged(footage: Path, frames: int, brief: object = None) -> otio.schema.Timeline:
    """The small cut with one tagged clip from frame 48."""
    timeline = read_timeline(footage / "small.otio")
    cue = otio.schema.Clip("MUSIC:" if brief is not None else "MUSIC: calm", source_range=span(frames))
    if brief is not None:
        cue.metadata["otio_soundtrack"] = {"brief": brief}
    timeline.tracks.append(otio.schema.Track("A1", kind="Audio", children=[otio.schema.Gap(source_range=span(48)), cue]))
    return timeline


def test_a_tagged_clip_past_the_picture_is_told(footage: Path, tmp_path: Path) -> None:
    """200 frames of picture: of 172 from frame 48 there are 20 too many. Elsewhere nobody asked."""
    timeline = tagged(footage, 172)
    result = otio_soundtrack.score(timeline, media_dir=tmp_path, media_root=footage, cues="tagged")
    assert result.cues[0].spot.frames == 152
    (warning,) = result.warnings
    assert "'calm'" in warning
    assert "20 frames" in warning
    assert otio_soundtrack.score(timeline, media_dir=tmp_path, media_root=footage).warnings == ()
    assert otio_soundtrack.score(tagged(footage, 152), media_dir=tmp_path, media_root=footage, cues="tagged").warnings == ()


def test_a_tagged_clip_outside_the_picture_is_told(footage: Path) -> None:
    """It is no cue."""
    timeline = tagged(footage, 100)
    timeline.tracks[-1][0].source_range = span(200)
    assert any("outside the picture" in warning for warning in otio_soundtrack.analyze(timeline, media_root=footage).cut.warnings)


def test_a_brief_that_is_text_is_a_prompt_and_one_that_is_neither_is_refused(footage: Path, tmp_path: Path) -> None:
    """Nothing that an editor wrote is passed over."""
    result = otio_soundtrack.score(tagged(footage, 100, "low strings"), media_dir=tmp_path, media_root=footage, cues="tagged")
    assert result.cues[0].active_take.record.brief.prompt == "low strings"
    with pytest.raises(SettingsError, match="MUSIC") as told:
        otio_soundtrack.score(tagged(footage, 100, ["low", "strings"]), media_dir=tmp_path, media_root=footage, cues="tagged")
    assert "as text" in told.value.hint
