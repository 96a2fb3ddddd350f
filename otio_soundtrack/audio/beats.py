"""Beats, bar lines and tempo of a take, without any trained model.

Tempo: autocorrelation of the attacks in windows of twelve seconds, with the preference of listeners for about 120 beats a minute
(van Noorden and Moelants 1999), one path through all windows (Viterbi). Beats: dynamic programming after Ellis (2007, Beat
Tracking by Dynamic Programming), with the period of that path, so that the tempo may change. Metre: bass and chords change on the
first beat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.traits import FAST_HZ, SLOW_HZ, Traits
from otio_soundtrack.times import SAMPLE_RATE_HZ

METRES = (4, 3)
"""Beats a bar that are told apart; 6/8 counts as two times three, or as two beats of a bar of four."""

LEAST_PULSE = 0.1
"""Below it nobody would tap; orchestras lie on either side, rain below."""

_PERIODS_S = (0.25, 1.5)
"""40 to 240 beats a minute."""
_PREFERRED_S, _PREFERENCE_OCTAVES = 0.5, 1.1
_WINDOW_S, _STEP_S = 12.0, 1.0
_TEMPO_CHANGE = 25.0
"""What a change of tempo by an octave between two windows costs, in units of the strength of a pulse."""
_TIGHTNESS = 120.0
"""How strictly beats keep the period (Ellis 2007 uses 100 to 400 at this scale)."""
_LOCAL_S = 1.0
"""Attacks are judged against those within a second."""
_METRE_WEIGHT = {4: 1.0, 3: 0.8}
"""Four beats are far more common than three."""
_BASS_WEIGHT = 0.7
_LEAST_BEAT_S = 0.02

Times = NDArray[np.float64]


@dataclass(frozen=True)
class Pulse:
    """The grid that a listener taps."""

    beats: Times
    """Seconds, rising, the first at or near 0, the last before the end; continued through rests."""
    metre: int
    """Beats a bar."""
    phase: int
    """Index of the first beat that begins a bar."""
    strength: float
    """How clear the pulse is, 0–1; see :data:`LEAST_PULSE`."""

    @property
    def bars(self) -> Times:
        """Seconds of the bar lines."""
        return self.beats[self.phase :: self.metre]

    @property
    def tempo_bpm(self) -> float:
        """Beats a minute: of the beats that are within a tenth of the median, so that rests and jitter do not count."""
        apart = np.diff(self.beats)
        usual = apart[np.abs(apart - np.median(apart)) <= 0.1 * np.median(apart)] if len(apart) else apart
        return float(60 / usual.mean()) if len(usual) else 0.0


def pulse(heard: Traits) -> Pulse:
    """Return beats and bars of a take of any kind and length."""
    seconds = heard.samples / SAMPLE_RATE_HZ
    onset = _emphasised(heard.onset)
    periods, strength = _periods(onset + _BASS_WEIGHT * _bass_attacks(heard, len(onset)))
    beats = _tracked(onset, periods) / FAST_HZ
    beats = _continued(beats, seconds, float(np.median(periods)) / FAST_HZ)
    metre, phase = _metre(beats, heard)
    return Pulse(beats, metre, phase, strength)


def _emphasised(onset: NDArray[np.float32]) -> Times:
    """Return attacks above what is usual around them, in standard deviations."""
    if not len(onset):
        return np.zeros(1)
    width = min(len(onset), int(2 * _LOCAL_S * FAST_HZ) + 1)
    usual = np.convolve(onset, np.ones(width) / width, "same")
    above = np.maximum(onset.astype(np.float64) - usual, 0)
    return above / max(float(above.std()), 1e-9)


def _bass_attacks(heard: Traits, moments: int) -> Times:
    """Return where the bass begins, at the rate of the attacks: the pulse is more often in it than in what is between beats."""
    if not len(heard.bass_db):
        return np.zeros(moments)
    rise = np.maximum(np.diff(heard.bass_db, prepend=heard.bass_db[:1]), 0)
    return _emphasised(np.interp(np.arange(moments) / FAST_HZ, np.arange(len(rise)) / SLOW_HZ, rise).astype(np.float32))


def _periods(onset: Times) -> tuple[Times, float]:
    """Return the beat period at every moment in moments, and how clear it is."""
    window, step = int(_WINDOW_S * FAST_HZ), int(_STEP_S * FAST_HZ)
    lags = np.arange(int(_PERIODS_S[0] * FAST_HZ), int(_PERIODS_S[1] * FAST_HZ) + 1)
    padded = np.pad(onset, (window // 2, window // 2 + step))
    parts = np.lib.stride_tricks.sliding_window_view(padded, window)[::step]
    auto = _autocorrelation(parts)
    prior = np.exp(-0.5 * (np.log2(lags / FAST_HZ / _PREFERRED_S) / _PREFERENCE_OCTAVES) ** 2)
    # a true period repeats: its double is strong too
    strengths = np.maximum(auto[:, lags], 0) + 0.5 * np.maximum(auto[:, 2 * lags], 0)
    path = _smoothest(strengths * prior, np.log2(lags))
    # what is periodic, not what is there all the time
    level = _autocorrelation(parts - parts.mean(axis=1, keepdims=True))
    clear = float(np.clip(np.median(level[np.arange(len(path)), lags[path]]), 0, 1))
    at = np.arange(len(path)) * step
    return np.interp(np.arange(len(onset)), at, lags[path].astype(np.float64)), clear


def _autocorrelation(rows: Times) -> Times:
    """Return the autocorrelation of each row under a bell, 1 at no lag."""
    spectrum = np.fft.rfft(rows * np.hanning(rows.shape[1]), 2 * rows.shape[1], axis=1)
    products = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)
    return np.asarray(products / np.maximum(products[:, :1], 1e-9))


def _smoothest(strengths: Times, octaves: Times) -> NDArray[np.int64]:
    """Return the path of most strength whose period changes little (Viterbi)."""
    change = _TEMPO_CHANGE * (octaves[:, None] - octaves[None]) ** 2
    total, came = strengths[0], np.zeros(strengths.shape, np.int64)
    for row in range(1, len(strengths)):
        steps = total[None] - change
        came[row] = steps.argmax(axis=1)
        total = steps[np.arange(len(octaves)), came[row]] + strengths[row]
    path = [int(total.argmax())]
    for row in range(len(strengths) - 1, 0, -1):
        path.append(int(came[row, path[-1]]))
    return np.array(path[::-1])


def _tracked(onset: Times, periods: Times) -> Times:
    """Return the moments of the beats: strong attacks, evenly spaced."""
    count, total = len(onset), np.array(onset)
    came = np.full(count, -1)
    whole = np.rint(periods).astype(int)
    ranges = {period: np.arange(-2 * period, -(period // 2) + 1) for period in set(whole.tolist())}
    costs = {period: -_TIGHTNESS * np.log(-ahead / period) ** 2 for period, ahead in ranges.items()}
    for now in range(count):
        period = int(whole[now])
        ahead, cost = ranges[period], costs[period]
        cut = max(0, 2 * period - now)
        if cut >= len(ahead):
            continue
        first = now - 2 * period + cut
        steps = total[first : first + len(ahead) - cut] + cost[cut:]
        best = int(steps.argmax())
        if steps[best] > 0:
            came[now] = first + best
            total[now] += steps[best]
    last = int(total[-int(whole[-1]) :].argmax()) + max(0, count - int(whole[-1]))
    beats = []
    while last >= 0:
        beats.append(last)
        last = int(came[last])
    return np.array(beats[::-1], np.float64)


def _continued(beats: Times, seconds: float, period: float) -> Times:
    """Return beats from 0 to the end, rests included."""
    if len(beats) > 1:
        period = float(np.median(np.diff(beats)))
    before = np.arange(beats[0] - period, 0, -period)[::-1]
    after = np.arange(beats[-1] + period, seconds - _LEAST_BEAT_S, period)
    whole = np.concatenate([before, beats, after])
    whole = whole[(whole >= 0) & (whole < max(seconds - _LEAST_BEAT_S, _LEAST_BEAT_S))]
    return whole if len(whole) else np.zeros(1)


def _metre(beats: Times, heard: Traits) -> tuple[int, int]:
    """Return beats a bar, and which beat is the first of one."""
    rows = np.minimum(np.rint(beats * SLOW_HZ).astype(int), max(0, len(heard.chroma) - 1))
    if len(rows) < 2 * max(METRES):
        return METRES[0], 0
    tones = np.array(
        [heard.chroma[a : max(b, a + 1)].mean(axis=0) for a, b in zip(rows, [*rows[1:], len(heard.chroma)], strict=True)]
    )
    tones /= np.linalg.norm(tones, axis=1, keepdims=True) + 1e-9
    change = np.linalg.norm(np.diff(tones, axis=0, prepend=tones[:1]), axis=1)
    # the window is long: what begins with a beat is in the bass a moment later
    bass = heard.bass_db[np.minimum(rows + 3, len(heard.bass_db) - 1)]
    accent = np.maximum(0, np.diff(bass, prepend=bass[:1]))
    weight = change / (change.std() + 1e-9) + _BASS_WEIGHT * accent / (accent.std() + 1e-9)
    found = [
        (_METRE_WEIGHT[metre] * (weight[phase::metre].mean() - weight.mean()) * (len(weight) / metre) ** 0.5, metre, phase)
        for metre in METRES
        for phase in range(metre)
    ]
    _, metre, phase = max(found)
    return metre, phase
