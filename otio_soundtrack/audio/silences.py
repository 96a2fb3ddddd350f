"""Silence is no music: long silences before, inside of and after a take are left out before it is laid on a length.

What is planned then knows nothing of them. A plan is put back on the file in the end: where it plays across a silence that was
left out, there is a join of its own, from silence to silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from otio_soundtrack.audio.listen import LONGEST_PAUSE_S, Ear
from otio_soundtrack.model.fit import FitPlan, Seam, Segment
from otio_soundtrack.model.sound import Samples, Sound
from otio_soundtrack.times import SAMPLE_RATE_HZ

_LONGEST = int(LONGEST_PAUSE_S * SAMPLE_RATE_HZ)
_RING, _BREATH = (3 * SAMPLE_RATE_HZ) // 4, SAMPLE_RATE_HZ // 4
"""What stays of a silence that is left out: after a sound, for what rings on unheard, and before the next one."""
_FADE = SAMPLE_RATE_HZ // 100
"""Cross-fade from silence to silence."""


@dataclass(frozen=True)
class Sounding:
    """A file without its long silences, as a :class:`otio_soundtrack.model.sound.Sound`."""

    file: Sound
    """48 kHz, stereo."""
    parts: tuple[tuple[int, int], ...]
    """Stretches of the file that are played one after the other: first sample, and the sample after the last."""

    @property
    def _starts(self) -> list[int]:
        """Samples of this sound on which the parts begin, and its end."""
        return list(accumulate((after - first for first, after in self.parts), initial=0))

    def __len__(self) -> int:
        return self._starts[-1]

    def __getitem__(self, stretch: slice) -> Samples:
        """Return the samples ``start:stop`` [shape=(samples, 2)]."""
        first, after, _ = stretch.indices(len(self))
        read = [self.file[one.start : one.stop] for one in self._split(Segment(start=first, stop=after))]
        return read[0] if len(read) == 1 else np.concatenate([np.zeros((0, 2), np.float32), *read])

    def place(self, sample: int) -> int:
        """Return the sample of the file that is heard as a sample of this sound."""
        number = max(0, int(np.searchsorted(self._starts[:-1], sample, "right")) - 1)
        return self.parts[number][0] + sample - self._starts[number]

    def heard_at(self, place: int) -> int:
        """Return the sample of this sound as which a sample of the file is heard, or the next that is heard."""
        before = sum(max(0, min(after, place) - first) for first, after in self.parts)
        return min(before, len(self))

    def told(self) -> tuple[str, ...]:
        """Return which silences are left out, a sentence; empty where none is."""
        edges = [0, *(edge for part in self.parts for edge in part), len(self.file)]
        gone = [(first, after) for first, after in list(pairwise(edges))[::2] if after > first and first < self.parts[-1][1]]
        if not gone:
            return ()
        named = ", ".join(f"{first / SAMPLE_RATE_HZ:.1f} to {after / SAMPLE_RATE_HZ:.1f} s" for first, after in gone)
        return (f"Silence of the music is left out: {named}.",)

    def on_file(self, plan: FitPlan) -> FitPlan:
        """Return a plan for this sound as a plan for the file."""
        if self.parts[0][0] == 0 and len(self.parts) == 1:
            return plan
        segments: list[Segment] = []
        seams: list[Seam] = []
        at = 0
        for number, segment in enumerate(plan.segments):
            parts = list(self._split(segment))
            if number:
                between = plan.seams[number - 1]
                seams.append(between.model_copy(update={"from_": _seconds(segments[-1].stop), "to": _seconds(parts[0].start)}))
            for one, other in pairwise(parts):
                at += one.samples
                seams.append(_silent(plan.heard_at(at), one, other))
            at += parts[-1].samples
            segments += parts
        return plan.model_copy(update={"segments": tuple(segments), "seams": tuple(seams)})

    def _split(self, segment: Segment) -> Iterator[Segment]:
        """Yield the stretches of the file that a stretch of this sound is made of; beyond its end the file goes on."""
        starts = self._starts
        for number, (first, after) in enumerate(pairwise(starts)):
            stop = segment.stop if number == len(self.parts) - 1 else min(segment.stop, after)
            start = max(segment.start, first)
            if start < stop:
                shift = self.parts[number][0] - first
                yield Segment(start=start + shift, stop=stop + shift)


def without_silences(sound: Sound, ear: Ear) -> Sounding:
    """Return a file without its long silences.

    Args:
        sound: 48 kHz, stereo.
        ear: what has heard it; there is some sound.
    """
    head = ear.first_sound or 0
    first = head - _BREATH if head > _LONGEST else 0
    last = ear.last_sound + 1
    after = last + _RING if len(sound) - last > _LONGEST else len(sound)
    inner = [edge for silent, sounding in ear.pauses for edge in (silent + _RING, sounding - _BREATH)]
    return Sounding(sound, tuple(list(pairwise([first, *inner, after]))[::2]))


def _silent(at: int, one: Segment, other: Segment) -> Seam:
    """Return the join from silence to silence: nothing differs, and the beats go on."""
    return Seam(
        at=_seconds(at),
        from_=_seconds(one.stop),
        to=_seconds(other.start),
        percentile=0.0,
        cost=0.0,
        on_metre=True,
        lag=0,
        likeness=1.0,
        fade=_FADE,
        before=_FADE // 2,
    )


def _seconds(samples: int) -> float:
    return samples / SAMPLE_RATE_HZ
