"""What was heard in a finished music file, against what it was made for (floor 1).

Everything is measured on the written audio; beats and bar lines are those that whoever made the music counted. Kept with the
take, so that a later version reads what an earlier one measured: every field but the first measures may be absent.
"""

from __future__ import annotations

from otio_soundtrack.model.features import Frozen


class CutsHeard(Frozen):
    """Whether something begins in the music where the picture changes: attacks at the cuts against the same cuts shifted."""

    cuts: int
    """Picture changes inside the cue that were looked at."""
    percentile: float
    """Mean rank of the attack within 40 ms of a cut among all moments of the music, 0–1; by chance about the mean of all."""
    z: float
    """Standard deviations above chance: 0 is no relation, 2 is heard, 4 is unmistakable."""
    p: float
    """Share of shifted cuts that do as well, 0–1."""


class CutsOnBeats(Frozen):
    """How many cuts lie on a beat, and how many would by chance."""

    cuts: int
    within_frame: float
    """Share of cuts not more than one frame from a beat, 0–1."""
    within_frame_chance: float
    """Share of the time that is so near to a beat, 0–1."""
    within_40_ms: float
    within_40_ms_chance: float

    @property
    def kappa(self) -> float:
        """Share of what chance leaves that was met within a frame: 0 is chance, 1 is all (Cohen's kappa)."""
        left = 1 - self.within_frame_chance
        return (self.within_frame - self.within_frame_chance) / left if left > 0 else 0.0


class SectionHeard(Frozen):
    """What a section sounds like."""

    bar_error_ms: float | None
    """From its start to the nearest bar line, milliseconds; above 0 the bar is late. None where bars are not known."""
    key: str | None
    """The key that is heard, ``D minor``; None where no pitch is."""
    key_rank: int | None
    """Place of the intended key among all 24 by what is heard; 1 is the best. Modes count as major or minor by their third."""
    lufs: float | None
    """Loudness of the section by itself, ungated; None for silence."""
    centroid_hz: float | None
    """Centre of gravity of its spectrum: higher is brighter. None for silence."""


class Gap(Frozen):
    """A silence inside the music."""

    at: float
    """Seconds from the first sample."""
    seconds: float


class Heard(Frozen):
    """What was heard in a take."""

    cuts: CutsHeard | None = None
    """None where the cue has too few cuts, or is too short, to tell relation from chance."""
    beats: CutsOnBeats | None = None
    """None without cuts, or where beats are not known."""
    sections: tuple[SectionHeard, ...] = ()
    loudness_follows: float | None = None
    """Rank correlation of the sections' loudness with the energy that the plan gives them, −1 to 1 (Spearman); None where the
    plan has fewer than three sections or one energy throughout."""
    brightness_ratio: float | None = None
    """Centroid of the section with most energy over that of the one with least; None where the plan does not vary."""
    gaps: tuple[Gap, ...] = ()
    """Silences of more than 0.35 s between the first and the last sound."""
    last_10_ms_dbfs: float | None = None
    """Peak of the last 10 ms; None for digital silence."""
    last_attack: float | None = None
    """Seconds from the last clear attack to the last sample: how long the last chord rings. None where nothing is struck."""
