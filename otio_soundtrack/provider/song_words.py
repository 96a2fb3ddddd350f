"""The words with which services that write songs are asked: title, style, lyrics, weights, within limits (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.provider import options, wording
from otio_soundtrack.provider.ask import Ask

SONG_OPTIONS = {
    "model": "model of the service",
    "mode": "custom (own style words and title, the default) or simple (one description)",
    "title": "title of the song",
    "style": "style words of your own, before those from the plan",
    "negative_tags": "styles to avoid, besides voices in instrumental music",
    "lyrics": "words to be sung; without them the service writes its own where voices are wanted",
    "vocal_gender": "f or m, a wish",
    "style_weight": "0–1, how closely the style is followed",
    "weirdness": "0–1, how unusual it may be",
    "audio_weight": "0–1, how closely a reference is followed",
}
"""Options that all of them have, by our names."""
WEIGHTS = ("style_weight", "weirdness", "audio_weight")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long texts may be, in characters."""

    prompt: int
    style: int
    negative: int
    title: int


@dataclass(frozen=True, kw_only=True)
class SongWords:
    """An ask in words, each within its limit."""

    simple: bool
    """Whether one description is asked for instead of title and style."""
    title: str
    description: str
    """The brief as a composer would be told; within the limit of a prompt."""
    style: str
    negative: str
    """Empty where nothing is avoided."""
    lyrics: str
    """Empty where none are given or nobody sings."""
    gender: str
    """``f``, ``m`` or empty."""
    weights: dict[str, float]
    """By our names (:data:`WEIGHTS`), two decimals; those that were given."""
    left_out: tuple[str, ...]
    """What did not fit, a sentence each."""


def song_words(ask: Ask, limits: Limits, *, prompt_in_style: bool = False) -> SongWords:
    """Return an ask in words.

    Args:
        ask: the ask.
        limits: of the service's model.
        prompt_in_style: whether the brief's own words go into the style, where the service reads no prompt.

    Raises:
        LimitError: a text of the user's own is longer than the service takes; it is never cut.
        SettingsError: an option has a value that it cannot have.
    """
    given, brief = ask.options, ask.brief
    lyrics = options.text(given, "lyrics", limits.prompt)
    unsung = ("Lyrics are left out: instrumental music was asked for.",) if lyrics and brief.instrumental else ()
    description, cut = wording.shortened("prompt", wording.description(brief), limits.prompt)
    own = options.text(given, "style", limits.style)
    words = " ".join(brief.prompt.split()).rstrip(".") if prompt_in_style else ""
    prompt, prompt_cut = wording.shortened("prompt", words, max(0, limits.style - len(own) - len(", ")))
    new = [word for word in wording.style_words(brief) if word.casefold() not in prompt.casefold()]
    style, unlisted = wording.listed("style", (own, prompt, *new), limits.style)
    avoided = (options.text(given, "negative_tags", limits.negative), *wording.unwanted(brief))
    negative, unavoided = wording.listed("styles to avoid", avoided, limits.negative)
    weights = {name: options.number(given, name, 0.0, 1.0) for name in WEIGHTS}
    return SongWords(
        simple=options.one_of(given, "mode", ("custom", "simple"), "custom") == "simple",
        title=options.text(given, "title", limits.title) or wording.title(brief)[: limits.title],
        description=description,
        style=style,
        negative=negative,
        lyrics="" if brief.instrumental else lyrics,
        gender=options.one_of(given, "vocal_gender", ("f", "m"), ""),
        weights={name: round(value, 2) for name, value in weights.items() if value is not None},
        left_out=(*unsung, *(prompt_cut if prompt_in_style else cut), *unlisted, *unavoided),
    )
