"""What is known of a take before it is laid on a length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.audio.beats import Pulse, pulse
from otio_soundtrack.audio.listen import SOFTEST_PEAK_DBFS, Ear
from otio_soundtrack.audio.silences import Sounding, without_silences
from otio_soundtrack.audio.similarity import Beats, beats_of
from otio_soundtrack.audio.traits import FAST_HZ, Traits, traits
from otio_soundtrack.errors import FitError
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ

STRONG_CHANGE = 0.25
"""Novelty from which a listener notices that something new begins."""

_BLOCK = 10 * SAMPLE_RATE_HZ
_FADED_DB = -42.0
"""Below the loud moments of the take: a decay that is softer can be shortened without being missed."""
_DECAYED_DB, _FADED_S = -30.0, 0.5
"""Music that is so soft for so long has ended, whatever noise its recording has, and wherever its decay was cut off."""
_FALL = SAMPLE_RATE_HZ // 5
"""Of a decay that was cut off: shorter is heard as an end of the tape."""
_LONGEST_QUIET_S = 4.0
_FAINT_SHARE, _FAINT_OF_S = 0.04, 6.0
"""Share of the energy of the last seconds that an ending can lose and still is the same to the ear: 0.98 of correlation."""
_TAIL_S = 12.0
"""How much of the end is known by its power."""
_STRUCK_SHARE, _STRUCK_DB = 0.4, -20.0
"""Of the strong attacks of the take, and against its loud moments: what is weaker or softer is no new note of an ending."""
_SECTION_BEATS = 8
"""Sections are not shorter."""


@dataclass(frozen=True)
class MusicFacts:
    """A take, listened to."""

    sound: Sounding
    """48 kHz, stereo, without long silences: all that follows is told of it."""
    end: int
    """Sample after the last sound."""
    ends: bool
    """Whether it comes to rest by itself."""
    quiet: int
    """Samples before ``end`` that are so soft that they can be left out."""
    faint: int
    """Samples before ``end`` that carry so little of its last seconds that they can be left out under a fade."""
    fall: int
    """Samples over which it falls to silence at ``end`` where its decay was cut off; 0 where it comes to rest by itself."""
    tail: NDArray[np.float64]
    """Power of the last seconds before ``end``, :data:`otio_soundtrack.audio.traits.FAST_HZ` values a second, the last first."""
    ring: int
    """Samples from the last attack to ``end``: how long the last chord rings."""
    pulse: Pulse
    beats: Beats

    @property
    def samples(self) -> int:
        """Length of it, a short silence after the music included."""
        return len(self.sound)

    @property
    def seconds(self) -> tuple[float, ...]:
        """Seconds of the file at which the beats lie."""
        return tuple(self.sound.place(int(beat)) / SAMPLE_RATE_HZ for beat in self.beats.positions[:-1])

    @property
    def sections(self) -> tuple[float, ...]:
        """Seconds of the file at which something new begins: peaks of novelty, at least eight beats apart."""
        seconds = self.seconds
        return tuple(seconds[beat] for beat in section_beats(self.beats.novelty))


def analyse_music(sound: Sound) -> MusicFacts:
    """Listen to a take.

    Args:
        sound: 48 kHz, stereo, of any length.

    Raises:
        FitError: it is silent, or as good as silent.
    """
    ear = Ear(SAMPLE_RATE_HZ)
    for start in range(0, len(sound), _BLOCK):
        ear.hear(sound[start : start + _BLOCK])
    if ear.first_sound is None or ear.peak < 10 ** (SOFTEST_PEAK_DBFS / 20):
        hint = f"Nothing in it is above {SOFTEST_PEAK_DBFS:g} dBFS: if there is music, make it louder first."
        raise FitError("the music is silent, there is nothing to fit.", hint=hint)
    music = without_silences(sound, ear)
    heard = traits(music)
    tapped, end = pulse(heard), music.heard_at(ear.last_sound) + 1
    rests, tail = ear.ends(), _tail(heard, end)
    return MusicFacts(
        sound=music,
        end=end,
        ends=rests or _below(heard, end, _DECAYED_DB) >= _FADED_S * SAMPLE_RATE_HZ,
        quiet=min(_below(heard, end, _FADED_DB), int(_LONGEST_QUIET_S * SAMPLE_RATE_HZ)),
        faint=_faint(tail),
        fall=0 if rests else _FALL,
        tail=tail,
        ring=_ring(heard, end),
        pulse=tapped,
        beats=beats_of(heard, tapped, end),
    )


def _below(heard: Traits, end: int, decibels: float) -> int:
    """Return how long the take stays so far below its loud moments before its end, samples."""
    loud = float(np.percentile(heard.level_db, 95))
    last = min(len(heard.level_db), end * FAST_HZ // SAMPLE_RATE_HZ)
    audible = np.flatnonzero(heard.level_db[:last] > loud + decibels)
    return max(0, end - (int(audible[-1]) + 1) * SAMPLE_RATE_HZ // FAST_HZ) if len(audible) else end


def _tail(heard: Traits, end: int) -> NDArray[np.float64]:
    """Return the power of the last seconds, the last first."""
    last = min(len(heard.level_db), end * FAST_HZ // SAMPLE_RATE_HZ)
    levels = heard.level_db[max(0, last - int(_TAIL_S * FAST_HZ)) : last][::-1]
    return np.asarray(10 ** (levels.astype(np.float64) / 10))


def _faint(tail: NDArray[np.float64]) -> int:
    """Return how much of the end carries a small share of the energy of the last seconds, samples."""
    power = tail[: int(_FAINT_OF_S * FAST_HZ)]
    carried = np.cumsum(power) / max(float(power.sum()), 1e-12)
    return int(np.searchsorted(carried, _FAINT_SHARE)) * SAMPLE_RATE_HZ // FAST_HZ


def _ring(heard: Traits, end: int) -> int:
    """Return how long nothing begins any more before the end, samples."""
    last = min(len(heard.onset), end * FAST_HZ // SAMPLE_RATE_HZ)
    strong = heard.onset[:last] > _STRUCK_SHARE * float(np.percentile(heard.onset, 98))
    struck = np.flatnonzero(strong & (heard.level_db[:last] > float(np.percentile(heard.level_db, 95)) + _STRUCK_DB))
    return end - int(struck[-1]) * SAMPLE_RATE_HZ // FAST_HZ if len(struck) else end


def section_beats(novelty: NDArray[np.float64]) -> list[int]:
    """Return the beats at which novelty peaks, in order, none nearer to another than eight beats."""
    chosen: list[int] = []
    for beat in np.argsort(-novelty, kind="stable").tolist():
        if novelty[beat] < STRONG_CHANGE:
            break
        if all(abs(beat - other) >= _SECTION_BEATS for other in chosen):
            chosen.append(beat)
    return sorted(chosen)
