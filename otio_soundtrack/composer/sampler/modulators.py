"""Modulators: how velocity and key bend the generators (SoundFont 2.04, sections 8.2 and 9.5).

A score has no controllers: they stand where a new MIDI channel puts them, with volume at full. The specification's default from
velocity to filter cutoff is left out, as FluidSynth and the fonts that are made with it do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import log10
from typing import Any

from otio_soundtrack.composer.voices.exact import rounded

ATTENUATION = 48
"""Number of the generator for loudness, in centibels below full level."""

_VELOCITY, _KEY, _KEY_PRESSURE, _PRESSURE, _PITCH_WHEEL, _WHEEL_RANGE = 2, 3, 10, 13, 14, 16
_CONTROLLER = 0x80
_NEGATIVE, _BIPOLAR = 0x100, 0x200
_LINEAR, _CONCAVE, _CONVEX, _SWITCH = range(4)
_ABSOLUTE = 2
"""Transform: the sign is dropped."""
_CONTROLLERS = {7: 127, 10: 64, 11: 127, **dict.fromkeys(range(70, 80), 64)}
"""Positions of MIDI controllers: volume, pan, expression, sound controllers; all others 0."""
_RESTING = {_KEY_PRESSURE: 0.0, _PRESSURE: 0.0, _PITCH_WHEEL: 0.5}
_WHEEL_SEMITONES = 2
_TOP = 127.0
_CURVE = 400.0 / 960.0
"""Steepness of the concave curve: with an amount of 960 cB, loudness is the square of velocity."""


@dataclass(frozen=True)
class Modulator:
    """What turns a source into an offset of a generator."""

    source: int
    target: int
    """Number of the generator."""
    amount: int
    """In the unit of the generator."""
    amount_source: int
    transform: int

    def same(self, other: Modulator) -> bool:
        """Return whether both do the same by different amounts."""
        return replace(self, amount=0) == replace(other, amount=0)


DEFAULTS = (
    Modulator(source=_VELOCITY | _NEGATIVE | _CONCAVE << 10, target=ATTENUATION, amount=960, amount_source=0, transform=0),
)
"""What every instrument does by itself; the other defaults of the specification hang on controllers that rest at nothing."""


def modulator(record: Any) -> Modulator:  # noqa: ANN401  # a row of a NumPy table
    """Return a row of ``pmod`` or ``imod``."""
    return Modulator(*(int(record[name]) for name in ("source", "target", "amount", "amount_source", "transform")))


def overridden(low: Iterable[Modulator], high: Iterable[Modulator]) -> tuple[Modulator, ...]:
    """Return the modulators of a lower level with those of a higher one in place of their equals."""
    above = tuple(high)
    return (*(one for one in low if not any(one.same(other) for other in above)), *above)


def offset(modulators: Iterable[Modulator], target: int, key: int, velocity: int) -> float:
    """Return what the modulators add to a generator, in its unit."""
    return sum(_value(one, key, velocity) for one in modulators if one.target == target)


def _value(one: Modulator, key: int, velocity: int) -> float:
    if not one.source & 0x7F and not one.source & _CONTROLLER:
        return 0.0  # no source, no effect
    value = one.amount * _shaped(one.source, key, velocity)
    if one.amount_source & 0xFF:
        value *= _shaped(one.amount_source, key, velocity)
    return abs(value) if one.transform == _ABSOLUTE else value


def _shaped(source: int, key: int, velocity: int) -> float:
    """Return where a source stands, 0–1 or −1–1."""
    share = _share(source, key, velocity)
    if share is None:
        return 0.0
    if source & _NEGATIVE:
        share = 1 - share
    curve = source >> 10
    if not source & _BIPOLAR:
        return _curved(share, curve)
    centred = 2 * share - 1
    if curve == _SWITCH:
        return 1.0 if centred >= 0 else -1.0
    return _curved(abs(centred), curve) * (1 if centred >= 0 else -1)


def _share(source: int, key: int, velocity: int) -> float | None:
    number = source & 0x7F
    if source & _CONTROLLER:
        return _CONTROLLERS.get(number, 0) / _TOP
    known = {_VELOCITY: velocity / _TOP, _KEY: key / _TOP, _WHEEL_RANGE: _WHEEL_SEMITONES / _TOP}
    return (_RESTING | known).get(number)


def _curved(share: float, curve: int) -> float:
    if curve == _CONCAVE:
        return 1.0 if share >= 1 else min(1.0, rounded(-_CURVE * log10(1 - share)))
    if curve == _CONVEX:
        return 0.0 if share <= 0 else max(0.0, rounded(1 + _CURVE * log10(share)))
    if curve == _SWITCH:
        return 1.0 if share >= 0.5 else 0.0
    return share
