"""Takes of any length from the embedded composer, and continuations that really go on (tempo, key, bars)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from hashlib import sha256
from math import ceil
from pathlib import Path
from typing import Literal

import numpy as np

from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.plan import SECONDS_A_MINUTE, Brief, Ending, Instrument, Mood, Palette, Plan, Section
from otio_soundtrack.model.sound import Samples
from otio_soundtrack.planning.instruments import instruments
from otio_soundtrack.planning.keys import key_name, signature
from otio_soundtrack.planning.moods import at_home, energy_range, tempo_range
from otio_soundtrack.planning.palettes import palette_of
from otio_soundtrack.planning.words import meaning
from otio_soundtrack.progress import silent
from otio_soundtrack.times import SAMPLE_RATE_HZ, round_half_up
from otio_soundtrack.tools.waveform import write_mp3, write_wav

_RATE = 1000.0
"""Frames a second of a sandbox plan: lengths are exact to a millisecond."""
_BEATS = 4
"""Beats a bar."""
_PEAK = 0.7
"""Loudest sample of a take: what services deliver is loud, but not clipped."""
_QUIETEST = 1e-6
"""Nothing is made louder than from here: a piece of silence stays one."""
_JOIN_S = 0.02
"""Cross-fade where a continuation begins."""
_LEAST_SECTION_S = 6.0
"""Shorter pieces have one section."""
_OPENING = 0.4
"""Share of a piece that is its first, quieter section."""

Sounding = Literal["music", "silence", "silent tail"]


@dataclass(frozen=True)
class Style:
    """What words asked for."""

    mood: Mood
    tempo_bpm: float
    key: str
    palette: Palette
    energy: float
    playing: tuple[Instrument, ...]


@dataclass(frozen=True)
class Piece:
    """One composition, from its first sample."""

    style: Style
    seed: int
    seconds: float
    """Length as composed, with an ending."""
    first_beat: float = 0.0
    """Seconds of the first bar line."""
    until: float | None = None
    """Where the take leaves it, seconds; None: at its end."""

    @property
    def heard(self) -> float:
        """Seconds that are heard."""
        return self.seconds if self.until is None else min(self.until, self.seconds)


@dataclass(frozen=True)
class Take:
    """Music of one or several pieces, one after another."""

    pieces: tuple[Piece, ...]
    sounding: Sounding = "music"

    @property
    def seconds(self) -> float:
        """Length."""
        return sum(piece.heard for piece in self.pieces)

    def continued(self, at: float, seconds: float, seed: int) -> Take:
        """Return the whole song that leaves this one at ``at`` seconds and goes on for ``seconds`` with new music.

        The new part keeps tempo and key, and its bars lie where those of the source would have come. It alone is :attr:`last`.
        """
        kept: list[Piece] = []
        for piece in self.pieces:
            left = at - sum(one.heard for one in kept)
            if left > 0:
                kept.append(replace(piece, until=min(left, piece.heard)))
        bar = _BEATS * SECONDS_A_MINUTE / self.pieces[0].style.tempo_bpm
        since = (kept[-1].heard if kept else 0.0) - (kept[-1].first_beat if kept else 0.0)
        style = (kept[-1] if kept else self.pieces[0]).style
        return Take((*kept, Piece(style, seed, seconds, first_beat=ceil(since / bar) * bar - since)), self.sounding)

    def sounding_as(self, sounding: Sounding) -> Take:
        """Return the same take, silent where it shall be."""
        return replace(self, sounding=sounding)

    @property
    def last(self) -> Take:
        """The new part of a continued song."""
        return Take(self.pieces[-1:], self.sounding)


def style_of(words: str, seed: int) -> Style:
    """Return what words ask for, as far as the embedded composer understands them."""
    said = meaning(words)
    mood = at_home(said)[0]
    low, high = energy_range(mood, said, asked=True)
    slow, fast = tempo_range(mood, said)
    return Style(
        mood=mood,
        tempo_bpm=said.tempo or round((slow + fast) / 2),
        key=key_name(signature(seed), "major" if mood in (Mood.HOPEFUL, Mood.PLAYFUL, Mood.HEROIC, Mood.QUIRKY) else "minor"),
        palette=palette_of(mood, words)[0],
        energy=(low + high) / 2,
        playing=instruments(mood, (low + high) / 2, said),
    )


def take(words: str, seconds: float, seed: int) -> Take:
    """Return a new song."""
    return Take((Piece(style_of(words, seed), seed, seconds),))


def samples(wanted: Take) -> Samples:
    """Compose and play a take: float32 [shape=(samples, 2)], 48 kHz. About an eightieth of its length of work."""
    sound = _played(wanted.pieces[0])
    for piece in wanted.pieces[1:]:
        sound = _joined(sound, _played(piece))
    if wanted.sounding != "music":
        sound[0 if wanted.sounding == "silence" else len(sound) // 2 :] = 0
    return sound


def stems(wanted: Take) -> dict[str, Samples]:
    """Return the stems of the first piece of a take, which together are its mix: float32 [shape=(samples, 2)] each."""
    piece = wanted.pieces[0]
    rendering = LOCAL.render(Brief(seconds=piece.seconds, seed=piece.seed, plan=_plan(piece)), silent, stems=True)
    length = _count(piece.heard, SAMPLE_RATE_HZ)
    gain = _gain(np.array(rendering.mix[0:length], np.float32))
    return {name: np.array(stem[0:length], np.float32) * gain for name, stem in rendering.stems.items()}


def file_of(wanted: Take, form: Literal["mp3", "wav"], folder: Path) -> Path:
    """Return the file of a take, made on the first call.

    Raises:
        StoreError: it cannot be written.
    """
    path = folder / f"{identity(wanted)}.{form}"
    if not path.exists():
        sound = samples(wanted)
        (write_mp3 if form == "mp3" else write_wav)(path, sound)
    return path


def identity(wanted: Take) -> str:
    """Return what the same take is always called, everywhere."""
    return sha256(json.dumps(asdict(wanted), sort_keys=True).encode()).hexdigest()[:24]


def _played(piece: Piece) -> Samples:
    brief = Brief(seconds=piece.seconds, seed=piece.seed, plan=_plan(piece))
    mix = LOCAL.render(brief, silent).mix
    sound = np.array(mix[0 : _count(piece.heard, SAMPLE_RATE_HZ)], np.float32)
    return sound * _gain(sound)


def _gain(sound: Samples) -> np.float32:
    return np.float32(_PEAK / max(float(np.abs(sound).max(initial=0.0)), _QUIETEST))


def _plan(piece: Piece) -> Plan:
    frames = _count(piece.seconds, _RATE)
    bar = _BEATS * SECONDS_A_MINUTE / piece.style.tempo_bpm
    turn = _count(piece.first_beat + max(1, ceil(piece.seconds * _OPENING / bar)) * bar, _RATE)
    bounds = (0, turn, frames) if piece.seconds >= _LEAST_SECTION_S and turn < frames * (1 - _OPENING / 2) else (0, frames)
    style = piece.style
    sections = tuple(
        Section(
            start=start,
            end=end,
            mood=style.mood,
            energy=style.energy if number else style.energy * 0.8,
            key=style.key,
            tempo_bpm=style.tempo_bpm,
            instruments=style.playing,
            palette=style.palette,
        )
        for number, (start, end) in enumerate(zip(bounds, bounds[1:]))  # noqa: B905, RUF007  # neighbours
    )
    return Plan(
        cue_id="sandbox",
        rate=_RATE,
        frames=frames,
        first_beat=piece.first_beat,
        beats_per_bar=_BEATS,
        sections=sections,
        ending=Ending.RING,
        seed=piece.seed,
    )


def _count(seconds: float, rate: float) -> int:
    return round_half_up(Fraction(seconds) * Fraction(rate))


def _joined(first: Samples, second: Samples) -> Samples:
    """Lay two sounds one after another; the first fades out over the beginning of the second, no sample is lost."""
    fade = min(_count(_JOIN_S, SAMPLE_RATE_HZ), len(second))
    second = second.copy()
    second[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)[:, None]
    return np.concatenate([first, second])
