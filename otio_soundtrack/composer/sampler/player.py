"""The player: notes of one preset as sound."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.composer.sampler.envelopes import CONTROL, loudness, triangle
from otio_soundtrack.composer.sampler.font import SoundFont
from otio_soundtrack.composer.sampler.generators import Gen
from otio_soundtrack.composer.sampler.kept import Kept
from otio_soundtrack.composer.sampler.regions import Region, regions
from otio_soundtrack.composer.sampler.tones import Tone, tone
from otio_soundtrack.composer.sampler.wave import filtered, read
from otio_soundtrack.composer.voices.exact import ramped

_SHORTEST = 480
"""Samples for which a note is held at least: 10 ms."""
_CHOKED_S = 0.89
"""Release of a note that another of its class cuts off: −200 timecents."""
_LONGEST_RING = 48_000 * 12
"""Samples that a note rings at most after it was let go."""
_GRAIN = 24_000
"""Samples to whose next multiple a wave is read, so that a longer note finds it long enough."""


@dataclass(frozen=True)
class Stroke:
    """A note as the sampler takes it."""

    start: int
    """Sample at which it begins."""
    held: int
    """Samples until it is let go."""
    key: int
    velocity: int
    """1–127."""
    gain: float = 1.0
    pan: float = 0.0
    """−1 left to 1 right, in addition to the font's own."""


class Preset:
    """One preset of a SoundFont, ready to be played."""

    def __init__(self, font: SoundFont, bank: int, programme: int, kept: Kept | None = None) -> None:
        """Take a preset of a font, and where sounds are kept that may be needed again."""
        self._font = font
        self._kept = Kept() if kept is None else kept
        self.regions = regions(font, bank, programme)
        """Empty where the font has no such preset."""

    def sounding(self, key: int, velocity: int) -> tuple[Region, ...]:
        """Return the regions that play a note."""
        return tuple(region for region in self.regions if region.plays(key, velocity))

    def cuts(self, strokes: Sequence[Stroke]) -> dict[int, int]:
        """Return which notes are cut off by a later one of the same exclusive class, like an open hi-hat by a closed one.

        Args:
            strokes: all notes of the preset, in order of their start.

        Returns:
            Number of the note → samples from its start to the cut.
        """
        cut: dict[int, int] = {}
        sounding: dict[int, list[int]] = {}
        for number, stroke in enumerate(strokes):
            for group in {region.plain(Gen.CLASS) for region in self.sounding(stroke.key, stroke.velocity)} - {0}:
                earlier = sounding.setdefault(group, [])
                ended = [one for one in earlier if strokes[one].start < stroke.start]
                cut.update({one: stroke.start - strokes[one].start for one in ended})
                sounding[group] = [*(one for one in earlier if one not in ended), number]
        return cut

    def sound(self, stroke: Stroke, *, cut: int | None = None, room: int) -> NDArray[np.float32]:
        """Return a note with everything that rings after it.

        Args:
            stroke: the note.
            cut: sample after its start at which a later note of its exclusive class cuts it off, None: none does.
            room: samples that are wanted at most.

        Returns:
            float32 [shape=(2, n)]; empty where the preset has nothing for this note.

        Raises:
            UnreadableMediaError: a sample of the font is damaged.
        """
        voices = [self._voice(stroke, region, cut, room) for region in self.sounding(stroke.key, stroke.velocity)]
        out = np.zeros((2, max((len(sound) for sound, _ in voices), default=0)), np.float32)
        for sound, gains in voices:
            for side, gain in enumerate(gains):
                if gain > 0:
                    out[side, : len(sound)] += sound * np.float32(gain)
        return out

    def _voice(
        self, stroke: Stroke, region: Region, cut: int | None, room: int
    ) -> tuple[NDArray[np.float32], tuple[float, float]]:
        """Return what one region makes of a note, and its gains on both sides."""
        sample = self._font.sample(region.sample)
        made = tone(region, sample, stroke.key, stroke.velocity, stroke.pan)
        held = max(stroke.held, _SHORTEST)
        if cut is not None and cut < held and region.plain(Gen.CLASS):
            held = max(cut, _SHORTEST)
            made = replace(made, loudness=replace(made.loudness, release=_CHOKED_S))
        gains = loudness(made.loudness, held, min(room, held + _LONGEST_RING))
        if made.tremble_db:
            gains = gains * _trembling(made, len(gains))
        wave = self._wave(region, sample.sound, made, held, len(gains))
        length = min(len(wave), len(gains))
        return wave[:length] * gains[:length], (made.left * stroke.gain, made.right * stroke.gain)

    def _wave(self, region: Region, sound: NDArray[np.float32], made: Tone, held: int, samples: int) -> NDArray[np.float32]:
        """Return the recording at the pitch of a note and through its filter, as long as wanted or as there is."""
        # when a note is let go matters to its pitch only in these cases
        depends = made.pitch.leaves_loop or made.pitch.bend_cents
        place = (region, made.pitch, held if depends else None)
        if made.filter is None or made.filter.moves:
            # a moving filter is another one for each length of a note: not worth keeping
            return filtered(self._read(place, sound, made, held, samples), made, held)
        kept = self._kept.get((*place, made.filter))
        if kept is None or _too_short(kept, samples):
            kept = filtered(self._read(place, sound, made, held, _rounded_up(samples)), made, held)
            self._kept.put((*place, made.filter), kept)
        return kept[:samples]

    def _read(
        self, place: tuple[Hashable, ...], sound: NDArray[np.float32], made: Tone, held: int, samples: int
    ) -> NDArray[np.float32]:
        kept = self._kept.get(place)
        if kept is None or _too_short(kept, samples):
            kept = read(sound, made, held, _rounded_up(samples))
            self._kept.put(place, kept)
        return kept[:samples]


def _rounded_up(samples: int) -> int:
    return -(-samples // _GRAIN) * _GRAIN


def _too_short(kept: NDArray[np.float32], samples: int) -> bool:
    """Return whether more of a wave is wanted than was made: one of another length than whole grains ended by itself."""
    return len(kept) < samples and len(kept) % _GRAIN == 0


def _trembling(made: Tone, samples: int) -> NDArray[np.float32]:
    """Return the gain by which the modulation oscillator moves the loudness."""
    marks = made.tremble_db / 20 * triangle(made.tremble.delay, made.tremble.hertz, samples)
    return ramped(np.rint(10**marks * 2.0**20) / 2.0**20, CONTROL)[:samples]
