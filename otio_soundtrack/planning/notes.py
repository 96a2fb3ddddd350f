"""Why a plan is as it is, in sentences for the person who reads it (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from otio_soundtrack.model.plan import Mood, Palette, Section
from otio_soundtrack.planning.look import Look

PLAIN = 0.35
"""From here on a look is worth a word."""
_WORDS = (("dark", "bright"), ("pale", "colourful"), ("cold", "warm"), ("still", "full of movement"), ("slowly cut", "fast cut"))
MOST_TOLD = 8
"""Sections away from home that are told one by one."""


def look_words(look: Look) -> tuple[str, ...]:
    """Return what is plain about a look, the plainest first; empty for an ordinary one."""
    plain = [(abs(number), words[number > 0]) for number, words in zip(look.numbers, _WORDS, strict=True) if abs(number) >= PLAIN]
    return tuple(word for _, word in sorted(plain, key=lambda item: -item[0]))


def listed(words: Sequence[str]) -> str:
    """Return ``a``, ``a and b`` or ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def notes(
    *,
    home: Mood,
    asked: str,
    told: Sequence[str],
    whole: Look,
    looks: Sequence[Look],
    sections: Sequence[Section],
    tempo: Sequence[str],
    rate: float,
) -> tuple[str, ...]:
    """Return the reasons of a plan, a sentence each.

    Args:
        home: mood of the cue as a whole.
        asked: who asked for it, a clause; empty: the picture.
        told: what else was wished and who won, sentences.
        whole: how the cue looks.
        looks: how each section looks.
        sections: the sections.
        tempo: the reasons of its band and its beat, sentences.
        rate: frames per second.
    """
    found = [f"The home mood is {home.value}: {asked or _seen(whole)}.", *told]
    away = [
        f"Section {number} (from {section.start / rate:.1f} s) is {section.mood.value}: there {_seen(look)}."
        for number, (section, look) in enumerate(zip(sections, looks, strict=True), start=1)
        if section.mood is not home
    ]
    found += away[:MOST_TOLD] + ([f"{len(away) - MOST_TOLD} more sections leave the home mood."] if len(away) > MOST_TOLD else [])
    if len(sections) > 1:
        found.append("Sections change where the picture changes most, as far as their lengths allow.")
    else:
        found.append("One section: no picture change in it divides it into parts that last.")
    return (*found, *tempo)


def palette_reason(palette: Palette, home: Mood, *, word: str, asked: bool) -> str:
    """Return why a band plays.

    Args:
        palette: the band.
        home: mood of the cue.
        word: word of the user that decided it; empty: none did.
        asked: whether the user named the palette itself.
    """
    why = "the user asked for it" if asked else f"the words say {word!r}" if word else f"usual for {home.value} music"
    return f"The palette is {palette.value}: {why}."


def _seen(look: Look) -> str:
    words = look_words(look)
    return f"the picture is {listed(words)}" if words else "the picture is ordinary in light, colour, movement and cutting"
