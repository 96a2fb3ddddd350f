"""The sandbox's music: exact lengths, the same every time, and continuations that really go on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.model.plan import Mood
from otio_soundtrack.sandbox.music import Take, file_of, identity, samples, stems, style_of, take
from otio_soundtrack.tools.waveform import read_wav

RATE = 48_000
SECONDS = 6.0


@pytest.fixture(scope="module")
def song() -> Take:
    """Return a song of six seconds."""
    return take("calm strings, 96 bpm", SECONDS, 3)


@pytest.mark.parametrize("seconds", [1.0, 5.0, 7.377])
def test_a_take_has_its_length_to_the_sample(seconds: float) -> None:
    """Also where it is odd, or shorter than a bar."""
    made = take("hopeful", seconds, 2)
    assert made.seconds == seconds
    assert len(samples(made)) == round(seconds * RATE)


def test_the_same_take_is_the_same_music_and_another_is_not(song: Take) -> None:
    """By its bytes; another seed is other music."""
    assert np.array_equal(samples(song), samples(take("calm strings, 96 bpm", SECONDS, 3)))
    assert identity(song) != identity(take("calm strings, 96 bpm", SECONDS, 4))
    assert not np.array_equal(samples(song), samples(take("calm strings, 96 bpm", SECONDS, 4)))


def test_words_are_heard() -> None:
    """Mood and tempo of the words."""
    style = style_of("calm strings, 96 bpm", 1)
    assert (style.mood, style.tempo_bpm) == (Mood.CALM, 96.0)
    assert style_of("tense, driving", 1).mood is Mood.TENSE


def test_a_continued_song_begins_as_its_source_and_goes_on_with_new_music(song: Take) -> None:
    """Up to the join sample by sample, then other music; the new part alone is what comes after the join."""
    whole = song.continued(5.0, 4.0, 9)
    assert (whole.seconds, whole.last.seconds) == (9.0, 4.0)
    source, longer, part = samples(song), samples(whole), samples(whole.last)
    join = 5 * RATE
    assert np.array_equal(longer[:join], source[:join])
    assert not np.array_equal(longer[join : join + RATE], source[join:])
    fade = round(0.02 * RATE)
    assert np.array_equal(longer[join + fade :], part[fade:])
    assert np.abs(longer[join:]).max() > 0.1


def test_bars_go_on_in_step_over_the_join(song: Take) -> None:
    """The first bar line of the new part lies a whole number of bars after that of its source; tempo and key stay."""
    whole = song.continued(5.2, 4.0, 9).continued(8.1, 3.0, 10)
    bar = 4 * 60 / 96
    at = 0.0
    for piece in whole.pieces:
        assert ((at + piece.first_beat) / bar) % 1 == pytest.approx(0, abs=1e-6) or ((at + piece.first_beat) / bar) % 1 > 1 - 1e-6
        assert piece.style == song.pieces[0].style
        at += piece.heard
    assert whole.seconds == pytest.approx(11.1)


def test_a_song_is_continued_from_inside_an_earlier_piece(song: Take) -> None:
    """What came after the point is dropped, pieces too."""
    again = song.continued(5.0, 4.0, 9).continued(3.0, 2.0, 10)
    assert again.seconds == 5.0
    assert len(again.pieces) == 2


def test_stems_are_the_mix(song: Take) -> None:
    """Their sum is the take."""
    parts = stems(song)
    assert len(parts) > 1
    assert np.abs(sum(parts.values()) - samples(song)).max() < 1e-4


def test_silence_is_silent_where_it_should_be(song: Take) -> None:
    """All of it, or its second half."""
    assert not samples(song.sounding_as("silence")).any()
    tail = samples(song.sounding_as("silent tail"))
    assert tail[: len(tail) // 2].any()
    assert not tail[len(tail) // 2 :].any()


def test_files_hold_the_take(song: Take, music: Path) -> None:
    """WAV to the sample; MP3 at its length, and alike."""
    wanted = samples(song)
    exact, rate = read_wav(file_of(song, "wav", music))
    assert (rate, len(exact)) == (RATE, len(wanted))
    assert np.abs(exact - wanted).max() < 1e-6
    lossy, rate = read_wav(file_of(song, "mp3", music))
    assert (rate, len(lossy)) == (RATE, len(wanted))
    assert np.corrcoef(lossy[:, 0], wanted[:, 0])[0, 1] > 0.98
