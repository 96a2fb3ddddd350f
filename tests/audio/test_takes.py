"""Files of services decoded to the sample, and what is no music refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.signal import correlate, resample_poly

from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.tools.floatwave import FloatWave, write_float_wav
from tests.audio.services import RATE, click, encode
from tests.audio.sounds import music


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize(
    ("name", "codec", "picture"),
    [
        ("a.mp3", "libmp3lame", False),
        ("a.m4a", "aac", False),
        ("a.mp4", "aac", True),
        ("a.flac", "flac", False),
        ("a.wav", "pcm_s16le", False),
    ],
)
def test_a_click_comes_back_at_its_sample(tmp_path: Path, rate: int, name: str, codec: str, picture: bool) -> None:
    """Encoder delay is skipped exactly once, at any rate, also beside a picture."""
    source = click(3, rate + 333, rate=rate)
    sound = decoded(encode(tmp_path / name, codec, source, rate=rate, picture=picture), tmp_path / "kept")
    expected = resample_poly(source.mean(axis=1), RATE // 300, rate // 300)
    heard = sound[0 : len(expected)].mean(axis=1)
    lag = int(np.argmax(correlate(heard, expected[: len(heard)], "full", method="fft"))) - (len(heard) - 1)
    assert abs(lag) <= 1
    assert len(expected) <= len(sound) <= len(expected) + 1200


def test_decoding_happens_once(tmp_path: Path) -> None:
    """What was decoded is taken from the folder the next time."""
    path = encode(tmp_path / "a.flac", "flac", music(2))
    first = decoded(path, tmp_path / "kept")
    before = first.path.stat().st_mtime_ns
    again = decoded(path, tmp_path / "kept")
    assert again.path == first.path
    assert again.path.stat().st_mtime_ns == before


def test_sound_above_full_scale_is_kept_as_it_is(tmp_path: Path) -> None:
    """Lossy codecs overshoot; nothing is limited between two steps of ours."""
    loud = np.full((1000, 2), 1.75, np.float32)
    assert write_float_wav(tmp_path / "a.wav", [loud[:300], loud[300:]]) == 1000
    np.testing.assert_array_equal(FloatWave(tmp_path / "a.wav")[:], loud)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"<!doctype html><html><body>Not found</body></html>", "page or a message"),
        (b'{"code": 404, "msg": "expired"}', "page or a message"),
        (bytes(range(256)) * 40, "cannot be decoded"),
    ],
)
def test_what_is_no_music_is_refused_with_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    """Error pages under the name of a song are common."""
    path = tmp_path / "song.mp3"
    path.write_bytes(content)
    with pytest.raises(UnusableTakeError, match=said):
        decoded(path, tmp_path / "kept")
    assert not list((tmp_path / "kept").glob("*"))


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp3", "libmp3lame"), ("a.flac", "flac"), ("a.wav", "pcm_s16le"), ("a.m4a", "aac"), ("a.opus", "libopus")],
)
@pytest.mark.parametrize("share", [0.03, 0.4, 0.9])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, name: str, codec: str, share: float) -> None:
    """A download that ended early decodes for a while."""
    path = encode(tmp_path / name, codec, music(8))
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(UnusableTakeError):
        decoded(path, tmp_path / "kept")


def test_a_video_without_sound_is_refused(tmp_path: Path) -> None:
    """There is no music in it."""
    path = encode(tmp_path / "a.mp4", "", np.zeros((RATE, 2), np.float32), picture=True)
    with pytest.raises(UnusableTakeError):
        decoded(path, tmp_path / "kept")


def test_a_file_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    """No traceback of the operating system."""
    with pytest.raises(UnusableTakeError, match="no file"):
        decoded(tmp_path / "none.mp3", tmp_path)
