"""Rendering of a plan: exactly so many samples, block by block."""

from __future__ import annotations

from itertools import accumulate, pairwise

import numpy as np
from scipy.signal import fftconvolve

from otio_soundtrack.audio.joints import blended
from otio_soundtrack.audio.varispeed import read_between, read_exact
from otio_soundtrack.model.fit import FitPlan
from otio_soundtrack.model.handles import Handles
from otio_soundtrack.model.sound import Samples, Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ

_RING_DB = -66.0
"""Level of a last chord when it has rung: silence in any room."""
_ROOM_DB = -40.0
"""By how much the room has decayed at the very end: it is heard as long as the chord rings."""
_HELD_S = 0.35
"""The last chord is held for so long before it begins to decay: its attack stays whole."""
_ROOM_SEED, _ROOM_SHARE = 20_260, 0.35
"""Of the reverberation of a made ending: its noise, and its level against the chord."""
_BLOCK = 10 * SAMPLE_RATE_HZ
_LOUD, _LESS_ROOM = 0.9, 0.7
"""Largest sample that chord and room may have together where the chord alone has less, and by how much the room gets softer."""
_LAST_S = 0.2
"""At the very end of a made ending everything goes to zero."""


def render_fit(plan: FitPlan, sound: Sound) -> Samples:
    """Return the take as it was planned.

    Args:
        plan: what to play.
        sound: the take that it was made for.

    Returns:
        float32 [shape=(plan.samples, 2)]. Beginning and end are the samples of the take itself, where the plan keeps them.
    """
    clock = _Clock(plan)
    out = np.empty((plan.samples, 2), np.float32)
    turns = [plan.heard_at(at) - seam.before for at, seam in zip(_joins(plan), plan.seams, strict=True)]
    starts = [0, *turns, plan.samples]
    for number, (first, after) in enumerate(pairwise(starts)):
        # not all at once: a long segment would be in memory twice
        for start in range(first, after, _BLOCK):
            stop = min(start + _BLOCK, after)
            out[start:stop] = clock.read(sound, number, start, stop)
    for number, seam in enumerate(plan.seams):
        first, after = turns[number], min(turns[number] + seam.fade, plan.samples)
        if after > first:
            leaving = clock.read(sound, number, first, after)
            out[first:after] = blended(leaving, clock.read(sound, number + 1, first, after))
    if plan.rise:
        out[: plan.rise] *= np.sin(np.arange(plan.rise) / plan.rise * (np.pi / 2))[:, None].astype(np.float32)
    if plan.ending == "made":
        out[plan.samples - plan.ring :] = _rung(out[plan.samples - plan.ring :], len(sound) - plan.segments[-1].stop + plan.ring)
    elif plan.ring:
        out[plan.samples - plan.ring :] *= _fall(plan.ring)
    return out


def beyond(plan: FitPlan, sound: Sound, handles: Handles) -> tuple[Samples, Samples]:
    """Return what a take has before and after what was planned of it.

    Where the plan fades in, makes an ending or fades out, there is silence: nothing may come after an end but its own ring.

    Args:
        plan: what is played.
        sound: the take that it was made for.
        handles: how much is wanted.

    Returns:
        float32 [shape=(samples, 2)], twice; silence where the take has no more.
    """
    before = np.zeros((handles.head_samples, 2), np.float32)
    after = np.zeros((handles.tail_samples, 2), np.float32)
    if not plan.rise:
        before += read_exact(sound, plan.segments[0].start - handles.head_samples, handles.head_samples)
    if not plan.ring:
        after += read_exact(sound, plan.segments[-1].stop, handles.tail_samples)
    return before, after


class _Clock:
    """Which place of the take is heard when."""

    def __init__(self, plan: FitPlan) -> None:
        self._plan, self._natural, self._step = plan, plan.natural, plan.step
        self._starts = [0, *_joins(plan)]

    def read(self, sound: Sound, number: int, first: int, after: int) -> Samples:
        """Return samples ``first`` to ``after`` of the result as a segment plays them, also beyond its ends."""
        plan = self._plan
        shift = plan.segments[number].start - self._starts[number]
        if self._step == 1.0:
            return read_exact(sound, first + shift, after - first)
        edges = [first, *(min(max(edge, first), after) for edge in (plan.keep_first, plan.samples - plan.keep_last)), after]
        late = shift + self._natural - plan.samples
        return np.concatenate(
            [
                read_exact(sound, edges[0] + shift, edges[1] - edges[0]),
                read_between(
                    sound,
                    shift + plan.keep_first + (edges[1] - plan.keep_first) * self._step,
                    self._step,
                    edges[2] - edges[1],
                ),
                read_exact(sound, edges[2] + late, edges[3] - edges[2]),
            ]
        )


def _joins(plan: FitPlan) -> list[int]:
    """Return where segments meet on the unstretched way, samples."""
    return list(accumulate(one.samples for one in plan.segments))[:-1]


def _rung(chord: Samples, own: int) -> Samples:
    """Return a stretch as a last chord: its attack whole, then a decay in a room, silent at the end.

    Args:
        chord: from its attack on [shape=(samples, 2)].
        own: samples of it that the take has; what follows is the room alone.
    """
    count = len(chord)
    held, own = min(int(_HELD_S * SAMPLE_RATE_HZ), count // 3), min(own, count)
    decay = np.zeros(count)
    decay[:held] = 1
    decay[held:own] = 10 ** (_RING_DB / 20 * np.linspace(0, 1, max(0, own - held)) ** 0.8)
    dry = chord * decay[:, None].astype(np.float32)
    falling = 10 ** (_ROOM_DB / 20 * np.arange(count) / count)[:, None]
    room = np.random.default_rng(_ROOM_SEED).standard_normal((count, 2)) * falling
    wet = np.stack([fftconvolve(chord[:held, side], room[:, side])[:count] for side in range(2)], axis=1)
    level = float(np.sqrt(np.mean(np.square(chord[: 2 * held], dtype=np.float64))))
    wet *= _ROOM_SHARE * level / max(float(np.sqrt(np.mean(wet[held : 2 * held] ** 2))), 1e-9)
    wet *= np.minimum(1, np.arange(count) / max(held, 1))[:, None]
    # a room that makes a loud chord louder still would make all of the music softer
    most = max(float(np.abs(chord).max()), _LOUD)
    while float(np.abs(dry + wet).max()) > most:
        wet *= _LESS_ROOM
    return np.asarray((dry + wet) * _fade_to_zero(count)[:, None], np.float32)


def _fade_to_zero(count: int) -> Samples:
    """Return ones that go to zero in the last fifth of a second, or of a shorter stretch."""
    last = min(count // 5, int(_LAST_S * SAMPLE_RATE_HZ))
    return np.concatenate([np.ones(count - last), np.cos(np.linspace(0, np.pi / 2, last)) ** 2]).astype(np.float32)


def _fall(count: int) -> Samples:
    """Return a fade-out as mixers draw it: a quarter of a cosine, squared [shape=(count, 1)]."""
    return (np.cos(np.linspace(0, np.pi / 2, count)) ** 2)[:, None].astype(np.float32)
