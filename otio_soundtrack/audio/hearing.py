"""Hearing: what a listener finds in a written take, put beside what was meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log10
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.key import key_name, key_places
from otio_soundtrack.audio.spectra import MOMENTS_HZ, Spectra, spectra
from otio_soundtrack.audio.sync import cuts_heard, cuts_on_beats, last_attack, ranks
from otio_soundtrack.model.cue import TakeFacts
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.heard import Gap, Heard, SectionHeard
from otio_soundtrack.tools.loudness import GATING_STEPS, MOMENTARY_HZ, SILENCE_LUFS

GAP_DBFS = -55.0
"""A moment whose root mean square is below is silent: under the noise of a quiet room at any usual level."""
LONGEST_REST_S = 0.35
"""A longer silence is heard as a hole."""
LEAST_SECTIONS = 3
"""With fewer, a rank correlation is a coin."""

_LEAST_SECTION_S = 1.0
"""A shorter section is over before its key or loudness is felt."""


@dataclass(frozen=True, kw_only=True)
class Meant:
    """A section as it was meant."""

    start: float
    """Seconds from the first sample."""
    end: float
    energy: float
    tonic: int
    """Pitch class, 0 is C."""
    minor: bool
    """Whether the third is minor."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a take was made for."""

    cuts: Sequence[float]
    """Seconds of the picture changes inside the cue."""
    beats: Sequence[float]
    """Seconds of the beats; empty where they are not known."""
    bars: Sequence[float]
    """Seconds of the bar lines; empty where they are not known."""
    frame_s: float
    """Seconds of a frame of the picture."""
    sections: Sequence[Meant]


def hear(path: Path, facts: TakeFacts, expected: Expected, *, handles: Handles = NO_HANDLES) -> Heard:
    """Return what is heard in the cue of a music file.

    Args:
        path: the file.
        facts: what was measured on it (:func:`.listen.listen`): its momentary loudness, its last 10 ms.
        expected: what it is compared with.
        handles: what lies before and after the cue in it.

    Raises:
        UnreadableMediaError: no such file, or damaged.
    """
    sound = spectra(path, handles=handles)
    sections = tuple(_section(one, sound, facts, expected.bars) for one in expected.sections)
    follows, ratio = _contrast(expected.sections, sections)
    return Heard(
        cuts=cuts_heard(sound.onset, sound.seconds, expected.cuts),
        beats=cuts_on_beats(expected.beats, sound.seconds, expected.cuts, expected.frame_s),
        sections=sections,
        loudness_follows=follows,
        brightness_ratio=ratio,
        gaps=tuple(_gaps(sound.level)),
        last_10_ms_dbfs=None if facts.last_peak <= 0 else round(20 * log10(facts.last_peak), 1),
        last_attack=last_attack(sound.onset, sound.seconds),
    )


def _section(meant: Meant, sound: Spectra, facts: TakeFacts, bars: Sequence[float]) -> SectionHeard:
    """Return what one section sounds like; of a very short one only where it begins."""
    error = min((bar - meant.start for bar in bars), key=abs, default=None)
    bar_error_ms = None if error is None else round(1000 * error, 1)
    if meant.end - meant.start < _LEAST_SECTION_S:
        return SectionHeard(bar_error_ms=bar_error_ms, key=None, key_rank=None, lufs=None, centroid_hz=None)
    places = key_places(_between(sound.chroma, meant, sound.chroma_hz))
    magnitude = float(_between(sound.magnitude, meant, MOMENTS_HZ).sum())
    return SectionHeard(
        bar_error_ms=bar_error_ms,
        key=None if places is None else key_name(places[0][0], minor=places[0][1]),
        key_rank=None if places is None else places.index((meant.tonic, meant.minor)) + 1,
        lufs=_loudness(facts.momentary, meant),
        centroid_hz=round(float(_between(sound.moment_hz, meant, MOMENTS_HZ).sum()) / magnitude, 1) if magnitude > 0 else None,
    )


def _between(rows: NDArray[np.float64], meant: Meant, hz: float) -> NDArray[np.float64]:
    """Return the rows of a curve inside a section."""
    return rows[round(meant.start * hz) : max(round(meant.end * hz), round(meant.start * hz) + 1)]


def _loudness(momentary: Sequence[float], meant: Meant) -> float | None:
    """Return the power mean of the momentary loudness of windows that lie inside a section."""
    # each value stands for the 400 ms that end with it
    inside = np.array(momentary[round(meant.start * MOMENTARY_HZ) + GATING_STEPS - 1 : round(meant.end * MOMENTARY_HZ)])
    if not len(inside) or inside.max() <= SILENCE_LUFS:
        return None
    return round(10 * log10(float(np.mean(10 ** (inside / 10)))), 2)


def _contrast(meant: Sequence[Meant], heard: Sequence[SectionHeard]) -> tuple[float | None, float | None]:
    """Return how loudness follows energy, and how much brighter the most energetic section is than the calmest."""
    known = [(one.energy, other.lufs, other.centroid_hz) for one, other in zip(meant, heard, strict=True)]
    loud = [(energy, lufs) for energy, lufs, _ in known if lufs is not None]
    follows = None
    if len(loud) >= LEAST_SECTIONS and all(len(set(column)) > 1 for column in zip(*loud, strict=True)):
        energies, lufs = (ranks(np.array(column)) for column in zip(*loud, strict=True))
        follows = round(float(np.corrcoef(energies, lufs)[0, 1]), 3)
    bright = [(energy, centroid) for energy, _, centroid in known if centroid is not None]
    if len({energy for energy, _ in bright}) < 2:
        return follows, None
    return follows, round(max(bright)[1] / min(bright)[1], 3)


def _gaps(level: NDArray[np.float64]) -> list[Gap]:
    """Return the silences between the first and the last sound that are heard as holes."""
    sounding = np.flatnonzero(level >= 10 ** (GAP_DBFS / 20)).tolist()
    # neighbours that sound are one apart: the silence between two is one moment less
    return [
        Gap(at=(here + 1) / MOMENTS_HZ, seconds=(there - here - 1) / MOMENTS_HZ)
        for here, there in pairwise(sounding)
        if (there - here - 1) / MOMENTS_HZ > LONGEST_REST_S
    ]
