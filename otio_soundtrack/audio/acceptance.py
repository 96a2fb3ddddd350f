"""The acceptance test: one ear for all. Takes of services, music of the embedded composer and every fit are judged by it.

What is delivered into a timeline has to pass (:func:`accept`). Music that a user brings to ``fit`` is the user's own: what stands
against it is told (:func:`faults`), with the same figures (:func:`figures`).
"""

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

JUDGED = (
    "samples",
    "integrated_lufs",
    "true_peak_dbtp",
    "clipped_samples",
    "longest_silence",
    "head_silence",
    "tail_silence",
    "ends",
)
"""The figures that are judged or explain a judgement, by their names in :class:`TakeFacts`."""

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
    found = faults(facts, samples=samples, ceiling_dbtp=ceiling_dbtp)
    if found:
        raise UnusableTakeError(f"the take cannot be used: {'; '.join(found)}.", hint="Try another seed, or another take.")


def figures(facts: TakeFacts, *, samples: int | None, ceiling_dbtp: float | None) -> dict[str, object]:
    """Return what a file was judged by, as every JSON result shows it; ``faults`` is empty where it passes.

    Args:
        facts: what was measured on it.
        samples: as for :func:`accept`.
        ceiling_dbtp: as for :func:`accept`.
    """
    measured = facts.model_dump(mode="json", include=set(JUDGED))
    return {"faults": faults(facts, samples=samples, ceiling_dbtp=ceiling_dbtp), **{name: measured[name] for name in JUDGED}}


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


def faults(facts: TakeFacts, *, samples: int | None, ceiling_dbtp: float | None) -> list[str]:
    """Return what stands against a file, a clause a fault; empty where it can be used.

    Args:
        facts: what was measured on it.
        samples: as for :func:`accept`.
        ceiling_dbtp: as for :func:`accept`.
    """
    found = []
    if facts.samples == 0 or facts.true_peak_dbtp is None:
        return ["it is silent"]
    if samples is not None and facts.samples != samples:
        found.append(f"it has {facts.samples} samples instead of {samples}")
    if facts.longest_silence > LONGEST_SILENCE_S:
        found.append(f"it is silent for {facts.longest_silence:.1f} s in the middle")
    if facts.clipped_samples > _CLIPPED_FEW + CLIPPED_SHARE * facts.samples:
        found.append(f"{facts.clipped_samples} samples are clipped")
    if ceiling_dbtp is not None and facts.true_peak_dbtp > ceiling_dbtp + _PEAK_TOLERANCE_DB:
        found.append(f"its true peak is {facts.true_peak_dbtp:.2f} dBTP, above {ceiling_dbtp:.2f}")
    if facts.tail_silence > LONGEST_TAIL_S:
        found.append(f"it is silent for the last {facts.tail_silence:.1f} s")
    if not facts.ends:
        found.append("it breaks off instead of ending")
    return found
