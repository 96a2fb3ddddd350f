"""What the hook does once it was asked: arguments → pipeline → a timeline."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import opentimelineio as otio

from otio_soundtrack.errors import NothingToScoreError
from otio_soundtrack.pipeline.scoring.destination import Elsewhere
from otio_soundtrack.pipeline.scoring.whole_way import score
from otio_soundtrack.timeline.formats import certain_losses, suited

PREFIX = "soundtrack_"

_done: set[str] = set()
"""Fingerprints of what this process returned. OTIO calls the hook a second time for adapters that write strings (EDL, FCP XML),
with what the first call returned; this is how the second call knows."""


def scored(in_timeline: Any, argument_map: Mapping[str, Any]) -> Any:  # noqa: ANN401  # any OTIO object
    """Return a scored copy of what is being written.

    Args:
        in_timeline: a Timeline, or a collection that holds one; never changed.
        argument_map: OTIO's hook arguments; ours begin with ``soundtrack_``.

    Raises:
        SoundtrackError: asked and failed; nothing half-written.
    """
    given = {str(name)[len(PREFIX) :]: value for name, value in argument_map.items() if str(name).startswith(PREFIX)}
    target = argument_map.get("_filepath")
    asked = f"{sorted((name, str(value)) for name, value in given.items())} {target}"
    if _fingerprint(in_timeline, asked) in _done:
        return in_timeline
    if given.pop("dry_run", False):
        return in_timeline
    if target is not None and "media_dir" not in given:
        given["media_dir"] = Path(target).absolute().with_name(f"{Path(target).stem}.media")
    if target is not None:
        for loss in certain_losses(Path(target)):
            warnings.warn(loss, stacklevel=2)
        arguments = dict(argument_map.get("adapter_arguments") or {})
        given["beside"] = Elsewhere(path=Path(target).absolute(), arguments=arguments)
    result = _replaced(in_timeline, given)
    told = _fingerprint(result, asked)
    if told != _fingerprint(in_timeline, asked):  # where the format has no place for the music, nothing tells it from unscored
        _done.add(told)
    return result


def _replaced(in_timeline: Any, given: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return a scored timeline, or a copy of a collection whose first timeline is scored."""
    if isinstance(in_timeline, otio.schema.Timeline):
        return _score(in_timeline, given)
    if isinstance(in_timeline, otio.schema.SerializableCollection):
        copy = in_timeline.deepcopy()
        for index, child in enumerate(copy):
            if isinstance(child, otio.schema.Timeline):
                copy[index] = _score(child, given)
                return copy
    raise NothingToScoreError(
        f"a {type(in_timeline).__name__} is being written, not a timeline.", hint="Score the timeline that holds it."
    )


def _score(timeline: otio.schema.Timeline, given: dict[str, Any]) -> otio.schema.Timeline:
    result = score(timeline, **given)
    for warning in result.warnings:
        warnings.warn(warning, stacklevel=2)
    beside = given.get("beside")
    if beside is None:
        return result.timeline
    root = given.get("media_root")
    shaped, absent = suited(result.timeline, beside.path, Path.cwd() if root is None else Path(root))
    for warning in absent:
        warnings.warn(warning, stacklevel=2)
    return shaped


def _fingerprint(timeline: Any, asked: str) -> str:  # noqa: ANN401
    return hashlib.sha256(f"{asked}{timeline.to_json_string()}".encode()).hexdigest()
