"""Takes and fitted cues: what the music is (floor 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import ConfigDict, Field, ValidationError

from otio_soundtrack.model.bwf import TimeStamp
from otio_soundtrack.model.conform import Conformed
from otio_soundtrack.model.features import Frozen
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.heard import Heard
from otio_soundtrack.model.lane import GainLane
from otio_soundtrack.model.plan import Brief, Spot
from otio_soundtrack.model.tidy import tidy
from otio_soundtrack.model.track import Rights

SIDECAR_ONLY = "conform"
"""Key under which a sidecar, and no timeline, holds what a later version of the cut needs (:class:`.conform.Remembered`)."""

AiStatus = Literal["none", "assisted", "full", "unknown"]
"""How much of the music a machine wrote, in the words of cue sheets."""

Ending = Literal["kept", "made", "faded"]
"""``kept``: the music's own ending is on the last frame; ``made``: one was made; ``faded``: it only fades."""


class TakeFacts(Frozen):
    """What was measured on a music file that lies on disk."""

    samples: int
    sample_rate: int
    """Hertz."""
    channels: int
    integrated_lufs: float | None
    """ITU-R BS.1770 integrated loudness, None where it is not defined (silence, shorter than 0.4 s)."""
    true_peak_dbtp: float | None
    """BS.1770 true peak, None for digital silence."""
    clipped_samples: int
    """Samples at full scale."""
    longest_silence: float
    """Seconds of the longest stretch below −60 dBFS between the first and the last sound."""
    head_silence: float
    """Seconds before the first sound."""
    tail_silence: float
    """Seconds after the last sound."""
    ends: bool
    """Whether the music comes to rest: the last 10 ms are near silence and what is before decays, instead of breaking off."""
    sha256: str
    last_peak: float = 0.0
    """Largest sample of the last 10 ms, full scale 1."""
    momentary: tuple[float, ...] = ()
    """Loudness of the 400 ms before each tenth of a second, LUFS, ten a second; −70 stands for silence."""


class HitReport(Frozen):
    """How near the music came to a hit point."""

    at: float
    """Seconds from the first frame of the cue."""
    origin: str
    label: str = ""
    error_frames: float
    """Distance to the nearest beat, frames; above 0 means the music is late."""


class SeamReport(Frozen):
    """One join of a fitted take, seconds from the start of the cue and of the take."""

    model_config = ConfigDict(populate_by_name=True)

    at: float
    from_: float = Field(alias="from")
    """Named ``from`` in everything that is written; Python keeps that word to itself."""
    to: float
    percentile: float
    """Share of the take's own neighbouring beats that differ less than the two at this join, 0–100."""
    on_metre: bool | None = None
    """Whether the take is entered on the beat of the bar on which it was left; None where nobody looked, as below."""
    fade_ms: float | None = None
    """Length of the cross-fade, milliseconds."""
    flux_ratio: float | None = None
    """How much begins at the join, against the same beats of the take: 1 is as much (:func:`.audio.joins.flux_ratio`)."""


class Cost(Frozen):
    """What a take cost."""

    credits: float = 0.0


class StemReport(Frozen):
    """A stem of a take."""

    name: str
    """``drums``, ``bass``, ``harmony``, ``melody`` or ``fx``."""
    file: str
    """File name, beside the mix."""
    sha256: str


class Said(Frozen):
    """What the provider of a take said of it."""

    tempo_bpm: float
    """Beats a minute: of the longest section where the tempo changes."""
    key: str
    """Tonic and mode, like ``D minor``."""
    beats: tuple[float, ...]
    """Seconds of every beat from the first sample."""
    ending: Ending | None = None
    """Where the end of the music comes from; None: as it is heard."""
    seams: tuple[SeamReport, ...] = ()
    """Joins of a fitted take."""
    job_ids: tuple[str, ...] = ()
    """Of the jobs of a service that made it: ours first, then the service's own."""
    credits: float = 0.0
    """What those jobs cost together, by the price table."""
    source_sha256: str = ""
    """Of the file as the service gave it; empty where what is stored is that file."""
    title: str = ""
    """What the service calls it."""
    start_seconds: float = 0.0
    """Where in that file the music begins."""
    rights: Rights | None = None
    """Whose it is, as far as its file or its service says; None where nobody was asked."""
    told: tuple[str, ...] = ()
    """What a person should know of a fitted take, sentences."""


class CueRecord(Frozen):
    """What is known of a take: ``metadata["otio_soundtrack"]`` and the sidecar beside the audio. JSON types only, no secrets."""

    schema_: Literal[1] = 1
    cue_id: str
    provider: str
    model: str
    title: str = ""
    """What its maker calls it: the title on the cue sheet; empty where it has no name."""
    job_ids: tuple[str, ...] = ()
    brief: Brief
    intent: Literal["temp", "final"]
    tempo_bpm: float
    """Beats a minute: of the longest section where the tempo changes."""
    tempi_bpm: tuple[float, ...] = ()
    """Every tempo in the order in which it is played, where it changes; empty where ``tempo_bpm`` says all."""
    key: str
    hits: tuple[HitReport, ...] = ()
    seams: tuple[SeamReport, ...] = ()
    ending: Ending
    integrated_lufs: float | None
    true_peak_dbtp: float | None
    samples: int
    """Length of the file, handles included."""
    sample_rate: int
    sha256: str
    """Of the music file that the timeline refers to."""
    cost: Cost = Cost()
    licence: str
    rights: Rights | None = None
    """Title, composer, publisher, ISRC and licence of a recording, each ``not on file`` where it is; None for music made for the
    cue."""
    ai: AiStatus
    source_sha256: str
    """Of the file as the provider gave it, before fitting."""
    created: str
    """When the take was made, UTC, ISO 8601: a take from the store keeps its moment."""
    heard: Heard | None = None
    """What was heard in the music against the cut; None in records of versions that did not listen."""

    handles: Handles = NO_HANDLES
    """What the file holds beyond the cue; ``samples`` counts them, everything that was measured is of the cue alone."""
    bwf: TimeStamp | None = None
    """Where the file says that it belongs on the record; None for a plain WAV file."""
    stems: tuple[StemReport, ...] = ()
    """The stems that lie beside the mix, where they were asked for."""
    stems_null_db: float | None = None
    """How far below the mix the difference of the stems' sum to it lies, measured on the files; None without stems."""

    duck: GainLane | None = None
    """Keyframes that lower the music under speech; None where nobody asked. The music itself is not lowered."""

    def metadata(self) -> dict[str, object]:
        """Return the record as JSON types with its public field names, without the noise of floating point."""
        record = tidy(self.model_dump(mode="json", by_alias=True))
        return {"schema": record.pop("schema_"), **record}

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> CueRecord | None:
        """Return what metadata or a sidecar hold, None where it is no record that this version knows."""
        known = {name: one for name, one in said.items() if name not in ("schema", SIDECAR_ONLY)}
        try:
            return cls.model_validate({**known, "schema_": said.get("schema")})
        except ValidationError:
            return None


@dataclass(frozen=True, kw_only=True)
class CueTake:
    """One take of a cue, on disk."""

    key: str
    """``take-1``, ``take-2`` …: the key among the clip's media references."""
    audio: Path
    facts: TakeFacts
    record: CueRecord


@dataclass(frozen=True, kw_only=True)
class Cue:
    """The music of one spot, ready to be written into the timeline."""

    spot: Spot
    takes: tuple[CueTake, ...]
    """At least one."""
    active: str = "take-1"
    """Key of the take that plays."""
    sections: tuple[tuple[int, int, str], ...] = ()
    """Section ranges (first frame, frame after, name) for markers on our clip."""
    conformed: Conformed | None = None
    """What became of the music of an earlier version of the cut; None: there was none, or other music was asked for."""

    @property
    def active_take(self) -> CueTake:
        """Return the take that plays."""
        return next(take for take in self.takes if take.key == self.active)

    @property
    def audio(self) -> Path:
        """Return the file of the take that plays."""
        return self.active_take.audio
