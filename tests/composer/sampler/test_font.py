"""SoundFont files: read as the specification lays them out, refused in one line where they are not."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otio_soundtrack.composer.sampler.font import open_font
from otio_soundtrack.composer.sampler.orchestra import Orchestra
from otio_soundtrack.composer.sampler.player import Preset, Stroke
from otio_soundtrack.errors import SettingsError, SoundtrackError, UnreadableMediaError
from tests.composer.sampler.builder import INSTRUMENT, KEYS, SAMPLE, Font, Recording, Zone, looped_sine, one_sample, sine
from tests.composer.sampler.playing import note, opened

NOISE = np.random.default_rng(3).uniform(-0.9, 0.9, 2000)


@pytest.mark.parametrize("padded", [True, False])
def test_a_font_is_read_whether_or_not_its_odd_chunks_are_padded(padded: bool, tmp_path: Path) -> None:
    """MuseScore's fonts leave the padding out; four letters and a zero are an odd text."""
    font = opened(one_sample(Recording(NOISE), padded=padded, texts={b"INAM": "Tiny", b"ICOP": "me"}), tmp_path)
    assert (font.name, font.copyright, list(font.presets)) == ("Tiny", "me", [(0, 0)])
    assert np.abs(font.sample(0).sound - NOISE).max() <= 2**-15


def test_samples_of_24_bits_are_read_whole(tmp_path: Path) -> None:
    """The chunk sm24 holds the low bytes: the error is that of 24 bits, not of 16."""
    font = opened(one_sample(Recording(NOISE), wide=True), tmp_path)
    assert np.abs(font.sample(0).sound - NOISE).max() <= 2**-23


def test_a_compressed_sample_is_decoded(tmp_path: Path) -> None:
    """SF3: an Ogg stream instead of plain samples; a sine comes back within the error of Vorbis."""
    tone = sine(441, 20_000)
    font = opened(one_sample(Recording(tone, packed=True, loop=(100, 900))), tmp_path)
    sample = font.sample(0)
    assert len(sample.sound) == len(tone)
    assert np.corrcoef(sample.sound, tone)[0, 1] > 0.999
    assert (sample.loop_start, sample.loop_end) == (100, 900)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is not a SoundFont"),
        (b"Dear all,\nhere are the notes of the meeting.\n", "is not a SoundFont"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "is not a SoundFont"),
        (b"RIFF\x04\0\0\0sfbk", "its table phdr is missing"),
    ],
)
def test_a_file_that_is_no_soundfont_is_refused_in_one_line(content: bytes, says: str, tmp_path: Path) -> None:
    """Empty, a text, another kind of RIFF, and a SoundFont without anything in it."""
    path = tmp_path / "no.sf2"
    path.write_bytes(content)
    with pytest.raises(SoundtrackError, match=says) as caught:
        open_font(path)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


def test_a_missing_file_is_refused_as_a_setting(tmp_path: Path) -> None:
    """Exit code 2: the flag names nothing."""
    with pytest.raises(SettingsError, match="there is no SoundFont at"):
        open_font(tmp_path / "nowhere.sf2")


def test_a_font_without_presets_is_refused(tmp_path: Path) -> None:
    """Its tables hold only their terminators."""
    with pytest.raises(SettingsError, match="holds no preset"):
        opened(Font([Recording(NOISE)], [], {}), tmp_path)


def test_a_font_without_general_midi_presets_cannot_be_the_orchestra(tmp_path: Path) -> None:
    """Bank 7 holds nothing that the composer plays."""
    font = opened(Font([Recording(NOISE)], [[Zone({SAMPLE: 0})]], {(7, 3): [Zone({INSTRUMENT: 0})]}), tmp_path)
    with pytest.raises(SettingsError, match="none of the General MIDI presets"):
        Orchestra(font)


@pytest.mark.parametrize("share", [0.5, 0.9, 0.999])
def test_a_truncated_font_is_refused(share: float, tmp_path: Path) -> None:
    """Cut inside the sound, and inside the tables."""
    content = one_sample(looped_sine()).content()
    path = tmp_path / "cut.sf2"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(SoundtrackError, match="damaged"):
        open_font(path)


@pytest.mark.parametrize(
    ("zone", "says"),
    [({SAMPLE: 9}, "asks for sample 9"), ({SAMPLE: 1}, "asks for sample 1")],
)
def test_a_zone_that_points_nowhere_is_named(zone: dict[int, int], says: str, tmp_path: Path) -> None:
    """The terminator is no sample either."""
    with pytest.raises(UnreadableMediaError, match=says):
        note(Font([Recording(NOISE)], [[Zone(zone)]], {(0, 0): [Zone({INSTRUMENT: 0})]}), tmp_path)


def test_a_preset_that_asks_for_an_instrument_that_is_not_there_is_named(tmp_path: Path) -> None:
    """One instrument, and the preset wants number 4."""
    with pytest.raises(UnreadableMediaError, match="asks for instrument 4"):
        note(Font([Recording(NOISE)], [[Zone({SAMPLE: 0})]], {(0, 0): [Zone({INSTRUMENT: 4})]}), tmp_path)


def test_a_damaged_compressed_sample_is_named(tmp_path: Path) -> None:
    """The Ogg stream is overwritten with zeros."""
    content = bytearray(one_sample(Recording(sine(441, 9000), packed=True)).content())
    at = content.index(b"OggS")
    content[at : at + 400] = bytes(400)
    path = tmp_path / "broken.sf3"
    path.write_bytes(content)
    with pytest.raises(UnreadableMediaError, match="'sample 0'"):
        Preset(open_font(path), 0, 0).sound(Stroke(0, 4800, 69, 100), room=48_000)


def test_a_table_whose_rows_run_backwards_is_refused(tmp_path: Path) -> None:
    """The preset's zones end before they begin."""
    content = bytearray(one_sample(Recording(NOISE)).content())
    at = content.index(b"phdr") + 8
    content[at + 24 : at + 26] = struct.pack("<H", 7)
    path = tmp_path / "backwards.sf2"
    path.write_bytes(content)
    with pytest.raises(UnreadableMediaError, match="do not fit each other"):
        Preset(open_font(path), 0, 0)


SMALL = Font(
    [Recording(NOISE[:300], loop=(50, 250)), Recording(sine(441, 1500), packed=True, loop=(10, 1000))],
    [[Zone({KEYS: (0, 60), 38: -2000, SAMPLE: 0, 8: 9000, 54: 1}), Zone({KEYS: (61, 127), SAMPLE: 1, 54: 3, 11: 300})]],
    {(0, 0): [Zone({INSTRUMENT: 0, 48: 30}, [(0x0502, 48, 500, 0, 0)])]},
).content()


TABLES = SMALL.index(b"pdta")
PLACES = st.one_of(st.integers(0, len(SMALL) - 1), st.integers(TABLES, len(SMALL) - 1))
"""Anywhere, and as often in the tables, which are short and hold what is believed."""


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(damage=st.lists(st.tuples(PLACES, st.integers(0, 255)), min_size=1, max_size=6), keep=st.floats(0, 1))
def test_no_damage_to_the_bytes_of_a_font_ends_in_anything_but_a_typed_error(
    damage: list[tuple[int, int]], keep: float, tmp_path: Path
) -> None:
    """Bytes are overwritten anywhere, and the end may be cut off: it plays finite sound, or one of our errors says why not."""
    content = bytearray(SMALL)
    for at, value in damage:
        content[at] = value
    path = tmp_path / "damaged.sf3"
    path.write_bytes(content if keep > 0.3 else content[: int(len(content) * (0.4 + 2 * keep))])
    try:
        font = open_font(path)
        for bank, number in font.presets:
            preset = Preset(font, bank, number)
            for key in (40, 80):
                sound = preset.sound(Stroke(0, 2000, key, 90), room=20_000)
                assert np.isfinite(sound).all()
                assert sound.shape[1] <= 20_000
    except SoundtrackError as error:
        assert "\n" not in str(error)  # noqa: PT017  # what is said matters, not only that it is raised
