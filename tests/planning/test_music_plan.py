"""From a spot to a plan and a brief."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otio_soundtrack.model.features import Features, Region
from otio_soundtrack.model.plan import Ending, HitPoint, Instrument, Mood, Plan, Spot
from otio_soundtrack.model.tempo_map import tempo_map
from otio_soundtrack.planning.brief import brief
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.settings import Wishes
from tests.planning.cases import anything, scene, whole

BRIGHT = {"light": 0.65, "warmth": 0.2}
CHASE = {"light": 0.15, "warmth": -0.15, "motion": 0.6, "pace": 40.0, "colour": 0.1}
STILL = {"motion": 0.02, "pace": 3.0}


def planned(*acts: tuple[float, dict[str, float]], wishes: Wishes | None = None, prompt: str = "", **kind: float) -> Plan:
    """Return the plan of a scene as one cue."""
    cuts, features = scene(*acts, **kind)
    return plan(whole(cuts, prompt=prompt), cuts, features, wishes or Wishes())


def off_beat(made: Plan, frame: int) -> float:
    """Return the seconds from a frame at 25 to the nearest beat."""
    curve = tempo_map(made)
    assert curve is not None
    beats = [curve.time(beat) for beat in range(-8, int(curve.beat(made.frames / 25)) + 2)]
    return min(abs(beat - frame / 25) for beat in beats)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(anything(), st.sampled_from([*Mood, None]), st.one_of(st.none(), st.floats(0, 1)), st.integers(0, 2**31 - 1))
def test_any_cut_gets_a_plan(case: tuple, mood: Mood | None, energy: float | None, seed: int) -> None:
    """One frame to two hours, any features: the plan validates, covers the cue, and its sections begin on picture changes."""
    cuts, features, spot = case
    made = plan(spot, cuts, features, Wishes(mood=mood, energy=energy, seed=seed))
    assert Plan.model_validate_json(made.model_dump_json()) == made
    starts = {section.start for section in made.sections}
    assert made.sections[-1].end == spot.frames
    assert starts - {0} <= {change.frame - spot.start for change in features.changes}
    assert len({section.tempo_bpm for section in made.sections}) == 1
    beat = 60 / made.sections[0].tempo_bpm
    assert -2 * beat - 1e-6 <= made.first_beat <= 2 * beat + 1e-6  # the plan holds microseconds
    assert all(section.instruments for section in made.sections)
    if mood is not None:
        assert {section.mood for section in made.sections} == {mood}
    said = brief(spot, made, features, Wishes())
    assert said.prompt
    assert said.seconds > 0


@settings(max_examples=30, deadline=None)
@given(anything())
def test_the_same_arguments_give_the_same_plan(case: tuple) -> None:
    """Nothing in planning is left to chance."""
    cuts, features, spot = case
    assert plan(spot, cuts, features, Wishes()) == plan(spot, cuts, features, Wishes())


def test_sections_change_where_the_picture_does() -> None:
    """Three acts of half a minute, cuts every four seconds: both joints are section starts."""
    made = planned((30, BRIGHT), (30, CHASE), (30, STILL))
    starts = {section.start for section in made.sections}
    assert {750, 1500} <= starts


@pytest.mark.parametrize("seconds", [30, 60, 180, 600])
def test_sections_have_a_length_that_can_be_heard(seconds: int) -> None:
    """None under four seconds; in the median eight to forty-five."""
    made = planned((seconds / 2, BRIGHT), (seconds / 2, CHASE), every=2.5)
    lengths = [(section.end - section.start) / 25 for section in made.sections]
    assert min(lengths) >= 4
    assert 8 <= np.median(lengths) <= 45


def test_an_uncut_picture_is_one_section() -> None:
    """There is no picture change to begin another on."""
    made = planned((120, {}), every=1000)
    assert [(section.start, section.end) for section in made.sections] == [(0, 3000)]


@pytest.mark.parametrize(
    ("look", "moods"),
    [
        ({"light": 0.65, "warmth": 0.25, "pace": 14.0}, {Mood.HOPEFUL}),
        ({"light": 0.1, "motion": 0.05, "pace": 5.0, "warmth": -0.1}, {Mood.MYSTERIOUS, Mood.SAD}),
        (CHASE, {Mood.TENSE}),
        ({"light": 0.6, "colour": 0.5, "motion": 0.45, "pace": 35.0}, {Mood.PLAYFUL}),
        ({**STILL, "warmth": 0.25}, {Mood.CALM}),
        ({"motion": 0.7, "pace": 35.0, "colour": 0.35, "light": 0.3, "warmth": 0.15}, {Mood.EPIC}),
    ],
    ids=["bright and warm", "dark and still", "dark and fast", "colourful and fast", "still", "huge movement"],
)
def test_the_mood_suits_the_picture(look: dict[str, float], moods: set[Mood]) -> None:
    """Plain looks get the mood that a person would name."""
    assert planned((40, look)).sections[0].mood in moods


def test_one_mood_is_at_home_and_at_most_two_visit() -> None:
    """Eight acts of all looks are still one piece of music."""
    looks = [BRIGHT, CHASE, STILL, {"light": 0.08}, {"colour": 0.55, "pace": 35.0, "light": 0.6}, {"light": 0.2, "colour": 0.02}]
    made = planned(*((20, look) for look in looks * 2))
    assert len({section.mood for section in made.sections}) <= 3
    assert made.notes[0].startswith("The home mood is")


def test_words_overrule_the_picture() -> None:
    """A person who says sad means it on a bright beach too; the mood option holds throughout."""
    assert planned((40, BRIGHT), wishes=Wishes(prompt="sad strings")).sections[0].mood is Mood.SAD
    assert planned((40, BRIGHT), prompt="tense").sections[0].mood is Mood.TENSE
    made = planned((30, BRIGHT), (30, CHASE), wishes=Wishes(mood=Mood.WONDER, prompt="sad"))
    assert {section.mood for section in made.sections} == {Mood.WONDER}


def test_slow_warm_strings_are_slow_and_have_strings() -> None:
    """The example of the documentation."""
    plain, asked = planned((60, BRIGHT)), planned((60, BRIGHT), wishes=Wishes(prompt="slow, warm strings, no drums"))
    assert asked.sections[0].tempo_bpm < plain.sections[0].tempo_bpm
    assert all(Instrument.PAD in section.instruments for section in asked.sections)
    assert all(Instrument.PERCUSSION not in section.instruments for section in asked.sections)


def test_energy_follows_pace_and_motion() -> None:
    """The chase is the loudest section, the still act the quietest of the other two."""
    made = planned((30, BRIGHT), (30, CHASE), (30, STILL))
    calm, chase, still = (
        [section.energy for section in made.sections if start <= section.start < start + 750] for start in (0, 750, 1500)
    )
    assert min(chase) > max(calm) + 0.25
    assert min(chase) > max(still) + 0.25


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_the_user_sets_the_mean_energy(level: float) -> None:
    """``--energy``: sections still differ around it."""
    made = planned((30, BRIGHT), (30, CHASE), wishes=Wishes(energy=level))
    assert np.mean([section.energy for section in made.sections]) == pytest.approx(level, abs=0.12)


def test_a_given_tempo_is_obeyed() -> None:
    """``--tempo``."""
    assert {section.tempo_bpm for section in planned((60, CHASE), wishes=Wishes(tempo=77.7)).sections} == {77.7}


def test_cuts_on_a_beat_find_their_tempo() -> None:
    """Cuts every 2.5 s are 24 to the minute: 96 beats a minute lie in the range of a bright picture and meet them all."""
    made = planned((60, BRIGHT), every=2.5)
    beats = 2.5 * made.sections[0].tempo_bpm / 60
    assert beats == pytest.approx(round(beats), abs=0.02)


def test_section_starts_lie_on_beats_more_than_other_cuts() -> None:
    """The change between two acts comes at odd times against cuts every 3.7 s: in most cuts it is within 40 ms of a beat."""
    met = []
    for joint in (17.3, 19.1, 21.7, 23.9, 26.2, 28.8, 31.4, 33.9):
        made = planned((joint, BRIGHT), (60 - joint, CHASE), every=3.7)
        met += [off_beat(made, section.start) <= 0.04 for section in made.sections[1:]]
    assert np.mean(met) >= 0.75


def test_a_hit_of_the_user_lies_on_a_beat() -> None:
    """One heavy hit among few cuts: within a frame and a half of the nearest beat."""
    cuts, features = scene((30, BRIGHT), every=9.0)
    hits = (HitPoint(frame=433, weight=1.0, origin="user"),)
    made = plan(whole(cuts, hits), cuts, features, Wishes())
    assert off_beat(made, 433) <= 1.5 / 25


def test_keys_share_one_signature() -> None:
    """Sections of another mode keep the notes of the home key: relatives, not strangers."""
    signatures = set()
    names = ["C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
    other = {"C#": "Db", "G#": "Ab"}
    above = {"major": 0, "dorian": 2, "phrygian": 4, "lydian": 5, "mixolydian": 7, "minor": 9}
    for section in planned((30, BRIGHT), (30, CHASE), (30, STILL)).sections:
        tonic, mode = section.key.split()
        signatures.add((names.index(other.get(tonic, tonic)) - above[mode]) % 12)
    assert len(signatures) == 1


def test_another_seed_may_have_another_key() -> None:
    """Takes differ; ten seeds do not all fall on one key."""
    assert len({planned((20, BRIGHT), wishes=Wishes(seed=seed)).sections[0].key for seed in range(10)}) > 2


@pytest.mark.parametrize(
    ("seconds", "prompt", "ending"),
    [(60, "", Ending.RING), (4, "", Ending.BUTTON), (60, "fade out", Ending.SOFT), (4, "fade out", Ending.SOFT)],
)
def test_endings(seconds: float, prompt: str, ending: Ending) -> None:
    """Long cues ring, stings have a button, words decide."""
    assert planned((seconds, {}), prompt=prompt).ending is ending


def test_a_waltz_has_three_beats_to_the_bar() -> None:
    """And four otherwise."""
    assert (planned((30, {}), prompt="waltz").beats_per_bar, planned((30, {})).beats_per_bar) == (3, 4)


def test_the_plan_knows_where_its_cue_lies() -> None:
    """Start and record timecode, hits and quiet stretches come from the spot."""
    cuts, features = scene((60, BRIGHT))
    hits = (HitPoint(frame=30, weight=0.5, origin="marker", label="x"),)
    spot = Spot(cue_id="2m03", start=250, frames=500, hits=hits, keep_clear=(Region(start=10, end=40),))
    made = plan(spot, cuts, features, Wishes())
    assert (made.cue_id, made.start, made.frames, made.timecode) == ("2m03", 250, 500, "01:00:10:00")
    assert (made.hits, made.keep_clear) == (hits, spot.keep_clear)


def test_a_cut_nobody_looked_at_is_planned_kindly() -> None:
    """Empty curves: an ordinary mood at middling energy."""
    cuts, features = scene((60, {}))
    blind = features.model_copy(update=dict.fromkeys(("pace", "motion", "brightness", "saturation", "warmth"), features.loudness))
    assert isinstance(blind, Features)
    made = plan(whole(cuts), cuts, blind, Wishes())
    assert {section.mood for section in made.sections} == {Mood.HOPEFUL}
    assert 0.3 <= made.sections[0].energy <= 0.6


def test_a_spot_outside_the_cut_is_refused() -> None:
    """A caller's bug."""
    cuts, features = scene((10, {}))
    with pytest.raises(ValueError, match="does not lie in the cut"):
        plan(Spot(cue_id="1m01", start=200, frames=100), cuts, features, Wishes())


def test_a_brief_keeps_the_words_of_the_user() -> None:
    """Wishes first, then the words of the marker; nothing is added to them."""
    cuts, features = scene((30, BRIGHT))
    spot = whole(cuts, prompt="under the harbour scene.")
    wishes = Wishes(prompt="slow, warm strings", genre="folk", instrumental=False)
    made = brief(spot, plan(spot, cuts, features, wishes), features, wishes)
    assert made.prompt == "slow, warm strings. under the harbour scene"
    assert (made.genre, made.instrumental, made.seconds, made.seed) == ("folk", False, 30.0, 1)


def test_a_made_brief_tells_length_tempo_key_course_and_ending() -> None:
    """What a composer needs, in one paragraph."""
    cuts, features = scene((30, BRIGHT), (30, CHASE))
    spot = whole(cuts)
    made = plan(spot, cuts, features, Wishes())
    words = brief(spot, made, features, Wishes()).prompt
    for part in ("60.0 seconds", f"{made.sections[0].tempo_bpm:.0f} BPM", made.sections[0].key, "0:30", "tense", "rings out"):
        assert part in words
    assert "dialogue" not in words
