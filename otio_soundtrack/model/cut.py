"""The cut: what is on the picture at each frame, and what sounds with it (floor 1).

Picture positions are whole frames at the picture's rate, frame 0 is the first of the timeline, ends are exclusive. Source
positions are exact seconds in the media file, 0 at its first frame: source timecode has already been taken off.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from pathlib import Path

from opentimelineio.opentime import RationalTime

from otio_soundtrack.times import exact_rate, frame_samples, frame_seconds


class SourceKind(str, Enum):
    """What kind of thing a cut shows."""

    MOVIE = "movie"
    """A file with moving picture (or, in an audio element, sound)."""
    STILL = "still"
    """One picture, held for as long as it is on screen."""
    SEQUENCE = "sequence"
    """Numbered picture files."""
    COLOUR = "colour"
    """A generator that is a plain colour."""
    SLATE = "slate"
    """Stands for media or a generator that cannot be shown; ``reason`` says why."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where picture or sound comes from. Equal sources are decoded together."""

    kind: SourceKind
    name: str
    """Name of the clip or of the file, for messages and for the slate."""
    path: Path | None = None
    """The local file; for a sequence its first file; None for colours and slates."""
    files: tuple[Path, ...] = ()
    """The files of a sequence, in order, one a frame of ``rate``; a frame that is missing repeats the one before."""
    rate: Fraction | None = None
    """Frames per second of a sequence; None elsewhere (a movie file knows its own)."""
    colour: tuple[int, int, int] = (0, 0, 0)
    """Red, green, blue, 0–255, of a colour source."""
    reason: str = ""
    """Why a slate stands here."""


@dataclass(frozen=True, kw_only=True)
class MediaFacts:
    """What a media file says of itself, read without decoding it."""

    has_picture: bool
    has_sound: bool
    is_still: bool = False
    """One picture (PNG, JPEG, TIFF, DPX, EXR …)."""
    rate: Fraction | None = None
    """Picture frames per second, None without moving picture."""
    duration: Fraction | None = None
    """Seconds of the longest stream, None where the container does not say."""
    start_timecode: Fraction | None = None
    """Timecode of the first frame (or BWF time reference) in seconds since midnight, None where the file carries none."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One source in a cut. Output frame k of the cut shows the source at ``at + k / rate × speed``."""

    source: Source
    at: Fraction
    """Source time of the cut's first frame, seconds from the first frame of the media; below 0 or past the end means a missing
    handle: the first or the last frame is held."""
    speed: Fraction = Fraction(1)
    """Source seconds a record second: 0 holds the frame, below 0 plays in reverse."""
    weights: tuple[float, ...] | None = None
    """Opacity of each frame of the cut, 0–1, as many as the cut has frames; None means 1 throughout."""


@dataclass(frozen=True, kw_only=True)
class Cut:
    """One stretch of picture on record time in which the same sources run on. Cuts of a list follow each other without gap."""

    start: int
    """First frame."""
    frames: int
    """Length in frames, above 0."""
    layers: tuple[Layer, ...] = ()
    """Sources from bottom to top; what their weights leave is black. Empty means black. Two layers make a dissolve or a fade."""
    name: str = ""
    """Name of the clip on top, empty for black."""
    changes_picture: bool = True
    """Whether an editor would call its start a cut: False inside a dissolve's second half and where a source simply runs on."""

    @property
    def end(self) -> int:
        """First frame after the cut."""
        return self.start + self.frames


@dataclass(frozen=True, kw_only=True)
class AudioElement:
    """One stretch of production sound on record time."""

    source: Source
    start: Fraction
    """Record time, seconds from the first frame of the timeline."""
    duration: Fraction
    """Seconds, above 0."""
    at: Fraction
    """Source time of its first sample, seconds."""
    speed: Fraction = Fraction(1)
    """Source seconds a record second."""
    fade_in: Fraction = Fraction(0)
    """Seconds of linear fade at the head."""
    fade_out: Fraction = Fraction(0)
    """Seconds of linear fade at the tail."""
    track: str = ""
    """Name of the audio track it lies on."""


@dataclass(frozen=True, kw_only=True)
class CutMarker:
    """A marker of the timeline on record time."""

    start: int
    """First frame it marks."""
    frames: int
    """Length in frames; 0 for a marker without a span."""
    name: str
    comment: str = ""
    colour: str = ""


@dataclass(frozen=True, kw_only=True)
class TaggedCue:
    """A clip or gap on an audio track that an editor laid where music should be."""

    start: int
    frames: int
    prompt: str
    """What the editor asked for: the clip's name after ``MUSIC:``, or the prompt of its brief."""
    brief: dict[str, object] = field(default_factory=dict)
    """``metadata["otio_soundtrack"]["brief"]`` of the clip, empty where it has none."""
    beyond: int = 0
    """Frames that the clip is longer than what of it lies on picture and counts."""


@dataclass(frozen=True, kw_only=True)
class CutList:
    """All cuts of a timeline: the picture, frame by frame, and what sounds with it."""

    name: str
    """Name of the timeline."""
    rate: float
    """Frames per second of the picture, the very float of the timeline."""
    frames: int
    """Length of the picture in frames, above 0."""
    start_time: RationalTime | None
    """The timeline's ``global_start_time``: a label of frame 0, never added to positions."""
    lead_frames: int = 0
    """Where the picture starts on the tracks, in frames: above 0 only if ``timeline.tracks.source_range`` trims the head."""
    cuts: tuple[Cut, ...]
    audio: tuple[AudioElement, ...] = ()
    markers: tuple[CutMarker, ...] = ()
    tagged: tuple[TaggedCue, ...] = ()
    warnings: tuple[str, ...] = ()
    """What could not be shown as the timeline asks, a sentence each."""

    @property
    def exact_rate(self) -> Fraction:
        """Frames per second, exact."""
        return exact_rate(self.rate)

    @property
    def seconds(self) -> Fraction:
        """Length of the picture, exact seconds."""
        return frame_seconds(self.frames, self.exact_rate)

    @property
    def samples(self) -> int:
        """Length of the picture in samples at 48 kHz."""
        return frame_samples(self.frames, self.exact_rate)

    @property
    def edit_points(self) -> tuple[int, ...]:
        """Frames on which an edit changes the picture, in order, frame 0 left out."""
        return tuple(cut.start for cut in self.cuts if cut.changes_picture and cut.start > 0)


@dataclass(frozen=True, kw_only=True)
class PictureFile:
    """The cut as a file, measured after it was written."""

    path: Path
    rate: Fraction
    frames: int
    width: int
    height: int
    size_bytes: int
    sha256: str
    slated: tuple[str, ...] = ()
    """Names of clips for which a slate stands."""
    warnings: tuple[str, ...] = ()
