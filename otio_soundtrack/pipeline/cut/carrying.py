"""What was asked for an earlier cut holds for this one, unless somebody says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.jobs.request_key import digest
from otio_soundtrack.model.conform import Remembered
from otio_soundtrack.model.cue import CueRecord, Said
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.plan import Plan
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.pipeline.cut.earlier import Earlier, earlier
from otio_soundtrack.settings import ScoreOptions, SpottingAsk, Wishes, said, score_options
from otio_soundtrack.timeline.shots import shots
from otio_soundtrack.times import parse_frame
from otio_soundtrack.tools.store import TakeStore

MUSIC = (*Wishes.model_fields, "sound")
"""What makes other music where it is said otherwise."""
FORM = (*SpottingAsk.model_fields, "loudness", "takes", "intent", "track", "stems", "handles", "bwf")
"""What the same music may be given anew with."""
_DEFAULTS = {**said(ScoreOptions()), **Wishes().model_dump(mode="json"), "sound": ScoreOptions().sound}
_NOT_THE_MUSIC = {"most_calls"}
"""What a service is told that makes no other music."""


@dataclass(frozen=True, kw_only=True)
class Continued:
    """What is asked of this run."""

    asked: ScoreOptions
    """With what was asked for the earlier cut."""
    earlier: Earlier | None
    """The cues whose music goes on; None: there are none, or other music is wanted."""
    notes: tuple[str, ...] = ()
    """What the user should know, a sentence each."""


def continued(source: Opened, asked: ScoreOptions, store: TakeStore) -> Continued:
    """Return what is asked for a timeline that may carry music of an earlier run.

    Who says nothing, or the same again, gets the same music on the new cut: that of the same provider, by the same words. Who
    names another provider, says other words, or wants more takes of a service than there are, asks anew. With ``--fresh`` what
    was said stays, and the music is asked for anew.

    Args:
        source: the timeline.
        asked: what is asked now.
        store: where more is kept of earlier music.

    Raises:
        SettingsError: what was asked then makes no sense on this cut.
    """
    found = earlier(source, store) if asked.plan is None else None
    if found is None:
        return Continued(asked=asked, earlier=None)
    given, record = said(asked), found.cues[0].record
    provider = str(given.get("provider", record.provider))
    before = _before(found)
    if provider != record.provider or _asks_otherwise(given, before, found):
        return Continued(asked=score_options(**{**given, "provider": provider}), earlier=None)
    kept = {name: one for name, one in before.asked.items() if name in (*MUSIC, *FORM)}
    moved, notes = _moved(kept, found)
    merged = score_options(**{**kept, **moved, **given, "provider": provider})
    notes = notes if "hit" not in given else ()
    return Continued(asked=merged, earlier=None if asked.fresh else found, notes=notes)


def _before(found: Earlier) -> Remembered:
    """Return what was asked; of a version that kept nothing, what its brief tells."""
    remembered, brief = found.cues[0].take.remembered, found.cues[0].record.brief
    if remembered is not None:
        return remembered
    return Remembered(asked={"genre": brief.genre, "instrumental": brief.instrumental, "seed": brief.seed})


def _asks_otherwise(given: Mapping[str, Any], before: Remembered, found: Earlier) -> bool:
    """Return whether other music is wanted than what is there."""
    service = service_digest(given)
    return (
        any(given[name] != before.asked.get(name, _DEFAULTS[name]) for name in MUSIC if name in given)
        or service not in ("", before.service)
        or (found.cues[0].record.provider != "local" and int(given.get("takes", 1)) > min(len(cue.takes) for cue in found.cues))
    )


def service_digest(given: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what only services are told, empty where nothing is."""
    told = {name: one for name, one in given.items() if name in _SERVICE and name not in _NOT_THE_MUSIC}
    return digest(told) if told else ""


_SERVICE = set(type(ScoreOptions().service).model_fields)


def _moved(kept: Mapping[str, Any], found: Earlier) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return range and hits of the user where their pictures lie now, and what became of hits whose picture is gone."""
    moved: dict[str, Any] = {}
    notes = []
    if kept.get("range") and found.alignment.old:
        first, after = (parse_frame(text, found.cut.rate, found.cut.start_time) for text in kept["range"])
        there = found.alignment.stretch(first, after)
        if there is None:
            raise SettingsError(
                "nothing of the range that was scored is left in this cut.", hint="Say which part: --range IN OUT."
            )
        moved["range"] = [f"{there[0]}f", f"{there[1]}f"]
    hits = []
    for text in kept.get("hit", ()):
        frame = parse_frame(text, found.cut.rate, found.cut.start_time)
        there_now = found.alignment.frame(frame) if found.alignment.old else frame
        if there_now is None:
            notes.append(f"The hit at {text} is gone with its picture.")
        else:
            hits.append(f"{there_now}f")
    return ({**moved, "hit": hits} if "hit" in kept else moved), tuple(notes)


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Keeps what a later version of the cut will need."""

    asked: ScoreOptions
    cut: CutList
    store: TakeStore

    def keep(self, plan: Plan, digest_of_audio: str, told: Said) -> Remembered:
        """Keep it of one take in the store, and return what its sidecar holds.

        Args:
            plan: of its cue.
            digest_of_audio: SHA-256 of the music file.
            told: what its provider said of it.

        Raises:
            StoreError: the store cannot be written.
        """
        given = said(self.asked)
        remembered = Remembered(
            asked={name: given[name] for name in (*MUSIC, *FORM) if name in given},
            service=service_digest(given),
            start_seconds=told.start_seconds,
            title=told.title,
            shots=shots(self.cut, plan.start, plan.start + plan.frames),
        )
        self.store.remember(digest_of_audio, remembered)
        return remembered


def wishes_as_before(made: Plan, record: CueRecord, wishes: Wishes) -> Wishes:
    """Return wishes that keep the mood and the tempo of earlier music where this cut alone would lead elsewhere.

    Args:
        made: plan of this cut, by these wishes.
        record: of the music that was there.
        wishes: what the user asks; what is asked stays.
    """
    was = record.brief.plan
    home, tempo = _home(was), was.sections[0].tempo_bpm
    kept: dict[str, Any] = {}
    if wishes.mood is None and _home(made) != home:
        kept["mood"] = home
    if wishes.tempo is None and abs(made.sections[0].tempo_bpm / tempo - 1) > _SAME_TEMPO:
        kept["tempo"] = tempo
    return wishes.model_copy(update=kept) if kept else wishes


_SAME_TEMPO = 0.05
"""Tempi nearer than this share are not felt as another tempo."""


def _home(plan: Plan) -> object:
    """Return the mood that most of a plan has."""
    frames: dict[object, int] = {}
    for section in plan.sections:
        frames[section.mood] = frames.get(section.mood, 0) + section.end - section.start
    return max(frames, key=lambda mood: frames[mood])
