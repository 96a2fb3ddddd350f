"""Cuts inside a clip: a finished film arrives as one clip, and its cuts are then seen, not read.

*Method.* The adaptive content detector of PySceneDetect (Castellano, ``AdaptiveDetector``: a frame's change against the mean
change of its neighbours, threshold 3) on luma and chroma of thumbs, with three guards that its published form lacks:

1. *Return.* After a flash, a muzzle fire or a lens flare the picture from before comes back; after a cut it does not. Signatures
   of the frames around tell them apart (``frames.distance``).
2. *Cadence.* Animation on threes and telecine repeat frames, so that the mean of the neighbours is near 0 between two ordinary
   steps. A cut must therefore also stand out against the largest changes within a shortest shot.
3. *Exposure.* What is left after the best common gain is taken off must itself be a change: iris pulls and lightning are no cuts.

Fades through black are found by their black frames. Dissolves inside a finished film are not found: an edit list knows them, and
the music loses little by a slow change that it does not mark.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.analysis.frames import CHANGE, LUMA, MOTION, SIGNATURE, distance

ADAPTIVE_RATIO = 3.0
"""A cut changes the picture so many times more than its neighbours do on average (PySceneDetect's default)."""
NEIGHBOURS = 2
"""Frames on each side in that mean (PySceneDetect's default window)."""
CADENCE_RATIO = 1.6
"""… and so many times more than the second largest change within a shortest shot on both sides."""
SMALLEST_CHANGE = 0.045
"""Mean change of a cut between two alike pictures; film grain and slow movement stay below 0.02."""
SMALLEST_UNLIT_CHANGE = 0.025
"""Mean luma change that must remain after the exposure is taken off."""
SHORTEST_SHOT = 0.2
"""Seconds: what is shorter is an effect inside a shot, not a shot."""
RETURN_SHARE = 0.5
"""The picture came back where it is nearer to the one before the jump than this share of the jump."""
BLACK_LUMA = 0.02
"""Mean luma of a black frame."""
LIT_LUMA, FADE_SECONDS = 0.06, 1.0
"""After black the picture must become so bright within so many seconds: a night scene at the edge of black is not many shots."""
STILL_CHANGE = 1e-4
"""Least mean change of neighbours that a ratio is taken to: rounding noise of a still picture."""


def detected_cuts(table: NDArray[np.float32], rate: float) -> tuple[int, ...]:
    """Return the frames on which a shot begins, frame 0 left out.

    Args:
        table: the frame table [shape=(frames, frames.COLUMNS)].
        rate: frames per second, above 0.

    Returns:
        frames in order, no two nearer than :data:`SHORTEST_SHOT`.
    """
    if len(table) <= 1:
        return ()
    shortest = max(NEIGHBOURS, round(SHORTEST_SHOT * rate))
    change = _without_returns(table, shortest)
    jumps = np.flatnonzero(_stands_out(change, shortest) & (table[:, MOTION] >= SMALLEST_UNLIT_CHANGE)).tolist()
    found = _apart(sorted({*jumps, *_fades_in(table, rate)}), change, shortest)
    # a first or last shot that is no shot: a black frame at the head, the next film's first frame at the tail
    return tuple(frame for frame in found if shortest <= frame <= len(table) - shortest)


def _without_returns(table: NDArray[np.float32], shortest: int) -> NDArray[np.float64]:
    """Return the change of each frame, 0 where the picture comes back: flashes neither are cuts nor hide one beside them."""
    change = table[:, CHANGE].astype(np.float64)
    large = np.flatnonzero(change >= SMALLEST_CHANGE)
    change[[int(frame) for frame in large if frame > 0 and _comes_back(table, int(frame), shortest)]] = 0
    return change


def _stands_out(change: NDArray[np.float64], shortest: int) -> NDArray[np.bool_]:
    mean = _mean_of_neighbours(change)
    # the second largest: one neighbour as large is another cut, two of them are a cadence
    rival = np.sort(_neighbours(change, shortest), axis=1)[:, -2]
    found = change >= ADAPTIVE_RATIO * np.maximum(mean, STILL_CHANGE)
    found &= (change >= CADENCE_RATIO * rival) & (change >= SMALLEST_CHANGE)
    return np.asarray(found, bool)


def _mean_of_neighbours(signal: NDArray[np.float64]) -> NDArray[np.float64]:
    counts = _neighbours(np.ones_like(signal), NEIGHBOURS).sum(axis=1)
    return np.asarray(_neighbours(signal, NEIGHBOURS).sum(axis=1) / counts, np.float64)


def _neighbours(signal: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return the values around each place, itself left out, 0 beyond the ends [shape=(n, 2 × reach)]."""
    padded = np.pad(signal, reach)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    return np.delete(windows, reach, axis=1)


def _comes_back(table: NDArray[np.float32], frame: int, shortest: int) -> bool:
    """Return whether the picture before the jump is back within a shortest shot, or the one after it was there before."""
    signatures = table[:, SIGNATURE]
    before, after = signatures[frame - 1], signatures[frame]
    near = RETURN_SHARE * float(distance(before, after))
    later = signatures[frame + 1 : frame + 1 + shortest]
    earlier = signatures[max(0, frame - 1 - shortest) : frame - 1]
    returns = len(later) > 0 and float(distance(np.broadcast_to(before, later.shape), later).min()) < near
    came_from = len(earlier) > 0 and float(distance(np.broadcast_to(after, earlier.shape), earlier).min()) < near
    return returns or came_from


def _fades_in(table: NDArray[np.float32], rate: float) -> list[int]:
    """Return the first frames after black: a fade-in has no jump, yet a shot begins there."""
    luma = table[:, LUMA]
    black = luma < BLACK_LUMA
    leaving = (np.flatnonzero(black[1:-1] & black[:-2] & ~black[2:]) + 2).tolist()
    reach = max(1, round(FADE_SECONDS * rate))
    return [frame for frame in leaving if luma[frame : frame + reach].max() >= LIT_LUMA]


def _apart(frames: list[int], change: NDArray[np.float64], shortest: int) -> tuple[int, ...]:
    """Return the frames without those that lie too near to a stronger one."""
    kept: list[int] = []
    for frame in frames:
        if kept and frame - kept[-1] < shortest:
            if change[frame] > change[kept[-1]]:
                kept[-1] = frame
        else:
            kept.append(frame)
    return tuple(kept)
