"""``--sound``: music on a SoundFont, and one clear line where that cannot be."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import opentimelineio as otio
import pytest

import otio_soundtrack
from otio_soundtrack.cli.main import main
from tests.composer.sampler.band import band
from tests.composer.sampler.builder import Font

Captured = pytest.CaptureFixture[str]


def run(*words: object) -> int:
    """Run the command in this process."""
    return main([str(word) for word in words])


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep takes apart from other tests."""
    monkeypatch.setenv("OTIO_SOUNDTRACK_HOME", str(tmp_path / "home"))


def test_score_plays_on_a_soundfont_and_says_so(footage: Path, tmp_path: Path, capsys: Captured) -> None:
    """Another font is another take, the same font the same take; the record names the font by its hash."""
    fonts = [tmp_path / "one.sf2", tmp_path / "two.sf2"]
    for seed, font in enumerate(fonts):
        font.write_bytes(band(seed=seed).content())
    hashes = []
    for number, sound in enumerate((fonts[0], fonts[1], fonts[0], "voices")):
        target = tmp_path / f"out{number}.otio"
        assert run("score", footage / "small.otio", "-o", target, "--sound", sound, "--json", "--quiet") == 0
        (cue,) = json.loads(capsys.readouterr().out)["cues"]
        hashes.append(cue["sha256"])
        record = json.loads(Path(f"{cue['audio']}.soundtrack.json").read_text())
        assert cue["samples"] == 400_000
        if sound != "voices":
            assert hashlib.sha256(Path(sound).read_bytes()).hexdigest() in record["model"]
    assert hashes[0] == hashes[2]
    assert len(set(hashes)) == 3


BAD = {
    "no such file": (None, 2, "nowhere.sf2"),
    "a text": (b"a song of love", 2, "is not a SoundFont"),
    "empty": (b"", 2, "is not a SoundFont"),
    "no preset": (Font([], [], {}).content(), 2, "holds no preset"),
    "cut off": (band().content()[:50_000], 4, "damaged"),
}


@pytest.mark.parametrize("case", list(BAD))
def test_a_sound_that_cannot_be_played_gives_one_line_and_writes_nothing(
    case: str, footage: Path, tmp_path: Path, capsys: Captured
) -> None:
    """Exit code 2 where the flag is wrong, 4 where the file is broken; a dry run says the same."""
    content, code, named = BAD[case]
    path = tmp_path / "nowhere.sf2"
    if content is not None:
        path = tmp_path / "font.sf2"
        path.write_bytes(content)
    before = sorted(tmp_path.iterdir())
    for more in ([], ["--dry-run"]):
        assert run("score", footage / "small.otio", "-o", tmp_path / "out.otio", "--sound", path, "--quiet", *more) == code
        told = capsys.readouterr()
        assert told.out == ""
        assert named in told.err
        assert len(told.err.strip().splitlines()) == 1
        assert sorted(tmp_path.iterdir()) == before


def test_the_doctor_names_a_font_or_where_to_get_one(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the usual folders, then a font beside a text that is called one."""
    monkeypatch.setattr("otio_soundtrack.composer.sampler.found.usual_folders", lambda: (tmp_path / "fonts", tmp_path / "no"))
    assert run("doctor") == 0
    assert "musescore-general-soundfont-small" in capsys.readouterr().out
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "a.sf2").write_text("not a font")
    (tmp_path / "fonts" / "b.sf2").write_bytes(band().content())
    assert run("doctor", "--json") == 0
    assert json.loads(capsys.readouterr().out)["soundfont"] == str(tmp_path / "fonts" / "b.sf2")


def test_the_linker_plays_on_the_very_font_again_or_leaves_the_clip_alone(
    footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Audio and store are gone: without the font nothing else is played in its place, with it the same bytes come back."""
    folder, target = tmp_path / "fonts", tmp_path / "scored.otio"
    folder.mkdir()
    (folder / "band.sf2").write_bytes(band().content())
    otio_soundtrack.score(footage / "small.otio", target, media_root=footage, sound=str(folder / "band.sf2"))
    (audio,) = (tmp_path / "scored.media").glob("*.wav")
    before = audio.read_bytes()
    audio.unlink()
    for number, folders in enumerate(((), (folder,))):
        monkeypatch.setenv("OTIO_SOUNDTRACK_HOME", str(tmp_path / f"empty {number}"))
        monkeypatch.setattr("otio_soundtrack.composer.sampler.found.usual_folders", lambda folders=folders: folders)
        again = tmp_path / f"again {number}"
        wanted = {"soundtrack_media_dir": str(again)}
        otio.adapters.read_from_file(str(target), media_linker_name="soundtrack_linker", media_linker_argument_map=wanted)
        assert [path.read_bytes() for path in again.glob("*.wav")] == ([before] if folders else [])
