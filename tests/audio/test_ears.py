"""What jobs are told about the files that services send."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.audio.ears import Ears
from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.tools.floatwave import FloatWave
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.bands import band
from tests.audio.services import RATE, encode
from tests.audio.sounds import music


@pytest.fixture
def ears(tmp_path: Path) -> Ears:
    """Return ears with a scratch folder."""
    return Ears(tmp_path / "scratch")


def test_length_rest_bars_and_tempo_of_a_take_are_measured(tmp_path: Path, ears: Ears) -> None:
    """A band whose bar lines are known, with three seconds of silence after its end."""
    sound, beats = band(bpm=104, bars=16)
    padded = np.concatenate([sound, np.zeros((3 * RATE, 2), np.float32)])
    heard = ears.hear(encode(tmp_path / "a.mp3", "libmp3lame", padded))
    assert heard.seconds == pytest.approx(len(padded) / RATE, abs=0.001)
    assert heard.sounding_until == pytest.approx(beats[-4] + 3.5, abs=0.1)
    assert heard.ends
    assert heard.tempo_bpm == pytest.approx(104, rel=0.01)
    for bar in beats[::4]:
        assert min(abs(bar - found) for found in heard.bars) < 0.03


def test_music_that_is_cut_in_the_middle_does_not_end(tmp_path: Path, ears: Ears) -> None:
    """It can be continued."""
    write_wav(tmp_path / "a.wav", band(bpm=120, bars=8)[0][: 15 * RATE])
    assert not ears.hear(tmp_path / "a.wav").ends


def _silent() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.zeros((10 * RATE, 2), np.float32)


def test_unusable_takes_are_refused_with_the_reason(tmp_path: Path, ears: Ears) -> None:
    """Silence, a whisper, a long silent tail, a few noises, a square wave, a blip."""
    tune = music(10)
    sparse = np.zeros((20 * RATE, 2), np.float32)
    sparse[:2000], sparse[-2000:] = 0.3, 0.3
    cases = {
        "silent": _silent(),
        "it is silent": 1e-3 * tune,
        "silent for the last": np.concatenate([tune, _silent()]),
        "mostly silent": sparse,
        "clipped": np.clip(60 * tune, -1, 1),
        "it has 0.50 s": tune[: RATE // 2],
    }
    for said, sound in cases.items():
        path = tmp_path / "take.wav"
        write_wav(path, sound)
        with pytest.raises(UnusableTakeError, match=said):
            ears.hear(path)


def test_a_beginning_is_known_again_through_codec_delay_and_gain(tmp_path: Path, ears: Ears) -> None:
    """The same music softer and later; other music is not taken for it."""
    tune, other = band(bpm=96, bars=6)[0], band(bpm=96, bars=6, seed=4, key=5)[0]
    one = encode(tmp_path / "one.mp3", "libmp3lame", tune)
    delayed = np.concatenate([np.zeros((1105, 2), np.float32), 0.4 * tune])
    same = encode(tmp_path / "same.m4a", "aac", delayed, rate=RATE)
    different = encode(tmp_path / "different.mp3", "libmp3lame", other)
    assert ears.same_start(one, same)
    assert not ears.same_start(one, different)


def test_a_join_is_seamless_where_the_second_begins_with_what_the_first_has_there(tmp_path: Path, ears: Ears) -> None:
    """Cut apart with an overlap and joined a little beside the place, music is what it was, to the sample."""
    tune = music(12)
    write_wav(tmp_path / "one.wav", tune[: 8 * RATE])
    write_wav(tmp_path / "two.wav", tune[7 * RATE :])
    joined = ears.join(tmp_path / "one.wav", 7.05, tmp_path / "two.wav", tmp_path / "out")
    sound = FloatWave(joined.path)
    assert len(sound) == len(tune)
    np.testing.assert_allclose(sound[:], tune, atol=2e-6)
    assert joined.path.stem == joined.sha256
    assert joined.size == joined.path.stat().st_size


def test_a_continuation_of_other_music_is_joined_where_it_was_asked(tmp_path: Path, ears: Ears) -> None:
    """Length is the place and the second; outside of the cross-fade nothing is changed; nowhere is it louder or softer."""
    one, two = music(6, seed=2), music(5, seed=3)
    write_wav(tmp_path / "one.wav", one)
    write_wav(tmp_path / "two.wav", two)
    sound = FloatWave(ears.join(tmp_path / "one.wav", 4.0, tmp_path / "two.wav", tmp_path / "out").path)[:]
    assert len(sound) == 4 * RATE + len(two)
    np.testing.assert_allclose(sound[: 4 * RATE], one[: 4 * RATE], atol=2e-7)
    np.testing.assert_allclose(sound[4 * RATE + 3000 :], two[3000:], atol=2e-7)


def test_the_end_of_a_take_is_joined_without_a_click(tmp_path: Path, ears: Ears) -> None:
    """Nothing is left to fade with: no step that the music itself does not have."""
    tone = (0.5 * np.sin(np.arange(2 * RATE) * 0.05))[:, None].repeat(2, 1).astype(np.float32)
    write_wav(tmp_path / "one.wav", tone)
    joined = FloatWave(ears.join(tmp_path / "one.wav", 2.0, tmp_path / "one.wav", tmp_path / "out").path)[:]
    assert len(joined) == 4 * RATE
    assert np.abs(np.diff(joined, axis=0)).max() < 1.2 * np.abs(np.diff(tone, axis=0)).max()


def test_joining_after_the_end_is_an_error(tmp_path: Path, ears: Ears) -> None:
    """Nothing can be continued there."""
    write_wav(tmp_path / "one.wav", music(2))
    with pytest.raises(UnusableTakeError, match="cannot be continued"):
        ears.join(tmp_path / "one.wav", 2.5, tmp_path / "one.wav", tmp_path)


def test_the_sound_of_a_video_is_taken_out_to_the_sample(tmp_path: Path, ears: Ears) -> None:
    """What a service sends as mp4."""
    tune = band(bars=2)[0]
    (sound,) = ears.unpack(encode(tmp_path / "a.mp4", "aac", tune, picture=True), tmp_path / "out")
    heard = FloatWave(sound.path)[: len(tune)]
    assert np.corrcoef(heard[:, 0], tune[:, 0])[0, 1] > 0.9
    assert sound.path.stem == sound.sha256
