"""The writing: form, theme, lines, bands and endings, judged on the notes."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from otio_soundtrack.composer.arrange import arranged
from otio_soundtrack.composer.bands import BANDS, PLAYERS
from otio_soundtrack.composer.beats import BEATS
from otio_soundtrack.composer.chance import Chance
from otio_soundtrack.composer.course import Part, course, parts
from otio_soundtrack.composer.form import form
from otio_soundtrack.composer.grid import grid
from otio_soundtrack.composer.harmony import diatonic
from otio_soundtrack.composer.keys import MODES, Key
from otio_soundtrack.composer.manners import MANNERS, Beat, Feel
from otio_soundtrack.composer.parts.counter import counter
from otio_soundtrack.composer.progressions import IN_MODE, OWN
from otio_soundtrack.composer.rhythms import EVEN, LIVELY, RHYTHMS
from otio_soundtrack.composer.score import Score
from otio_soundtrack.composer.theme import theme
from otio_soundtrack.composer.voices.orchestra import DRUMS, ENSEMBLES, MODALS
from otio_soundtrack.model.plan import Ending, Instrument, Mood, Palette, Plan, Region
from tests.composer.plans import EVERYBODY, in_palette, mixed, plan_of

HELD = (Instrument.PAD, Instrument.MELODY)


def own_plan(mood: Mood, seconds: int = 60, seed: int = 1, energy: float = 0.6, **more: object) -> Plan:
    """Return a plan of one section on D in the mode of its mood."""
    key = f"D {OWN[mood][0]}"
    return plan_of(25 * seconds, sections=[(0, mood, energy, key, 96.0, EVERYBODY)], seed=seed, **more)


@pytest.mark.parametrize("feel", list(Feel))
def test_every_bar_of_a_rhythm_is_full(feel: Feel) -> None:
    """Four beats, rests counted."""
    assert {sum(map(abs, bar)) for bars in RHYTHMS[feel] for bar in bars} == {4}


@pytest.mark.parametrize("palette", list(Palette))
def test_a_band_has_a_voice_on_every_chair(palette: Palette) -> None:
    """Every chair names a pitched voice, every stroke of every beat a drum."""
    band = BANDS[palette]
    chairs = [band.pad, band.pluck, band.soft, band.full, band.counter, band.bell]
    named = {voice for chair in chairs for voice in chair.values()}
    named |= {band.high, band.middle, band.short, band.low, band.bass, band.pulse, *sum(band.tune_instead.values(), ())}
    assert named <= {*MODALS, *ENSEMBLES}
    strokes = {band.drums.get(hit[1], hit[1]) for patterns in BEATS.values() for pattern in patterns for hit in pattern}
    assert strokes <= set(DRUMS)


def test_bands_share_few_players() -> None:
    """Of any two bands, fewer than half of the voices are the same, in every mood."""
    for mood in Mood:
        for one, other in combinations(Palette, 2):
            voices = [
                {note.voice for note in arranged(in_palette(own_plan(mood, 30), palette)).notes if note.pitch}
                for palette in (one, other)
            ]
            assert len(voices[0] & voices[1]) <= 0.6 * len(voices[0] | voices[1]), (mood, one, other, voices[0] & voices[1])


@pytest.mark.parametrize("beat", list(BEATS))
def test_the_patterns_of_a_beat_are_not_one(beat: Beat) -> None:
    """In full energy any two share less than two thirds of their strokes, lie in the bar and have somebody on its line."""
    strokes = [{(at, drum) for at, drum, _, _ in pattern} for pattern in BEATS[beat]]
    assert len(strokes) >= 2
    for one, other in combinations(strokes, 2):
        assert len(one & other) < 2 / 3 * len(one | other)
    for pattern in strokes:
        assert all(0 <= at < 4 for at, _ in pattern)
        assert any(at == 0 for at, _ in pattern)


def test_bands_play_other_rhythms() -> None:
    """A hopeful cue: where plucks and drums strike in the bar differs from band to band."""
    places = []
    for palette in Palette:
        plan = in_palette(own_plan(Mood.HOPEFUL, 30), palette)
        beat = grid(plan).beat
        strokes = [
            note for note in arranged(plan).notes if note.stem.value in ("drums", "harmony") and note.voice not in ENSEMBLES
        ]
        places.append({(note.voice in DRUMS, round(4 * beat(note.start))) for note in strokes})
    for one, other in combinations(places, 2):
        assert len(one & other) < 0.8 * len(one | other)


def test_no_two_moods_are_written_alike() -> None:
    """They differ in at least two of colour, figure, beat, feel, bass, chords and mode."""
    for one, other in combinations(Mood, 2):
        traits = [
            (*(getattr(PLAYERS[Palette.HYBRID, mood].manner, name) for name in NAMES), OWN[mood][0]) for mood in (one, other)
        ]
        assert sum(mine != yours for mine, yours in zip(*traits, strict=True)) >= 2, (one, other)


NAMES = ("colour", "figure", "beat", "feel", "bass", "chords")


@pytest.mark.parametrize("mode", list(MODES))
def test_progressions_stand_on_perfect_triads_of_their_mode(mode: str) -> None:
    """No diminished or augmented chord in any pool; home is where a progression of each pool begins, and one begins elsewhere."""
    pools = [IN_MODE[mode], *(pool for own, pool in OWN.values() if own == mode)]
    for pool in pools:
        for degree in {degree for progression in pool for degree in progression}:
            chord = diatonic(Key(2, mode), degree)
            assert {(tone - chord.root) % 12 for tone in chord.tones} in ({0, 3, 7}, {0, 4, 7}), (mode, degree)
        assert sum(progression[0] == 1 for progression in pool) >= 2
        assert any(progression[0] != 1 for progression in pool)


@pytest.mark.parametrize("mood", list(Mood))
def test_chords_stay_in_the_mode(mood: Mood) -> None:
    """All chords of a cue are of the scale, but for the leading note of a close in minor."""
    plan = own_plan(mood)
    scale = {(2 + step) % 12 for step in MODES[OWN[mood][0]]}
    tones = {tone for moment in form(plan, grid(plan)).moments for tone in moment.chord.tones}
    assert tones - scale <= ({1} if OWN[mood][0] == "minor" else set())


def roots_above_home(mood: Mood, bars: int, seed: int = 1) -> list[list[int]]:
    """Return the chord roots of three sections of so many bars of 2.5 s, semitones above their own tonics."""
    mode, length = OWN[mood][0], round(62.5 * bars)
    keys = [(2, f"D {mode}"), (5, f"F {mode}"), (2, f"D {mode}")]
    sections = [(number * length, mood, 0.6, key, 96.0, EVERYBODY) for number, (_, key) in enumerate(keys)]
    plan = plan_of(3 * length, sections=sections, seed=seed)
    moments = [moment for moment in form(plan, grid(plan)).moments[:-1] if moment.bar.place >= 0]
    by_section = [[moment.chord.root for moment in moments if moment.bar.section == number] for number in range(3)]
    return [[(root - tonic) % 12 for root in roots] for roots, (tonic, _) in zip(by_section, keys, strict=True)]


@pytest.mark.parametrize("mood", list(Mood))
def test_every_section_opens_on_its_tonic(mood: Mood) -> None:
    """Statement, contrast and return as sections of their own, long and short ones: the first chord says the key."""
    for bars in (3, 5, 8):
        assert [roots[0] for roots in roots_above_home(mood, bars)] == [0, 0, 0]


@pytest.mark.parametrize("mood", [mood for mood in Mood if MANNERS[mood].harmony_bars == 1])
def test_the_contrast_leaves_home_after_it_has_said_the_key(mood: Mood) -> None:
    """Its second half begins on another chord than the tonic, as that of no other section must."""
    assert roots_above_home(mood, 8)[1][4] != 0


def test_a_section_too_short_for_its_progression_still_comes_home() -> None:
    """Three bars in minor end on the tonic or its dominant, never on the way there; over ten seeds."""
    last = {roots[-1] for seed in range(10) for roots in roots_above_home(Mood.SAD, 3, seed)}
    assert last <= {0, 7}


def test_a_cue_has_a_form() -> None:
    """One phrase states; three leave home and return; long ones go through periods, the last phrase is always the return."""
    assert parts(1) == (Part.STATEMENT,)
    assert parts(3) == (Part.STATEMENT, Part.CONTRAST, Part.RETURN)
    assert parts(4) == (Part.STATEMENT, Part.VARIATION, Part.CONTRAST, Part.RETURN)
    assert parts(23)[-1] is Part.RETURN
    assert parts(23).count(Part.INTERLUDE) == 4


def test_the_theme_comes_back_as_it_was() -> None:
    """The first two bars of the return have the rhythm of the statement, after a phrase that had another."""
    plan = plan_of(2400, sections=[(0, Mood.SAD, 0.5, "D minor", 96.0, HELD)])
    shape = form(plan, grid(plan))
    starts = {moment.phrase.part: moment.bar.beat for moment in reversed(shape.moments[:-1])}
    rhythm = {}
    for part, start in starts.items():
        notes = [note for note in arranged(plan).notes if note.stem.value == "melody"]
        places = {round(2 * (shape.grid.beat(note.start) - start)) / 2 for note in notes}
        rhythm[part] = {place for place in places if 4 <= place < 8 or (part is not Part.STATEMENT and 0 <= place < 8)}
    # the statement begins after an introduction of two bars, so that its second phrase-half is compared through the motif
    motif = theme(Chance(plan.seed, "theme", 0), Feel.SUNG, EVEN)
    onsets = {sum(map(abs, motif.rhythms[0][:number])) for number in range(len(motif.rhythms[0]))}
    assert {place for place in rhythm[Part.RETURN] if place < 4} == onsets


def test_the_means_of_development_are_those_of_the_textbook() -> None:
    """Inversion twice is the theme again, augmentation takes twice as long, fragmentation repeats the head a step higher."""
    motif = theme(Chance(5), Feel.FLOWING, EVEN)
    assert motif.turned().turned() == motif
    assert motif.backwards().backwards() == motif
    assert [motif.moved(2).step(1, beat) - motif.step(1, beat) for beat in (0, 1, 2, 3)] == [2, 2, 2, 2]
    stretched = motif.stretched()
    assert sum(map(abs, stretched.rhythms[0])) == sum(map(abs, stretched.rhythms[1])) == 4
    assert [stretched.step(0, 2 * beat) for beat in (0, 0.5, 1, 1.5)] == [motif.step(0, beat) for beat in (0, 0.5, 1, 1.5)]
    broken = motif.broken()
    assert [broken.step(0, 2 + beat) - broken.step(0, beat) for beat in (0, 1)] == [1, 1]
    assert theme(Chance(5), Feel.FLOWING, LIVELY).outline == motif.outline


@pytest.mark.parametrize("mood", list(Mood))
def test_a_tune_moves_by_step_and_never_grinds_against_the_chords(mood: Mood) -> None:
    """Three seeds: three quarters of the intervals are steps; semitones against held chords take half a percent of the time."""
    steps, grinding, sung = [], 0.0, 0.0
    for seed in (1, 2, 3):
        notes = arranged(plan_of(1500, sections=[(0, mood, 0.5, f"D {OWN[mood][0]}", 96.0, HELD)], seed=seed)).notes
        tune = [note for note in notes if note.stem.value == "melody"]
        chords = [note for note in notes if note.stem.value == "harmony" and note.voice in ENSEMBLES]
        steps += [abs(one.pitch - other.pitch) for one, other in pairwise(tune) if one.voice == other.voice]
        for note in tune:
            sung += note.seconds
            clashes = [other for other in chords if (note.pitch - other.pitch) % 12 in (1, 11)]
            grinding += sum(max(0.0, min(note.end, other.end) - max(note.start, other.start)) for other in clashes)
    assert np.mean(np.array(steps) <= 2) >= 0.75
    assert grinding <= 0.005 * sung


def test_the_second_line_moves_against_the_tune() -> None:
    """Where both move, contrary motion is commoner than parallel; it stays below, and is silent in quiet music."""
    plan = own_plan(Mood.ROMANTIC, energy=0.7)
    shape = form(plan, grid(plan))
    tune = [(beat, beat + 2.0, 70 + pitch) for beat, pitch in zip(np.arange(8.0, 40.0, 2.0), [0, 4, 7, 4] * 4, strict=True)]
    line = [note for note in counter(shape, tune) if 8 <= shape.grid.beat(note.start) < 39]
    moves = [(other.pitch - one.pitch) for one, other in pairwise(line)]
    against = [4, 3, -3, -4] * 4
    pairs = [(mine, yours) for mine, yours in zip(moves, against, strict=False) if mine]
    assert sum(mine * yours < 0 for mine, yours in pairs) > sum(mine * yours > 0 for mine, yours in pairs)
    assert all(note.pitch <= 67 for note in line)
    quiet = own_plan(Mood.CALM, energy=0.2)
    assert counter(form(quiet, grid(quiet)), tune) == []


def final_notes(ending: Ending) -> tuple[Score, list[float]]:
    """Return a score and the seconds that the chord's notes of its ending last."""
    score = arranged(own_plan(Mood.HOPEFUL, 40, ending=ending))
    last = [note for note in score.notes if note.start >= score.final - 0.001]
    return score, [note.seconds for note in last if note.stem.value == "harmony" and note.voice == "strings"]


def test_the_three_endings_are_three() -> None:
    """A ring holds its chord to the end; a button is short, with a pick-up and drums; in a soft one voices leave one by one."""
    _, held = final_notes(Ending.RING)
    assert min(held) > 2.0
    assert len({round(seconds, 2) for seconds in held}) == 1
    button, short = final_notes(Ending.BUTTON)
    assert max(short) < 0.6
    assert [note for note in button.notes if note.stem.value == "drums" and note.start == button.final]
    assert [note for note in button.notes if note.stem.value == "drums" and 0.05 < button.final - note.start < 0.4]
    soft, leaving = final_notes(Ending.SOFT)
    assert len({round(seconds, 2) for seconds in leaving}) == 4
    assert not [note for note in soft.notes if note.stem.value in ("drums", "fx") and note.start >= soft.final]


@pytest.mark.parametrize("mood", [Mood.CALM, Mood.TENSE, Mood.PLAYFUL])
def test_twenty_minutes_are_no_loop(mood: Mood) -> None:
    """No two stretches of eight bars are nearly the same, and any two share half of their notes at most in the mean."""
    plan = own_plan(mood, 1200, energy=0.5)
    shape = form(plan, grid(plan))
    blocks: dict[int, set[tuple[str, int, int]]] = {}
    for note in arranged(plan).notes:
        eighths = round(shape.grid.beat(note.start) * 4)
        blocks.setdefault(eighths // 128, set()).add((note.voice, note.pitch, eighths % 128))
    alike = [len(one & other) / len(one | other) for one, other in combinations(blocks.values(), 2)]
    assert max(alike) < 0.95
    assert np.mean(alike) < 0.5


def spectrogram(mono: np.ndarray, window: int, hop: int) -> np.ndarray:
    """Return magnitudes [shape=(moments, bins)]."""
    return np.abs(np.fft.rfft(np.lib.stride_tricks.sliding_window_view(mono, window)[::hop] * np.hanning(window), axis=1))


@pytest.mark.parametrize("mood", [Mood.HOPEFUL, Mood.TENSE, Mood.ROMANTIC, Mood.OMINOUS])
def test_two_seeds_are_two_takes(mood: Mood) -> None:
    """Three takes of one plan: chroma over time and onsets (10 ms) of any two correlate by less than 0.9."""

    def heard(seed: int) -> tuple[np.ndarray, np.ndarray]:
        mono = mixed(own_plan(mood, 20, seed=seed)).mean(axis=1)
        spectra = spectrogram(mono, 8192, 4096)
        hertz = np.fft.rfftfreq(8192, 1 / 48_000)
        use = (hertz > 100) & (hertz < 1500)
        classes = np.round(12 * np.log2(hertz[use] / 440) + 69).astype(int) % 12
        chroma = np.stack([spectra[:, use][:, classes == one].sum(axis=1) for one in range(12)])
        levels = np.log1p(spectrogram(mono, 2048, 480))
        return chroma.ravel(), np.maximum(0.0, levels[2:] - levels[:-2]).mean(axis=1)

    takes = [heard(seed) for seed in range(1, 4)]
    for measure in (0, 1):
        assert all(np.corrcoef(one[measure], other[measure])[0, 1] < 0.9 for one, other in combinations(takes, 2))


def test_who_rests_is_never_the_one_who_carries_the_peak() -> None:
    """In long cues somebody rests now and then; at full energy drums and chords never do."""
    plan = own_plan(Mood.EPIC, 600, energy=0.9)
    phrases = course(plan, grid(plan).bars).values()
    assert any(phrase.resting for phrase in phrases)
    assert not any(phrase.resting & {Instrument.PAD, Instrument.PERCUSSION} for phrase in phrases)


def test_under_speech_the_music_is_thinner_in_every_band() -> None:
    """Six seconds of dialogue in a loud cue: fewer than two thirds of the notes, softer, and no tune."""
    for palette in Palette:
        plan = in_palette(own_plan(Mood.HEROIC, 30, energy=0.8), palette)
        spoken = plan.model_copy(update={"keep_clear": (Region(start=300, end=450),)})
        loud, clear = ([note for note in arranged(one).notes if 12.2 < note.start < 17.8] for one in (plan, spoken))
        assert len(clear) < 0.67 * len(loud)
        assert np.mean([note.velocity for note in clear]) < np.mean([note.velocity for note in loud])
        assert not [note for note in clear if note.stem.value == "melody"]
