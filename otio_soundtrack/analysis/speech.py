"""From the probability of speech to stretches in which somebody speaks (pure)."""

from __future__ import annotations

from collections.abc import Sequence

ONSET = 0.5
"""Probability from which on somebody speaks (the detector's own default)."""
RELEASE = 0.35
"""Probability below which nobody speaks any more: the detector's own 0.15 of hysteresis."""
SHORTEST_SPEECH = 0.25
"""Seconds: shorter sounds are coughs and clicks."""
SHORTEST_PAUSE = 0.3
"""Seconds: shorter pauses are breath and consonants."""
PADDING = 0.03
"""Seconds given on each side: the detector speaks up after the first consonant."""

Stretch = tuple[float, float]
"""Start and end in seconds."""


def speech_stretches(probabilities: Sequence[float], chunk: float, total: float) -> tuple[Stretch, ...]:
    """Return where somebody speaks.

    Args:
        probabilities: of speech, one a chunk, 0–1.
        chunk: seconds of a chunk.
        total: seconds of the sound; nothing reaches past it.

    Returns:
        stretches in order that neither touch nor overlap.
    """
    runs = _runs(probabilities, chunk)
    joined: list[Stretch] = []
    for start, end in runs:
        if joined and start - joined[-1][1] < SHORTEST_PAUSE:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    spoken = [run for run in joined if run[1] - run[0] >= SHORTEST_SPEECH]
    return tuple((max(0.0, start - PADDING), min(total, end + PADDING)) for start, end in spoken if start < total)


def _runs(probabilities: Sequence[float], chunk: float) -> list[Stretch]:
    runs: list[Stretch] = []
    began: int | None = None
    for number, probability in enumerate(probabilities):
        if began is None and probability >= ONSET:
            began = number
        elif began is not None and probability < RELEASE:
            runs.append((began * chunk, number * chunk))
            began = None
    if began is not None:
        runs.append((began * chunk, len(probabilities) * chunk))
    return runs
