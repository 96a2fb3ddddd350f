"""The cue sheet through its doors: command, adapter, Python."""

from __future__ import annotations

import json
from pathlib import Path

import opentimelineio as otio
import pytest
from opentimelineio import schema
from opentimelineio.opentime import RationalTime, TimeRange

import otio_soundtrack
from otio_soundtrack.cli.main import main
from otio_soundtrack.errors import NothingToScoreError, SettingsError

Captured = pytest.CaptureFixture[str]


def run(*words: object) -> int:
    """Run the command in this process."""
    return main([str(word) for word in words])


@pytest.fixture(scope="session")
def scored(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scored cut of 200 frames, as OTIO and as FCP XML, in one folder."""
    folder = tmp_path_factory.mktemp("scored")
    result = otio_soundtrack.score(footage / "small.otio", folder / "out.otio", media_dir=folder / "music")
    otio.adapters.write_to_file(result.timeline, str(folder / "out.xml"))
    return folder / "out.otio"


@pytest.fixture
def in_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_writes_csv_and_page_and_tells_the_lines(scored: Path, tmp_path: Path, capsys: Captured) -> None:
    """Both in one go; the JSON says null for what is not on file."""
    files = [tmp_path / "cues.csv", tmp_path / "cues.html"]
    flags = ["--production", "Night Shift", "--episode-number", "7", "--json"]
    assert run("cue-sheet", scored, "-o", files[0], "-o", files[1], *flags) == 0
    told = json.loads(capsys.readouterr().out)
    (cue,) = told["cues"]
    assert (cue["cue"], cue["usage"], cue["frames"], cue["ai"], cue["registrable"]) == ("1m01", "BI", 200, "full", "no")
    assert (cue["title"], cue["writers"]) == (None, None)
    assert (told["header"]["production"], told["header"]["series"]) == ("Night Shift", None)
    assert "Production title,Night Shift" in files[0].read_text(encoding="utf-8")
    assert "Night Shift</h1>" in files[1].read_text(encoding="utf-8").replace("<small>Music cue sheet</small>", "")


def test_the_sheet_of_an_fcp_xml_is_the_same_by_the_sidecars(scored: Path) -> None:
    """The format loses our metadata; the files beside the audio keep them."""
    whole, lossy = (otio_soundtrack.cue_sheet(file) for file in (scored, scored.with_suffix(".xml")))
    assert [(one.first, one.end, one.ai, one.file) for one in lossy.cues] == [
        (one.first, one.end, one.ai, one.file) for one in whole.cues
    ]
    assert lossy.cues[0].licence


def test_otio_writes_the_sheet_by_its_suffix(scored: Path, tmp_path: Path) -> None:
    """As ``otioconvert -o show.cues -A production=…`` does; numbers come as numbers."""
    timeline = otio.adapters.read_from_file(str(scored))
    otio.adapters.write_to_file(timeline, str(tmp_path / "show.cues"), production="Night Shift", episode_number=7)
    text = (tmp_path / "show.cues").read_text(encoding="utf-8")
    assert text.splitlines()[0] == "Production title,Night Shift"
    assert "Episode number,7" in text
    assert "1m01,,BI" in text
    with pytest.raises(NothingToScoreError, match="Clip"):
        otio.adapters.write_to_file(schema.Clip(), str(tmp_path / "clip.cues"))


def test_the_timeline_may_carry_the_header_and_what_is_given_wins(scored: Path) -> None:
    """A production fills it in once; without a date it is today's."""
    timeline = otio.adapters.read_from_file(str(scored))
    timeline.metadata["otio_soundtrack"] = {
        "production": {"production": "Carried", "series": "Harbour", "prepared_date": "1 May"}
    }
    header = otio_soundtrack.cue_sheet(timeline, production="Given").production
    assert (header.production, header.series, header.prepared_date) == ("Given", "Harbour", "1 May")


def test_usage_markers_of_the_timeline_count_and_unknown_codes_are_told(scored: Path) -> None:
    """``USAGE VI`` on the stack, at a moment inside of the cue."""
    timeline = otio.adapters.read_from_file(str(scored))
    for frame, name in ((100, "USAGE VI"), (120, "USAGE LOUD")):
        marked = TimeRange(RationalTime(frame, 24), RationalTime(0, 24))
        timeline.tracks.markers.append(schema.Marker(name=name, marked_range=marked))
    sheet = otio_soundtrack.cue_sheet(timeline)
    assert (sheet.cues[0].usage, sheet.cues[0].cue) == ("VI", "1m01s")
    assert any("USAGE LOUD" in warning for warning in sheet.warnings)


def test_a_track_named_as_music_is_that_nobody_describes_is_told(footage: Path) -> None:
    """It is not listed, and that is said."""
    timeline = otio.adapters.read_from_file(str(footage / "small.otio"))
    reference = schema.ExternalReference(
        target_url="song.wav", available_range=TimeRange(RationalTime(0, 24), RationalTime(99, 24))
    )
    timeline.tracks.append(
        schema.Track(name="MX 1", kind="Audio", children=[schema.Clip(name="song", media_reference=reference)])
    )
    sheet = otio_soundtrack.cue_sheet(timeline)
    assert sheet.cues == ()
    assert "track MX 1 holds 1 clip without a record" in " ".join(sheet.warnings)


@pytest.mark.parametrize(
    ("words", "said"),
    [(["-o", "x.pdf"], "cannot be written as x.pdf"), (["-o", "x.csv", "--revision", "third"], "invalid choice"), ([], "-o")],
)
def test_what_cannot_be_written_is_refused_and_nothing_is(
    scored: Path, in_tmp: Path, capsys: Captured, words: list[str], said: str
) -> None:
    """One line, exit code 2."""
    assert run("cue-sheet", scored, *(["-o", "good.csv", *words] if words else [])) == 2
    assert said in capsys.readouterr().err
    assert list(in_tmp.iterdir()) == []


def test_the_input_is_never_replaced_and_an_unknown_field_is_named(scored: Path, tmp_path: Path) -> None:
    """Even where somebody has named a timeline like a sheet."""
    copy = tmp_path / "cut.otio"
    copy.write_bytes(scored.read_bytes())
    link = tmp_path / "cut.csv"
    link.symlink_to(copy)
    with pytest.raises(SettingsError, match="input timeline"):
        otio_soundtrack.cue_sheet(copy, link)
    with pytest.raises(SettingsError, match="composer"):
        otio_soundtrack.cue_sheet(copy, composer="me")
