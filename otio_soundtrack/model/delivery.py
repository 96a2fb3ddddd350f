"""Loudness that deliveries ask for, by name (floor 1).

EBU R 128 (2020), ATSC A/85:2013, Netflix *Sound Mix Specifications* (dialogue-gated; programmes without dialogue are checked over
the full programme), and what streaming platforms play back at.
"""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.errors import SettingsError

USUAL_PEAK_DBTP = -1.0
"""True peak of EBU R 128 and of the streaming platforms: also for a loudness that is given as a number."""
LOUDEST_LUFS, SOFTEST_LUFS = -6.0, -40.0
"""Targets that mean something: beyond lie only a limiter's noise and what nobody hears."""


@dataclass(frozen=True, kw_only=True)
class LoudnessTarget:
    """What a mix is brought to."""

    name: str
    lufs: float
    """Loudness of what is measured, LUFS (LKFS is the same unit)."""
    true_peak_dbtp: float
    """True peak that is not exceeded."""
    full_programme_lufs: float | None = None
    """None: the whole programme is measured. Else dialogue is, and this holds for a programme that has hardly any."""


TARGETS = {
    one.name: one
    for one in (
        LoudnessTarget(name="ebu-r128", lufs=-23.0, true_peak_dbtp=USUAL_PEAK_DBTP),
        LoudnessTarget(name="atsc-a85", lufs=-24.0, true_peak_dbtp=-2.0),
        LoudnessTarget(name="streaming", lufs=-14.0, true_peak_dbtp=USUAL_PEAK_DBTP),
        LoudnessTarget(name="netflix", lufs=-27.0, true_peak_dbtp=-2.0, full_programme_lufs=-24.0),
    )
}


def loudness_target(text: str) -> LoudnessTarget:
    """Return the target that a person names.

    Args:
        text: a name of :data:`TARGETS`, or LUFS as a number.

    Raises:
        SettingsError: neither.
    """
    if text in TARGETS:
        return TARGETS[text]
    try:
        lufs = float(text)
    except ValueError:
        lufs = 0.0
    if not SOFTEST_LUFS <= lufs <= LOUDEST_LUFS:
        raise SettingsError(
            f"--target {text} is no loudness.",
            hint=f"Give {', '.join(TARGETS)} or LUFS from {SOFTEST_LUFS:g} to {LOUDEST_LUFS:g}.",
        )
    return LoudnessTarget(name=f"{lufs:g} LUFS", lufs=lufs, true_peak_dbtp=USUAL_PEAK_DBTP)
