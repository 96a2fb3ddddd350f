"""Regions: a preset spread out into stretches of keys and velocities, each with its sample and its generators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from otio_soundtrack.composer.sampler.font import SoundFont
from otio_soundtrack.composer.sampler.generators import DEFAULTS, OF_INSTRUMENTS_ONLY, Gen
from otio_soundtrack.composer.sampler.modulators import DEFAULTS as MODULATORS
from otio_soundtrack.composer.sampler.modulators import Modulator, modulator, offset, overridden
from otio_soundtrack.composer.sampler.records import Table, damaged

_MOST_REGIONS = 1 << 14
"""Regions of one preset at most: big pianos have about a thousand; more is a damaged table."""
_EVERYTHING = (0, 127)

Range = tuple[int, int]
"""Lowest and highest, both inside."""


@dataclass(frozen=True)
class _Zone:
    """A zone as it stands in the file, with what the global zone before it says."""

    generators: Mapping[int, int]
    modulators: tuple[Modulator, ...]
    keys: Range
    velocities: Range


@dataclass(frozen=True, eq=False)
class Region:
    """A stretch of keys and velocities of a preset that one sample plays."""

    keys: Range
    velocities: Range
    sample: int
    generators: Mapping[int, int]
    """Sum of instrument and preset, by number."""
    modulators: tuple[Modulator, ...]

    def plays(self, key: int, velocity: int) -> bool:
        """Return whether a note sounds here."""
        return self.keys[0] <= key <= self.keys[1] and self.velocities[0] <= velocity <= self.velocities[1]

    def plain(self, number: int) -> int:
        """Return a generator, in its own unit."""
        return self.generators.get(number, DEFAULTS.get(number, 0))

    def value(self, number: int, key: int, velocity: int) -> float:
        """Return a generator with what the modulators add for a note."""
        return self.plain(number) + offset(self.modulators, number, key, velocity)


def regions(font: SoundFont, bank: int, programme: int) -> tuple[Region, ...]:
    """Return the regions of a preset, in the order of the file; empty where the font has no such preset.

    Raises:
        UnreadableMediaError: the tables point to places that are not there.
    """
    row = font.presets.get((bank, programme))
    if row is None:
        return ()
    found: list[Region] = []
    for zone in _zones(font, "p", row, Gen.INSTRUMENT):
        for inner in _zones(font, "i", zone.generators[Gen.INSTRUMENT] & 0xFFFF, Gen.SAMPLE):
            keys, velocities = _common(zone.keys, inner.keys), _common(zone.velocities, inner.velocities)
            if keys is None or velocities is None:
                continue
            found.append(_region(zone, inner, keys, velocities))
            if len(found) > _MOST_REGIONS:
                raise damaged(font.path, f"a preset has more than {_MOST_REGIONS} zones")
    return tuple(found)


def _region(zone: _Zone, inner: _Zone, keys: Range, velocities: Range) -> Region:
    summed = dict(inner.generators)
    for number, amount in zone.generators.items():
        if number not in OF_INSTRUMENTS_ONLY:
            summed[number] = summed.get(number, DEFAULTS.get(number, 0)) + amount
    return Region(
        keys=keys,
        velocities=velocities,
        sample=summed[Gen.SAMPLE] & 0xFFFF,
        generators=summed,
        modulators=(*overridden(MODULATORS, inner.modulators), *zone.modulators),
    )


def _zones(font: SoundFont, level: str, row: int, target: Gen) -> Iterator[_Zone]:
    """Yield the zones of a preset (level ``p``) or an instrument (``i``) that lead to a target; the global one is inside them."""
    heads = font.tables["phdr" if level == "p" else "inst"]
    bags = font.tables[f"{level}bag"]
    if not 0 <= row < len(heads) - 1:
        raise damaged(font.path, f"a preset asks for instrument {row}, and there are {len(heads) - 1}")
    everywhere: Mapping[int, int] = {}
    always: tuple[Modulator, ...] = ()
    for number, bag in enumerate(_span(heads["bag"], row, len(bags) - 1, font.path)):
        generators = _generators(font.tables[f"{level}gen"], _span(bags["generator"], bag, None, font.path), font.path)
        rows = _span(bags["modulator"], bag, None, font.path)
        own = tuple(modulator(record) for record in font.tables[f"{level}mod"][rows.start : rows.stop])
        if target not in generators:
            if number == 0:
                everywhere, always = generators, own
            continue
        merged = {**everywhere, **generators}
        yield _Zone(merged, overridden(always, own), _range(merged, Gen.KEYS), _range(merged, Gen.VELOCITIES))


def _span(starts: Table, row: int, most: int | None, path: Path) -> range:
    """Return the rows of another table that belong to a row: from its start to that of the next."""
    start, end = int(starts[row]), int(starts[row + 1])
    if end < start or (most is not None and end > most):
        raise damaged(path, "its tables do not fit each other")
    return range(start, end)


def _generators(table: Table, rows: range, path: Path) -> dict[int, int]:
    if rows.stop > len(table):
        raise damaged(path, "its tables do not fit each other")
    part = table[rows.start : rows.stop]
    return dict(zip(part["number"].tolist(), part["amount"].tolist(), strict=True))


def _range(generators: Mapping[int, int], number: Gen) -> Range:
    """Return a range of keys or velocities: the low byte is the lowest, the high byte the highest."""
    if number not in generators:
        return _EVERYTHING
    packed = generators[number] & 0xFFFF
    return packed & 0xFF, packed >> 8


def _common(one: Range, other: Range) -> Range | None:
    low, high = max(one[0], other[0]), min(one[1], other[1])
    return (low, high) if low <= high else None
