"""The production sound of a cut, window by window (room picture).

*Conventions.* 48 kHz, two channels, float32, full scale ±1.0; the sum of all elements, not limited. Samples are placed exactly:
an element begins on the sample nearest to its start and shows the source sample nearest to its source time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.model.cut import AudioElement, CutList, SourceKind
from otio_soundtrack.picture.retime import retimed
from otio_soundtrack.times import SAMPLE_RATE_HZ, samples_at
from otio_soundtrack.tools.media.shelf import Shelf
from otio_soundtrack.tools.media.sound import SoundReader

WINDOW_SAMPLES = 10 * SAMPLE_RATE_HZ
"""Length of a window: long enough that seeking costs nothing, 4 MB."""
OPEN_SOUNDS = 8
"""Files kept open: more than tracks usually sound at once."""
CEILING = 0.98
"""Level that the encoder gets at most: just below full scale, since AAC overshoots."""
_KNEE = 0.8
"""Level from which the limiter bends the peaks instead of cutting them."""

Window = NDArray[np.float32]


def windows(cuts: CutList, pass_over: Callable[[str, int], None] = lambda _clip, _packets: None) -> Iterator[Window]:
    """Mix the production sound.

    Args:
        cuts: whose audio elements are mixed.
        pass_over: is told the clip and the number of damaged packets that were passed over.

    Yields:
        float32 [shape=(n, 2)], one after another, together as long as ``cuts.samples``.

    Raises:
        UnreadableMediaError: a file breaks off; the message names the clip.
    """
    waiting = sorted((one for one in cuts.audio if one.source.path is not None), key=lambda one: one.start, reverse=True)
    sounding: list[AudioElement] = []
    readers = Shelf(SoundReader, OPEN_SOUNDS)
    try:
        for begin in range(0, cuts.samples, WINDOW_SAMPLES):
            end = min(begin + WINDOW_SAMPLES, cuts.samples)
            while waiting and _first(waiting[-1]) < end:
                sounding.append(waiting.pop())
            sounding = [one for one in sounding if _end(one) > begin]
            window = np.zeros((end - begin, 2), np.float32)
            for element in sounding:
                pass_over(element.source.name, _add(window, begin, element, readers))
            yield window
    finally:
        readers.close()


class Laid:
    """One element on the time of the record, read from anywhere and any number of times: a sound (:mod:`model.sound`)."""

    def __init__(self, element: AudioElement, samples: int) -> None:
        """Take an element, and the length of the record in samples."""
        self._element, self._samples = element, samples
        self._readers = Shelf(SoundReader, 1)

    def __len__(self) -> int:
        """Return the length of the record in samples."""
        return self._samples

    def __getitem__(self, stretch: slice, /) -> Window:
        """Return what the element sounds like in a stretch, silence where it does not play.

        Raises:
            UnreadableMediaError: the file breaks off.
        """
        begin, end, _ = stretch.indices(self._samples)
        window = np.zeros((max(0, end - begin), 2), np.float32)
        _add(window, begin, self._element, self._readers)
        return window

    def close(self) -> None:
        """Close the file."""
        self._readers.close()


def limited(window: Window) -> Window:
    """Return a window for the encoder: peaks above the knee bent so that nothing exceeds the ceiling."""
    level = np.abs(window)
    if level.size == 0 or float(level.max()) <= _KNEE:
        return window
    room = CEILING - _KNEE
    bent = _KNEE + room * np.tanh((level - _KNEE) / room)
    return np.where(level > _KNEE, np.copysign(bent, window), window).astype(np.float32)


def _first(element: AudioElement) -> int:
    return samples_at(element.start)


def _end(element: AudioElement) -> int:
    return samples_at(element.start + element.duration)


def _add(window: Window, begin: int, element: AudioElement, readers: Shelf[Path, SoundReader]) -> int:
    """Add what an element sounds like in a window that begins at sample ``begin``; return how many damaged packets it had."""
    head = max(begin, _first(element))
    tail = min(begin + len(window), _end(element))
    path = element.source.path
    if tail <= head or path is None or element.speed == 0 or element.source.kind is SourceKind.SLATE:
        return 0
    since = head - _first(element)
    try:
        reader = readers.get(path)
        damaged = reader.damaged
        if element.speed == 1:
            sound = reader.read(samples_at(element.at) + since, tail - head)
        else:
            sound = retimed(reader.read, element.at * SAMPLE_RATE_HZ + since * element.speed, element.speed, tail - head)
    except UnreadableMediaError as error:
        raise UnreadableMediaError(f"clip {element.source.name!r}: {error.message}", hint=error.hint, path=path) from error
    window[head - begin : tail - begin] += sound * _gains(element, since, tail - head)
    return reader.damaged - damaged


def _gains(element: AudioElement, since: int, samples: int) -> Window:
    """Return the fades of an element over samples counted from its head [shape=(samples, 1)]."""
    at = np.arange(since, since + samples, dtype=np.float64)
    gain = np.ones(samples)
    length = _end(element) - _first(element)
    for fade, distance in ((element.fade_in, at), (element.fade_out, length - at)):
        if fade > 0:
            gain *= np.clip(distance / float(fade * Fraction(SAMPLE_RATE_HZ)), 0.0, 1.0)
    return gain.astype(np.float32)[:, None]
