"""The plan as a file that a person edits: JSON with a list of cues."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.features import Frozen
from otio_soundtrack.model.plan import Plan
from otio_soundtrack.tools.files import write_text

MOST_BYTES = 50_000_000
"""A plan file that is larger is none: a two-hour film with a section each four seconds takes one megabyte."""
KEY = re.compile(r"[A-Ga-g][#b♯♭]?\s+[A-Za-z]+(\s+[A-Za-z]+)?")
"""What a key looks like, ``F# dorian``; which modes there are is the composer's business."""


CUE_ID = re.compile(r"\d+m\d+[a-z]?", re.IGNORECASE)
"""What a cue id looks like; it goes into file names."""


class PlanFile(Frozen):
    """What stands in a plan file."""

    schema_version: Literal[1] = 1
    cues: tuple[Plan, ...] = Field(min_length=1)


def write_plan(plans: Sequence[Plan], path: Path) -> None:
    """Write plans as JSON, whole or not at all.

    Args:
        plans: one a cue, at least one.
        path: the file.

    Raises:
        StoreError: the file cannot be written.
    """
    document = PlanFile(cues=tuple(plans)).model_dump(mode="json")
    write_text(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def read_plan(path: Path) -> tuple[Plan, ...]:
    """Return the plans of a file, validated.

    Raises:
        SettingsError: no such file, not JSON, or a plan that cannot be obeyed; the message names file, cue, section and field.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise SettingsError(f"{path} is too large for a plan.", hint="Make one with `otio-soundtrack plan`.")
        # editors on Windows begin a file with a byte order mark
        read = json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_no_number)
    except OSError as error:
        raise SettingsError(
            f"cannot read the plan {path}: {error.strerror or error}.", hint="Make one with `otio-soundtrack plan`."
        ) from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path} is not JSON: {error}.", hint="Correct that place, or make a new plan.") from error
    try:
        # strict, so that "280" is no number, in the rules of JSON, where lists are tuples and words are moods
        plans = PlanFile.model_validate_json(json.dumps(read), strict=True).cues
    except ValidationError as error:
        raise _refused(path, read, error) from error
    for plan in plans:
        _check(path, plan)
    _check_together(path, plans)
    return plans


def _no_number(constant: str) -> float:
    raise ValueError(f"{constant} is not a number of JSON")


def _refused(path: Path, read: Any, error: ValidationError) -> SettingsError:  # noqa: ANN401  # JSON of any shape
    """Return the first thing that is wrong, with its place in words of the plan."""
    first = error.errors()[0]
    place = ": ".join([str(path), *_place(first["loc"], read)])
    reason = first["msg"].removeprefix("Value error, ")
    got = f" (got {first['input']!r})" if isinstance(first["input"], (str, int, float)) else ""
    more = len(error.errors()) - 1
    hint = f"{more} more places are wrong too." if more else "Positions are frames from the first frame of the cue."
    return SettingsError(f"{place}: {reason}{got}.", hint=hint)


def _place(location: tuple[int | str, ...], read: Any) -> list[str]:  # noqa: ANN401  # JSON of any shape
    """Return a place in the file as a person finds it: ``cue 1m02, section 3, mood``."""
    words: list[str] = []
    here = read
    singular = {
        "cues": "cue",
        "sections": "section",
        "anchors": "anchor",
        "hits": "hit",
        "keep_clear": "keep_clear region",
        "instruments": "instrument",
    }
    for step in location:
        here = _inside(here, step)
        if isinstance(step, int) and words:
            known = here.get("cue_id") if isinstance(here, dict) else None
            words[-1] = f"{singular.get(words[-1], words[-1])} {known or step + 1}"
        else:
            words.append(str(step))
    return [", ".join(words)] if words else []


def _inside(read: Any, step: int | str) -> Any:  # noqa: ANN401  # JSON of any shape
    if isinstance(read, dict):
        return read.get(step)
    return read[step] if isinstance(read, list) and isinstance(step, int) and step < len(read) else None


def _check(path: Path, plan: Plan) -> None:
    """Refuse what the schema cannot see."""
    cue = f"{path}: cue {plan.cue_id}"
    if not CUE_ID.fullmatch(plan.cue_id):
        raise SettingsError(f"{path}: {plan.cue_id!r} is no cue id.", hint="Write it like '1m01' (reel, m, number).")
    for number, section in enumerate(plan.sections, start=1):
        if not KEY.fullmatch(section.key.strip()):
            raise SettingsError(f"{cue}, section {number}, key: {section.key!r} is not a key.", hint="Write it like 'D minor'.")
    for number, hit in enumerate(plan.hits, start=1):
        if not 0 <= hit.frame < plan.frames:
            raise SettingsError(
                f"{cue}, hit {number}: frame {hit.frame} lies outside the cue of {plan.frames} frames.",
                hint="Frames count from the first frame of the cue.",
            )
    for number, region in enumerate(plan.keep_clear, start=1):
        if not 0 <= region.start < region.end <= plan.frames:
            raise SettingsError(
                f"{cue}, keep_clear region {number}: frames {region.start} to {region.end} are no stretch of the cue.",
                hint=f"The cue runs from frame 0 to {plan.frames}.",
            )


def _check_together(path: Path, plans: Sequence[Plan]) -> None:
    names = [plan.cue_id for plan in plans]
    for name in names:
        if names.count(name) > 1:
            raise SettingsError(f"{path}: two cues are called {name}.", hint="Give each an id of its own.")
    ordered = sorted(plans, key=lambda plan: plan.start)
    for one, other in pairwise(ordered):
        end = one.start + one.frames
        if other.start < end:
            raise SettingsError(
                f"{path}: cue {other.cue_id} starts at frame {other.start}, before cue {one.cue_id} ends at {end}.",
                hint="Move one of them.",
            )
