"""Production sound and music of a cut laid on the desk: who speaks where, which keyframes, how loud the music."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from math import log10
from typing import Any

from otio_soundtrack.analysis.sound import SoundMeter
from otio_soundtrack.audio.desk import Bus, Music, Strip, balance_db, band_power, over_db
from otio_soundtrack.audio.ducking import Stretch
from otio_soundtrack.model.cut import AudioElement, CutList
from otio_soundtrack.model.lane import DUCK_OFF, GainLane
from otio_soundtrack.model.mixing import MixOptions
from otio_soundtrack.picture.mix import Laid, windows
from otio_soundtrack.pipeline.deliverables.mixed import MixedMusic
from otio_soundtrack.pipeline.laying.ducking import lane_for, on_record
from otio_soundtrack.progress import Progress
from otio_soundtrack.timeline.playing import PlayingMusic
from otio_soundtrack.tools.reel import Reel

Lanes = Mapping[str, Sequence[Mapping[str, Any]]]
"""Keyframes of an earlier mix, by the name of the music file, in order of time."""


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What sounds, ready to be delivered."""

    bus: Bus
    speech: tuple[Stretch, ...]
    """Where somebody speaks, seconds of the record; empty where the production sound is mute."""
    music: tuple[MixedMusic, ...]
    music_gain_db: float | None
    """None where the music is mute."""
    speech_over_music_db: float | None
    """In the band of speech while somebody speaks; None without either."""
    warnings: tuple[str, ...] = ()

    @property
    def speech_seconds(self) -> float:
        """Return how long somebody speaks."""
        return sum(end - start for start, end in self.speech)


@contextmanager
def on_the_desk(
    cut: CutList, music: Sequence[PlayingMusic], asked: MixOptions, earlier: Lanes, progress: Progress
) -> Iterator[Desk]:
    """Give the desk of a cut; its music can be read until the end of the context.

    Raises:
        SettingsError: a lane that cannot be read.
        UnreadableMediaError: production sound that breaks off; the message names the clip.
        StoreError: no room for the production sound.
    """
    production, speech, warnings = _listened(cut, progress)
    heard = speech if asked.video_volume > 0 else ()
    mixed = _with_lanes(music, asked, heard, earlier)
    with ExitStack() as stack:
        strips = tuple(
            Strip(
                stack.enter_context(closing(Laid(_later(one, asked.track_start), cut.samples))),
                () if told.lane is None else on_record(told.lane, one.element),
            )
            for one, told in zip(music, mixed, strict=True)
        )
        ducked = Music(strips=strips, samples=cut.samples)
        powers = (
            [band_power(sound, heard) for sound in (production, ducked, replace(ducked, ducked=False))] if heard else [0.0] * 3
        )
        spoken = powers[0] * asked.video_volume**2
        gain = 10 ** (balance_db(spoken, powers[2], powers[1]) / 20) if asked.track_volume is None else asked.track_volume
        yield Desk(
            bus=Bus(production=production, music=ducked, production_gain=asked.video_volume, music_gain=gain),
            speech=heard,
            music=mixed,
            music_gain_db=20 * log10(gain) if gain > 0 else None,
            speech_over_music_db=over_db(spoken, powers[1] * gain**2),
            warnings=warnings,
        )


def _listened(cut: CutList, progress: Progress) -> tuple[Reel, tuple[Stretch, ...], tuple[str, ...]]:
    """Return the production sound, where somebody speaks in it, and what was damaged."""
    reel, meter = Reel(cut.samples), SoundMeter()
    damaged: Counter[str] = Counter()
    for window in windows(cut, lambda clip, packets: damaged.update({clip: packets})):
        reel.record(window)
        meter.hear(window)
        progress("listening", len(reel) / cut.samples)
    told = (
        f"{clip} is damaged: packets of sound that did not decode: {count}." for clip, count in sorted(damaged.items()) if count
    )
    return reel, meter.speech(), tuple(told)


def _with_lanes(
    music: Sequence[PlayingMusic], asked: MixOptions, speech: Sequence[Stretch], earlier: Lanes
) -> tuple[MixedMusic, ...]:
    """Return the music with its keyframes: those of the last mix that a person edited come first."""
    met: Counter[str] = Counter()
    mixed = []
    for one in music:
        name = one.path.name
        before = list(earlier.get(name, ()))[met[name] : met[name] + 1]
        met[name] += 1
        lane: GainLane | None = None
        if asked.duck != DUCK_OFF:
            lane = lane_for([*before, *one.lanes], asked.duck, speech, one.element, f"{one.cue_id} ({name})".strip())
        start, duration = float(one.element.start), float(one.element.duration)
        mixed.append(MixedMusic(cue_id=one.cue_id, audio=one.path, start=start, duration=duration, lane=lane))
    return tuple(mixed)


def _later(one: PlayingMusic, seconds: float) -> AudioElement:
    """Return the element of music that begins later in its file."""
    return replace(one.element, at=one.element.at + Fraction(seconds))
