"""Who decides: options of the user before words of the marker and the prompt, words before the picture (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from otio_soundtrack.model.plan import Mood
from otio_soundtrack.planning import moods
from otio_soundtrack.planning.look import Look
from otio_soundtrack.planning.notes import listed
from otio_soundtrack.planning.words import ENERGY_STEP, Meaning, meaning
from otio_soundtrack.settings import Wishes

MIDDLING = 0.5
"""An energy option above it is high, one below it is low."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What holds for a cue as a whole."""

    said: Meaning
    """What the words ask."""
    home: Mood
    moods: tuple[Mood, ...]
    """Of each section."""
    tempo: tuple[float, float]
    """Slowest and fastest, beats a minute."""
    energies: tuple[tuple[float, float], ...]
    """Least and most of each section, 0–1."""
    why: str
    """Why this mood is at home, as a clause; empty: the picture decided."""
    told: tuple[str, ...]
    """What else was wished and who won, sentences."""


def decided(looks: Sequence[Look], lengths: Sequence[int], marker: str, wishes: Wishes) -> Decision:
    """Return what holds for a cue.

    Args:
        looks: of its sections.
        lengths: frames of each.
        marker: words of the marker or tagged clip; they win over those for the whole film.
        wishes: options and words of the user.
    """
    said = meaning(marker, wishes.prompt, wishes.genre)
    home = wishes.mood or moods.home_mood(looks, lengths, said)
    # a mood that the user names as an option holds throughout
    each = (home,) * len(looks) if wishes.mood is not None else moods.section_moods(home, looks, lengths, said)
    asked = wishes.mood is not None or bool(said.named)
    tempo = wishes.tempo or said.tempo
    seen = moods.home_mood(looks, lengths, Meaning())
    contradictions = (*_by_mood(home, seen, said, wishes), *_by_options(home, said, wishes), *_by_marker(marker, wishes))
    return Decision(
        said=said,
        home=home,
        moods=each,
        tempo=moods.tempo_range(home, said) if tempo is None else (tempo, tempo),
        energies=tuple(moods.energy_range(mood, said, asked=asked) for mood in each),
        why=_why(home, said, wishes),
        told=contradictions,
    )


def _why(home: Mood, said: Meaning, wishes: Wishes) -> str:
    if wishes.mood is not None:
        return "the user asked for it"
    return f"the words ask for it ({_quoted(said, home)})" if said.named else ""


def _quoted(said: Meaning, mood: Mood) -> str:
    return listed([f"“{word}”" for word in dict.fromkeys(said.mood_words[mood])])


def _by_mood(home: Mood, seen: Mood, said: Meaning, wishes: Wishes) -> Iterator[str]:
    """Yield what is not at home although somebody asks for it."""
    heard = said.mood_words.get(home, ())[:1]
    others = [mood for mood in said.named if mood is not home and said.mood_words[mood][:1] != heard]
    named = listed([f"{mood.value} ({_quoted(said, mood)})" for mood in others])
    if others and wishes.mood is not None:
        yield f"The words ask for {named}; the mood option wins and holds throughout."
    elif others and said.course:
        yield f"The words ask for {named} too: moods follow each other in the order of the words; {home.value} sets the tempo."
    elif others:
        yield f"The words ask for {named} too: that is for sections whose picture suits it, {home.value} is at home."
    if seen is not home and (wishes.mood is not None or said.named):
        yield f"The picture alone would be {seen.value}: what was asked wins, the picture shapes the course of the energy."
    elif seen is not home:
        yield f"The picture alone would be {seen.value}: that does not go with the words."


def _by_options(home: Mood, said: Meaning, wishes: Wishes) -> Iterator[str]:
    """Yield wishes in words that an option, the mood or another word overrules."""
    if wishes.tempo is not None and said.tempo not in (None, wishes.tempo):
        yield f"The words ask for {said.tempo:g} beats a minute; the tempo option wins: {wishes.tempo:g}."
    elif wishes.tempo is not None and (
        (said.pace > 0 and wishes.tempo < moods.FAST_LEAST_BPM) or (said.pace < 0 and wishes.tempo > moods.SLOW_MOST_BPM)
    ):
        yield f"The words ask for {'fast' if said.pace > 0 else 'slow'} music; the tempo option wins: {wishes.tempo:g}."
    if wishes.energy is not None and (wishes.energy - MIDDLING) * said.energy < 0 and abs(said.energy) >= ENERGY_STEP:
        yield f"The words ask for {'more' if said.energy > 0 else 'less'} energy; the energy option wins: {wishes.energy:.2f}."
    most = moods.CHARACTERS[home].loudest
    if wishes.energy is None and said.energy >= ENERGY_STEP and most <= MIDDLING:
        yield f"The words ask for energy too: in {home.value} music it stays below {most:.2f}."
    for part in sorted(said.torn):
        yield f"The words ask for {part.value} and rule it out: it is left out."


def _by_marker(marker: str, wishes: Wishes) -> Iterator[str]:
    """Yield where the marker wins over the prompt."""
    here, everywhere = meaning(marker), meaning(wishes.prompt)
    if wishes.mood is None and here.named and everywhere.named and not set(here.named) & set(everywhere.named):
        asked = listed([mood.value for mood in everywhere.named])
        yield f"The prompt asks for {asked}; in this cue its marker wins: {listed([mood.value for mood in here.named])}."
