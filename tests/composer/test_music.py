"""Is it music: keys, voice leading, melody, and obedience to the plan."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.composer.accents import met_hits
from otio_soundtrack.composer.arrange import arranged
from otio_soundtrack.composer.form import form
from otio_soundtrack.composer.grid import grid
from otio_soundtrack.composer.keys import parse_key
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.plan import Ending, HitPoint, Instrument, Mood, Region
from tests.composer.plans import EVERYBODY, KEYS, MINOR_MOODS, mixed, plan_of, random_plan

CHORDS_AND_TUNE = (Instrument.PAD, Instrument.BASS, Instrument.MELODY)
MAJOR_PROFILE = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR_PROFILE = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
"""Krumhansl and Kessler 1982: how well each pitch class fits a key."""


def chroma(mix: np.ndarray) -> np.ndarray:
    """Return the energy of each pitch class, C first, from 100 to 500 Hz, where the notes and not their overtones lie."""
    mono = mix.mean(axis=1)
    windows = np.lib.stride_tricks.sliding_window_view(mono, 16_384)[::8192] * np.hanning(16_384)
    power = np.abs(np.fft.rfft(windows, axis=1)).sum(axis=0)
    hertz = np.fft.rfftfreq(16_384, 1 / 48_000)
    use = (hertz > 100) & (hertz < 500)
    classes = np.round(12 * np.log2(hertz[use] / 440) + 69).astype(int) % 12
    return np.bincount(classes, weights=power[use], minlength=12)


def keys_by_likeness(mix: np.ndarray) -> list[tuple[int, bool]]:
    """Return (tonic, minor) of all keys, the likeliest first."""
    heard = chroma(mix)
    found = [
        (float(np.corrcoef(heard, np.roll(profile, tonic))[0, 1]), tonic, minor)
        for tonic in range(12)
        for minor, profile in ((False, MAJOR_PROFILE), (True, MINOR_PROFILE))
    ]
    return [(tonic, minor) for _, tonic, minor in sorted(found, reverse=True)]


def test_the_key_is_heard_in_the_sound() -> None:
    """Krumhansl's profiles find the plan's key first in most cues, and among the first three in all."""
    cases = [
        (0, "C major", Mood.HOPEFUL),
        (2, "D minor", Mood.SAD),
        (9, "A minor", Mood.EPIC),
        (3, "Eb major", Mood.CALM),
        (6, "F# minor", Mood.TENSE),
        (7, "G major", Mood.PLAYFUL),
        (11, "B minor", Mood.MYSTERIOUS),
        (10, "Bb major", Mood.WONDER),
    ]
    first = 0
    for tonic, key, mood in cases:
        ranked = keys_by_likeness(mixed(plan_of(800, sections=[(0, mood, 0.5, key, 140.0, CHORDS_AND_TUNE)])))
        first += ranked[0] == (tonic, "minor" in key)
        assert (tonic, "minor" in key) in ranked[:3], (key, mood, ranked[:4])
    assert first >= 6


@pytest.mark.parametrize("mood", list(Mood))
def test_no_voices_move_in_parallel_fifths_or_octaves(mood: Mood) -> None:
    """Counted here, over every pair of voices, bass included, in eight keys and two seeds."""
    for key in KEYS:
        for seed in (1, 2):
            plan = plan_of(1500, sections=[(0, mood, 0.6, key, 110.0, EVERYBODY)], seed=seed)
            voicings = [moment.voicing for moment in form(plan, grid(plan)).moments]
            for before, after in pairwise(voicings):
                for low in range(len(before)):
                    for high in range(low + 1, len(before)):
                        perfect = (before[high] - before[low]) % 12 in (0, 7)
                        same = (after[high] - after[low]) % 12 == (before[high] - before[low]) % 12
                        moved = after[low] != before[low] and after[high] != before[high]
                        assert not (perfect and same and moved), (key, before, after)


def test_upper_voices_move_little() -> None:
    """Good voice leading: a voice moves less than two and a half semitones on average, and never more than an octave."""
    plan = plan_of(1500, sections=[(0, Mood.SAD, 0.6, "D minor", 110.0, EVERYBODY)])
    uppers = np.array([moment.voicing[1:] for moment in form(plan, grid(plan)).moments])
    moves = np.abs(np.diff(uppers, axis=0))
    assert moves.mean() < 2.5
    assert moves.max() <= 12


def tune_of(plan_seed: int, mood: Mood) -> np.ndarray:
    """Return the pitches of the tune, doublings left out."""
    key = "D minor" if mood in MINOR_MOODS else "D major"
    plan = plan_of(1500, sections=[(0, mood, 0.5, key, 100.0, (Instrument.PAD, Instrument.MELODY))], seed=plan_seed)
    notes = [note for note in arranged(plan).notes if note.stem.value == "melody" and note.start < 54]
    return np.array([note.pitch for note in notes])


@pytest.mark.parametrize("mood", list(Mood))
def test_a_melody_moves_mostly_by_step_and_stays_singable(mood: Mood) -> None:
    """Over three seeds: half of the intervals are steps or less, hardly any is wider than a fifth, the range is two octaves."""
    for seed in (1, 2, 3):
        pitches = tune_of(seed, mood)
        leaps = np.abs(np.diff(pitches))
        assert len(pitches) > 20
        assert np.mean(leaps <= 2) >= 0.5
        assert np.mean(leaps > 7) <= 0.1
        assert np.ptp(pitches) <= 24


@pytest.mark.parametrize("key", KEYS)
def test_every_note_belongs_to_its_key(key: str) -> None:
    """But for the leading note of a close, and the steps of a bass, all pitched notes are of the scale."""
    plan = plan_of(1000, sections=[(0, Mood.EPIC, 0.5, key, 100.0, (Instrument.PAD, Instrument.PLUCK, Instrument.MELODY))])
    scale = set(parse_key(key).scale)
    pitched = [note.pitch for note in arranged(plan).notes if note.stem.value in ("harmony", "melody")]
    assert np.mean([pitch % 12 in scale for pitch in pitched]) > 0.93


@pytest.mark.parametrize("instrument", list(Instrument))
def test_who_is_not_listed_does_not_play(instrument: Instrument) -> None:
    """Each player alone writes in its own stems only."""
    own = {
        Instrument.PAD: {"harmony"},
        Instrument.PLUCK: {"harmony"},
        Instrument.BASS: {"bass"},
        Instrument.MELODY: {"melody"},
        Instrument.BELL: {"melody"},
        Instrument.PERCUSSION: {"drums", "fx"},
    }
    hits = (HitPoint(frame=200, weight=1.0, origin="user"),)
    plan = plan_of(750, sections=[(0, Mood.EPIC, 0.8, "D minor", 100.0, (instrument,))], hits=hits)
    assert {note.stem.value for note in arranged(plan).notes} <= own[instrument]


def test_a_section_without_players_is_refused() -> None:
    """Silence is not music; the message names the section."""
    plan = plan_of(100, sections=[(0, Mood.CALM, 0.5, "C major", 90.0, EVERYBODY), (50, Mood.CALM, 0.5, "C major", 90.0, ())])
    with pytest.raises(SettingsError, match="section 2"):
        arranged(plan)


@pytest.mark.parametrize("text", ["", "H minor", "D", "minor", "D blues", "D minor minor", "Dd minor"])
def test_only_keys_are_keys(text: str) -> None:
    """A tonic alone is major; anything else that is no key is refused with the modes that are known."""
    if text == "D":
        assert parse_key(text) == parse_key("D major")
        return
    with pytest.raises(SettingsError, match="not a key"):
        parse_key(text)


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("F# dorian", (6, 8, 9, 11, 1, 3, 4)),
        ("Bb lydian", (10, 0, 2, 4, 5, 7, 9)),
        ("d minor", (2, 4, 5, 7, 9, 10, 0)),
        ("Cb major", (11, 1, 3, 4, 6, 8, 10)),
        ("E♭ phrygian", (3, 4, 6, 8, 10, 11, 1)),
        ("Am", (9, 11, 0, 2, 4, 5, 7)),
    ],
)
def test_scales_are_those_of_the_textbook(text: str, scale: tuple[int, ...]) -> None:
    """Written out by hand."""
    assert parse_key(text).scale == scale


def test_nobody_sings_over_dialogue() -> None:
    """No melody note, bell or loud drum sounds in a region that is to be kept clear, and what plays is softer than outside."""
    sections = [(0, Mood.EPIC, 0.8, "D minor", 100.0, EVERYBODY)]
    spoken = plan_of(1000, sections=sections, keep_clear=(Region(start=400, end=700),))
    inside = [note for note in arranged(spoken).notes if 16.0 <= note.start < 28.0]
    before = [note for note in arranged(plan_of(1000, sections=sections)).notes if 16.0 <= note.start < 28.0]
    assert not [note for note in inside if note.stem.value == "melody" and note.voice != "celesta"]
    assert len(inside) < 0.6 * len(before)
    assert np.mean([note.velocity for note in inside]) < 0.85 * np.mean([note.velocity for note in before])


def test_not_every_cut_gets_a_stab() -> None:
    """A cut every second: accents stand at least 1.8 s apart, and those of a person are always met."""
    cuts = tuple(HitPoint(frame=frame, weight=0.5 + frame / 4000, origin="cut") for frame in range(25, 1400, 25))
    asked = HitPoint(frame=333, weight=0.2, origin="user")
    plan = plan_of(1500, sections=[(0, Mood.EPIC, 0.7, "D minor", 120.0, EVERYBODY)], hits=(*cuts, asked))
    met = met_hits(form(plan, grid(plan)))
    assert 333 / 25 in met
    assert min(np.diff(met)) >= 1.8
    assert 5 <= len(met) < len(cuts) / 2


def test_an_accent_is_on_its_frame_and_the_air_before_it_is_thin() -> None:
    """A hit 40 ms beside the beat: strokes start on the hit, and drums and plucks rest just before."""
    hit = HitPoint(frame=251, weight=1.0, origin="marker")
    plan = plan_of(750, sections=[(0, Mood.EPIC, 0.8, "D minor", 120.0, EVERYBODY)], hits=(hit,))
    notes = arranged(plan).notes
    at = 251 / 25
    assert len([note for note in notes if note.start == at]) >= 5
    assert not [note for note in notes if note.stem.value == "drums" and at - 0.4 < note.start < at]


@pytest.mark.parametrize("ending", list(Ending))
def test_the_last_chord_is_the_tonic_and_has_room_to_ring(ending: Ending) -> None:
    """It starts one to seven and a half seconds before the end, on the tonic, and nothing starts much later."""
    plan = plan_of(1000, sections=[(0, Mood.HOPEFUL, 0.5, "G major", 100.0, EVERYBODY)], ending=ending)
    score = arranged(plan)
    assert 0.8 <= 40 - score.final <= 7.6
    bass = [note for note in score.notes if note.stem.value == "bass" and note.start == score.final]
    assert bass
    assert all(note.pitch % 12 == 7 for note in bass)
    assert max(note.start for note in score.notes) <= score.final + 1.0


@given(st.integers(min_value=0, max_value=10**6), st.floats(min_value=0.05, max_value=40.0))
@settings(max_examples=60, deadline=None)
def test_any_plan_gives_a_score_inside_its_cue(seed: int, seconds: float) -> None:
    """A law: notes start inside the cue, beats rise, the final chord is inside."""
    plan = random_plan(seed, seconds)
    score = arranged(plan)
    length = plan.frames / plan.rate * 1.0011
    assert score.notes
    assert all(0 <= note.start < length and note.seconds > 0 and 0 <= note.velocity <= 1 for note in score.notes)
    assert all(before < after for before, after in pairwise(score.beats))
    assert 0 <= score.final < length


def test_an_accent_has_one_bass_note() -> None:
    """Over a pedal the bass strikes the pedal, not the root of the chord above it as well."""
    hits = tuple(HitPoint(frame=frame, weight=1.0, origin="marker") for frame in range(100, 900, 75))
    plan = plan_of(1000, sections=[(0, Mood.OMINOUS, 0.7, "E minor", 96.0, EVERYBODY)], hits=hits)
    for hit in hits:
        struck = {note.pitch for note in arranged(plan).notes if note.stem.value == "bass" and note.start == hit.frame / 25}
        assert len(struck) == 1
