"""From score to stems: every note in its place, the hall around it, rest at the end."""

from __future__ import annotations

from math import cos, pi, sin

import numpy as np

from otio_soundtrack.composer.room import reverberate
from otio_soundtrack.composer.score import Note, Score, Stem
from otio_soundtrack.composer.voices import Played, play
from otio_soundtrack.composer.voices.exact import rise, rounded
from otio_soundtrack.composer.voices.instruments import SEATS
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider import Samples
from otio_soundtrack.times import SAMPLE_RATE_HZ

_TOUCH = 1.4
"""Exponent from velocity to loudness: half the velocity is 8 dB less."""
_WET = {Stem.DRUMS: 0.22, Stem.HARMONY: 0.42, Stem.MELODY: 0.45, Stem.FX: 0.5}
"""Loudness of the hall on each stem; the bass stays dry, as low notes blur in a hall."""
_DAMP_S = 0.35
"""Seconds over which a struck note is damped when it is let go."""
_LEVEL = 0.5
"""Gain of everything: leaves the sum of all stems below full scale in most music; the master sets the real level."""


def stems(score: Score, samples: int, progress: Progress) -> dict[str, Samples]:
    """Return the stems of a score; their sum is the mix.

    Args:
        score: what to play.
        samples: length of the cue.
        progress: told while notes are played.
    """
    played: dict[str, Samples] = {}
    for stem in Stem:
        notes = [(number, note) for number, note in enumerate(score.notes) if note.stem is stem]
        if not notes:
            continue
        sound = np.zeros((samples, 2), np.float32)
        for number, note in notes:
            _lay(sound, note, play(note, number=number))
        if stem in _WET:
            reverberate(sound, _WET[stem])
        _come_to_rest(sound, score.fade)
        played[stem.value] = sound
        progress("playing", (list(Stem).index(stem) + 1) / len(Stem))
    return played


def _lay(sound: Samples, note: Note, played: Played) -> None:
    """Add a note where it belongs."""
    start = round((note.start - played.lead_s) * SAMPLE_RATE_HZ)
    skipped = max(0, -start)
    length = min(len(played.samples) - skipped, len(sound) - start - skipped)
    damp = int(_DAMP_S * SAMPLE_RATE_HZ)
    held = int((note.seconds + played.lead_s) * SAMPLE_RATE_HZ) - skipped + damp
    damped = held < length
    length = min(length, held)
    if length <= 0:
        return
    seat = SEATS[note.voice]
    loudness = _LEVEL * 10 ** (seat.gain_db / 20) * note.velocity**_TOUCH
    angle = (seat.pan + 1) * pi / 4
    sides = np.array([rounded(loudness * cos(angle) * 2**0.5), rounded(loudness * sin(angle) * 2**0.5)], np.float32)
    part = played.samples[skipped : skipped + length] * sides
    if damped:
        damp = min(damp, length)
        part[length - damp :] *= rise(damp)[::-1, None].astype(np.float32)
    begin = start + skipped
    sound[begin : begin + length] += part


def _come_to_rest(sound: Samples, fade_s: float) -> None:
    """Fade the end so that it reaches zero slowly: a squared cosine bell, below a thousandth in its last tenth."""
    fade = min(len(sound), max(1, int(fade_s * SAMPLE_RATE_HZ)))
    sound[len(sound) - fade :] *= np.square(rise(fade))[::-1, None].astype(np.float32)
    sound[-1] = 0.0
