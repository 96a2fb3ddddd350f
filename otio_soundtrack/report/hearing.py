"""What was heard in a take, in the words of somebody who cuts pictures (pure)."""

from __future__ import annotations

from otio_soundtrack.model.heard import CutsHeard, CutsOnBeats, Heard, SectionHeard

HEARD_Z, CLEAR_Z = 2.0, 4.0
"""Standard deviations above chance from which on cuts are heard, and clearly heard."""
FOLLOWS = 0.85
"""Rank correlation from which on loudness follows the energy."""
BRIGHTER = 1.4
"""Ratio of spectral centroids that is heard as another colour."""
BAR_MS = 40.0
"""A section that begins within this of a bar line begins with it to most ears."""


def sentences(heard: Heard) -> tuple[str, ...]:
    """Return what was heard, a sentence a finding; nothing is said of what could not be measured."""
    found = [
        "" if heard.cuts is None else _cuts(heard.cuts),
        "" if heard.beats is None else _beats(heard.beats),
        _bars(heard.sections),
        _keys(heard.sections),
        "" if heard.loudness_follows is None else _loudness(heard.loudness_follows),
        "" if heard.brightness_ratio is None else _brightness(heard.brightness_ratio),
        _gaps(heard),
        _ending(heard),
    ]
    return tuple(sentence for sentence in found if sentence)


def section_rows(sections: tuple[SectionHeard, ...]) -> tuple[tuple[str, ...], ...]:
    """Return bar error, key, loudness and brightness of each section, as a table shows them; empty cells were not measurable."""
    return tuple(
        (
            "" if one.bar_error_ms is None else f"{abs(one.bar_error_ms):.0f} ms",
            "" if one.key is None or one.key_rank is None else f"{one.key} (as meant: {_place(one.key_rank)})",
            "" if one.lufs is None else f"{one.lufs:.1f} LUFS",
            "" if one.centroid_hz is None else f"{one.centroid_hz:.0f} Hz",
        )
        for one in sections
    )


def _place(rank: int) -> str:
    return "yes" if rank == 1 else f"{rank} of 24"


def _cuts(cuts: CutsHeard) -> str:
    how = "are clearly heard" if cuts.z >= CLEAR_Z else "are heard" if cuts.z >= HEARD_Z else "are not heard"
    side = "above" if cuts.z >= 0 else "below"
    return f"The cuts {how}: attacks at the {cuts.cuts} cuts are {abs(cuts.z):.1f} σ {side} chance (p {cuts.p:.3f})."


def _beats(beats: CutsOnBeats) -> str:
    met, chance = round(beats.within_frame * beats.cuts), beats.within_frame_chance * beats.cuts
    near = round(beats.within_40_ms * beats.cuts)
    return (
        f"{met} of {beats.cuts} cuts lie within a frame of a beat, {near} within 40 ms; by chance {chance:.0f} would "
        f"(kappa {beats.kappa:.2f})."
    )


def _bars(sections: tuple[SectionHeard, ...]) -> str:
    errors = [abs(one.bar_error_ms) for one in sections if one.bar_error_ms is not None]
    if not errors:
        return ""
    if max(errors) <= BAR_MS:
        return f"Every section begins with a bar: at most {max(errors):.0f} ms off."
    late = sum(error > BAR_MS for error in errors)
    return f"{late} of {len(errors)} sections do not begin with a bar: up to {max(errors):.0f} ms off."


def _keys(sections: tuple[SectionHeard, ...]) -> str:
    places = [one.key_rank for one in sections if one.key_rank is not None]
    if not places:
        return ""
    return f"The key is heard as it was meant in {sum(place == 1 for place in places)} of {len(places)} sections."


def _loudness(follows: float) -> str:
    how = "follows" if follows >= FOLLOWS else "follows in part" if follows >= 0 else "runs against"
    return f"Loudness {how} the energy of the plan (rank correlation {follows:.2f})."


def _brightness(ratio: float) -> str:
    how = "clearly brighter than" if ratio >= BRIGHTER else "a little brighter than" if ratio > 1 else "no brighter than"
    return f"The section with most energy is {how} the calmest ({ratio:.2f} ×)."


def _gaps(heard: Heard) -> str:
    if not heard.gaps:
        return "There is no hole in the music."
    places = ", ".join(f"{gap.seconds:.1f} s at {gap.at:.1f} s" for gap in heard.gaps[:3])
    more = f" and {len(heard.gaps) - 3} more" if len(heard.gaps) > 3 else ""
    return f"The music is silent inside: {places}{more}."


def _ending(heard: Heard) -> str:
    rest = "digital silence" if heard.last_10_ms_dbfs is None else f"at {heard.last_10_ms_dbfs:.0f} dBFS"
    rings = "" if heard.last_attack is None else f"After the last attack it rings for {heard.last_attack:.1f} s; "
    return f"{rings}{'t' if rings else 'T'}he last 10 ms are {rest}."
