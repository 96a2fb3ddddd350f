"""``score`` listens to what it wrote."""

from __future__ import annotations

import json
from pathlib import Path

from otio_soundtrack.model.cue import CueRecord
from tests.doors.test_cli import Captured, run


def test_what_is_heard_is_in_result_sidecar_and_report(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """The same figures in all three; a sidecar of a version that did not listen is still read."""
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--json", "--quiet") == 0
    result = json.loads(capsys.readouterr().out)
    (cue,) = result["cues"]
    sidecar = json.loads(Path(f"{cue['audio']}.soundtrack.json").read_text(encoding="utf-8"))
    assert cue["heard"] == sidecar["heard"]
    assert len(cue["heard"]["sections"]) == len(sidecar["brief"]["plan"]["sections"])
    assert cue["heard"]["gaps"] == []
    assert all(section["lufs"] > -40 for section in cue["heard"]["sections"])
    assert "What is heard" in Path(result["report"]).read_text(encoding="utf-8")
    sidecar.pop("heard")
    before = CueRecord.read(sidecar)
    assert before is not None
    assert before.heard is None
