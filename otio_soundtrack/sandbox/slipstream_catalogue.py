"""An invented catalogue: sixty tracks that the embedded composer can play, and how searches rank and filter them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from otio_soundtrack.model.plan import SECONDS_A_MINUTE
from otio_soundtrack.sandbox.music import Take, style_of, take

COUNT = 60
_GENRES = {
    "Cinematic": ("Orchestral", "epic orchestral"),
    "Pop": ("Indie Pop", "hopeful bright"),
    "Classical": ("Solo Piano", "calm piano"),
    "Electronic": ("Ambient", "mysterious synth"),
    "Rock": ("Indie Rock", "driving heroic"),
    "Folk": ("Acoustic", "playful acoustic guitar"),
}
_MOODS = {
    "Hopeful": "hopeful",
    "Tense": "tense",
    "Reflective": "sad",
    "Uplifting": "uplifting",
    "Playful": "playful",
    "Calm": "calm",
}
_NAMES = ("Low Tide", "Open Water", "Last Train Home", "Paper Boats", "Glass Hills", "Slow Rain", "North Window", "Small Hours")
_ARTISTS = ("Mara Lind", "Fen and Field", "Ola Brandt", "Ines Couto", "The Long Shore")
_VOCALS = ("instrumental", "instrumental", "instrumental", "Female Vocals", "Male Vocals", "Mixed Vocals")
SLOW_BELOW, FAST_FROM = 90, 120
"""Beats a minute that the filter ``tempo`` calls slow, medium, fast."""


@dataclass(frozen=True)
class Track:
    """A track of the catalogue."""

    number: int
    seconds: int

    @cached_property
    def id(self) -> str:
        """UUID, the same in every sandbox."""
        return str(uuid5(NAMESPACE_URL, f"otio-soundtrack sandbox track {self.number}"))

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What searches tell of it (section 4.1)."""
        genre = list(_GENRES)[self.number % len(_GENRES)]
        artist = _ARTISTS[self.number % len(_ARTISTS)]
        return {
            "id": self.id,
            "name": f"{_NAMES[self.number % len(_NAMES)]} {self.number // len(_NAMES) + 1}",
            "artist": {"name": artist, "slug": artist.lower().replace(" ", "-")},
            "length": self.seconds,
            "tempo": 72 + 4 * (self.number * 7 % 18),
            "is_explicit": self.number % 17 == 16,
            "is_free": self.number % 5 == 0,
            "audio_url": f"/api/v4/stream/{self.id}/?type=track",
            "genre_name": genre,
            "subgenre_name": _GENRES[genre][0],
            "mood_name": list(_MOODS)[self.number * 5 % len(_MOODS)],
            "secondary_mood_name": list(_MOODS)[(self.number * 5 + 1) % len(_MOODS)],
            "vocals": _VOCALS[self.number % len(_VOCALS)],
            "has_stems": self.number % 3 != 2,
            "cover": f"https://media.slipstreammusic.example/covers/{self.number}.jpg",
            "release_date": f"2025-{self.number % 12 + 1:02}-14",
            "short_url": f"https://slipstreammusic.example/t/{self.number}",
            "restricted": self.number % 13 == 12,
            "highlights": [],
        }

    @cached_property
    def take(self) -> Take:
        """Its music."""
        facts = self.facts
        words = f"{_MOODS[facts['mood_name']]} {_GENRES[facts['genre_name']][1]} {facts['tempo']} bpm"
        return take(words, float(self.seconds), self.number + 1)

    @property
    def more(self) -> dict[str, Any]:
        """What its own page adds (E10)."""
        facts = self.facts
        share = {"share": 100, "pro": "PRS"}
        return {
            "description": f"{facts['mood_name']} {facts['genre_name'].lower()}.",
            "key": style_of("", self.number + 1).key,
            "short_id": f"t{self.number}",
            "album": {"id": str(uuid5(NAMESPACE_URL, "album")), "url": "/albums/shorelines", "name": "Shorelines"},
            "is_sfx": False,
            "library_name": "House Library",
            "lyrics": "",
            "jp_title": facts["name"],
            "writers": [{"name": facts["artist"]["name"], **share, "ipi": "00555000111"}],
            "publishers": [{"name": "Shore Publishing", **share, "ipi": "00555000222"}],
        }

    def highlights(self) -> list[tuple[float, float, float]]:
        """Return start, end and score of its best stretches: where the fuller half begins, on a bar."""
        bar = 4 * SECONDS_A_MINUTE / self.facts["tempo"]
        start = round(self.seconds * 0.4 / bar) * bar
        return [(round(start, 2), round(min(start + 8 * bar, self.seconds), 2), 0.88)]


def catalogue(lengths: tuple[float, float] | None) -> list[Track]:
    """Return all tracks.

    Args:
        lengths: shortest and longest, seconds; None: 20 to 600, as the sheet's test server has them.
    """
    shortest, longest = lengths or (20.0, 600.0)
    # most tracks last two to three minutes, some are stings and some are suites
    places = [0.2 + 0.2 * (number * 11 % COUNT) / COUNT for number in range(COUNT)]
    places[:4] = [0.0, 1.0, 0.05, 0.7]
    return [Track(number, round(shortest + (longest - shortest) * place)) for number, place in enumerate(places)]


def ranked(tracks: list[Track], value: str) -> list[Track]:
    """Return tracks in an order that the value decides: always the same for the same, another for another."""
    return sorted(tracks, key=lambda track: sha256(f"{value}{track.id}".encode()).digest())


def _speed(track: Track) -> str:
    bpm = track.facts["tempo"]
    return "slow" if bpm < SLOW_BELOW else "fast" if bpm >= FAST_FROM else "medium"


WORDS: Mapping[str, Callable[[Track], str]] = {
    "genre": lambda track: str(track.facts["genre_name"]),
    "subgenre": lambda track: str(track.facts["subgenre_name"]),
    "mood": lambda track: str(track.facts["mood_name"]),
    "vocals": lambda track: str(track.facts["vocals"]),
    "tempo": _speed,
    "title": lambda track: str(track.facts["name"]),
    "artist": lambda track: str(track.facts["artist"]["name"]),
}
"""Filters by a word; case does not matter."""
NUMBERS: Mapping[str, Callable[[Track], float]] = {
    "bpm": lambda track: float(track.facts["tempo"]),
    "duration": lambda track: float(track.seconds),
}
"""Filters by ``low__high``."""


def filtered(tracks: list[Track], query: Mapping[str, str]) -> list[Track]:
    """Return the tracks that all filters of a query let through; a range that is none filters nothing."""
    kept = tracks
    for name, value in query.items():
        field, _, how = name.partition("__")
        if field in WORDS and how in ("", "terms", "contains"):
            wanted = [word.casefold() for word in (value.split("__") if how == "terms" else [value])]
            within = how == "contains"
            kept = [one for one in kept if any(_matches(WORDS[field](one), word, within=within) for word in wanted)]
        elif field in NUMBERS and how == "range":
            low, _, high = value.partition("__")
            if low.isdecimal() and high.isdecimal():
                kept = [one for one in kept if int(low) <= NUMBERS[field](one) <= int(high)]
    return kept


def _matches(have: str, wanted: str, *, within: bool) -> bool:
    return wanted in have.casefold() if within else wanted == have.casefold()


def values() -> dict[str, Any]:
    """Return what can be filtered by (E9)."""
    return {
        "genres": {"values": [{"value": genre, "tracks": COUNT // len(_GENRES)} for genre in _GENRES]},
        "subgenres": {"values": [{"value": sub} for sub, _ in _GENRES.values()]},
        "moods": {"values": [{"value": mood, "tracks": COUNT // len(_MOODS)} for mood in _MOODS]},
        "tempo": {"values": [{"value": one} for one in ("fast", "medium", "slow")]},
        "vocals": {"values": [{"value": one} for one in ("Female Vocals", "Male Vocals", "Mixed Vocals")]},
        "bpm": {"values": [{"value": [0, 280]}]},
        "duration": {"values": [{"value": [0, 600]}]},
    }
