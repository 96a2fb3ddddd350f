"""The ducked file beside the clean one, from the command to the samples."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

import otio_soundtrack
from otio_soundtrack.timeline.read import read_timeline
from tests.doors.test_cli import Captured, run, snapshot
from tests.talking import LINES, SAMPLES, talking_cut, talking_movie

pytestmark = pytest.mark.xdist_group("mix")
RATE = 48_000


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The talking film as a timeline."""
    folder = tmp_path_factory.mktemp("duck")
    path = folder / "talk.otio"
    talking_cut(talking_movie(folder / "talk.mp4")).to_json_file(str(path))
    return path


def score(talk: Path, output: Path, capsys: Captured, *more: object) -> dict[str, Any]:
    """Score by the command; return its only cue."""
    assert run("score", talk, "-o", output, "--mood", "calm", "--json", "--quiet", *more) == 0
    (cue,) = json.loads(capsys.readouterr().out)["cues"]
    told: dict[str, Any] = cue
    return told


def rendered(clean: str, points: list[list[float]]) -> np.ndarray:
    """Return the clean file with keyframes, as anybody would render them."""
    sound, _ = soundfile.read(clean, always_2d=True)
    times, levels = np.array(points).T
    return sound * 10 ** (np.interp(np.arange(len(sound)) / RATE, times, levels) / 20)[:, None]


def test_the_clean_file_plays_and_the_ducked_one_lies_beside_it(talk: Path, tmp_path: Path, capsys: Captured) -> None:
    """The same clean bytes as without; the lane in metadata and sidecar; the file is what the lane says, to a step of 24 bits."""
    plain = score(talk, tmp_path / "plain.otio", capsys)
    cue = score(talk, tmp_path / "out.otio", capsys, "--duck", "strong")
    (take,) = cue["takes"]
    assert Path(cue["audio"]).read_bytes() == Path(plain["audio"]).read_bytes()
    assert Path(take["ducked"]).name == f"{Path(cue['audio']).stem}_DUCK-STRONG.wav"
    clip = read_timeline(tmp_path / "out.otio").tracks[-1][0]
    assert clip.media_reference.name == Path(cue["audio"]).name
    lane = json.loads(Path(f"{cue['audio']}.soundtrack.json").read_text())["duck"]
    assert [list(point) for point in clip.metadata["otio_soundtrack"]["duck"]["points"]] == lane["points"]
    ducked, rate = soundfile.read(take["ducked"], always_2d=True)
    assert (len(ducked), rate, soundfile.info(take["ducked"]).subtype) == (SAMPLES, RATE, "PCM_24")
    assert np.abs(ducked - rendered(cue["audio"], lane["points"])).max() < 2.0**-22
    for start, end in LINES:
        times, levels = np.array(lane["points"]).T
        assert np.interp([start + 0.35, end - 0.1], times, levels) == pytest.approx([-12, -12])
        falls = times[(levels == 0) & (times < start)][-1]
        assert 0.15 <= start - falls <= 0.35
        assert times[(levels == 0) & (times > end)][0] - end <= 1.2


def test_a_lane_that_was_edited_is_rendered_in_the_next_run(talk: Path, tmp_path: Path, capsys: Captured) -> None:
    """In the sidecar of the music: the file bears another name, and asking again changes nothing."""
    cue = score(talk, tmp_path / "out.otio", capsys, "--duck", "medium")
    sidecar = Path(f"{cue['audio']}.soundtrack.json")
    record = json.loads(sidecar.read_text())
    record["duck"]["points"] = [[4, 0], [5, -20.0], [9, -20.0], [10, 0]]
    sidecar.write_text(json.dumps(record))
    (take,) = score(talk, tmp_path / "out.otio", capsys, "--duck", "medium")["takes"]
    assert take["duck"]["edited"]
    assert take["ducked"].endswith("_DUCK-EDITED.wav")
    ducked, _ = soundfile.read(take["ducked"], always_2d=True)
    assert np.abs(ducked - rendered(cue["audio"], record["duck"]["points"])).max() < 2.0**-22
    before = snapshot(tmp_path)
    score(talk, tmp_path / "out.otio", capsys, "--duck", "medium")
    assert snapshot(tmp_path) == before


def test_a_lane_on_the_timeline_outlives_scoring_again(talk: Path, tmp_path: Path) -> None:
    """The same music on the timeline that is scored again: its lane is obeyed."""
    first = otio_soundtrack.score(talk, mood="calm", duck="medium", media_dir=tmp_path / "one")
    first.timeline.tracks[-1][0].metadata["otio_soundtrack"]["duck"]["points"] = [[1.0, 0.0], [2.0, -5.0]]
    again = otio_soundtrack.score(first.timeline, mood="calm", duck="light", media_dir=tmp_path / "two")
    lane = again.cues[0].active_take.record.duck
    assert lane is not None
    assert (lane.points, lane.edited) == (((1.0, 0.0), (2.0, -5.0)), True)


def test_a_foreign_file_in_the_place_of_the_ducked_one_is_kept(talk: Path, tmp_path: Path, capsys: Captured) -> None:
    """Somebody worked on it: it is named, and nothing is lost."""
    (take,) = score(talk, tmp_path / "out.otio", capsys, "--duck", "medium")["takes"]
    Path(take["ducked"]).write_bytes(b"edited")
    before = snapshot(tmp_path)
    assert run("score", talk, "-o", tmp_path / "out.otio", "--mood", "calm", "--duck", "medium", "--quiet") == 6
    assert Path(take["ducked"]).name in capsys.readouterr().err
    assert snapshot(tmp_path) == before


def test_where_nobody_speaks_no_file_is_written(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """The lane is there, without a point, and the command says so."""
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--duck", "medium", "--quiet") == 0
    assert "nobody speaks" in capsys.readouterr().out
    assert len(list((tmp_path / "out.media").glob("*.wav"))) == 1
