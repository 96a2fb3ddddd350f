"""What a music editor types, against pictures that say something else: the person wins."""

from __future__ import annotations

from functools import cache

import pytest

from otio_soundtrack.model.plan import Instrument, Mood, Plan
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.settings import Wishes
from tests.planning.cases import scene, whole

PICTURES = {
    "dark and fast": {"light": 0.1, "warmth": -0.2, "motion": 0.7, "pace": 45.0, "colour": 0.1},
    "huge movement": {"motion": 0.7, "pace": 35.0, "colour": 0.35, "light": 0.3, "warmth": 0.15},
    "bright and slow": {"light": 0.7, "warmth": 0.3, "motion": 0.02, "pace": 2.0, "colour": 0.4},
    "grey": {},
}
TYPED = {"dark and fast": "prompt", "huge movement": "marker", "bright and slow": "prompt", "grey": "marker"}
"""Where the words stand."""
QUIET, LOUD = (0.0, 0.5), (0.45, 1.0)
"""Mean energies that a person would call so."""
ANY = (0.0, 1.0)
SLOW, MEDIUM, FAST, FREE = (40.0, 92.0), (60.0, 120.0), (100.0, 200.0), (40.0, 200.0)
"""Beats a minute."""

C, H, P, W, S, T, M, E = (
    {Mood.CALM}, {Mood.HOPEFUL}, {Mood.PLAYFUL}, {Mood.WONDER}, {Mood.SAD}, {Mood.TENSE}, {Mood.MYSTERIOUS}, {Mood.EPIC},
)  # fmt: skip
ALL = set(Mood)

PROMPTS: list[tuple[str, set[Mood], tuple[float, float], tuple[float, float], str, str]] = [
    # what is typed, moods that it may have, mean energy, tempo, who plays, who does not
    ("calm", C, QUIET, SLOW, "pad", "percussion"),
    ("calm strings", C, QUIET, SLOW, "pad", "percussion"),
    ("peaceful, gentle piano", C, QUIET, SLOW, "pluck melody", "percussion"),
    ("slow, warm strings", C, QUIET, (40.0, 80.0), "pad", "percussion"),
    ("serene underscore, nothing epic", C, QUIET, SLOW, "", "percussion"),
    ("quiet and unobtrusive", C, QUIET, FREE, "", "percussion"),
    ("calm with soft drums", C, QUIET, SLOW, "percussion", ""),
    ("tense, sparse, low strings", T, (0.0, 0.62), FREE, "pad", "percussion"),
    ("suspense", T, ANY, FREE, "", ""),
    ("thriller, ticking, 120 bpm", T, ANY, (120.0, 120.0), "", ""),
    ("tense, no drums", T, ANY, FREE, "", "percussion"),
    ("without percussion", ALL, ANY, FREE, "", "percussion"),
    ("sad piano", S, QUIET, SLOW, "pluck melody", "percussion"),
    ("melancholy, lonely", S, QUIET, SLOW, "", "percussion"),
    ("solo cello, mournful", S, QUIET, SLOW, "pad", "percussion melody pluck bell bass"),
    ("dark, sad drone", S, QUIET, SLOW, "pad", "percussion"),
    ("happy ukulele", P, (0.25, 0.9), FREE, "pluck", ""),
    ("happy, uplifting", P | H, (0.2, 0.9), FREE, "", ""),
    ("uplifting corporate", H, (0.2, 0.85), MEDIUM, "", ""),
    ("upbeat corporate", H, (0.2, 0.9), FAST, "", ""),
    ("upbeat and fun", P, (0.25, 1.0), FAST, "", ""),
    ("epic trailer with big drums", E, LOUD, MEDIUM, "percussion", ""),
    ("heroic, powerful brass", {Mood.HEROIC}, LOUD, (80.0, 132.0), "pad", ""),
    ("epic but slow", E, LOUD, SLOW, "", ""),
    ("not epic", ALL - E, ANY, FREE, "", ""),
    ("no epic stuff please", ALL - E, ANY, FREE, "", ""),
    ("anything but sad", ALL - S, ANY, FREE, "", ""),
    ("not tense, not dark", ALL - T - M, ANY, FREE, "", ""),
    ("mysterious, eerie bells", M, (0.0, 0.65), (40.0, 92.0), "bell", "percussion"),
    ("dark", M, (0.0, 0.65), FREE, "", ""),
    ("magical, dreamy", W, (0.0, 0.65), SLOW, "", "percussion"),
    ("fast driving drums", P | H | T | E, LOUD, FAST, "percussion", ""),
    ("slow", ALL - E - T - P, ANY, SLOW, "", "percussion"),
    ("energetic", ALL - C - S - W - M, LOUD, (90.0, 200.0), "", ""),
    ("no big drums or bells", ALL, ANY, FREE, "", "percussion bell"),
    ("drumless ambient pad", C, QUIET, SLOW, "pad", "percussion"),
    ("light hearted pizzicato", P, (0.25, 0.9), FREE, "pluck", "percussion"),
    ("90 BPM", ALL, ANY, (90.0, 90.0), "", ""),
    ("cinematic, calm", C, QUIET, SLOW, "", "percussion"),
]


@cache
def planned(picture: str, prompt: str = "", marker: str = "", **options: object) -> Plan:
    """Return the plan of 48 seconds of one picture."""
    cuts, features = scene((48, PICTURES[picture]))
    return plan(whole(cuts, prompt=marker), cuts, features, Wishes.model_validate({"prompt": prompt, **options}))


def mean_energy(made: Plan) -> float:
    """Return the energy of a plan over time."""
    return sum(section.energy * (section.end - section.start) for section in made.sections) / made.frames


def parts(made: Plan) -> set[str]:
    """Return who may play anywhere."""
    return {part.value for section in made.sections for part in section.instruments}


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize(("prompt", "moods", "energy", "tempo", "playing", "silent"), PROMPTS, ids=[row[0] for row in PROMPTS])
def test_what_an_editor_types_wins_over_the_picture(
    *,
    prompt: str,
    moods: set[Mood],
    energy: tuple[float, float],
    tempo: tuple[float, float],
    playing: str,
    silent: str,
    picture: str,
) -> None:
    """Mood, energy, tempo and players of every section, whatever is on screen, from the prompt as from a marker."""
    made = planned(picture, **{TYPED[picture]: prompt})
    assert {section.mood for section in made.sections} <= moods
    assert energy[0] <= mean_energy(made) <= energy[1]
    assert all(tempo[0] - 0.01 <= section.tempo_bpm <= tempo[1] + 0.01 for section in made.sections)
    assert set(playing.split()) <= parts(made)
    assert not set(silent.split()) & parts(made)


@pytest.mark.parametrize("mood", [mood.value for mood in Mood])
@pytest.mark.parametrize("picture", PICTURES)
def test_the_name_of_a_mood_is_that_mood(mood: str, picture: str) -> None:
    """Every mood can be asked for by its own name."""
    assert {section.mood.value for section in planned(picture, mood).sections} == {mood}


def test_an_option_wins_over_words_and_the_plan_says_so() -> None:
    """``--mood calm --prompt 'epic drums'``: calm, with the drums that were asked for."""
    made = planned("dark and fast", "epic drums", mood="calm")
    assert {section.mood for section in made.sections} == {Mood.CALM}
    assert max(section.energy for section in made.sections) <= 0.5
    assert Instrument.PERCUSSION in made.sections[0].instruments
    assert any("epic" in note and "the mood option wins" in note for note in made.notes)
    assert any("energy" in note and "calm" in note for note in made.notes)


def test_the_energy_option_wins_over_the_mood() -> None:
    """A number is the clearest wish."""
    made = planned("grey", "calm", energy=0.9)
    assert mean_energy(made) == pytest.approx(0.9, abs=0.1)
    assert any("the energy option wins: 0.90" in note for note in made.notes)


@pytest.mark.parametrize(
    ("prompt", "said"),
    [("slow", "slow music; the tempo option wins: 150"), ("80 bpm", "80 beats a minute; the tempo option wins: 150")],
)
def test_the_tempo_option_wins_over_words(prompt: str, said: str) -> None:
    """And says so."""
    made = planned("grey", prompt, tempo=150.0)
    assert {section.tempo_bpm for section in made.sections} == {150.0}
    assert any(said in note for note in made.notes)


def test_a_marker_wins_over_the_prompt_of_the_whole_film() -> None:
    """The nearer wish; the plan says so."""
    made = planned("dark and fast", "epic drums", "calm strings")
    assert {section.mood for section in made.sections} == {Mood.CALM}
    assert any("asks for epic; in this cue its marker wins: calm" in note for note in made.notes)


def test_two_moods_share_the_cue_and_the_first_is_at_home() -> None:
    """The picture may choose between what was said, nothing else."""
    cuts, features = scene((30, PICTURES["bright and slow"]), (30, PICTURES["dark and fast"]))
    made = plan(whole(cuts), cuts, features, Wishes(prompt="hopeful and tense"))
    assert [section.mood for section in made.sections][:: len(made.sections) - 1] == [Mood.HOPEFUL, Mood.TENSE]
    assert made.notes[0].startswith("The home mood is hopeful: the words ask for it (“hopeful”)")
    assert "tense (“tense”) too" in made.notes[1]


@pytest.mark.parametrize("prompt", ["starts calm, builds to epic", "calm then epic", "calm turning into epic"])
def test_moods_in_an_order_follow_each_other_against_the_picture(prompt: str) -> None:
    """The busy half comes first on screen; the music goes the way that was asked for."""
    cuts, features = scene((40, PICTURES["huge movement"]), (40, PICTURES["bright and slow"]))
    made = plan(whole(cuts), cuts, features, Wishes(prompt=prompt))
    heard = [section.mood for section in made.sections]
    assert heard == sorted(heard, key=[Mood.CALM, Mood.EPIC].index)
    assert set(heard) == {Mood.CALM, Mood.EPIC}
    assert any("moods follow each other in the order of the words" in note for note in made.notes)


def test_the_home_mood_is_heard_even_where_no_picture_asks_for_it() -> None:
    """The first mood that was said gets at least one section, and the only one if there is one."""
    cuts, features = scene((40, PICTURES["huge movement"]), (40, PICTURES["dark and fast"]))
    made = plan(whole(cuts), cuts, features, Wishes(prompt="calm and epic"))
    assert {section.mood for section in made.sections} == {Mood.CALM, Mood.EPIC}
    cuts, features = scene((40, PICTURES["huge movement"]), every=1000)
    made = plan(whole(cuts), cuts, features, Wishes(prompt="calm and epic"))
    assert [section.mood for section in made.sections] == [Mood.CALM]


def test_the_plan_says_what_the_picture_would_have_been() -> None:
    """A person who looks into the plan sees that the picture lost, and why."""
    assert any("The picture alone would be epic: what was asked wins" in note for note in planned("huge movement", "calm").notes)
    assert any(
        "The picture alone would be epic: that does not go with" in note for note in planned("huge movement", "not epic").notes
    )
    assert not any("alone" in note for note in planned("huge movement").notes)


def test_drums_asked_for_and_ruled_out_are_left_out_with_a_word() -> None:
    """No reading is right; the plan says which was taken."""
    made = planned("dark and fast", "drums in the beginning, no drums at the end")
    assert "percussion" not in parts(made)
    assert any("percussion and rule it out" in note for note in made.notes)


def test_the_picture_still_shapes_the_energy_inside_a_calm_cue() -> None:
    """Busy pictures are the fuller sections of it."""
    cuts, features = scene((30, PICTURES["bright and slow"]), (30, PICTURES["dark and fast"]), (30, PICTURES["bright and slow"]))
    made = plan(whole(cuts), cuts, features, Wishes(prompt="calm"))
    busy = [section.energy for section in made.sections if 750 <= section.start < 1500]
    still = [section.energy for section in made.sections if not 750 <= section.start < 1500]
    assert max(still) + 0.1 < min(busy)
    assert max(busy) <= 0.45
