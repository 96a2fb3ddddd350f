"""From score to sound: every note in its place, the hall around it, rest at the end.

The music is made block by block from its first sample to its last, so that memory does not grow with the length of the cue.
One hall rings for all stems: their sends are added before it. Where the stems are wanted apart, each rings in a hall of its own
as well; because the hall is linear, their sum is the mix but for rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, sin

import numpy as np

from otio_soundtrack.composer.ahead import played
from otio_soundtrack.composer.room import STEP, Hall
from otio_soundtrack.composer.score import Note, Score, Stem
from otio_soundtrack.composer.voices import LONGEST_LEAD_S, PLAYERS, Played, Player, level, play
from otio_soundtrack.composer.voices.exact import rise, rounded
from otio_soundtrack.composer.voices.orchestra import SEATS
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.sound import Samples
from otio_soundtrack.progress import Progress
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.reel import Reel

_WET = {Stem.DRUMS: 0.22, Stem.HARMONY: 0.42, Stem.MELODY: 0.45, Stem.FX: 0.5}
"""Loudness of the hall on each stem; the bass stays dry, as low notes blur in a hall."""
_DAMP_S = 0.35
"""Seconds over which a struck note is damped when it is let go."""
_GROWTH = 4 * SAMPLE_RATE_HZ
"""Samples by which a bus grows at least, so that it is not copied for every note."""
_RING_ON_DB = -44.0
"""Where there is a handle, the last chord is faded to this at the end of the cue and from there to silence in the handle.
Unfaded it has peaks of −12 to −30 dBFS there (measured): chord and hall ring on below −50 dBFS, which is at rest."""
_LEVEL = 0.5
"""Gain of everything: leaves the sum of all stems below full scale in most music; the master sets the real level."""


@dataclass(frozen=True)
class Mixed:
    """A score as sound."""

    mix: Reel
    stems: Mapping[str, Reel]
    """The stems that play, by name; empty where they were not wanted."""


class _Bus:
    """Where the notes of a stem come together: from the start of the block being made to the end of the longest note."""

    def __init__(self) -> None:
        self._open = np.zeros((0, 2), np.float32)
        self._start = 0

    def add(self, at: int, part: Samples, sides: tuple[float, float]) -> None:
        """Add sound from sample ``at`` of the cue on, each side with its gain."""
        begin = at - self._start
        missing = begin + len(part) - len(self._open)
        if missing > 0:
            self._open = np.concatenate([self._open, np.zeros((missing + _GROWTH, 2), np.float32)])
        # column by column: rows of two are five times slower
        for side, gain in enumerate(sides):
            self._open[begin : begin + len(part), side] += part[:, side] * np.float32(gain)

    def take(self, count: int) -> Samples:
        """Return the next samples, and go on behind them."""
        taken, self._open = self._open[:count], self._open[count:].copy()
        self._start += count
        return taken if len(taken) == count else np.pad(taken, ((0, count - len(taken)), (0, 0)))


def mixed(
    score: Score,
    samples: int,
    progress: Progress,
    *,
    stems: bool = False,
    player: Player = play,
    handles: Handles = NO_HANDLES,
) -> Mixed:
    """Return the sound of a score.

    Args:
        score: what to play.
        samples: length of the cue.
        progress: told while notes are played.
        stems: whether the stems are wanted apart.
        player: who plays it.
        handles: what is heard before the cue (notes whose sound leads into them) and after it (the ring of the last chord).

    Raises:
        StoreError: no room in the temporary folder.
    """
    buses = {stem: _Bus() for stem in Stem if any(note.stem is stem for note in score.notes)}
    notes = played(score, player, at_once=PLAYERS if player is play else 1)
    whole, first = handles.samples(samples), handles.head_samples
    rest = _Rest(first + samples, handles.tail_samples, min(samples, max(1, int(score.fade * SAMPLE_RATE_HZ))))
    mix, hall = Reel(whole), Hall(whole)
    apart = {stem: (Reel(whole), Hall(whole)) for stem in buses} if stems else {}
    waiting = next(notes, None)
    for start in range(0, whole, STEP):
        stop = min(whole, start + STEP)
        while waiting is not None and first + (waiting[0].start - LONGEST_LEAD_S) * SAMPLE_RATE_HZ < stop:
            _lay(buses[waiting[0].stem], *waiting, first, whole)
            waiting = next(notes, None)
        dry = {stem: bus.take(stop - start) for stem, bus in buses.items()}
        mix.record(rest.on(_rung(dry, hall, stop - start), start))
        for stem, (reel, own) in apart.items():
            reel.record(rest.on(_rung({stem: dry[stem]}, own, stop - start), start))
        progress("playing", stop / whole)
    return Mixed(mix=mix, stems={stem.value: reel for stem, (reel, _) in apart.items()})


def _rung(dry: Mapping[Stem, Samples], hall: Hall, samples: int) -> Samples:
    """Return a block of stems with their hall."""
    block, send = np.zeros((samples, 2), np.float32), np.zeros((samples, 2), np.float32)
    for stem, sound in dry.items():
        block += sound
        if stem in _WET:
            send += sound * np.float32(_WET[stem])
    block += hall.ring(send)
    return block


def _lay(bus: _Bus, note: Note, sound: Played, first: int, end: int) -> None:
    """Add a note where it belongs in a cue that begins at sample ``first``; what is outside of the file is left out."""
    start = first + round((note.start - sound.lead_s) * SAMPLE_RATE_HZ)
    skipped = max(0, -start)
    length = min(len(sound.samples) - skipped, end - start - skipped)
    damp = int(_DAMP_S * SAMPLE_RATE_HZ)
    held = int((note.seconds + sound.lead_s) * SAMPLE_RATE_HZ) - skipped + damp
    damped = held < length and not sound.ready
    if not sound.ready:
        length = min(length, held)
    if length <= 0:
        return
    sides = (_LEVEL, _LEVEL) if sound.ready else _sides(note)
    part = sound.samples[skipped : skipped + length]
    if damped:
        damp = min(damp, length)
        bus.add(start + skipped, part[: length - damp], sides)
        bus.add(start + skipped + length - damp, part[length - damp :] * rise(damp)[::-1, None].astype(np.float32), sides)
    else:
        bus.add(start + skipped, part, sides)


def _sides(note: Note) -> tuple[float, float]:
    """Return the gains of a note of the embedded voices, left and right."""
    loudness = _LEVEL * level(note)
    angle = (SEATS[note.voice].pan + 1) * pi / 4
    return rounded(loudness * cos(angle) * 2**0.5), rounded(loudness * sin(angle) * 2**0.5)


@dataclass(frozen=True)
class _Rest:
    """How everything comes to rest: a squared cosine bell, below a thousandth in its last tenth, zero at last."""

    end: int
    """Sample after the last of the cue."""
    ring_on: int
    """Samples of the handle after it."""
    fade: int
    """Samples before the end over which the cue comes to rest."""

    def on(self, block: Samples, start: int) -> Samples:
        """Fade what of a block from sample ``start`` lies in the fade or behind it; the block is changed in place."""
        after = start + len(block)
        first = self.end - self.fade
        if after > first:
            gain = np.square(rise(self.fade))[::-1]
            if self.ring_on:
                floor = rounded(10 ** (_RING_ON_DB / 20))
                gain = np.concatenate([np.maximum(gain, floor), floor * np.square(rise(self.ring_on))[::-1]])
            begin = max(0, first - start)
            block[begin:] *= gain[start + begin - first :][: len(block) - begin, None].astype(np.float32)
        if after == self.end + self.ring_on:
            block[-1] = 0.0
        return block
