"""Numbers of cues (pure): those of the editor stay, the rest are given so that numbers follow time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from string import ascii_lowercase

from otio_soundtrack.spotting.cues import Stretch
from otio_soundtrack.spotting.grammar import cue_id

_PARTS = re.compile(r"^(\d+)m(\d+)(\D?)$")
_MOST = 999
"""Cues of one reel: a cue number has three digits."""

_Number = tuple[int, int, str]
"""Reel, cue, part."""


def numbered(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Return cues in order of time, each with an id: those of the editor, the rest a number between their neighbours.

    A cue without a number takes the next whole number; where the editor's own next cue has it already, a letter behind the cue
    before (``1m01a``), as an inserted cue does in a cue sheet; before the editor's first cue of a reel it is ``1m00``.
    """
    ordered = sorted(stretches, key=lambda stretch: stretch.start)
    taken = {stretch.cue_id for stretch in ordered}
    before: _Number | None = None
    named = []
    for index, stretch in enumerate(ordered):
        if not stretch.cue_id:
            after = next((_number(later.cue_id) for later in ordered[index + 1 :] if later.cue_id), None)
            found = next(name for one in _candidates(before, after) if (name := cue_id(*one)) not in taken)
            stretch = replace(stretch, cue_id=found)  # noqa: PLW2901  # the same cue, with its name
            taken.add(found)
        before = _number(stretch.cue_id)
        named.append(stretch)
    return named


def _candidates(before: _Number | None, after: _Number | None) -> Iterator[_Number]:
    """Yield numbers for a cue between two others, the best first; after those that keep the order come any that are free."""
    reel, number, _ = before or (after[0] if after else 1, 0, "")
    ordered = after is not None and (before is None or before < after)
    whole = ((reel, one, "") for one in range(number + 1, _MOST + 1))
    if not ordered or after is None:
        yield from whole
        return
    yield from (one for one in whole if one < after)
    if before is None:
        yield (reel, 0, "")
    yield from (one for letter in ascii_lowercase if (before or (reel, 0, "")) < (one := (reel, number, letter)) < after)
    yield from ((reel, one, "") for one in range(1, _MOST + 1))


def _number(name: str) -> _Number:
    """Return the parts of a cue id, by which ids are ordered."""
    match = _PARTS.match(name)
    if match is None:
        raise ValueError(f"{name!r} is no cue id")
    return int(match[1]), int(match[2]), match[3]
