"""``otio-soundtrack fit`` and ``otio_soundtrack.fit`` as people and programs meet them."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile

import otio_soundtrack
from otio_soundtrack.cli.main import main
from otio_soundtrack.pipeline.deliverables.fitting import _unclipped
from tests.audio.bands import RATE, band
from tests.audio.services import encode

Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def track(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an MP3 of a minute with known bars."""
    return encode(tmp_path_factory.mktemp("tracks") / "track.mp3", "libmp3lame", band(bars=26)[0])


def run(*words: object) -> int:
    """Run the command in this process."""
    return main([str(word) for word in words])


@pytest.mark.parametrize(("typed", "samples"), [("41.37", 1_985_760), ("1000f", 2_000_000), ("00:00:30:12", 1_464_000)])
def test_a_track_is_fitted_to_the_sample(track: Path, tmp_path: Path, capsys: Captured, typed: str, samples: int) -> None:
    """Seconds, frames and timecode at 24; the file has what the answer says."""
    out = tmp_path / "deep" / "out.wav"
    assert run("fit", track, "--duration", typed, "--hit", "20", "-o", out, "--json", "--quiet") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["samples"], told["requested_samples"], told["sample_rate"]) == (samples, samples, 48_000)
    assert told["ending"] in ("kept", "made")
    assert len(told["hits"]) == 1
    with wave.open(str(out)) as file:
        assert (file.getnframes(), file.getframerate(), file.getnchannels(), file.getsampwidth()) == (samples, 48_000, 2, 3)


def test_people_are_told_of_joins_and_hits(track: Path, tmp_path: Path, capsys: Captured) -> None:
    """One line each, errors in frames."""
    assert run("fit", track, "--duration", "95", "--hit", "20", "-o", tmp_path / "out.wav", "--quiet") == 0
    said = capsys.readouterr().out
    assert "95.000 s (4560000 samples)" in said
    assert "join at" in said
    assert "hit at 20.00 s:" in said


def test_python_fits_too_and_leaves_the_music_alone(track: Path, tmp_path: Path) -> None:
    """The same function, the same bytes twice."""
    before = track.read_bytes()
    one = otio_soundtrack.fit(track, 33.3, tmp_path / "one.wav")
    otio_soundtrack.fit(track, "33.3s", tmp_path / "two.wav")
    assert one.plan.samples == 1_598_400
    assert (tmp_path / "one.wav").read_bytes() == (tmp_path / "two.wav").read_bytes()
    assert track.read_bytes() == before


def test_music_beyond_full_scale_is_not_clipped(tmp_path: Path) -> None:
    """Floats may be; whole numbers may not."""
    loud = band(bars=8)[0]
    soundfile.write(tmp_path / "loud.wav", loud / np.abs(loud).max() * 1.5, RATE, subtype="FLOAT")
    fitted = otio_soundtrack.fit(tmp_path / "loud.wav", 12, tmp_path / "out.wav")
    samples, _ = soundfile.read(tmp_path / "out.wav")
    assert np.abs(samples).max() < 0.99
    assert fitted.facts.clipped_samples == 0
    assert any("softer" in warning for warning in fitted.warnings)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--duration", "soon"], "is not a time"),
        (["--duration", "0"], "is no length"),
        (["--duration", "99999"], "is no length"),
        (["--duration", "20", "--hit", "21"], "--hit 21: not within the result"),
        (["--duration", "20", "--hit", "3", "--hit", "480f", "--hit=-3"], "--hit 480f, -3: not within"),
        (["--duration", "00:00:30:12", "--rate", "12.5"], "does not exist at 12.5 frames"),
        (["--duration", "20", "--rate", "0"], "no frame rate"),
        (["--duration", "20", "-o", "out.mp3"], "no WAV"),
    ],
)
def test_wrong_words_give_one_line_and_no_file(
    track: Path, tmp_path: Path, capsys: Captured, words: list[str], said: str
) -> None:
    """What is wrong, and what to do."""
    rest = ["-o", str(tmp_path / "out.wav")] if "-o" not in words else []
    assert run("fit", track, *words, *rest, "--quiet") == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("*.wav"))


def test_what_a_file_of_whole_numbers_cannot_hold_is_told_in_decibels() -> None:
    """Nothing where nothing is done; no softer by 0.0 dB."""
    sound = np.full((10, 2), 0.5, np.float32)
    assert _unclipped(sound)[1] == ()
    assert "2.0 dB" in _unclipped(sound * 2.5)[1][0]  # 1.94 to full scale, and a tenth to spare
    assert "0.1 dB" in _unclipped(sound * 2.002)[1][0]
    assert np.abs(_unclipped(sound * -2.5)[0]).max() < 0.99


def test_a_report_is_written_where_it_is_asked_for(track: Path, tmp_path: Path, capsys: Captured) -> None:
    """Beside the output, by its name, every join with its picture; a file of somebody else is not replaced."""
    words = ("fit", track, "--duration", "75", "--report", "-o", tmp_path / "out.wav", "--json", "--quiet")
    assert run(*words) == 0
    told = json.loads(capsys.readouterr().out)
    page = (tmp_path / "out.report.html").read_text(encoding="utf-8")
    assert told["report"] == str(tmp_path / "out.report.html")
    assert page.count("<img") == 1 + len(told["seams"]) > 1
    assert all(seam["flux_ratio"] is None or seam["flux_ratio"] < 3 for seam in told["seams"])
    (tmp_path / "out.report.html").write_text("mine")
    (tmp_path / "out.wav").unlink()
    assert run(*words) == 6
    assert not (tmp_path / "out.wav").exists()
    assert "no report of ours" in capsys.readouterr().out
    assert (tmp_path / "out.report.html").read_text() == "mine"


def test_what_is_no_music_is_refused(tmp_path: Path, capsys: Captured) -> None:
    """A page, silence, nothing."""
    (tmp_path / "page.mp3").write_text("<html>gone</html>")
    soundfile.write(tmp_path / "silence.wav", np.zeros((RATE, 2)), RATE)
    for name, said in (("page.mp3", "page or a message"), ("silence.wav", "silent"), ("none.mp3", "no file")):
        assert run("fit", tmp_path / name, "--duration", "20", "-o", tmp_path / "out.wav", "--quiet") == 6
        assert said in capsys.readouterr().err
    assert not (tmp_path / "out.wav").exists()


def test_the_music_is_never_overwritten(tmp_path: Path, capsys: Captured) -> None:
    """Even where it is asked for."""
    soundfile.write(tmp_path / "a.wav", band(bars=3)[0], RATE)
    assert run("fit", tmp_path / "a.wav", "--duration", "5", "-o", tmp_path / "a.wav") == 2
    assert "the music itself" in capsys.readouterr().err
