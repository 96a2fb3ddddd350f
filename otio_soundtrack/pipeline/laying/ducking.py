"""Which keyframes a piece of music gets: those that a person has edited, else ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from otio_soundtrack.audio.ducking import Stretch, keyframes
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.cut import AudioElement
from otio_soundtrack.model.lane import DUCK_DEFAULT, DUCK_PRESETS, GainLane, GainPoint
from otio_soundtrack.settings import first_fault


def lane_for(
    lanes: Sequence[Mapping[str, Any]], preset: str | None, speech: Sequence[Stretch], element: AudioElement, where: str
) -> GainLane:
    """Return the keyframes of a piece of music, on the time of its file.

    Args:
        lanes: what clip, reference and sidecars say of them, the nearest to the person first.
        preset: what is asked for; None: what the lanes say, else the default.
        speech: where somebody speaks, seconds of the record.
        element: where the music sounds.
        where: what it is called in a message.

    Raises:
        SettingsError: a lane that cannot be read.
    """
    known = [_read(one, where) for one in lanes if "points" in one]
    edited = next((one for one in known if one.edited), None)
    if edited is not None:
        return edited
    said = next((one.preset for one in known if one.preset in DUCK_PRESETS), DUCK_DEFAULT)
    name = preset or said
    start, length = float(element.start), float(element.duration)
    near = [(begin - start, end - start) for begin, end in speech]
    points = [(_in_file(at, element), db) for at, db in keyframes(near, DUCK_PRESETS[name], length)]
    return GainLane.of(tuple(sorted(points)) if element.speed < 0 else tuple(points), name)


def on_record(lane: GainLane, element: AudioElement) -> tuple[GainPoint, ...]:
    """Return the keyframes of a lane on record time."""
    at, start, speed = float(element.at), float(element.start), float(element.speed)
    points = [(start + (time - at) / speed, db) for time, db in lane.points]
    return tuple(reversed(points)) if speed < 0 else tuple(points)


def _in_file(at: float, element: AudioElement) -> float:
    """Return the time in the music file of a moment after the head of its clip."""
    return float(element.at) + at * float(element.speed)


def _read(lane: Mapping[str, Any], where: str) -> GainLane:
    try:
        return GainLane.model_validate(lane)
    except ValidationError as error:
        raise SettingsError(
            f"the duck lane of {where} cannot be used: {first_fault(error)}.",
            hint='Its points are pairs of seconds and dB in order of time, for example "points": [[3.5, 0], [4, -8]].',
        ) from error
