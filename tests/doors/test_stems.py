"""The stems beside each take, from the command to the files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.doors.test_cli import Captured, run, snapshot

NAMES = {"drums", "bass", "harmony", "melody", "fx"}


def test_the_stems_add_up_to_the_mix(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """Read back by libsndfile: as long as the mix, and their sum null against it below −80 dB; what is told is that."""
    words = ["score", footage / "small.otio", "-o", tmp_path / "out.otio", "--stems", "--mood", "epic", "--json", "--quiet"]
    assert run(*words) == 0
    (cue,) = json.loads(capsys.readouterr().out)["cues"]
    (take,) = cue["takes"]
    assert set(take["stems"]) <= NAMES
    assert len(take["stems"]) > 2
    mix, _ = soundfile.read(cue["audio"])
    together = np.sum([soundfile.read(path)[0] for path in take["stems"].values()], axis=0)
    null = 10 * np.log10(np.square(together - mix).sum() / np.square(mix).sum())
    assert null < -80
    assert take["stems_null_db"] == pytest.approx(null, abs=0.1)
    assert all(Path(path).name == f"{Path(cue['audio']).stem}_STEM-{name.upper()}.wav" for name, path in take["stems"].items())
    record = json.loads(Path(f"{cue['audio']}.soundtrack.json").read_text())
    assert {stem["name"] for stem in record["stems"]} == set(take["stems"])


def test_a_stored_take_has_its_stems_too_and_asking_again_changes_nothing(footage: Path, tmp_path: Path) -> None:
    """First without, then twice with stems: the mix stays the same file."""
    words = ["score", footage / "small.otio", "-o", tmp_path / "out.otio", "--quiet"]
    assert run(*words) == 0
    before = snapshot(tmp_path / "out.media")
    assert run(*words, "--stems") == 0
    with_stems = snapshot(tmp_path / "out.media")
    mixes = [name for name in before if name.endswith(".wav")]
    assert {name: with_stems[name] for name in mixes} == {name: before[name] for name in mixes}
    assert run(*words, "--stems") == 0
    assert snapshot(tmp_path / "out.media") == with_stems


def test_a_foreign_file_in_the_place_of_a_stem_is_kept(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """Somebody worked on a stem: it is named, and nothing is lost."""
    words = ["score", footage / "small.otio", "-o", tmp_path / "out.otio", "--stems", "--quiet"]
    assert run(*words) == 0
    stem = next((tmp_path / "out.media").glob("*_STEM-*.wav"))
    stem.write_bytes(b"edited")
    before = snapshot(tmp_path)
    assert run(*words) == 6
    assert stem.name in capsys.readouterr().err
    assert snapshot(tmp_path) == before
