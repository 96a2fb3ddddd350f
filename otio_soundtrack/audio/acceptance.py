"""The acceptance test that every take passes before anybody sees it."""

from __future__ import annotations

from math import floor

from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.model.cue import TakeFacts

LONGEST_SILENCE_S = 1.0
"""A longer hole inside the music is a fault."""
LONGEST_TAIL_S = 2.0
"""A longer silence after the music means that it ended too early."""
CLIPPED_SHARE = 1e-5
"""Share of samples at full scale that is let pass, besides the first few: normalised files touch full scale unclipped."""

_CLIPPED_FEW = 4
_PEAK_TOLERANCE_DB = 0.01
"""What the meter's third digit may hide."""
_LOUDNESS_TOLERANCE_LU = 0.1
"""What is promised."""


def accept(facts: TakeFacts, *, samples: int | None, ceiling_dbtp: float | None) -> None:
    """Raise unless a take can be used.

    Args:
        facts: what was measured on it.
        samples: length that it must have; None where the length is free.
        ceiling_dbtp: true peak that it must not exceed; None where anything below clipping will do.

    Raises:
        UnusableTakeError: with everything that is wrong in one line.
    """
    faults = _faults(facts, samples, ceiling_dbtp)
    if faults:
        raise UnusableTakeError(f"the take cannot be used: {'; '.join(faults)}.", hint="Try another seed, or another take.")


def loudness_shortfall(facts: TakeFacts, lufs: float, ceiling_dbtp: float) -> str:
    """Return what to tell where a take is not as loud as asked; empty where it is, or is too short to have a loudness.

    Args:
        facts: what was measured on it.
        lufs: integrated loudness that was asked for.
        ceiling_dbtp: true peak that stands in the way.
    """
    measured = facts.integrated_lufs
    if measured is None or abs(measured - lufs) <= _LOUDNESS_TOLERANCE_LU:
        return ""
    return (
        f"it has {measured:.1f} LUFS instead of {lufs:g}: with true peaks of at most {ceiling_dbtp:g} dBTP "
        f"this music cannot be limited any further. Ask for less (--loudness {floor(measured)})."
    )


def _faults(facts: TakeFacts, samples: int | None, ceiling_dbtp: float | None) -> list[str]:
    faults = []
    if facts.samples == 0 or facts.true_peak_dbtp is None:
        return ["it is silent"]
    if samples is not None and facts.samples != samples:
        faults.append(f"it has {facts.samples} samples instead of {samples}")
    if facts.longest_silence > LONGEST_SILENCE_S:
        faults.append(f"it is silent for {facts.longest_silence:.1f} s in the middle")
    if facts.clipped_samples > _CLIPPED_FEW + CLIPPED_SHARE * facts.samples:
        faults.append(f"{facts.clipped_samples} samples are clipped")
    if ceiling_dbtp is not None and facts.true_peak_dbtp > ceiling_dbtp + _PEAK_TOLERANCE_DB:
        faults.append(f"its true peak is {facts.true_peak_dbtp:.2f} dBTP, above {ceiling_dbtp:.2f}")
    if facts.tail_silence > LONGEST_TAIL_S:
        faults.append(f"it is silent for the last {facts.tail_silence:.1f} s")
    if not facts.ends:
        faults.append("it breaks off instead of ending")
    return faults
