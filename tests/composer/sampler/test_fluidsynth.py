"""The sampler against FluidSynth on the same notes and the same fonts: spectrum, level, pitch, releases.

Skipped where FluidSynth or a font is not installed (Debian: fluidsynth, fluid-soundfont-gm, musescore-general-soundfont-small).
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

import numpy as np
import pytest

from otio_soundtrack.composer.sampler.font import SoundFont, open_font
from otio_soundtrack.composer.sampler.player import Preset, Stroke
from otio_soundtrack.composer.sampler.programmes import PROGRAMMES
from tests.composer.sampler.fluid import FLUIDSYNTH, FONTS, Passage, fluidsynth, level_db, likeness
from tests.composer.sampler.playing import cents, hertz_of, together

FROM_ELSEWHERE = pytest.mark.skipif(FLUIDSYNTH is None, reason="FluidSynth is not installed (apt install fluidsynth)")
pytestmark = [FROM_ELSEWHERE, pytest.mark.engine]

STRUCK = {"felt piano", "grand piano", *(voice for voice, programme in PROGRAMMES.items() if programme.key is not None)}
"""Piano and drums, whose noise correlates less."""
TUNED = ("felt piano", "harp", "vibraphone", "round bass", "flute", "horns")
STEPS = (-6, -1, 5)
"""Semitones from the middle of a voice: wherever they lie between the recorded keys."""
HI_HATS = Passage(128, 0, [Stroke(4800, 96_000, 46, 110), Stroke(20_832, 4800, 42, 60)], 2.0)
"""Open and, a third of a second later, closed."""


def phrase(voice: str) -> Passage:
    """Return twelve notes around the middle of a voice: different keys, velocities and lengths, so that some overlap."""
    chance, programme = random.Random(voice), PROGRAMMES[voice]
    keys = range(programme.middle - 9, programme.middle + 10)
    strokes = [
        Stroke(9600 + 19_200 * number, chance.choice([9600, 19_200, 38_400, 67_200]), key, chance.randint(35, 120))
        for number, key in enumerate(chance.sample(keys, 12))
    ]
    if programme.key is not None:
        strokes = [replace(stroke, key=programme.key, held=12_000) for stroke in strokes]
    return Passage(programme.bank, programme.number, strokes, 7.0)


def lone(voice: str, step: int) -> Passage:
    """Return one note of a second."""
    programme = PROGRAMMES[voice]
    return Passage(programme.bank, programme.number, [Stroke(0, 40_000, programme.middle + step, 90)], 1.0)


@dataclass(frozen=True)
class Both:
    """Our font, and what FluidSynth made of every passage with it."""

    font: SoundFont
    phrases: dict[str, np.ndarray]
    notes: dict[tuple[str, int], np.ndarray]
    hi_hats: np.ndarray

    def ours(self, passage: Passage) -> np.ndarray:
        """Return a passage as we play it."""
        preset = Preset(self.font, passage.bank, passage.programme)
        return together(preset, passage.strokes, round(passage.seconds * 48_000))


@pytest.fixture(scope="module", params=list(FONTS))
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Return a font that other people made, and all passages through FluidSynth."""
    path = FONTS[request.param]
    if not path.is_file():
        pytest.skip(f"the font {path.name} is not installed (see the module's first lines)")
    lone_notes = [(voice, step) for voice in TUNED for step in STEPS]
    passages = [*(phrase(voice) for voice in PROGRAMMES), *(lone(*one) for one in lone_notes), HI_HATS]
    theirs = fluidsynth(path, passages, tmp_path_factory.mktemp("fluidsynth"))
    phrases, notes = theirs[: len(PROGRAMMES)], theirs[len(PROGRAMMES) : -1]
    return Both(
        font=open_font(path),
        phrases=dict(zip(PROGRAMMES, phrases, strict=True)),
        notes=dict(zip(lone_notes, notes, strict=True)),
        hi_hats=theirs[-1],
    )


@pytest.mark.parametrize("voice", list(PROGRAMMES))
def test_a_phrase_sounds_as_fluidsynth_plays_it(voice: str, both: Both) -> None:
    """Mel spectrograms correlate by 0.95, piano and drums by 0.9; the level is the same within 1.5 dB, dying away too."""
    passage = phrase(voice)
    theirs, ours = both.phrases[voice], both.ours(passage)
    assert likeness(ours, theirs) > (0.9 if voice in STRUCK else 0.95)
    assert abs(level_db(ours, theirs)) < 1.5
    end = max(stroke.start + stroke.held for stroke in passage.strokes)
    ringing = slice(end + 960, end + 7200)  # FluidSynth lets go some milliseconds earlier or later
    if level_db(theirs[:, ringing], theirs) > -35:
        assert abs(level_db(ours[:, ringing], theirs[:, ringing])) < 1.5


@pytest.mark.parametrize("voice", TUNED)
@pytest.mark.parametrize("step", STEPS)
def test_a_note_is_in_tune_with_fluidsynth(voice: str, step: int, both: Both) -> None:
    """Within three cents."""
    theirs, ours = (sound.sum(axis=0) for sound in (both.notes[voice, step], both.ours(lone(voice, step))))
    assert abs(cents(hertz_of(ours, at=16_000, size=16_384), hertz_of(theirs, at=16_000, size=16_384))) < 3


def test_a_closed_hi_hat_cuts_off_an_open_one_as_fluidsynth_does_it(both: Both) -> None:
    """Exclusive class: what is left of the open one has the same level."""
    theirs, ours = both.hi_hats, both.ours(HI_HATS)
    assert likeness(ours, theirs) > 0.95
    after = slice(40_000, 60_000)
    assert level_db(ours[:, after], ours) == pytest.approx(level_db(theirs[:, after], theirs), abs=1.5)


def test_both_begin_at_the_same_moment(both: Both) -> None:
    """Within 10 ms: otherwise the other comparisons would compare nothing."""
    passage = phrase("felt piano")
    begins = [
        int(np.argmax(np.abs(sound).max(axis=0) > 0.05 * np.abs(sound).max()))
        for sound in (both.phrases["felt piano"], both.ours(passage))
    ]
    assert 9600 <= begins[1] < 12_000
    assert abs(begins[0] - begins[1]) < 480
