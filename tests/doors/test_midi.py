"""``score --midi``: the notes beside the music."""

from __future__ import annotations

import json
from pathlib import Path

import mido
import opentimelineio as otio
import pytest

from otio_soundtrack.errors import SettingsError, StoreError
from otio_soundtrack.pipeline.cut.cutting import opened
from otio_soundtrack.pipeline.laying.notating import check_midi
from otio_soundtrack.pipeline.scoring import finishing
from tests.doors.test_cli import Captured, run, snapshot


def test_the_notes_of_a_cue_are_written_under_the_name_that_was_asked_for(
    footage: Path, tmp_path: Path, capsys: Captured
) -> None:
    """As long as the cue, with its cuts; a take from the store has the same notes."""
    written = []
    for name in ("first", "second"):
        out = tmp_path / name
        asked = ("score", footage / "small.otio", "-o", out / "out.otio", "--midi", out / "notes.mid", "--json", "--quiet")
        assert run(*asked) == 0
        result = json.loads(capsys.readouterr().out)
        assert result["midi"] == [str(out / "notes.mid")]
        written.append((out / "notes.mid").read_bytes())
    assert written[0] == written[1]
    file = mido.MidiFile(tmp_path / "first" / "notes.mid")
    assert file.length == pytest.approx(200 / 24, abs=0.001)
    assert sum(message.type == "note_on" for message in file) > 10
    markers = [message.text for message in file.tracks[0] if message.type == "marker"]
    assert any(text.startswith(("cut", "hit: cut")) for text in markers)


def test_each_take_has_a_file_of_its_own(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """Cue and take stand in the names as in those of the music; the notes differ as the takes do."""
    asked = ("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--midi", tmp_path / "n.mid", "--takes", 2, "--quiet")
    assert run(*asked) == 0
    assert "n_1M01_tk01.mid" in capsys.readouterr().out
    one, two = (tmp_path / f"n_1M01_tk0{number}.mid" for number in (1, 2))
    assert one.read_bytes() != two.read_bytes()
    assert not (tmp_path / "n.mid").exists()


@pytest.mark.parametrize("name", ["notes.wav", "notes", "out.otio"])
def test_a_name_that_is_none_of_a_midi_file_is_refused_before_any_work(
    name: str, footage: Path, tmp_path: Path, capsys: Captured
) -> None:
    """One line, exit code 2, nothing written."""
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--midi", tmp_path / name, "--quiet") == 2
    assert "is not the name of a MIDI file" in capsys.readouterr().err
    assert snapshot(tmp_path) == {}


def test_another_provider_gives_no_notes(footage: Path) -> None:
    """Services give sound."""
    timeline = otio.adapters.read_from_file(str(footage / "small.otio"))
    with opened(timeline, media_root=footage, missing="slate") as source, pytest.raises(SettingsError, match="suno gives sound"):
        check_midi(Path("notes.mid"), "suno", source, None)


def test_a_run_that_fails_later_leaves_no_notes(footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Notes without their timeline would be a half result."""

    def full_disk(*_: object, **__: object) -> tuple[str, ...]:
        raise StoreError("the disk is full.")

    monkeypatch.setattr(finishing, "save_timeline", full_disk)
    assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--midi", tmp_path / "notes.mid", "--quiet") == 6
    assert snapshot(tmp_path) == {}
