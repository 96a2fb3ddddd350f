"""Size and bit rates of the exported file (room picture, pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from otio_soundtrack.errors import ExportError
from otio_soundtrack.model.cut import CutList, Source
from otio_soundtrack.settings import DEFAULT_HEIGHT, LEAST_HEIGHT, MOST_HEIGHT
from otio_soundtrack.times import round_half_up
from otio_soundtrack.tools.media.encoder import PictureFormat
from otio_soundtrack.tools.media.index import PictureIndex

_WIDE = Fraction(16, 9)
"""Shape of a cut whose sources do not say."""
_NARROWEST, _WIDEST = Fraction(1, 4), Fraction(4)
"""Shapes beyond these are damage in a header, not pictures."""
_SOUND_BIT_RATES = (128_000, 96_000, 64_000, 48_000, 32_000)
"""AAC, bits per second of stereo: transparent, good, fair, speech, barely speech."""
_SOUND_SHARE = Fraction(2, 5)
"""The sound may take at most this share of the file before it gets a lower rate."""
_HEIGHTS = (1080, 720, 540, 480, 360, 288, 240, 180, 144)
"""Lines tried when the picture must become smaller."""
_BITS_A_PIXEL = Fraction(1, 40)
"""Least bits per pixel at which x264 veryfast still shows who is speaking; below, a smaller picture looks better."""
_MOST_BITS_A_PIXEL = 1
"""No picture at crf 26 needs more; a bound keeps the level of the stream one that every player decodes."""
_FILL = Fraction(92, 100)
"""Share of the allowed bytes that is planned: the rest is for packet tables and for bursts at the head of segments."""
_PACKET_BYTES = 12
"""Bytes that the index of an MP4 file takes for a frame of picture or sound (stsz, stts, ctts, stco)."""
_AAC_HZ = 48_000 / 1024
"""AAC frames a second."""


@dataclass(frozen=True, kw_only=True)
class FileFormat:
    """How the file is made."""

    picture: PictureFormat
    sound_bit_rate: int
    """Bits per second."""
    warnings: tuple[str, ...] = ()
    """What was given up for the size, a sentence each."""


def majority_aspect(cuts: CutList, indexes: Mapping[Source, PictureIndex]) -> Fraction:
    """Return the shape, width ÷ height, that is on screen longest; 16:9 where no source has one."""
    screen: Counter[Fraction] = Counter()
    for cut in cuts.cuts:
        known = [layer.source for layer in cut.layers if layer.source in indexes]
        if known:
            screen[indexes[known[-1]].aspect.limit_denominator(1000)] += cut.frames
    if not screen:
        return _WIDE
    # of equals the wider one, so that the answer does not hang on the order of the clips
    return min(_WIDEST, max(_NARROWEST, max(screen, key=lambda aspect: (screen[aspect], aspect))))


def majority_lines(cuts: CutList, indexes: Mapping[Source, PictureIndex]) -> int:
    """Return the lines that are on screen longest, :data:`DEFAULT_HEIGHT` where no source has any."""
    screen: Counter[int] = Counter()
    for cut in cuts.cuts:
        screen.update({indexes[layer.source].lines: cut.frames for layer in cut.layers[-1:] if layer.source in indexes})
    most = max(screen, key=lambda lines: (screen[lines], lines), default=DEFAULT_HEIGHT)
    return min(MOST_HEIGHT, max(LEAST_HEIGHT, most))


def file_format(cuts: CutList, aspect: Fraction, height: int, max_bytes: int) -> FileFormat:
    """Choose bit rates, and a smaller picture where they would not do, so that the file stays under a size.

    Args:
        cuts: the cut, for its length and rate.
        aspect: width ÷ height.
        height: wished lines.
        max_bytes: largest file.

    Raises:
        ExportError: even the smallest picture does not fit.
    """
    budget = max_bytes * _FILL * 8 / cuts.seconds - _PACKET_BYTES * 8 * (cuts.exact_rate + Fraction(_AAC_HZ))
    sound = next((rate for rate in _SOUND_BIT_RATES if rate <= budget * _SOUND_SHARE), _SOUND_BIT_RATES[-1])
    for_picture = budget - sound
    for lines in (height, *(lines for lines in _HEIGHTS if lines < height)):
        form = picture_format(aspect, lines, cuts.exact_rate)
        if for_picture >= form.width * form.height * form.rate * _BITS_A_PIXEL:
            most = form.width * form.height * form.rate * _MOST_BITS_A_PIXEL
            chosen = replace(form, max_bit_rate=int(min(for_picture, most)))
            return FileFormat(picture=chosen, sound_bit_rate=sound, warnings=_told(height, lines, sound, max_bytes))
    raise ExportError(
        f"{float(cuts.seconds):.0f} seconds of picture do not fit into {max_bytes:,} bytes.",
        hint="Allow a larger file (--max-bytes) or export a part (--range).",
    )


def picture_format(aspect: Fraction, height: int, rate: Fraction) -> PictureFormat:
    """Return the encoding of a picture of even size without a bound on its bit rate."""
    lines = 2 * max(1, height // 2)
    return PictureFormat(width=2 * max(1, round_half_up(lines * aspect / 2)), height=lines, rate=rate)


def _told(wished: int, lines: int, sound: int, max_bytes: int) -> tuple[str, ...]:
    told = []
    if lines != wished:
        told.append(f"The picture has {lines} lines instead of {wished}, to stay under {max_bytes:,} bytes.")
    if sound != _SOUND_BIT_RATES[0]:
        told.append(
            f"The sound has {sound // 1000} kbit/s instead of {_SOUND_BIT_RATES[0] // 1000}, to stay under {max_bytes:,} bytes."
        )
    return tuple(told)


def reduced(form: FileFormat, size_bytes: int, max_bytes: int) -> FileFormat:
    """Return a format with which a file that came out too large should fit: the bit rate lowered by the excess and a bit."""
    share = Fraction(max_bytes, size_bytes) * _FILL
    rate = form.picture.max_bit_rate
    lower = None if rate is None else max(1, int(rate * share))
    return replace(form, picture=replace(form.picture, max_bit_rate=lower))
