"""What a cut asks of a track (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.model.track import Descriptors


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a cut asks of a track."""

    seconds: float
    """Length of the cue."""
    cuts: tuple[float, ...] = ()
    """Seconds from the first frame at which the picture changes, rising."""
    energy: float
    """How much is going on, 0–1."""
    curve: tuple[float, ...]
    """Energy over the cue, 0–1 [length=CURVE_POINTS]."""
    valence: float
    """−1 dark of mood to 1 light."""
    light: float | None = None
    """How bright the picture is, −1 to 1, 0 ordinary; None where nobody looked."""
    mood: str = ""
    """Of the plan, for people."""
    tempo_bpm: float | None = None
    """Beats a minute that the user asked for; None: whatever lies well on the cuts."""
    prompt: str = ""
    """What the user said; empty where nobody said anything."""
    related: tuple[str, ...] = ()
    """Words for moods: those that the prompt names, else those of the plan."""
    named: bool = False
    """Whether the prompt names moods."""
    instrumental: bool = True
    reference: Descriptors | None = None
    """What the temp track is like; None without one."""
