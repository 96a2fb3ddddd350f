"""How music files are made up for those who take them over: handles around the cue, the time stamp of Broadcast Wave."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import otio_soundtrack
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.bwf import TimeStamp
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.pipeline.takes.taking import Accepted
from otio_soundtrack.settings import ScoreOptions
from otio_soundtrack.times import clock_frame, exact_rate, frame_seconds, parse_frame
from otio_soundtrack.tools.broadcast import LONGEST_NAME, Extension, write_bwf
from otio_soundtrack.tools.store import TakeStore

LONGEST_HANDLE_S = 60.0
"""Handles are 4 to 20 s in the trade; a minute is no handle any more."""


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """How the music files of a timeline are made up."""

    rate: float = 24.0
    """Of the picture, frames per second."""
    beyond: int = 0
    """Frames of handle at either end."""
    midnight: int | None = None
    """Frames from midnight to the first of the timeline, for Broadcast Wave; None: plain WAV."""

    def handles(self, start: int) -> Handles:
        """Return the handles of a cue that begins on frame ``start`` of the timeline."""
        return Handles.of(self.beyond, self.rate, start=start)

    def stamped(self, accepted: Accepted, start: int, store: TakeStore) -> Accepted:
        """Return a take of a cue that begins on frame ``start`` as the file that is laid; it is kept in the store as well.

        Raises:
            StoreError: no room for it.
        """
        if self.midnight is None:
            return accepted
        return with_stamp(
            accepted, TimeStamp.of(clock_frame(self.midnight + start - accepted.handles.head, self.rate), self.rate), store
        )


PLAIN = Delivery()
"""The cue and nothing else."""


def delivery(asked: ScoreOptions, cut: CutList) -> Delivery:
    """Return how the files shall be made up.

    Raises:
        SettingsError: handles that are no time, or too long.
    """
    try:
        beyond = parse_frame(asked.handles, cut.rate, None)
    except SettingsError as error:
        raise SettingsError(f"--handles: {error.message}", hint=error.hint) from error
    if not 0 <= frame_seconds(beyond, exact_rate(cut.rate)) <= LONGEST_HANDLE_S:
        raise SettingsError(f"--handles {asked.handles} is no handle.", hint=f"From 0 to {LONGEST_HANDLE_S:g} s; 5 s are usual.")
    return Delivery(rate=cut.rate, beyond=beyond, midnight=clock_frame(0, cut.rate, cut.start_time) if asked.bwf else None)


def with_stamp(accepted: Accepted, stamp: TimeStamp, store: TakeStore) -> Accepted:
    """Return a take as Broadcast Wave: its sound is the same, byte for byte.

    Raises:
        StoreError: no room for it.
    """
    plain = accepted.stored
    request = hashlib.sha256(
        json.dumps(["bwf", otio_soundtrack.__version__, plain.sha256, stamp.model_dump()]).encode()
    ).hexdigest()
    said = plain.said.model_copy(update={"source_sha256": plain.said.source_sha256 or plain.sha256})
    stored = store.find(request) or store.keep(
        request, lambda path: write_bwf(path, plain.path, extension(accepted, stamp, "mix")), said
    )
    facts = accepted.facts.model_copy(update={"sha256": stored.sha256})
    return replace(accepted, stored=replace(stored, created=plain.created), facts=facts, stamp=stamp)


def stamp_file(path: Path, accepted: Accepted, name: str) -> None:
    """Make a plain WAV file beside a take Broadcast Wave too, if the take is; ``name`` says what it is.

    Raises:
        StoreError: no room for it.
    """
    if accepted.stamp is not None:
        write_bwf(path, path, extension(accepted, accepted.stamp, name))


def extension(accepted: Accepted, stamp: TimeStamp, name: str) -> Extension:
    """Return what a file of a take says of itself.

    Args:
        accepted: the take; loudness is that of its mix.
        stamp: where its first sample lies.
        name: ``mix``, or the name of a stem.
    """
    cue, handles, facts = accepted.brief.plan.cue_id.upper(), accepted.handles, accepted.facts
    around = "" if handles == NO_HANDLES else f", handles {handles.head} + {handles.tail} frames"
    mix = name == "mix"
    return Extension(
        description=f"{cue} {name}, from {stamp.timecode} at {stamp.rate:g} fps{around}",
        originator=f"otio-soundtrack {otio_soundtrack.__version__}",
        originator_reference=reference(accepted),
        made=datetime.fromisoformat(accepted.stored.created),
        time_reference=stamp.time_reference,
        integrated_lufs=facts.integrated_lufs if mix else None,
        true_peak_dbtp=facts.true_peak_dbtp if mix else None,
        max_momentary_lufs=max(facts.momentary, default=None) if mix else None,
    )


def reference(accepted: Accepted) -> str:
    """Return the name that the sound of a take has in Broadcast Wave: the beginning of the hash of its source."""
    return (accepted.stored.said.source_sha256 or accepted.stored.sha256)[:LONGEST_NAME]
