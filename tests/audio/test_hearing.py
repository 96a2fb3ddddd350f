"""Hearing a file of sections that the test made itself: chords in known keys, levels and colours that are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.audio.hearing import Expected, Meant, hear
from otio_soundtrack.audio.key import TONICS, key_name
from otio_soundtrack.audio.listen import listen
from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.model.heard import Gap, Heard
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.sounds import RATE, sine

Loop = tuple[tuple[int, int, int], ...]
MAJOR_LOOP, MINOR_LOOP = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (0, 4, 7)), ((0, 3, 7), (5, 8, 12), (7, 11, 14), (0, 3, 7))
"""Tonic, subdominant, dominant, tonic: the plainest sign of a key that there is. Semitones above the tonic."""


def triads(text: str) -> Loop:
    """Return chords from semitones above the tonic, ``m`` behind those that are minor."""
    roots = [(int(word.rstrip("m")), 3 if word.endswith("m") else 4) for word in text.split()]
    return tuple((root, root + third, root + 7) for root, third in roots)


def chords(
    tonic: int, *, minor: bool, seconds: float = 8.0, level: float = 0.05, overtones: int = 6, loop: Loop = ()
) -> np.ndarray:
    """Return a loop, else a cadence in a key: three tones with a bass, each with overtones that fall by their number."""
    loop = loop or (MINOR_LOOP if minor else MAJOR_LOOP)
    part = int(seconds / len(loop) * RATE)
    time = np.arange(part) / RATE
    sound = []
    for chord in loop:
        tones = [36 + tonic + chord[0] % 12, *(48 + tonic + step for step in chord)]
        waves = [
            np.sin(2 * np.pi * 440 * 2 ** ((tone - 69) / 12) * number * time) / number
            for tone in tones
            for number in range(1, overtones + 1)
        ]
        sound.append(level * np.sum(waves, axis=0) * np.minimum(1, np.minimum(time, time[::-1]) * 50))
    return np.repeat(np.concatenate(sound)[:, None], 2, axis=1).astype(np.float32)


def heard(samples: np.ndarray, sections: list[Meant], folder: Path, **expected: tuple[float, ...]) -> Heard:
    """Return what is heard in samples."""
    write_wav(folder / "take.wav", samples)
    given = {"cuts": (), "beats": (), "bars": (), **expected}
    return hear(folder / "take.wav", listen(folder / "take.wav"), Expected(frame_s=0.04, sections=sections, **given))


def meant(start: float, end: float, energy: float = 0.5, tonic: int = 0, minor: bool = False) -> Meant:
    """Return a section as it was meant."""
    return Meant(start=start, end=end, energy=energy, tonic=tonic, minor=minor)


@pytest.mark.parametrize("minor", [False, True])
@pytest.mark.parametrize("tonic", range(12))
def test_a_cadence_is_heard_in_its_key(tonic: int, minor: bool, tmp_path: Path) -> None:
    """All 24 keys: the name that is found, and rank 1 of what was meant."""
    found = heard(chords(tonic, minor=minor), [meant(0, 8, tonic=tonic, minor=minor)], tmp_path).sections[0]
    assert found.key == key_name(tonic, minor=minor) == f"{TONICS[tonic]} {'minor' if minor else 'major'}"
    assert found.key_rank == 1


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        pytest.param(False, "0 7 9m 5 0 7 9m 5", id="pop"),
        pytest.param(False, "0 7 9m 4m 5 0 5 7", id="canon"),
        pytest.param(False, "0 9m 2m 7 0 9m 2m 7", id="turnaround"),
        pytest.param(False, "0 0 0 0 5 5 0 0 7 5 0 7", id="blues"),
        pytest.param(False, "0 10 5 0 0 10 5 0", id="mixolydian"),
        pytest.param(True, "0m 8 5m 7 0m 8 5m 7", id="minor"),
        pytest.param(True, "0m 10 8 7 0m 10 8 7", id="andalusian"),
        pytest.param(True, "0m 5 0m 5 0m 10 5 0m", id="dorian"),
        pytest.param(True, "0m 1 0m 1 0m 10m 1 0m", id="phrygian"),
        pytest.param(True, "0m 10 8 5m 7 0m 7 0m", id="lament"),
    ],
)
def test_the_progressions_that_everybody_knows_are_heard_in_their_key(minor: bool, text: str, tmp_path: Path) -> None:
    """Loops of popular and older music, modes among them, as textbooks name their key; none is of our composer."""
    sound = chords(2, minor=minor, loop=triads(text), seconds=12.0)
    found = heard(sound, [meant(0, 12, tonic=2, minor=minor)], tmp_path).sections[0]
    assert found.key == f"D {'minor' if minor else 'major'}"


def test_a_key_that_was_not_meant_has_a_low_rank(tmp_path: Path) -> None:
    """The figure is what is heard, not what was asked: F sharp major is far from C major."""
    found = heard(chords(0, minor=False), [meant(0, 8, tonic=6)], tmp_path).sections[0]
    assert found.key == "C major"
    assert found.key_rank is not None
    assert found.key_rank > 12


def test_loudness_that_follows_the_energy_is_seen_and_so_is_the_contrary(tmp_path: Path) -> None:
    """Four levels 6 dB apart: the sections' loudness differs by 6.02 LU, and the rank correlation is 1 or −1."""
    levels = [0.02, 0.04, 0.08, 0.16]
    sound = np.concatenate([chords(0, minor=False, level=level, seconds=6) / 4 for level in levels])
    energies = [0.2, 0.4, 0.6, 0.8]
    edges = [(6.0 * number, 6.0 * (number + 1)) for number in range(4)]
    found = heard(sound, [meant(*edge, energy) for edge, energy in zip(edges, energies, strict=True)], tmp_path)
    contrary = heard(sound, [meant(*edge, 1 - energy) for edge, energy in zip(edges, energies, strict=True)], tmp_path)
    assert (found.loudness_follows, contrary.loudness_follows) == (1.0, -1.0)
    loudness = [one.lufs or 0.0 for one in found.sections]
    assert np.diff(loudness) == pytest.approx([6.02] * 3, abs=0.1)


def test_the_loudness_of_a_section_is_that_of_the_standard(tmp_path: Path) -> None:
    """A stereo sine of −23 dBFS at 1 kHz has −23 LUFS (EBU Tech 3341, case 1)."""
    found = heard(sine(1000, -23.0, 6.0), [meant(0, 3), meant(3, 6)], tmp_path)
    assert [one.lufs for one in found.sections] == pytest.approx([-23.0, -23.0], abs=0.1)


def test_the_centre_of_gravity_of_a_tone_is_the_tone(tmp_path: Path) -> None:
    """500 Hz and 2 kHz: a ratio of four between the section with most energy and the calm one."""
    sound = np.concatenate([sine(500, -20, 4.0), sine(2000, -20, 4.0)])
    found = heard(sound, [meant(0, 4, 0.2), meant(4, 8, 0.9)], tmp_path)
    assert [one.centroid_hz for one in found.sections] == pytest.approx([500, 2000], rel=0.03)
    assert found.brightness_ratio == pytest.approx(4.0, rel=0.05)


def test_a_plan_that_does_not_vary_has_no_contrast_to_follow(tmp_path: Path) -> None:
    """None, not a correlation of noise; nor with two sections."""
    same = [meant(0, 2), meant(2, 4), meant(4, 6)]
    assert heard(sine(500, -20, 6.0), same, tmp_path).loudness_follows is None
    assert heard(sine(500, -20, 6.0), same, tmp_path).brightness_ratio is None
    two = [meant(0, 3, 0.2), meant(3, 6, 0.9)]
    assert heard(sine(500, -20, 6.0), two, tmp_path).loudness_follows is None


def test_holes_are_found_where_they_are_and_short_rests_are_not(tmp_path: Path) -> None:
    """Half a second at two seconds; a quarter of a second is a rest."""
    hole, rest = np.zeros((RATE // 2, 2), np.float32), np.zeros((RATE // 4, 2), np.float32)
    sound = np.concatenate([sine(300, -20, 2.0), hole, sine(300, -20, 1.0), rest, sine(300, -20, 1.0)])
    (gap,) = heard(sound, [meant(0, 4)], tmp_path).gaps
    assert (gap.at, gap.seconds) == (pytest.approx(2.0, abs=0.03), pytest.approx(0.5, abs=0.05))
    assert isinstance(gap, Gap)


def test_the_last_ten_milliseconds_are_measured(tmp_path: Path) -> None:
    """A sine that stops at full level, and one that is followed by silence."""
    loud = np.repeat(0.1 * np.sin(np.arange(3 * RATE) * 0.2)[:, None], 2, axis=1).astype(np.float32)
    assert heard(loud, [meant(0, 3)], tmp_path).last_10_ms_dbfs == pytest.approx(-20.0, abs=0.2)
    ended = np.concatenate([loud, np.zeros((RATE, 2), np.float32)])
    assert heard(ended, [meant(0, 4)], tmp_path).last_10_ms_dbfs is None


def test_section_starts_are_measured_against_the_nearest_bar(tmp_path: Path) -> None:
    """A bar 30 ms late, one 250 ms early; without bars nothing is said."""
    sections = [meant(0.0, 2.0), meant(2.0, 4.0)]
    found = heard(sine(300, -20, 4.0), sections, tmp_path, bars=(0.03, 1.75, 4.0))
    assert [one.bar_error_ms for one in found.sections] == [30.0, -250.0]
    assert [one.bar_error_ms for one in heard(sine(300, -20, 4.0), sections, tmp_path).sections] == [None, None]


def test_silence_has_no_key_no_loudness_and_no_colour(tmp_path: Path) -> None:
    """None for each, and no error."""
    found = heard(np.zeros((3 * RATE, 2), np.float32), [meant(0, 3)], tmp_path, cuts=(0.5, 1.0, 2.0), beats=(1.0,))
    section = found.sections[0]
    assert (section.key, section.key_rank, section.lufs, section.centroid_hz) == (None, None, None, None)
    assert (found.cuts, found.gaps, found.last_attack, found.last_10_ms_dbfs) == (None, (), None, None)


@pytest.mark.parametrize("samples", [0, 1, 100, 5_000])
def test_next_to_nothing_can_be_heard_too(samples: int, tmp_path: Path) -> None:
    """Shorter than any window."""
    found = heard(np.full((samples, 2), 0.1, np.float32), [meant(0, 0.1)], tmp_path)
    assert found.sections[0].key is None


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """One clear error."""
    write_wav(tmp_path / "take.wav", sine(300, -20, 1.0))
    facts = listen(tmp_path / "take.wav")
    with pytest.raises(UnreadableMediaError, match="no sound file"):
        hear(tmp_path / "gone.wav", facts, Expected(cuts=(), beats=(), bars=(), frame_s=0.04, sections=()))
