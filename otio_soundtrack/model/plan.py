"""Spotting, music plan and brief: what the music shall be (floor 1).

A plan is JSON that a person reads, edits and gives back (``score --plan``); everything in it is obeyed. Positions are frames at
the picture's rate from the first frame *of the cue*; a spot alone places the cue on the timeline. Ends are exclusive.
"""

from __future__ import annotations

from enum import Enum
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from otio_soundtrack.model.features import Frozen, Region

Unit = Annotated[float, Field(ge=0.0, le=1.0)]
"""A share from 0 to 1."""

SLOWEST_BPM, FASTEST_BPM = 40.0, 200.0
"""Tempo range of the composer, beats a minute: below, beats are no longer felt; above, they are felt at half tempo."""

SECONDS_A_MINUTE = 60


class Mood(str, Enum):
    """The moods that the local engine writes."""

    CALM = "calm"
    HOPEFUL = "hopeful"
    PLAYFUL = "playful"
    WONDER = "wonder"
    SAD = "sad"
    TENSE = "tense"
    MYSTERIOUS = "mysterious"
    EPIC = "epic"
    ROMANTIC = "romantic"
    OMINOUS = "ominous"
    HEROIC = "heroic"
    QUIRKY = "quirky"


class Palette(str, Enum):
    """The bands that the local engine has: who plays the parts, and in which figures."""

    HYBRID = "hybrid"
    """Strings, choir and pads over felt piano and big drums: what most films have today."""
    ORCHESTRAL = "orchestral"
    """Strings, brass and winds, harp, timpani and snare."""
    CHAMBER = "chamber"
    """Piano, solo strings, clarinet; hardly a drum."""
    ACOUSTIC = "acoustic"
    """Guitars, upright bass, flute, mallets, box and shaker."""
    ELECTRONIC = "electronic"
    """Synthesizers, drum machine, electric piano."""


class Instrument(str, Enum):
    """The parts that the local engine plays."""

    PAD = "pad"
    """Sustained chords."""
    BASS = "bass"
    """Roots, low."""
    PLUCK = "pluck"
    """Broken chords."""
    MELODY = "melody"
    """The tune."""
    PERCUSSION = "percussion"
    """Drums."""
    BELL = "bell"
    """High colour on arrivals."""


class Ending(str, Enum):
    """How the music ends."""

    RING = "ring"
    """The last chord sounds on its own until the last frame."""
    BUTTON = "button"
    """A short last hit shortly before the end."""
    SOFT = "soft"
    """The last chord thins out slowly."""


class HitPoint(Frozen):
    """A frame that the music should hit."""

    frame: int
    """From the first frame of the cue."""
    weight: Unit
    """How much it matters, 0–1."""
    label: str = ""
    origin: Literal["user", "marker", "cut", "motion"]


class Anchor(Frozen):
    """A frame on which a beat lies; between anchors the tempo bends smoothly (:mod:`otio_soundtrack.model.tempo_map`)."""

    frame: int = Field(ge=0)
    """From the first frame of the cue."""
    beat: float = Field(gt=0)
    """Number of the beat; the plan's first bar line is beat 0, halves are eighth notes."""
    kind: Literal["section", "hit", "cut", "end"]
    """What lies there; on ``end`` the last chord starts."""


class Spot(Frozen):
    """One line of the spotting notes."""

    cue_id: str
    """Like ``1m01``."""
    start: int
    """First frame on the timeline, counted from the first frame of the picture."""
    frames: int = Field(gt=0)
    hits: tuple[HitPoint, ...] = ()
    keep_clear: tuple[Region, ...] = ()
    """Dialogue, in frames of the cue: the music stays out of its way."""
    prompt: str = ""
    """What a marker or tagged clip asks for in words."""

    @property
    def end(self) -> int:
        """First frame of the timeline after the cue."""
        return self.start + self.frames


class Section(Frozen):
    """A stretch of the cue with one character."""

    start: int = Field(ge=0)
    """First frame of the cue that belongs to it."""
    end: int
    """First frame after it."""
    mood: Mood
    energy: Unit
    """How much is going on, 0–1: loudness, density and brightness follow it."""
    key: str
    """Tonic and mode, like ``D minor``."""
    tempo_bpm: float = Field(ge=SLOWEST_BPM, le=FASTEST_BPM)
    """Beats (quarter notes) a minute."""
    instruments: tuple[Instrument, ...]
    """Who may play; energy decides who does when."""
    palette: Palette = Palette.HYBRID
    """Which band plays the parts; the local engine obeys it, others read it in words."""

    @model_validator(mode="after")
    def _has_length(self) -> Section:
        if self.end <= self.start:
            raise ValueError(f"section ends at frame {self.end}, not after its start at frame {self.start}")
        return self


class Plan(Frozen):
    """An editable music plan of one cue."""

    schema_version: Literal[1] = 1
    cue_id: str
    rate: float = Field(gt=0)
    """Frames per second of the picture."""
    start: int = Field(default=0, ge=0)
    """First frame of the cue on the timeline."""
    frames: int = Field(gt=0)
    """Length of the cue."""
    timecode: str = ""
    """Record timecode of the first frame, for reading only."""
    first_beat: float
    """Seconds from the cue's first frame to the first bar line; below 0 when the cue begins inside a bar. At most a bar of the
    slowest tempo away: every later bar line follows from it."""
    beats_per_bar: int = Field(default=4, ge=2, le=12)
    anchors: tuple[Anchor, ...] = ()
    """Where beats lie, in order; empty: each section keeps its tempo throughout."""
    sections: tuple[Section, ...] = Field(min_length=1)
    """They follow each other without gap and cover the cue."""
    hits: tuple[HitPoint, ...] = ()
    keep_clear: tuple[Region, ...] = ()
    ending: Ending = Ending.RING
    seed: int = Field(default=1, ge=0)
    """Another seed is another take of the same plan."""
    notes: tuple[str, ...] = ()
    """Why the plan is as it is, a sentence each; for reading only."""

    @model_validator(mode="after")
    def _sections_cover_the_cue(self) -> Plan:
        at = 0
        for number, section in enumerate(self.sections, start=1):
            if section.start != at:
                raise ValueError(f"section {number} starts at frame {section.start}, but the one before ends at {at}")
            at = section.end
        if at != self.frames:
            raise ValueError(f"the last section ends at frame {at}, but the cue ends at {self.frames}")
        return self

    @model_validator(mode="after")
    def _begins_with_a_bar(self) -> Plan:
        longest = self.beats_per_bar * SECONDS_A_MINUTE / SLOWEST_BPM
        if abs(self.first_beat) > longest:
            raise ValueError(f"first_beat is {self.first_beat:g} s, but a first bar line lies within {longest:g} s of frame 0")
        return self

    @model_validator(mode="after")
    def _anchors_run_forwards(self) -> Plan:
        for one, other in pairwise(self.anchors):
            if other.frame <= one.frame or other.beat <= one.beat:
                raise ValueError(
                    f"the anchor of beat {other.beat:g} on frame {other.frame} does not come after "
                    f"that of beat {one.beat:g} on frame {one.frame}"
                )
            if one.kind == "end":
                raise ValueError(f"the anchor on frame {one.frame} is the end, but another follows it")
        if self.anchors and not self.first_beat * self.rate < self.anchors[0].frame <= self.anchors[-1].frame < self.frames:
            raise ValueError(f"anchors lie after the first beat ({self.first_beat:g} s) and before frame {self.frames}")
        return self


class Brief(Frozen):
    """What a provider is asked."""

    prompt: str = ""
    """Words for the composer: the user's, or made from the analysis."""
    seconds: float
    """Length of the cue."""
    instrumental: bool = True
    genre: str = ""
    seed: int = 1
    plan: Plan
