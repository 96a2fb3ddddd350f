"""The ducked music as a file of its own, beside the clean one, which stays the one that plays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from otio_soundtrack.audio.ducking import Ducked
from otio_soundtrack.errors import StoreError
from otio_soundtrack.model.cut import AudioElement, Source, SourceKind
from otio_soundtrack.model.lane import GainLane
from otio_soundtrack.pipeline.laying.delivering import stamp_file
from otio_soundtrack.pipeline.laying.ducking import lane_for
from otio_soundtrack.pipeline.laying.naming import duck_file
from otio_soundtrack.pipeline.takes.taking import Accepted
from otio_soundtrack.timeline.records import record_beside
from otio_soundtrack.times import exact_rate, frame_seconds
from otio_soundtrack.tools.files import sha256
from otio_soundtrack.tools.store import place
from otio_soundtrack.tools.waveform import WaveFile, write_wav

EDITED = "edited"
"""Stands in the file's name for the preset where a person drew the keyframes."""


@dataclass(frozen=True, kw_only=True)
class Ducker:
    """Writes the ducked files of a run."""

    preset: str
    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Lanes on the timeline that is scored again, by the hash of their music."""

    def lay(self, accepted: Accepted, audio: Path, written: list[Path]) -> GainLane:
        """Write the ducked file of a take, unless nobody speaks under it.

        Args:
            accepted: the take; speech is where its plan keeps clear.
            audio: where its clean file lies or will lie, with the record of an earlier run beside it.
            written: is told the path of every file that was not there before.

        Returns:
            Its keyframes, and the name of the file where there is one.

        Raises:
            SettingsError: a lane that cannot be read.
            StoreError: the file cannot be written, or another sound lies in its place.
        """
        lane = lane_for(self._said(accepted, audio), self.preset, _speech(accepted), _element(accepted, audio), audio.name)
        if not lane.points:
            return lane
        target = duck_file(audio, EDITED if lane.edited else lane.preset)
        with TemporaryDirectory(prefix="otio-soundtrack.") as folder:
            scratch = Path(folder) / target.name
            write_wav(scratch, Ducked(WaveFile(accepted.stored.path), lane.points))
            stamp_file(scratch, accepted, "ducked mix")
            digest = sha256(scratch)
            self._place(scratch, target, digest, audio, written)
        return lane.model_copy(update={"file": target.name, "sha256": digest})

    def _said(self, accepted: Accepted, audio: Path) -> list[Mapping[str, Any]]:
        """Return the lanes of earlier runs for this very music."""
        digest = accepted.facts.sha256
        beside = record_beside(audio)
        lanes = [self.known.get(digest), beside.get("duck") if beside.get("sha256") == digest else None]
        return [lane for lane in lanes if isinstance(lane, Mapping)]

    def _place(self, scratch: Path, target: Path, digest: str, audio: Path, written: list[Path]) -> None:
        """Lay the file; one of ours that an edit has made old is replaced."""
        if not target.exists():
            written.append(target)
        elif sha256(target) == digest:
            return
        else:
            before = record_beside(audio).get("duck")
            if not isinstance(before, Mapping) or before.get("sha256") != sha256(target):
                raise StoreError(
                    f"{target} is there already, and is another sound.", hint="Move it, or choose another --media-dir."
                )
        place(scratch, target)


def _speech(accepted: Accepted) -> list[tuple[float, float]]:
    plan = accepted.brief.plan
    rate = exact_rate(plan.rate)
    return [(float(frame_seconds(one.start, rate)), float(frame_seconds(one.end, rate))) for one in plan.keep_clear]


def _element(accepted: Accepted, audio: Path) -> AudioElement:
    """Return the take on the time of its cue, which begins after the handle at the head of the file."""
    seconds = Fraction(accepted.facts.samples, accepted.facts.sample_rate)
    head = Fraction(accepted.handles.head_samples, accepted.facts.sample_rate)
    source = Source(kind=SourceKind.MOVIE, name=audio.name, path=audio)
    return AudioElement(source=source, start=Fraction(0), duration=seconds, at=head)
