"""Timelines for tests: small ones by hand, and random ones that use everything an editor can do."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
from opentimelineio import opentime, schema

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.model.cue import Cue, CueRecord, CueTake, TakeFacts
from otio_soundtrack.model.cut import CutList, MediaFacts
from otio_soundtrack.model.plan import Brief, HitPoint, Instrument, Mood, Plan, Section, Spot

GRAIN = 4
"""Frames: all lengths are multiples of it, so that twofold retimes at two levels still fall on whole frames."""
_SCALARS = (2.0, 0.5, -1.0, -2.0)


def time(value: float, rate: float = 24.0) -> opentime.RationalTime:
    """Return a time."""
    return opentime.RationalTime(value, rate)


def span(start: float, frames: float, rate: float = 24.0) -> opentime.TimeRange:
    """Return a range."""
    return opentime.TimeRange(time(start, rate), time(frames, rate))


def clip(
    name: str, start: float, frames: float, rate: float = 24.0, *, url: str | None = None, available: float | None = 0
) -> schema.Clip:
    """Return a clip whose media begin at ``available`` (None: no available range) and last 1000 frames."""
    known = None if available is None else span(available, 1000, rate)
    reference = schema.ExternalReference(target_url=f"/nowhere/{name}.mov" if url is None else url, available_range=known)
    return schema.Clip(name=name, media_reference=reference, source_range=span(start, frames, rate))


def gap(frames: float, rate: float = 24.0) -> schema.Gap:
    """Return a gap."""
    return schema.Gap(source_range=span(0, frames, rate))


def dissolve(lead: float, tail: float, rate: float = 24.0) -> schema.Transition:
    """Return a dissolve that begins ``lead`` frames before its cut and ends ``tail`` frames after it."""
    return schema.Transition("dissolve", "SMPTE_Dissolve", time(lead, rate), time(tail, rate))


def track(
    *children: otio.core.Composable, kind: str = "Video", name: str = "", trim: opentime.TimeRange | None = None
) -> schema.Track:
    """Return a track."""
    return schema.Track(name=name, kind=kind, children=list(children), source_range=trim)


def timeline(*tracks: otio.core.Composable, name: str = "edit", start: opentime.RationalTime | None = None) -> schema.Timeline:
    """Return a timeline; the first track is the lowest."""
    result = schema.Timeline(name=name, global_start_time=start)
    result.tracks.extend(tracks)
    return result


def retimed(item: otio.core.Item, scalar: float) -> otio.core.Item:
    """Return the item with a retime on it."""
    item.effects.append(schema.FreezeFrame() if scalar == 0 else schema.LinearTimeWarp(time_scalar=scalar))
    return item


def no_media(path: Path) -> MediaFacts:
    """Probe that must not be reached."""
    raise UnreadableMediaError(f"{path} was opened.")


def movie(duration: float = 1000, rate: Fraction = Fraction(24), timecode: Fraction | None = None) -> MediaFacts:
    """Return the facts of a movie with sound that lasts so many seconds."""
    return MediaFacts(
        has_picture=True, has_sound=True, rate=rate, duration=Fraction(duration).limit_denominator(1000), start_timecode=timecode
    )


class Maker:
    """Makes random edits: nested stacks and tracks, gaps, transitions, retimes, trims, disabled items, markers."""

    def __init__(self, seed: int, rate: float = 24.0) -> None:
        self.random = random.Random(seed)
        self.rate = rate
        self.names = 0

    def timeline(self) -> schema.Timeline:
        """Return a timeline of one to four video tracks, audio tracks and a subtitle track."""
        tracks = [self.track(2) for _ in range(self.random.randint(1, 4))]
        tracks += [self.track(1, kind="Audio") for _ in range(self.random.randint(0, 2))]
        if self.random.random() < 0.2:
            tracks.append(track(clip("text", 0, 40, self.rate), kind="Subtitle"))
        self.random.shuffle(tracks)
        result = timeline(*tracks, name="random", start=time(86400, self.rate) if self.random.random() < 0.5 else None)
        if self.random.random() < 0.2:
            length = max(int(child.trimmed_range().duration.value) for child in tracks)
            start = self.grain(0, max(0, length - 2 * GRAIN))
            result.tracks.source_range = span(start, self.grain(2 * GRAIN, length), self.rate)
        self.mark(result.tracks)
        result.metadata["studio"] = {"show": "random", "numbers": [1, 2.5, None, True], "deep": {"a": "b"}}
        return result

    def track(self, depth: int, kind: str = "Video") -> schema.Track:
        """Return a track; ``depth`` levels of nesting may follow."""
        children: list[otio.core.Composable] = []
        count = self.random.randint(1, 6)
        if self.random.random() < 0.1:
            children.append(dissolve(GRAIN, GRAIN, self.rate))
        for index in range(count):
            children.append(self.item(depth))
            last = index == count - 1
            if self.random.random() < (0.15 if last else 0.35):
                children.append(
                    dissolve(self.random.choice((0, GRAIN, 2 * GRAIN)), self.random.choice((GRAIN, 2 * GRAIN)), self.rate)
                )
        result = track(*children, kind=kind, name=self.name("track"))
        if self.random.random() < 0.15:
            length = int(result.available_range().duration.value)
            result.source_range = span(self.grain(0, length // 2), self.grain(GRAIN * 4, length), self.rate)
        result.enabled = self.random.random() > 0.07
        self.mark(result)
        return result

    def item(self, depth: int) -> otio.core.Item:
        """Return a clip, a gap, or something nested."""
        pick = self.random.random()
        frames = self.grain(6 * GRAIN, 16 * GRAIN)
        if pick < 0.15:
            made: otio.core.Item = gap(frames, self.rate)
        elif pick < 0.3 and depth > 0:
            kinds = ["Video", "Video", "Audio"][: self.random.randint(1, 3)]
            made = schema.Stack(name=self.name("stack"), children=[self.track(depth - 1, kind) for kind in kinds])
            made.source_range = span(self.grain(0, 4 * GRAIN), frames, self.rate)
        elif pick < 0.36 and depth > 0:
            made = self.track(depth - 1)
            made.source_range = span(self.grain(0, 4 * GRAIN), frames, self.rate)
        else:
            made = clip(self.name("clip"), self.grain(0, 200), frames, self.rate)
        if self.random.random() < 0.25:
            retimed(made, self.random.choice((*_SCALARS, 0.0)) if not isinstance(made, schema.Gap) else 2.0)
        if self.random.random() < 0.07:
            made.enabled = False
        self.mark(made)
        return made

    def mark(self, item: otio.core.Item) -> None:
        """Put a marker on an item now and then."""
        if self.random.random() < 0.2:
            start = item.source_range.start_time.value if item.source_range is not None else 0
            marked = span(start + self.random.randint(0, 20), self.random.choice((0, 1, 12)), self.rate)
            item.markers.append(schema.Marker(name=self.name("mark"), marked_range=marked, color="RED", metadata={"x": {"y": 1}}))

    def name(self, word: str) -> str:
        """Return a name that nothing else has."""
        self.names += 1
        return f"{word} {self.names}"

    def grain(self, low: int, high: int) -> int:
        """Return a multiple of the grain between two numbers."""
        return self.random.randint(-(-low // GRAIN), max(-(-low // GRAIN), high // GRAIN)) * GRAIN


def cue_for(cut: CutList, folder: Path, start: int = 0, frames: int | None = None, takes: Sequence[str] = ("take-1",)) -> Cue:
    """Return a cue over a part of a cut, with takes that pretend to lie on disk."""
    frames = cut.frames - start if frames is None else frames
    samples = round(Fraction(frames) / cut.exact_rate * 48000)
    section = Section(
        start=0, end=frames, mood=Mood.CALM, energy=0.5, key="C major", tempo_bpm=90.0, instruments=(Instrument.PAD,)
    )
    plan = Plan(cue_id="1m01", rate=cut.rate, frames=frames, first_beat=0.0, sections=(section,))
    made = []
    for key in takes:
        facts = TakeFacts(
            samples=samples,
            sample_rate=48000,
            channels=2,
            integrated_lufs=-16.0,
            true_peak_dbtp=-1.0,
            clipped_samples=0,
            longest_silence=0.0,
            head_silence=0.0,
            tail_silence=0.0,
            ends=True,
            sha256="0" * 64,
        )
        record = CueRecord(
            cue_id="1m01",
            provider="local",
            model="test",
            brief=Brief(seconds=float(Fraction(frames) / cut.exact_rate), plan=plan),
            intent="temp",
            tempo_bpm=90.0,
            key="C major",
            ending="kept",
            integrated_lufs=-16.0,
            true_peak_dbtp=-1.0,
            samples=samples,
            sample_rate=48000,
            sha256="0" * 64,
            licence="test",
            ai="full",
            source_sha256="0" * 64,
            created="2026-11-20T00:00:00Z",
        )
        made.append(CueTake(key=key, audio=folder / f"1m01_{key}.wav", facts=facts, record=record))
    hits = (HitPoint(frame=frames // 2, weight=1.0, label="middle", origin="cut"),)
    spot = Spot(cue_id="1m01", start=start, frames=frames, hits=hits)
    return Cue(spot=spot, takes=tuple(made), active=takes[0], sections=((0, frames, "calm"),))
