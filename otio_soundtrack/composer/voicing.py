"""Voice leading: where the notes of each chord lie, so that each voice moves little and none in parallel fifths or octaves.

All close voicings of all chords are weighed at once (Viterbi): movement and distance from the middle register cost a little,
parallel perfect intervals (also against the bass) cost so much that they are taken only where nothing else exists.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.harmony import Chord
from otio_soundtrack.composer.keys import OCTAVE

Voicing = tuple[int, ...]
"""Bass and four upper voices as MIDI numbers, from low to high."""

UPPER_VOICES = 4
LOWEST, HIGHEST = 53, 77
"""Range of the upper voices, MIDI: F3 to F5, where chords are clear and leave the tune room above."""
BASS_LOWEST, BASS_HIGHEST = 29, 47
"""Range of the bass, MIDI: F1, the lowest that small speakers still suggest, to B2."""

_WIDEST_GAP, _NARROWEST_GAP, _WIDEST = 9, 2, 19
"""Semitones between neighbouring voices and between the outer ones."""
_MIDDLE = 64.5
_REGISTER_COST = 0.25
"""Cost of a semitone of the chord's mean away from the middle, in semitones of one voice's movement."""
_BASS_COST = 0.3
"""Cost of a semitone of bass movement: the bass may leap."""
_PARALLEL_COST = 1000.0
_DOUBLED_COST = 3.0
"""Cost of a chord that has its major third twice: roots and fifths are doubled, major thirds stick out (any harmony textbook);
minor ones may be, against the major third among the overtones of the bass."""
_MAJOR_THIRD = 4
_ROOTLESS_COST = 3.0
"""Cost of an upper chord that does not have its root twice: the fifth is strong enough among the overtones of the bass."""
_MOST_CANDIDATES = 48
"""Voicings kept for a chord, nearest to the middle register first: enough that a way without parallels exists."""


def voicings(chords: tuple[Chord, ...]) -> tuple[Voicing, ...]:
    """Return the voicing of each chord of a progression.

    Args:
        chords: at least one.
    """
    candidates = [_candidates(chord.bass, chord.tones) for chord in chords]
    cost = _register(candidates[0], chords[0])
    back: list[NDArray[np.intp]] = []
    for number, (before, after) in enumerate(pairwise(candidates), start=1):
        total = cost[:, None] + _step(before, after)
        back.append(total.argmin(axis=0))
        cost = total.min(axis=0) + _register(after, chords[number])
    index = int(cost.argmin())
    path = [candidates[-1][index]]
    for choice, options in zip(reversed(back), reversed(candidates[:-1]), strict=True):
        index = int(choice[index])
        path.append(options[index])
    return tuple(reversed(path))


def parallels(before: Voicing, after: Voicing) -> int:
    """Return how many pairs of voices move in parallel fifths, octaves or unisons."""
    return int(_parallel_count(np.array([before]), np.array([after]))[0, 0])


@lru_cache(maxsize=512)
def _candidates(bass: int, tones: tuple[int, ...]) -> tuple[Voicing, ...]:
    """Return the voicings of a chord, best register first."""
    notes = [note for note in range(LOWEST, HIGHEST + 1) if note % OCTAVE in tones]
    needed = set(tones) if len(tones) <= UPPER_VOICES else set(tones[1:])
    uppers = [upper for upper in combinations(notes, UPPER_VOICES) if _fits(upper, needed)]
    uppers.sort(key=lambda upper: (abs(sum(upper) / UPPER_VOICES - _MIDDLE), upper))
    basses = [note for note in range(BASS_LOWEST, BASS_HIGHEST + 1) if note % OCTAVE == bass]
    return tuple((low, *upper) for upper in uppers[:_MOST_CANDIDATES] for low in basses)


def _fits(upper: tuple[int, ...], needed: set[int]) -> bool:
    gaps = [high - low for low, high in pairwise(upper)]
    complete = {note % OCTAVE for note in upper} >= needed
    return complete and max(gaps) <= _WIDEST_GAP and min(gaps) >= _NARROWEST_GAP and upper[-1] - upper[0] <= _WIDEST


def _register(options: tuple[Voicing, ...], chord: Chord) -> NDArray[np.float64]:
    """Return what each voicing costs by itself: its distance from the middle register, and what it doubles."""
    uppers = np.array(options)[:, 1:]
    major = (chord.third - chord.root) % OCTAVE == _MAJOR_THIRD
    doubled = np.maximum(0, (uppers % OCTAVE == chord.third).sum(axis=1) - 1) * major
    rootless = (uppers % OCTAVE == chord.root).sum(axis=1) < 2
    return np.asarray(
        np.abs(uppers.mean(axis=1) - _MIDDLE) * _REGISTER_COST + doubled * _DOUBLED_COST + rootless * _ROOTLESS_COST
    )


@lru_cache(maxsize=1024)
def _step(before: tuple[Voicing, ...], after: tuple[Voicing, ...]) -> NDArray[np.float64]:
    """Return the cost of every way from one chord's voicings to the next one's [shape=(before, after)]."""
    one, two = np.array(before), np.array(after)
    moves = np.abs(one[:, None, :] - two[None, :, :]).astype(np.float64)
    cost: NDArray[np.float64] = (
        moves[..., 1:].sum(axis=2) + _BASS_COST * moves[..., 0] + _PARALLEL_COST * _parallel_count(one, two)
    )
    return cost


def _parallel_count(one: NDArray[np.int_], two: NDArray[np.int_]) -> NDArray[np.int_]:
    """Return the number of parallel perfect intervals [shape=(before, after)]."""
    count = np.zeros((len(one), len(two)), np.int_)
    for low, high in combinations(range(one.shape[1]), 2):
        interval_one, interval_two = (one[:, high] - one[:, low]) % OCTAVE, (two[:, high] - two[:, low]) % OCTAVE
        perfect = np.isin(interval_one, (0, 7))[:, None] & (interval_one[:, None] == interval_two[None, :])
        low_moves, high_moves = two[None, :, low] - one[:, None, low], two[None, :, high] - one[:, None, high]
        count += perfect & (low_moves != 0) & (high_moves != 0)
    return count
