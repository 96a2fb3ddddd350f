"""How long the takes of a service are, by its sheet and by situation."""

from __future__ import annotations

from otio_soundtrack.sandbox.music import Sounding
from otio_soundtrack.sandbox.state import World

SHORTER, LONGER = 3.0, 2.0
"""Factors of the situations short_audio and long_audio."""
ODD_S = 0.377
"""Seconds beyond a whole number in the situation odd_length."""
NOTHING_S = 3.0
"""New part of an extension that adds nothing worth it."""


def lengths(world: World, service: str, usual: tuple[float, ...], *, told: bool = False) -> tuple[float, ...]:
    """Return the seconds of the takes of one job.

    Args:
        world: of the sandbox.
        service: whose takes.
        usual: as its sheet shows them, or as the request wants them.
        told: whether the request decides: then the sandbox's own setting of lengths does not.
    """
    chosen = usual if told or world.lengths is None else world.lengths[: len(usual)]
    if world.holds("short_audio", service):
        chosen = tuple(one / SHORTER for one in chosen)
    if world.holds("long_audio", service):
        chosen = tuple(one * LONGER for one in chosen)
    if world.holds("odd_length", service):
        chosen = tuple(int(one) + ODD_S + number / 100 for number, one in enumerate(chosen))
    return tuple(round(one, 3) for one in chosen)


def sounding(world: World, service: str) -> Sounding:
    """Return what there is to hear in the takes of a service."""
    if world.holds("silent_audio", service):
        return "silence"
    return "silent tail" if world.holds("silent_tail", service) else "music"
