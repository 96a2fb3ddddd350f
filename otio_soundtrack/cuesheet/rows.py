"""Music that is heard to lines of a cue sheet (pure).

Pieces of one work that touch or overlap on record are one cue, from the first frame to the last: a razor cut or a cross-fade
inside of a track is no new use. Where another work comes between, or silence, there are two. Nothing is invented: what is not on
file stays empty, and a work that a machine wrote has no writer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.cue import AiStatus
from otio_soundtrack.model.cue_sheet import OnFile, Party, Registrable, SheetCue, Usage
from otio_soundtrack.model.track import NOT_ON_FILE
from otio_soundtrack.settings import first_fault

WHOLE = 100.0
"""Per cent that the shares of one side make; some forms give each side half."""
_HALF = 50.0
_ROUNDING = 0.05
"""Per cent: thirds are written 33.33."""
_REGISTRABLE: dict[AiStatus, Registrable] = {"none": "yes", "assisted": "ask", "full": "no", "unknown": "ask"}
"""ASCAP, BMI and SOCAN (28 October 2025): works partly by AI with human authorship are taken, wholly generated ones are not."""
_INTENTS = ("temp", "final")


@dataclass(frozen=True, kw_only=True)
class Use:
    """One piece of music where it is heard, on frames."""

    first: int
    end: int
    name: str
    """Of the clip, for messages."""
    file: str
    media: str
    """What tells one unrecorded piece of music from another."""
    said: Mapping[str, Any]
    """The record; ``said["cue_sheet"]`` is what a person says."""


def sheet_cues(uses: Sequence[Use], usages: Sequence[tuple[int, int, Usage]]) -> tuple[tuple[SheetCue, ...], tuple[str, ...]]:
    """Return the lines of a cue sheet and what is to be said about them.

    Args:
        uses: in the order of their starts.
        usages: what markers say: first frame, frame after the last (the same for a moment), usage.

    Raises:
        SettingsError: what a person says of a piece cannot be used.
    """
    cues: list[SheetCue] = []
    warnings: list[str] = []
    for number, use in enumerate(joined(uses), start=1):
        cue, told = _line(number, use, usages)
        cues.append(cue)
        warnings += told
    return tuple(cues), tuple(dict.fromkeys(warnings))


def joined(uses: Sequence[Use]) -> list[Use]:
    """Return uses with the pieces of one work that touch or overlap made one."""
    result: list[Use] = []
    last: dict[tuple[str, ...], int] = {}
    for use in uses:
        if use.end <= use.first:
            continue
        work = _work(use)
        if work in last and use.first <= result[last[work]].end:
            before = result[last[work]]
            result[last[work]] = Use(**{**vars(before), "end": max(before.end, use.end)})
        else:
            last[work] = len(result)
            result.append(use)
    return result


def _work(use: Use) -> tuple[str, ...]:
    """Return what two pieces of one work share: the music as its maker gave it, and the cue that it was laid for."""
    source = str(use.said.get("source_sha256") or use.said.get("sha256") or use.media)
    return source, str(use.said.get("cue_id") or "")


def _line(number: int, use: Use, usages: Sequence[tuple[int, int, Usage]]) -> tuple[SheetCue, list[str]]:
    known = _on_file(use)
    ai: AiStatus = known.ai or _ai(use.said.get("ai"))
    marked = [usage for first, end, usage in usages if first < use.end and (end > use.first or first == end >= use.first)]
    warnings = [f"{_called(use, known)}: {fault}" for fault in _faults(known, ai, marked, use.said)]
    if ai == "full":
        known = known.model_copy(update={"writers": ()})
    intent = use.said.get("intent")
    cue = SheetCue(
        number=number,
        first=use.first,
        end=use.end,
        on_file=known,
        usage=marked[0] if marked else known.usage or _usual(use.said),
        ai=ai,
        registrable=_REGISTRABLE[ai],
        intent=intent if intent in _INTENTS else "",
        licence=str(use.said.get("licence") or ""),
        file=use.file,
    )
    return cue, warnings


def _on_file(use: Use) -> OnFile:
    """Return what is on file: what the record knows, and over it what a person says.

    Raises:
        SettingsError: what the person says has an unknown field or a value that means nothing.
    """
    recorded = {name: use.said[name] for name in OnFile.model_fields if name not in ("ai", "notes") and use.said.get(name)}
    said = use.said.get("cue_sheet") or {}
    try:
        stated = OnFile.model_validate(said)
        return OnFile.model_validate(
            {"cue": str(use.said.get("cue_id") or ""), **_rights(use), **recorded} | stated.model_dump(exclude_unset=True)
        )
    except ValidationError as error:
        raise SettingsError(
            f"what is on file for the cue sheet about clip {use.name!r} cannot be used: {first_fault(error)}.",
            hint='Correct metadata["otio_soundtrack"]["cue_sheet"] of the clip, or of the sidecar of its file.',
        ) from error


def _rights(use: Use) -> dict[str, object]:
    """Return what the file of a recording states of itself, in the words of the sheet; what it does not state is left out."""
    rights = use.said.get("rights")
    known = {name: str(one) for name, one in rights.items() if one != NOT_ON_FILE} if isinstance(rights, Mapping) else {}
    found: dict[str, object] = {name: known[name] for name in ("title", "isrc") if known.get(name)}
    if known.get("composer"):
        found["writers"] = [{"name": known["composer"], "role": "C"}]
    if known.get("publisher"):
        found["publishers"] = [known["publisher"]]
    return found


def _ai(said: object) -> AiStatus:
    return next((one for one in _REGISTRABLE if one == said), "unknown")


def _usual(said: Mapping[str, Any]) -> Usage | None:
    """Return the usage of a cue that we laid: background, with a voice where one was asked; of other music nobody knows."""
    brief = said.get("brief")
    if "cue_id" not in said:
        return None
    vocal = isinstance(brief, Mapping) and brief.get("instrumental") is False
    return Usage.BACKGROUND_VOCAL if vocal else Usage.BACKGROUND_INSTRUMENTAL


def _called(use: Use, known: OnFile) -> str:
    return f"cue {known.cue}" if known.cue else f"clip {use.name!r}"


def _faults(known: OnFile, ai: AiStatus, marked: Sequence[Usage], said: Mapping[str, Any]) -> list[str]:
    """Return what a person should look at before the sheet is filed; nothing of it is repaired here."""
    faults = [_shares(known.writers, "writers"), _shares(known.publishers, "publishers")]
    if ai == "full" and known.writers:
        faults.append("writers are on file, but the music is AI-generated: they are left out. Say ai: assisted if they wrote.")
    if known.ai is not None and known.ai != _ai(said.get("ai")) and "ai" in said:
        faults.append(f"AI status {known.ai!r} is stated by hand; the record says {said['ai']!r}.")
    if len(set(marked)) > 1:
        faults.append(f"markers name {len(set(marked))} usages, the first counts.")
    if said.get("intent") == "temp":
        faults.append("the music is TEMP and must not be in a final package.")
    if said.get("intent") == "final" and ai in ("full", "assisted") and not known.approval:
        faults.append("final use of AI music has no approval reference on file.")
    return [fault for fault in faults if fault]


def _shares(side: Sequence[Party], name: str) -> str:
    """Return what is wrong with the shares of one side, empty where they add up or none is on file."""
    known = [party.share for party in side if party.share is not None]
    if not known:
        return ""
    if len(known) < len(side):
        return f"{len(side) - len(known)} of {len(side)} {name} have no share."
    if min(abs(sum(known) - whole) for whole in (WHOLE, _HALF)) > _ROUNDING:
        return f"the shares of its {name} make {sum(known):g} %, not {WHOLE:g} %."
    return ""
