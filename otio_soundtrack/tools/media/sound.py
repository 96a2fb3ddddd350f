"""Sound of a media file at 48 kHz, placed to the sample (floor 2).

*Conventions.* Positions are samples at 48 kHz; 0 is the first frame of the picture, or the first sample of a file without
picture. Two channels, float32, full scale ±1.0. Before and after the sound, and in gaps of it, there is silence.

*Method.* A source at another rate is resampled on one fixed grid, whatever place was jumped to: the resampler always starts on a
source sample that falls exactly on a 48 kHz sample (at 44.1 kHz every 147th), so neighbouring reads fit without a seam.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from fractions import Fraction
from math import gcd
from pathlib import Path

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.times import SAMPLE_RATE_HZ, round_half_up, samples_at
from otio_soundtrack.tools.media.opening import OpenMedia, media_errors

_RUN_UP = SAMPLE_RATE_HZ // 4
"""Samples decoded before the wanted ones: codecs need a few frames until they are exact (Opus 80 ms, MP3 its reservoir)."""
_READ_THROUGH = SAMPLE_RATE_HZ * 4
"""Gap in samples up to which reading on is cheaper than a seek."""
_CONTAINER_HZ = 1_000_000
"""Unit of the lengths of containers: microseconds."""
_STAMP_JITTER = Fraction(1, 50)
"""Seconds by which stamps may disagree with the count of samples (rounded stamps) before it counts as a gap in the sound."""
_STAMP_JITTER_ALONE = Fraction(1, 10)
"""The same where there is no picture to keep time with: stamps of Ogg Vorbis wander by a long block and come back, and players
go by the count (FFmpeg's ``aresample`` fills gaps from this length on)."""

Samples = NDArray[np.float32]


class SoundReader:
    """Reads the first sound stream of a file."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            UnreadableMediaError: not media, or without sound that can be decoded.
        """
        self.damaged = 0
        """Packets that did not decode and were passed over, as players do: silence stands in their place."""
        self._path = path
        self._open()

    def _open(self) -> None:
        self._media = OpenMedia(self._path)
        try:
            self._prepare()
        except BaseException:
            self._media.close()
            raise

    def _prepare(self) -> None:
        streams: list[AudioStream] = [one for one in self._media.container.streams.audio if one.codec_context is not None]
        if not streams or streams[0].time_base is None:
            raise UnreadableMediaError(f"media file {self._path} has no sound that can be decoded.")
        self._stream = streams[0]
        picture = self._media.picture()
        self._base = Fraction(streams[0].time_base)
        zero = (streams[0].start_time or 0) * self._base
        if picture is not None and picture.time_base is not None:
            zero = (picture.start_time or 0) * picture.time_base
        self._zero = samples_at(zero)
        self._jitter = _STAMP_JITTER_ALONE if picture is None else _STAMP_JITTER
        self._rate = self._stream.rate
        self._step = self._rate // gcd(self._rate, SAMPLE_RATE_HZ)
        self._media.only(self._stream.index)
        self._touched = False
        self._pieces: Iterator[tuple[int, Samples]] | None = None
        self._piece: tuple[int, Samples] = (0, np.zeros((0, 2), np.float32))

    def close(self) -> None:
        """Close the file."""
        self._media.close()

    def read(self, start: int, samples: int) -> Samples:
        """Read a stretch of sound.

        Args:
            start: position of the first sample; may lie outside the sound.
            samples: how many.

        Returns:
            float32 [shape=(samples, 2)].

        Raises:
            UnreadableMediaError: nothing of what should sound there decodes.
        """
        out = np.zeros((samples, 2), np.float32)
        with media_errors(self._path):
            if not self._piece[0] <= start <= self._piece[0] + _READ_THROUGH or self._pieces is None:
                self._seek(start)
            while True:
                at, piece = self._piece
                head, tail = max(at, start), min(at + len(piece), start + samples)
                if head < tail:
                    out[head - start : tail - start] = piece[head - at : tail - at]
                if at + len(piece) >= start + samples:
                    return out
                following = None if self._pieces is None else next(self._pieces, None)
                if following is None:
                    # the end of the sound: a later read starts with a seek
                    self._pieces = None
                    return out
                self._piece = following

    def pieces(self) -> Iterator[tuple[int, Samples]]:
        """Yield the whole sound from its head to its end, as it is decoded.

        Yields:
            position of the first sample (below 0 where sound begins before the picture) and float32 [shape=(samples, 2)];
            positions never fall, but may leave gaps.

        Raises:
            UnreadableMediaError: nothing of it decodes.
        """
        with media_errors(self._path):
            self._seek(0)
            yield from self._pieces or ()
            self._pieces = None

    @property
    def told_seconds(self) -> Fraction | None:
        """How long the file says that it is; None where it does not say."""
        length = self._media.container.duration
        return None if length is None else Fraction(length, _CONTAINER_HZ)

    @property
    def has_picture(self) -> bool:
        """Whether there are pictures, cover art left out."""
        return self._media.picture() is not None

    @property
    def channels(self) -> int:
        """Channels of the sound in the file."""
        return self._stream.channels

    @property
    def rate(self) -> int:
        """Samples a second in the file, hertz."""
        return self._rate

    def _seek(self, start: int) -> None:
        """Go to the packet from which ``start`` can be decoded exactly."""
        wanted = round_half_up(Fraction(start + self._zero - _RUN_UP, SAMPLE_RATE_HZ) / self._base)
        if wanted > (self._stream.start_time or 0):
            self._media.container.seek(wanted, stream=self._stream, backward=True)
        elif self._touched:
            # a seek to the head would leave out the encoder's priming a second time (Matroska), a fresh start does not
            self._media.close()
            self._open()
        self._touched = True
        self._pieces = self._resampled(start)
        self._piece = (start, np.zeros((0, 2), np.float32))

    def _resampled(self, start: int) -> Iterator[tuple[int, Samples]]:
        """Give pieces of sound at 48 kHz with their positions."""
        resampler: AudioResampler | None = None
        position = 0
        expected = passed_over = 0
        for whole in self._decoded(start):
            frame = whole
            number = expected if frame.pts is None else round_half_up(frame.pts * self._base * self._rate)
            # where a packet was passed over there is a gap, however short
            jitter = self._jitter if self.damaged == passed_over else _STAMP_JITTER
            passed_over = self.damaged
            if resampler is None or abs(number - expected) > jitter * self._rate:
                if resampler is not None:
                    position = yield from self._converted(resampler, None, position)
                    # it has given all it had: if this frame is too short to begin on, another begins with the next one
                    resampler = None
                number = self._unrounded(number, frame.samples)
                cut = -number % self._step
                if cut >= frame.samples:
                    continue
                resampler = AudioResampler(
                    format="fltp", layout="mono" if frame.layout.nb_channels == 1 else "stereo", rate=SAMPLE_RATE_HZ
                )
                position = (number + cut) * SAMPLE_RATE_HZ // self._rate - self._zero
                expected = number + frame.samples
                frame = _without_head(frame, cut)
            else:
                expected += frame.samples
            frame.pts = None
            position = yield from self._converted(resampler, frame, position)
        if resampler is not None:
            yield from self._converted(resampler, None, position)

    def _unrounded(self, number: int, length: int) -> int:
        """Return the true number of a frame's first sample where stamps are too coarse to tell it (Matroska: milliseconds).

        Frames of a codec are equally long, so the first sample of each is a multiple of that length after the head.
        """
        coarse = self._base * self._rate
        if coarse <= 1:
            return number
        head = round_half_up((self._stream.start_time or 0) * coarse)
        likely = head + round_half_up(Fraction(number - head, length)) * length
        return likely if abs(likely - number) <= coarse else number

    def _converted(
        self, resampler: AudioResampler, frame: AudioFrame | None, position: int
    ) -> Generator[tuple[int, Samples], None, int]:
        """Give what comes out of the resampler; return the position after it."""
        for piece in resampler.resample(frame):
            channels = np.asarray(piece.to_ndarray(), np.float32).T
            yield position, np.repeat(channels, 2, axis=1) if channels.shape[1] == 1 else channels
            position += piece.samples
        return position

    def _decoded(self, start: int) -> Iterator[AudioFrame]:
        """Decode on from the place of the last seek; what is damaged is passed over."""
        whole = 0
        damage: av.InvalidDataError | None = None
        for packet in self._media.container.demux(self._stream):
            try:
                frames = packet.decode()
            except av.InvalidDataError as error:
                # a frame that a seek has cut, before the wanted place, is no damage of the file
                if packet.pts is None or samples_at(packet.pts * self._base) - self._zero >= start:
                    self.damaged += 1
                    damage = error
                continue
            whole += len(frames)
            yield from frames
        if damage is not None and whole == 0:
            raise damage


def _without_head(frame: AudioFrame, samples: int) -> AudioFrame:
    """Return a frame without its first samples."""
    if samples == 0:
        return frame
    content = frame.to_ndarray()
    per_sample = 1 if frame.format.is_planar else frame.layout.nb_channels
    rest = AudioFrame.from_ndarray(content[:, samples * per_sample :].copy(), frame.format.name, frame.layout.name)
    rest.sample_rate = frame.sample_rate
    return rest
