"""A gain lane: the keyframes that lower music under speech, as people read and edit them (floor 1)."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from otio_soundtrack.model.features import Frozen

DUCK_PRESETS = {"light": -4.0, "medium": -8.0, "strong": -12.0, "deep": -18.0}
"""How far the music goes down under speech, dB: from a bed that hardly moves to one that leaves the floor to the line."""
DUCK_DEFAULT = "medium"
DUCK_OFF = "off"
"""What stands for no ducking where a preset is asked for."""
_LOWEST_DB, _HIGHEST_DB = -96.0, 12.0
"""Range of a keyframe: silence of 16 bits; as far as a fader goes up."""
_MARK = 16
"""Digits of the hash by which a lane of ours is known."""

GainPoint = tuple[float, Annotated[float, Field(ge=_LOWEST_DB, le=_HIGHEST_DB)]]
"""Seconds from the first sample of the music file, and dB. Between points the gain runs straight in dB; before the first and
after the last it stays."""


class GainLane(Frozen):
    """The keyframes of one music file: ``metadata["otio_soundtrack"]["duck"]`` and the same in the sidecar."""

    preset: str = ""
    """Preset that it was made with (:data:`DUCK_PRESETS`)."""
    points: tuple[GainPoint, ...] = ()
    """In order of time; none means that the music stays as it is."""
    made: str = ""
    """Hash of the points as we made them. Where it does not match, a person has edited them, and they are obeyed as they are."""
    file: str = ""
    """Music file rendered with this lane, beside the clean one; empty where none was written."""
    sha256: str = ""
    """Of that file."""

    @field_validator("points")
    @classmethod
    def _in_order(cls, points: tuple[GainPoint, ...]) -> tuple[GainPoint, ...]:
        for (before, _), (after, _) in pairwise(points):
            if after < before:
                raise ValueError(f"keyframe at {after:g} s stands after the one at {before:g} s")
        return points

    @classmethod
    def of(cls, points: tuple[GainPoint, ...], preset: str) -> GainLane:
        """Return a lane of ours, in whole milliseconds and hundredths of a dB."""
        rounded = tuple((round(at, 3), round(db, 2)) for at, db in points)
        return cls(preset=preset, points=rounded, made=_mark(rounded))

    @property
    def edited(self) -> bool:
        """Return whether a person has changed it, or written it."""
        return self.made != _mark(self.points)


def _mark(points: tuple[GainPoint, ...]) -> str:
    return hashlib.sha256(json.dumps(points).encode()).hexdigest()[:_MARK]
