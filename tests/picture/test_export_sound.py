"""The sound of an export lies where the cut puts it, to the sample."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from otio_soundtrack.model.cut import CutList
from otio_soundtrack.picture.export import export_cut
from otio_soundtrack.picture.mix import CEILING, limited, windows
from otio_soundtrack.picture.retime import retimed
from otio_soundtrack.times import frame_samples
from otio_soundtrack.tools.media.sound import SoundReader
from tests.media.movies import clicks, sound_file
from tests.picture.cutting import NTSC, PAL, cut_list, layer, sound_of, sounding


def mixed(cuts: CutList) -> NDArray[np.float32]:
    """Return the whole mix."""
    return np.concatenate(list(windows(cuts)))


def peaks(sound: NDArray[np.float32], least: float = 0.3) -> list[int]:
    """Return where single samples stand out."""
    level = np.abs(sound).max(axis=1)
    found = []
    while level.max() > least:
        at = int(level.argmax())
        found.append(at)
        level[max(0, at - 200) : at + 200] = 0
    return sorted(found)


def test_clicks_land_on_their_samples(footage: dict[str, Path]) -> None:
    """AAC beside a picture, placed at a time that is no whole frame, and cut out of its middle."""
    cuts = cut_list(
        25.0, (250, []), audio=[sounding(footage["pal"], "1.5", "5", "0.75"), sounding(footage["film"], "8", "2", "1")]
    )
    inside = [48_000, 100_000, 240_000]
    assert peaks(mixed(cuts)) == [72_000 + at - 36_000 for at in inside] + [8 * 48_000, 8 * 48_000 + 52_000]


def test_another_sample_rate_is_placed_exactly(footage: dict[str, Path]) -> None:
    """Mono at 44.1 kHz: a click at source second 5 sounds at record second 3, on both sides equally loud."""
    sound = mixed(cut_list(25.0, (200, []), audio=[sounding(footage["mono"], 1, 5, 3)]))
    assert peaks(sound) == [3 * 48_000]
    assert sound[3 * 48_000].tolist() == pytest.approx([0.9, 0.9], abs=0.05)


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("a.m4a", "aac", 44_100),
        ("a.mkv", "aac", 44_100),
        ("a.mp3", "libmp3lame", 48_000),
        ("a.opus", "libopus", 48_000),
        ("a.flac", "flac", 96_000),
    ],
)
def test_every_codec_is_placed_exactly_wherever_reading_starts(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    """Priming, coarse stamps and seeks do not shift a sample."""
    ticks = [rate // 2, rate * 4 + rate // 4, rate * 7]
    reader = SoundReader(sound_file(tmp_path / name, clicks(rate * 8, ticks), rate, codec))
    for tick in [*ticks[::-1], *ticks]:
        place = tick * 48_000 // rate
        assert peaks(reader.read(place - 1000, 2000)) == [1000]
    reader.close()


@settings(max_examples=25, deadline=None)
@given(start=st.integers(-60_000, 500_000), length=st.integers(1, 60_000))
def test_a_read_is_a_part_of_the_whole(footage: dict[str, Path], start: int, length: int) -> None:
    """Any stretch, read after a seek, equals the same stretch of the file read from its head, silence around it included."""
    whole = SoundReader(footage["mono"])
    padded = np.pad(whole.read(0, 8 * 48_000), ((60_000, 240_000), (0, 0)))
    whole.close()
    part = SoundReader(footage["mono"])
    assert np.allclose(part.read(start, length), padded[start + 60_000 : start + 60_000 + length], atol=1e-4)
    part.close()


def test_fades_are_linear_and_elements_add_up(tmp_path: Path) -> None:
    """A constant of 0.4 with a second of fade at both ends, twice on top of itself."""
    steady = sound_file(tmp_path / "steady.wav", np.full((48_000 * 5, 2), 0.4, np.float32), 48_000)
    element = sounding(steady, 1, 4, "0.5", fade_in=1, fade_out=1)
    sound = mixed(cut_list(25.0, (150, []), audio=[element, element]))[:, 0]
    times = [0.99, 1.25, 1.5, 2.0, 3.9, 4.5, 4.75, 5.01]
    assert [float(sound[int(t * 48_000)]) for t in times] == pytest.approx([0, 0.2, 0.4, 0.8, 0.8, 0.4, 0.2, 0], abs=1e-3)


@pytest.mark.parametrize("speed", [Fraction(2), Fraction(1, 2), Fraction(-1), Fraction(-3, 2), Fraction(1001, 1000)])
def test_a_retimed_tone_changes_pitch_with_speed(tmp_path: Path, speed: Fraction) -> None:
    """A 1 kHz tone at any speed is a tone of 1 kHz × speed, equally loud."""
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(48_000 * 8) / 48_000)
    file = sound_file(tmp_path / "tone.wav", np.repeat(tone[:, None], 2, axis=1).astype(np.float32), 48_000)
    sound = mixed(cut_list(25.0, (50, []), audio=[sounding(file, 0, 2, 3, speed=speed)]))[4800:-4800, 0]
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    assert spectrum.argmax() * 48_000 / len(sound) == pytest.approx(1000 * abs(float(speed)), abs=1)
    assert float(np.sqrt((sound**2).mean())) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)


def test_reverse_sound_is_the_sound_reversed(tmp_path: Path) -> None:
    """At speed −1 a click before the start sounds after it, at the same distance."""
    file = sound_file(tmp_path / "c.wav", clicks(48_000 * 4, [100_000]), 48_000)
    assert peaks(mixed(cut_list(25.0, (75, []), audio=[sounding(file, 0, 3, 3, speed=-1)]))) == [3 * 48_000 - 100_000]


def test_retiming_is_band_limited() -> None:
    """At double speed a tone above a quarter of the sample rate would fold back; it is gone instead."""
    high = np.repeat(np.sin(2 * np.pi * 20_000 * np.arange(60_000) / 48_000)[:, None], 2, axis=1).astype(np.float32)
    folded = retimed(lambda at, n: high[at + 200 : at + 200 + n], Fraction(0), Fraction(2), 24_000)
    assert float(np.abs(folded[2000:-2000]).max()) < 0.001


def test_sums_are_not_clipped_for_the_meter_but_bent_for_the_encoder(tmp_path: Path) -> None:
    """Two loud elements sum to 1.6; the encoder gets at most its ceiling, quiet samples stay as they are."""
    loud = sound_file(tmp_path / "loud.wav", np.full((48_000, 2), 0.8, np.float32), 48_000)
    sound = mixed(cut_list(25.0, (25, []), audio=[sounding(loud, 0, 1, 0), sounding(loud, 0, 1, 0)]))
    assert float(sound.max()) == pytest.approx(1.6, abs=1e-3)
    assert float(limited(sound).max()) <= CEILING
    assert np.array_equal(limited(sound / 4), sound / 4)


@pytest.mark.parametrize(("rate", "exact"), [(25.0, PAL), (29.97, NTSC), (24.0, Fraction(24))])
def test_the_file_is_as_long_as_the_cut(footage: dict[str, Path], tmp_path: Path, rate: float, exact: Fraction) -> None:
    """Picture and sound end together: exact frames, exact samples, constant rate, first frame at 0."""
    cuts = cut_list(rate, (101, [layer(footage["pal"], 1)]), audio=[sounding(footage["pal"], 0, "3.3", 0)])
    export_cut(cuts, tmp_path / "cut.mp4", height=180)
    with (tmp_path / "cut.mp4").open("rb") as file, av.open(file) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert video.duration * video.time_base == 101 / exact
        assert audio.duration * audio.time_base * 48_000 == frame_samples(101, exact)
        assert video.average_rate == exact
        assert [frame.pts * video.time_base for frame in container.decode(video)] == [k / exact for k in range(101)]


def test_the_encoded_sound_is_in_place(footage: dict[str, Path], tmp_path: Path) -> None:
    """Clicks that went through AAC are where they were; the priming is hidden."""
    cuts = cut_list(25.0, (75, []), audio=[sounding(footage["mono"], "0.5", 2, "0.4")])
    export_cut(cuts, tmp_path / "cut.mp4", height=36)
    assert peaks(sound_of(tmp_path / "cut.mp4")) == [24_000 + 48_000 - 19_200]


def test_a_cut_without_sound_has_a_silent_track(footage: dict[str, Path], tmp_path: Path) -> None:
    """Players and services expect an audio track."""
    export_cut(cut_list(25.0, (50, [layer(footage["mute"], 0)])), tmp_path / "cut.mp4", height=36)
    sound = sound_of(tmp_path / "cut.mp4")
    assert len(sound) >= 96_000
    assert float(np.abs(sound).max()) < 1e-4
