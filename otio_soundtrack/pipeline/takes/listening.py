"""What a finished take sounds like, against what it was made for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from otio_soundtrack.audio.hearing import Expected, Meant, hear
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.composer.grid import grid
from otio_soundtrack.composer.keys import parse_key
from otio_soundtrack.model.cue import TakeFacts
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.heard import Heard
from otio_soundtrack.model.plan import Plan
from otio_soundtrack.pipeline.takes.taking import Accepted
from otio_soundtrack.times import exact_rate, frame_seconds


def heard_take(
    path: Path,
    facts: TakeFacts,
    plan: Plan,
    *,
    changes: Sequence[int],
    beats: Sequence[float],
    provider: str,
    handles: Handles = NO_HANDLES,
) -> Heard:
    """Return what is heard in a take.

    Args:
        path: the music file.
        facts: what was measured on it.
        plan: what it was made from.
        changes: frames of the timeline on which the picture changes.
        beats: seconds of the beats that its maker counted.
        provider: who made it; the bar lines of the embedded engine are known, those of others are not.
        handles: what the file holds beyond the cue.

    Raises:
        UnreadableMediaError: the file cannot be read.
        SettingsError: a key of the plan is none.
    """
    rate = exact_rate(plan.rate)
    inside = (frame - plan.start for frame in changes if plan.start < frame < plan.start + plan.frames)
    return hear(
        path,
        facts,
        Expected(
            cuts=[float(frame_seconds(frame, rate)) for frame in inside],
            beats=beats,
            bars=bar_lines(plan) if provider == LOCAL.declaration.name else (),
            frame_s=float(1 / rate),
            sections=[meant(plan, number) for number in range(len(plan.sections))],
        ),
        handles=handles,
    )


def listened(accepted: Accepted, changes: Sequence[int], provider: str) -> Accepted:
    """Return a take with what is heard in it; ``changes`` and ``provider`` as for :func:`heard_take`."""
    heard = heard_take(
        *(accepted.stored.path, accepted.facts, accepted.brief.plan),
        changes=changes,
        beats=accepted.stored.said.beats,
        provider=provider,
        handles=accepted.handles,
    )
    return replace(accepted, heard=heard)


def bar_lines(plan: Plan) -> tuple[float, ...]:
    """Return the bar lines that the embedded engine plays, seconds; the last chord begins on the last."""
    counted = grid(plan)
    return (*(counted.time(bar.beat) for bar in counted.bars), counted.time(counted.final))


def meant(plan: Plan, number: int) -> Meant:
    """Return a section of a plan as it was meant to be heard.

    Raises:
        SettingsError: its key is none.
    """
    section, rate, key = plan.sections[number], exact_rate(plan.rate), parse_key(plan.sections[number].key)
    return Meant(
        start=float(frame_seconds(section.start, rate)),
        end=float(frame_seconds(section.end, rate)),
        energy=section.energy,
        tonic=key.tonic,
        minor=key.minorish,
    )
