"""Ears: what jobs need of the files that services send. Synchronous; called in threads."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from otio_soundtrack.audio.beats import Pulse, pulse
from otio_soundtrack.audio.joints import blended, match
from otio_soundtrack.audio.listen import LEAST_S, SILENCE_DBFS, SOFTEST_PEAK_DBFS, Ear
from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.audio.traits import traits
from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.model.sound import Part, Samples, Sound
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.provider.steps import Heard
from otio_soundtrack.times import SAMPLE_RATE_HZ
from otio_soundtrack.tools.files import sha256, store_errors
from otio_soundtrack.tools.floatwave import write_float_wav

LONGEST_TAIL_S, LONGEST_TAIL_SHARE = 8.0, 0.25
"""Silence after the music: services pad a few seconds; more means that most of what was paid for is missing."""
LEAST_SOUNDING_SHARE = 0.2
"""Of the tenths of a second: below, it is silence with noises in it."""
CLIPPED_TO_DEATH = 0.05
"""Share of samples at full scale or beyond: loud masters have a few thousandths, a square wave has most."""

_BLOCK = 10 * SAMPLE_RATE_HZ
_TENTH = SAMPLE_RATE_HZ // 10
START_S = 10.0
"""How much of two takes is compared."""
_SAME = 0.8
"""Correlation from which two beginnings are the same music: two encodings of one have 0.95 and more, other music under 0.4."""
_DELAY_S = 0.1
"""By which encoders may shift a beginning that does not say so."""
_THIN = 4
"""Beginnings are compared at 12 kHz: tones are there, and lossy codecs agree there."""
_OVERLAP_S, _OVERLAP_REACH_S = 0.4, 0.25
"""How much of a continuation is looked for in what it continues, and how far to either side."""
_OVERLAPS = 0.6
"""Correlation from which a continuation begins with what it continues."""
_JOIN_FADE_S = 0.06
"""Of a join whose place the service or a bar line gave: shorter than a beat, longer than a click."""
_EDGE_FADE_S = 0.005
"""Where nothing is left to fade with."""


class Ears:
    """Listens to files, and joins them."""

    def __init__(self, folder: Path) -> None:
        """Take the folder where decoded sound is kept between two steps; it can be removed whenever nobody listens."""
        self._folder = folder

    def hear(self, path: Path) -> Heard:
        """Measure a take that can be used.

        Raises:
            UnusableTakeError: it does not decode to its end, is silent or mostly so, clipped to death, or no music at all.
            StoreError: no room for the decoded sound.
        """
        sound = decoded(path, self._folder)
        ear, sounding = Ear(SAMPLE_RATE_HZ), 0
        for block in _blocks(sound):
            ear.hear(block)
            sounding += int(np.count_nonzero(_tenths(block) >= 10 ** (SILENCE_DBFS / 20)))
        faults = _faults(ear, sounding)
        if faults:
            raise UnusableTakeError(f"{path.name} cannot be used: {'; '.join(faults)}.", hint="Take another.")
        tapped = pulse(traits(sound))
        return Heard(
            seconds=len(sound) / SAMPLE_RATE_HZ,
            sounding_until=(ear.last_sound + 1) / SAMPLE_RATE_HZ,
            ends=ear.ends(),
            bars=_found_bars(tapped),
            tempo_bpm=round(tapped.tempo_bpm, 2),
        )

    def same_start(self, one: Path, other: Path, *, seconds: float = START_S) -> bool:
        """Return whether two takes begin with the same music, whatever codec and level they have.

        Args:
            one: a take.
            other: another.
            seconds: how much of them is compared.

        Raises:
            UnusableTakeError: one of them does not decode.
        """
        count, reach = int(seconds * SAMPLE_RATE_HZ), int(_DELAY_S * SAMPLE_RATE_HZ)
        first, second = (_mid(decoded(path, self._folder)[:count]) for path in (one, other))
        count = min(len(first), len(second))
        if count <= 4 * reach:
            return False
        thin, reach = _thinned(first[reach : count - reach]), reach // _THIN
        return match(thin, _thinned(second[:count])[: len(thin) + 2 * reach], reach).likeness >= _SAME

    def join(self, first: Path, at_seconds: float, second: Path, folder: Path) -> Fetched:
        """Join two takes: ``first`` up to ``at_seconds``, then ``second`` from its beginning.

        Where the second begins with what the first has there, it is laid on it to the sample.

        Returns:
            48 kHz stereo WAV in ``folder``, named by its hash; nothing was encoded with loss.

        Raises:
            UnusableTakeError: one does not decode, or the first is over before.
            StoreError: no room for it.
        """
        one, other = decoded(first, self._folder), decoded(second, self._folder)
        at = round(at_seconds * SAMPLE_RATE_HZ)
        if not 0 < at <= len(one):
            raise UnusableTakeError(
                f"{first.name} has {len(one) / SAMPLE_RATE_HZ:.2f} s and cannot be continued at {at_seconds:.2f} s.",
                hint="Continue it earlier.",
            )
        at = _overlap(one, at, other)
        return _kept(folder, _joined(one, at, other))

    def unpack(self, file: Path, folder: Path) -> tuple[Fetched, ...]:
        """Take the music out of a video or any other file with sound, sample-aligned.

        Raises:
            UnusableTakeError: there is none, or it does not decode.
            StoreError: no room for it.
        """
        return (_kept(folder, _blocks(decoded(file, self._folder))),)


def _faults(ear: Ear, sounding_tenths: int) -> list[str]:
    """Return what stands against a take."""
    seconds = ear.heard / SAMPLE_RATE_HZ
    if ear.first_sound is None or ear.peak < 10 ** (SOFTEST_PEAK_DBFS / 20):
        return ["it is silent"]
    faults = []
    if seconds < LEAST_S:
        faults.append(f"it has {seconds:.2f} s")
    tail = (ear.heard - 1 - ear.last_sound) / SAMPLE_RATE_HZ
    if tail > LONGEST_TAIL_S or tail > max(1.0, LONGEST_TAIL_SHARE * seconds):
        faults.append(f"it is silent for the last {tail:.1f} of {seconds:.1f} s")
    elif sounding_tenths < LEAST_SOUNDING_SHARE * ear.heard / _TENTH:
        faults.append("it is mostly silent")
    if ear.clipped > 2 * CLIPPED_TO_DEATH * ear.heard:
        faults.append(f"{50 * ear.clipped / ear.heard:.0f} % of it are clipped")
    return faults


def _found_bars(tapped: Pulse) -> tuple[float, ...]:
    """Return bar lines; where the music has no pulse they are a ruler, as good a place as any."""
    return tuple(round(float(bar), 4) for bar in tapped.bars)


def _blocks(sound: Sound) -> Iterator[Samples]:
    for start in range(0, len(sound), _BLOCK):
        yield sound[start : start + _BLOCK]


def _tenths(block: Samples) -> Samples:
    """Return the peak of each tenth of a second."""
    return np.maximum.reduceat(np.abs(block).max(axis=1), np.arange(0, len(block), _TENTH))


def _mid(sound: Samples) -> Samples:
    return np.asarray(sound.mean(axis=1), np.float32)


def _thinned(mid: Samples) -> Samples:
    """Return every few samples as their mean."""
    return np.asarray(mid[: len(mid) // _THIN * _THIN].reshape(-1, _THIN).mean(axis=1), np.float32)


def _overlap(one: Sound, at: int, other: Sound) -> int:
    """Return the sample of ``one`` on which ``other`` begins: ``at``, or near to it where they overlap."""
    length, reach = int(_OVERLAP_S * SAMPLE_RATE_HZ), int(_OVERLAP_REACH_S * SAMPLE_RATE_HZ)
    start = _mid(other[:length])
    if len(start) < length or at < reach or at + length + reach > len(one):
        return at
    found = match(start, _mid(one[at - reach : at + length + reach]), reach)
    return at + found.lag if found.likeness >= _OVERLAPS else at


def _joined(one: Sound, at: int, other: Sound) -> Iterator[Samples]:
    """Yield ``one`` up to ``at`` and ``other`` from there on."""
    fade = min(int(_JOIN_FADE_S * SAMPLE_RATE_HZ), len(one) - at, len(other))
    if fade >= int(_EDGE_FADE_S * SAMPLE_RATE_HZ):
        yield from _blocks(Part(one, 0, at))
        yield blended(one[at : at + fade], other[:fade])
        yield from _blocks(Part(other, fade, len(other)))
        return
    # nothing of the first is left to fade with: it ends, the second begins, neither with a click
    edge = min(int(_EDGE_FADE_S * SAMPLE_RATE_HZ), at, len(other))
    fall = np.linspace(1, 0, edge, dtype=np.float32)[:, None]
    yield from _blocks(Part(one, 0, at - edge))
    yield one[at - edge : at] * fall
    yield other[:edge] * fall[::-1]
    yield from _blocks(Part(other, edge, len(other)))


def _kept(folder: Path, blocks: Iterable[Samples]) -> Fetched:
    """Write sound into a folder under its hash."""
    with store_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".join.") as scratch:
        path = Path(scratch) / "sound.wav"
        write_float_wav(path, blocks)
        digest = sha256(path)
        named = folder / f"{digest}.wav"
        path.replace(named)
    return Fetched(path=named, sha256=digest, size=named.stat().st_size)
