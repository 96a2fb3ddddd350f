"""How well each track of the library suits a cut, part by part, for all tracks at once (pure).

Parts are 0–1. Words count first where somebody said any, then how much is going on; a tempo counts where it lies on the cuts, not
as a measure of excitement, of which it says nothing (measured on named tracks: no better than a coin).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.library.rhythm import rhythm
from otio_soundtrack.library.rows import Rows, share
from otio_soundtrack.library.wanted import Wanted
from otio_soundtrack.model.track import NO_KEY, Descriptors

Column = NDArray[np.float64]

WORDS, DERIVED_WORDS, ENERGY, SHAPE, RHYTHM, MOOD, LENGTH, TEMPO, LIKENESS = 0.5, 0.1, 0.25, 0.15, 0.15, 0.15, 0.1, 0.25, 0.3
"""Weights. Words that somebody said are worth what two other parts are: a title that says them comes first though another track
suits the picture better. Those that only follow from the picture are worth little."""
SINGS = 0.15
"""Share of a track with a voice in it from which on somebody sings or speaks: above what 166 instrumental tracks reach (0.11)."""
_UNASKED_VOICE = 0.3
"""What a voice costs where none is wanted, and the lack of one where one is."""
_ENERGY_REACH = 0.4
"""Distance in energy at which a track is no longer of the kind."""
_FLAT = 0.05
"""Standard deviation of a curve below which it has no shape."""
_SHORTEST_SHARE = 0.5
"""A track that is so much of the cue long can just be extended; a shorter one repeats itself."""
_LONGEST_RATIO, _LONG = 6.0, 0.8
"""A track so many times as long loses most of itself."""
_TEMPO_REACH = 0.15
"""Octaves by which a tempo may miss the one that was asked for."""
_FELT_OTHERWISE = 0.85
"""What half or double the asked tempo is worth."""
_CLEAR_PULSE = 0.15
_FIFTHS = 7
_MEANS_NOTHING, _MEANS_THE_SAME = 0.3, 0.6
"""Product of sentence vectors that any two texts about music have, and that of two which say the same."""
_LEAST_REACH = 0.15
"""Between the two, where all of a library is about what is asked."""
_MEANT_SHARE = 0.8
"""What a meaning is worth beside a word that is written."""
_RELATED_SHARE = 0.5
"""What another word for the mood that the prompt names is worth."""


@dataclass(frozen=True, kw_only=True)
class Parts:
    """How well tracks suit, part by part [each shape=(tracks,)]; a part that is not asked for has the weight 0."""

    values: dict[str, Column]
    weights: dict[str, float]
    sings: NDArray[np.bool_]
    level: NDArray[np.int64]
    """Of :data:`~otio_soundtrack.library.rhythm.LEVELS`: on what beats of the track the cuts lie."""
    total: Column
    """0–1."""


def parts(wanted: Wanted, heard: Rows, *, own_words: Column, related_words: Column, meaning: NDArray[np.float32] | None) -> Parts:
    """Return how well tracks suit a cut.

    Args:
        wanted: what the cut asks.
        heard: the tracks.
        own_words: how well their words match those of the prompt, 0–1.
        related_words: the same for other words for moods.
        meaning: likeness of meaning to the prompt, −1 to 1; None where it is not known.
    """
    lies, level = rhythm(wanted.cuts).suits(heard["tempo"].astype(np.float64))
    lies = lies * np.minimum(share(heard, "pulse") / _CLEAR_PULSE, 1)
    values = {
        "words": _words(wanted, own_words, related_words, meaning),
        "energy": np.exp(-2 * ((share(heard, "energy") - wanted.energy) / _ENERGY_REACH) ** 2),
        "shape": _shape(wanted, heard),
        "rhythm": lies,
        "mood": _mood(wanted, heard),
        "length": _length(wanted, heard),
        "tempo": _tempo(wanted.tempo_bpm, heard),
        "likeness": _likeness(wanted.reference, heard),
    }
    weights = {
        "words": WORDS if wanted.prompt else DERIVED_WORDS,
        "energy": ENERGY,
        "shape": SHAPE if np.std(wanted.curve) >= _FLAT else 0.0,
        "rhythm": RHYTHM if rhythm(wanted.cuts).known else 0.0,
        "mood": MOOD,
        "length": LENGTH,
        "tempo": TEMPO if wanted.tempo_bpm is not None else 0.0,
        "likeness": LIKENESS if wanted.reference is not None else 0.0,
    }
    sings = share(heard, "voice") > SINGS
    total = np.sum([weights[name] * values[name] for name in values], axis=0) / sum(weights.values())
    total = total - _UNASKED_VOICE * (sings if wanted.instrumental else ~sings)
    return Parts(values=values, weights=weights, sings=sings, level=level, total=np.clip(total, 0, 1))


def _words(wanted: Wanted, own: Column, related: Column, meaning: NDArray[np.float32] | None) -> Column:
    """Return how clearly tracks say what is asked: as it is written, or by its meaning where that is known."""
    literal = related
    if wanted.prompt:
        literal = np.maximum(own, _RELATED_SHARE * related * wanted.named)
    if meaning is None:
        return literal
    # all music means a bit of what is asked of music: what counts is what a track means more than others
    nothing = max(_MEANS_NOTHING, float(np.median(meaning))) if len(meaning) else _MEANS_NOTHING
    meant = np.clip((meaning - nothing) / max(_MEANS_THE_SAME - nothing, _LEAST_REACH), 0, 1)
    return np.asarray(1 - (1 - _MEANT_SHARE * meant) * (1 - literal), np.float64)


def shape_likeness(wanted: Wanted, heard: Rows) -> Column:
    """Return the correlation of the tracks' energy curves with the cut's, −1 to 1; 0 where one of them has no shape."""
    curves = share(heard, "curve")
    asked = np.asarray(wanted.curve, np.float32)
    asked = asked - asked.mean()
    # the asked curve has no mean: that of the others falls out of the product
    products = curves @ asked / np.float32(len(asked))
    spreads = np.sqrt(np.maximum(np.einsum("ij,ij->i", curves, curves) / len(asked) - curves.mean(axis=1) ** 2, 1e-9))
    like = products / (spreads * max(float(asked.std()), 1e-9))
    return np.where(spreads >= _FLAT, like, 0.0)


def _shape(wanted: Wanted, heard: Rows) -> Column:
    return np.asarray((1 + shape_likeness(wanted, heard)) / 2, np.float64)


def _mood(wanted: Wanted, heard: Rows) -> Column:
    valence = 1 - np.abs(share(heard, "valence") - wanted.valence) / 2
    if wanted.light is None:
        return np.asarray(valence, np.float64)
    light = 1 - np.abs(2 * share(heard, "brightness") - 1 - wanted.light) / 2
    return np.asarray((2 * valence + light) / 3, np.float64)


def _length(wanted: Wanted, heard: Rows) -> Column:
    ratio = heard["seconds"].astype(np.float64) / wanted.seconds
    long_enough = np.where(ratio > _LONGEST_RATIO, _LONG, 1.0)
    return np.where(ratio >= 1, long_enough, np.clip((ratio - _SHORTEST_SHARE / 2) / (1 - _SHORTEST_SHARE / 2), 0, 1))


def _tempo(asked: float | None, heard: Rows) -> Column:
    """Return how near tempi are to one that was asked for, also when they are felt at half or double speed."""
    if asked is None:
        return np.zeros(len(heard))
    octaves = np.log2(np.maximum(heard["tempo"].astype(np.float64), 1) / asked)
    near = [worth * np.exp(-2 * ((octaves + shift) / _TEMPO_REACH) ** 2) for shift, worth in _SPEEDS]
    return np.asarray(np.max(near, axis=0), np.float64)


_SPEEDS = ((0.0, 1.0), (1.0, _FELT_OTHERWISE), (-1.0, _FELT_OTHERWISE))


def key_nearness(reference: Descriptors, heard: Rows) -> Column:
    """Return how near keys are to the reference's, 0–1: steps on the circle of fifths between the scales, six at most."""
    places = heard["tonic"].astype(np.int64) + 3 * heard["minor"]  # a minor scale is that of the major key a third above
    own = reference.tonic + 3 * reference.minor
    fifths = (_FIFTHS * (places - own)) % 12
    known = (heard["tonic"] != NO_KEY) & (reference.tonic != NO_KEY)
    return np.where(known, 1 - np.minimum(fifths, 12 - fifths) / 6, 0.5)


def _likeness(reference: Descriptors | None, heard: Rows) -> Column:
    """Return how like tracks are to a reference: key, tempo, how much is going on, how it sounds."""
    if reference is None:
        return np.zeros(len(heard))
    shares = ("energy", "percussive", "brightness")
    alike = [1 - np.abs(share(heard, name) - getattr(reference, name)) for name in shares]
    return np.asarray(np.mean([key_nearness(reference, heard), _tempo(reference.tempo_bpm, heard), *alike], axis=0), np.float64)
