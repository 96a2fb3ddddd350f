"""What a mix is, as it is told: to people, as JSON, and in the sidecar beside the video."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otio_soundtrack.audio.deliver import Measured
from otio_soundtrack.model.delivery import LoudnessTarget
from otio_soundtrack.model.lane import GainLane
from otio_soundtrack.model.tidy import as_text, tidy
from otio_soundtrack.timeline.records import record_beside, sidecar_of

SIDECAR_SCHEMA = 1
"""Version of what the sidecar of a mix holds."""


@dataclass(frozen=True, kw_only=True)
class MixedMusic:
    """A piece of music in the mix."""

    cue_id: str
    audio: Path
    start: float
    """Seconds of the record."""
    duration: float
    """Seconds."""
    lane: GainLane | None
    """Its keyframes, None where nothing was ducked."""

    def told(self) -> dict[str, Any]:
        """Return it as JSON types."""
        return {
            "cue_id": self.cue_id,
            "audio": str(self.audio),
            "start": self.start,
            "duration": self.duration,
            "edited": self.lane is not None and self.lane.edited,
            "duck": None if self.lane is None else self.lane.model_dump(mode="json", exclude={"file", "sha256"}),
        }


@dataclass(frozen=True, kw_only=True)
class Mixed:
    """A video with picture, production sound and music, measured after it was written."""

    path: Path
    width: int
    height: int
    frames: int
    rate: float
    seconds: float
    copied_from: Path | None
    """The file whose pictures were taken over as they are, None where they were encoded."""
    target: LoudnessTarget
    by_dialogue: bool
    """Whether the target is the loudness while somebody speaks."""
    wanted_lufs: float
    measured: Measured
    """Of the written file, decoded."""
    passes: int
    """How often the sound was encoded until it was right."""
    reduction_db: float
    """Most that the limiter takes away."""
    music_gain_db: float | None
    """Gain of all music before the loudness of the whole, None where it is mute."""
    speech_seconds: float
    speech_over_music_db: float | None
    """Level of the production sound over the music in the band of speech while somebody speaks; None without either."""
    music: tuple[MixedMusic, ...]
    sha256: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def loudness_lufs(self) -> float | None:
        """Return what the target is compared with."""
        return self.measured.dialogue_lufs if self.by_dialogue else self.measured.integrated_lufs

    @property
    def sidecar(self) -> Path:
        """Return where its record lies."""
        return sidecar_of(self.path)

    def told(self) -> dict[str, Any]:
        """Return everything as JSON types."""
        found = self.measured
        told: dict[str, Any] = tidy(
            {
                "video": str(self.path),
                "sha256": self.sha256,
                "width": self.width,
                "height": self.height,
                "frames": self.frames,
                "rate": self.rate,
                "duration": self.seconds,
                "picture": "encoded" if self.copied_from is None else "copied",
                "target": self.target.name,
                "target_lufs": self.wanted_lufs,
                "target_true_peak_dbtp": self.target.true_peak_dbtp,
                "measured_on": "dialogue" if self.by_dialogue else "programme",
                "integrated_lufs": found.integrated_lufs,
                "dialogue_lufs": found.dialogue_lufs,
                "true_peak_dbtp": found.true_peak_dbtp,
                "passes": self.passes,
                "limiter_db": self.reduction_db,
                "music_gain_db": self.music_gain_db,
                "speech_seconds": self.speech_seconds,
                "speech_over_music_db": self.speech_over_music_db,
                "cues": [one.told() for one in self.music],
                "sidecar": str(self.sidecar),
                "warnings": list(self.warnings),
            }
        )
        return told

    def record(self) -> str:
        """Return the text of the sidecar."""
        return as_text({"schema": SIDECAR_SCHEMA, **self.told()})


def lanes_beside(video: Path) -> dict[str, list[Mapping[str, Any]]]:
    """Return the keyframes that the sidecar of an earlier mix holds, by the name of the music file, in order of time.

    A piece of music that was not ducked has an empty one.
    """
    try:
        cues = record_beside(video)["cues"]
        found: dict[str, list[Mapping[str, Any]]] = {}
        for one in cues:
            found.setdefault(Path(one["audio"]).name, []).append(one["duck"] or {})
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return found
