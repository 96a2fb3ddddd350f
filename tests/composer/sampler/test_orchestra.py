"""The orchestra of a SoundFont: in the seats of the embedded voices, as loud, and heard where its notes are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.composer.sampler.font import open_font
from otio_soundtrack.composer.sampler.orchestra import Orchestra
from otio_soundtrack.composer.sampler.programmes import OUR_OWN, PROGRAMMES
from otio_soundtrack.composer.score import Note, Score, Stem
from otio_soundtrack.composer.voices import Played, play
from otio_soundtrack.composer.voices.orchestra import ENSEMBLES, MODALS, SEATS
from tests.composer.sampler.band import ATTACK_S, BOWED, band
from tests.composer.sampler.builder import INSTRUMENT, KEYS, SAMPLE, Font, Zone, looped_sine
from tests.composer.sampler.fluid import FONTS
from tests.composer.sampler.playing import opened


def played(orchestra: Orchestra, note: Note) -> Played:
    """Return a note alone."""
    return orchestra.player(Score((note,), (), 0.0, 1.0))(note, number=0)


def loudness(sound: Played) -> float:
    """Return the root mean square of the first 0.6 s from where a note is heard to begin."""
    begin = round(sound.lead_s * 48_000)
    part = np.zeros((28_800, 2))
    heard = sound.samples[begin : begin + 28_800]
    part[: len(heard)] = heard
    return float(np.sqrt(np.mean(np.square(part))))


@pytest.fixture(scope="module")
def orchestra(tmp_path_factory: pytest.TempPathFactory) -> Orchestra:
    """Return the small band."""
    return Orchestra(opened(band(), tmp_path_factory.mktemp("band")))


def test_every_voice_has_a_programme_or_stays_with_the_embedded_voices_on_purpose() -> None:
    """A voice that is new needs a programme, or a word in OUR_OWN."""
    assert set(SEATS) - set(PROGRAMMES) == OUR_OWN
    assert set(PROGRAMMES) <= set(SEATS)


@pytest.mark.parametrize("voice", BOWED)
def test_a_slow_sound_begins_early_by_the_time_to_half_of_its_peak(voice: str, orchestra: Orchestra) -> None:
    """A straight rise of 0.3 s: half of it is reached after 0.15 s."""
    sound = played(orchestra, Note(Stem.HARMONY, voice, 5.0, 1.0, PROGRAMMES[voice].middle, 0.7))
    assert sound.lead_s == pytest.approx(ATTACK_S / 2, abs=0.015)


def test_a_note_is_let_go_when_it_is_written_although_it_begins_early(orchestra: Orchestra) -> None:
    """Held from 0.15 s before its start to its end: the release begins 1.15 s after its first sample."""
    sound = played(orchestra, Note(Stem.HARMONY, "strings", 5.0, 1.0, 60, 0.7))
    envelope = np.sqrt(np.convolve(np.square(sound.samples[:, 0]), np.ones(960) / 960, "same"))
    let_go = round((sound.lead_s + 1.0) * 48_000)
    assert envelope[let_go - 2400] > 0.9 * envelope.max()
    assert envelope[let_go + 9600] < 0.5 * envelope.max()


def test_a_slow_sound_at_the_start_of_the_cue_is_there_with_the_first_frame(orchestra: Orchestra) -> None:
    """Its early beginning lies before the cue: within 16 ms there is a third of its full level, without a click."""
    sound = played(orchestra, Note(Stem.HARMONY, "strings", 0.0, 2.0, 60, 0.7))
    assert sound.lead_s == 0.0
    assert np.abs(sound.samples[:768]).max() > np.abs(sound.samples).max() / 3
    assert np.abs(sound.samples[0]).max() < 0.01 * np.abs(sound.samples).max()


@pytest.mark.parametrize("voice", [*MODALS, *ENSEMBLES])
def test_a_voice_is_as_loud_as_the_embedded_one(voice: str, orchestra: Orchestra) -> None:
    """So that the balance of the mix stays: around the middle of each voice within 3 dB."""
    note = Note(Stem.HARMONY, voice, 5.0, 0.6, PROGRAMMES[voice].middle, 0.7)
    theirs, ours = played(orchestra, note), play(note, number=1)
    assert theirs.ready
    wanted = loudness(ours) * 10 ** (SEATS[voice].gain_db / 20) * 0.7**1.4
    assert abs(20 * np.log10(loudness(theirs) / wanted)) < 3


def test_touch_is_that_of_the_embedded_voices(orchestra: Orchestra) -> None:
    """Half the velocity is 8.4 dB less."""
    soft, hard = (loudness(played(orchestra, Note(Stem.MELODY, "harp", 5.0, 1.0, 64, velocity))) for velocity in (0.4, 0.8))
    assert 20 * np.log10(hard / soft) == pytest.approx(20 * 1.4 * np.log10(2), abs=0.1)


def test_seats_stay_left_and_right(orchestra: Orchestra) -> None:
    """The harp sits right, the mallets sit left."""
    for voice, side in (("harp", 1), ("mallet", 0)):
        power = np.square(played(orchestra, Note(Stem.HARMONY, voice, 5.0, 1.0, 64, 0.7)).samples).sum(axis=0)
        assert power[side] > 1.5 * power[1 - side]


def test_what_a_font_does_not_have_is_played_by_the_embedded_voices(tmp_path: Path) -> None:
    """A font with nothing but a piano of two octaves: harp, drums and keys outside sound as without a font."""
    zone = Zone({KEYS: (48, 72), 54: 1, SAMPLE: 0})
    orchestra = Orchestra(opened(Font([looped_sine()], [[zone]], {(0, 0): [Zone({INSTRUMENT: 0})]}), tmp_path))
    inside = played(orchestra, Note(Stem.HARMONY, "felt piano", 1.0, 0.5, 60, 0.6))
    assert inside.ready
    for voice, pitch in (("felt piano", 80), ("harp", 60), ("taiko", 0), ("boom", 0)):
        note = Note(Stem.HARMONY, voice, 1.0, 0.5, pitch, 0.6)
        assert np.array_equal(played(orchestra, note).samples, play(note, number=0).samples)


@pytest.mark.parametrize("name", list(FONTS))
@pytest.mark.parametrize("voice", list(PROGRAMMES))
def test_a_real_font_is_heard_where_its_notes_are(voice: str, name: str) -> None:
    """Half of the first peak within 25 ms of the written beginning, a tenth of a long attack more: the mean of four pitches."""
    if not FONTS[name].is_file():
        pytest.skip(f"the font {FONTS[name].name} is not installed")
    orchestra, before = real(FONTS[name]), 24_000
    power, longest = np.zeros(before + 9600), 0.0
    for step in (-5, -2, 3, 6):
        sound = played(orchestra, Note(Stem.HARMONY, voice, 5.0, 1.5, PROGRAMMES[voice].middle + step, 0.7))
        ahead, longest = round(sound.lead_s * 48_000), max(longest, sound.lead_s)
        part = np.square(sound.samples[: ahead + 9600]).sum(axis=1)
        power[before - ahead : before - ahead + len(part)] += part
    envelope = np.sqrt(np.convolve(power, np.ones(480) / 480, "same"))
    reached = (int(np.argmax(envelope >= 0.5 * envelope.max())) - before) / 48_000
    assert abs(reached) < 0.025 + 0.1 * longest, (reached, longest)


_REAL: dict[Path, Orchestra] = {}


def real(path: Path) -> Orchestra:
    """Return the orchestra of a font that other people made, opened once."""
    if path not in _REAL:
        _REAL[path] = Orchestra(open_font(path))
    return _REAL[path]
