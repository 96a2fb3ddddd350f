"""The music that a video shows: its sound, its passages and their colours, what it is called."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio
from pydantic import ValidationError

from otio_soundtrack.audio.facts import MusicFacts, analyse_music
from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.errors import FitError, NothingToScoreError, SettingsError
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.plan import Plan
from otio_soundtrack.model.sound import Sound
from otio_soundtrack.picture.mix import windows
from otio_soundtrack.pipeline.cut.cutting import media_root_of
from otio_soundtrack.pipeline.laying.naming import show_of
from otio_soundtrack.timeline.cut_list import cut_list
from otio_soundtrack.timeline.music import ON_FILE, LaidMusic, laid_music
from otio_soundtrack.timeline.music_alone import music_alone
from otio_soundtrack.timeline.read import read_timeline
from otio_soundtrack.timeline.records import sidecar_of
from otio_soundtrack.times import SAMPLE_RATE_HZ, exact_rate, frame_seconds
from otio_soundtrack.tools.floatwave import FloatWave, write_float_wav
from otio_soundtrack.visual.film import frames_for
from otio_soundtrack.visual.palette import Passage, of_loudness, of_mood

TRACK_RATE = Fraction(30)
"""Frames a second of a video of a track alone: what the networks show."""
LONGEST_ANALYSED_S = 20 * 60
"""Beyond, the passages of a track are not looked for: it costs memory by the square of its beats."""
_NO_WARNINGS: tuple[str, ...] = ()
"""No warnings."""
_PLAN_SLACK_S = 0.5
"""By which a music file may be longer or shorter than its plan with its handles and still be the music that was planned."""


@dataclass(frozen=True, kw_only=True)
class Music:
    """Music as a video shows it."""

    sound: Sound
    """48 kHz, stereo."""
    rate: Fraction
    """Frames per second of the video."""
    frames: int
    title: str
    passages: tuple[Passage, ...]
    """At least one."""
    warnings: tuple[str, ...] = ()
    timeline: otio.schema.Timeline | None = None
    laid: LaidMusic | None = None
    root: Path | None = None
    """Where relative media of the timeline are."""


def music_of_track(path: Path, folder: Path) -> Music:
    """Return a music file, with what the record beside it says.

    Args:
        path: any file with sound.
        folder: where decoded sound is kept for as long as it is needed.

    Raises:
        UnusableTakeError: it does not decode.
    """
    said = _sidecar(path)
    sound = decoded(path, folder)
    plan = _plan(said)
    seconds = len(sound) / SAMPLE_RATE_HZ
    head, tail = (Fraction(0), Fraction(0)) if plan is None else _handles(said, plan)
    if (
        plan is not None
        and abs(float(head + frame_seconds(plan.frames, exact_rate(plan.rate)) + tail) - seconds) <= _PLAN_SLACK_S
    ):
        passages, warnings = _planned(plan, Fraction(0), -head, Fraction(len(sound), SAMPLE_RATE_HZ) - head), _NO_WARNINGS
    else:
        passages, warnings = _heard(sound)
    shown = show_of(path.name)
    name = f"{shown} {said.get('cue_id', '')}".strip() if shown else path.stem
    return Music(
        sound=sound,
        rate=TRACK_RATE,
        frames=frames_for(len(sound), TRACK_RATE),
        title=_title(said) or name,
        passages=tuple(passages),
        warnings=warnings,
    )


def music_of_timeline(path: Path, media_root: Path | None, folder: Path) -> Music:
    """Return the music of a timeline, in place, with silence where there is none.

    Raises:
        NothingToScoreError: a picture, but no music that anybody has described.
        MissingMediaError: music that is not where the timeline says.
        TimelineError: the timeline is unreadable.
    """
    timeline = read_timeline(path)
    with media_root_of(path, media_root) as root:
        laid = laid_music(timeline, media_root=root)
        if laid.has_picture and not laid.pieces:
            raise NothingToScoreError(
                f"{path} holds no music of ours, and none that is tagged.",
                hint="Score it first, give a timeline without picture, or the music file itself.",
            )
        cut = cut_list(music_alone(timeline, laid, root), media_root=root, missing="fail")
        kept = folder / "music.wav"
        write_float_wav(kept, windows(cut))
    sound = FloatWave(kept)
    passages, warnings = _laid_passages(laid), _NO_WARNINGS
    if not passages:
        passages, warnings = _heard(sound)
    return Music(
        sound=sound,
        rate=exact_rate(laid.rate),
        frames=laid.frames,
        title=timeline.name or path.stem,
        passages=tuple(passages),
        warnings=warnings,
        timeline=timeline,
        laid=laid,
        root=root,
    )


def _laid_passages(laid: LaidMusic) -> list[Passage]:
    """Return the passages of cues whose plans are on record; none where one of them has no plan."""
    passages: list[Passage] = []
    for piece in laid.pieces:
        plan = _plan(piece.said)
        if plan is None:
            return []
        first = piece.at - _handles(piece.said, plan)[0]
        passages += _planned(plan, piece.start, first, first + piece.end - piece.start)
    return passages


def _planned(plan: Plan, start: Fraction, first: Fraction, after: Fraction) -> list[Passage]:
    """Return the passages of a stretch of planned music.

    Args:
        plan: its plan.
        start: where the stretch lies, seconds.
        first: where it begins in the music, seconds.
        after: where it ends there.
    """
    rate = exact_rate(plan.rate)
    spans = [(one, frame_seconds(one.start, rate), frame_seconds(one.end, rate)) for one in plan.sections]
    return [
        Passage(float(start + max(begin - first, Fraction(0))), of_mood(one.mood, one.energy))
        for one, begin, end in spans
        if begin < after and end > first
    ]


def _heard(sound: Sound) -> tuple[list[Passage], tuple[str, ...]]:
    """Return the passages that are heard in music, coloured by how loud they are."""
    whole = [Passage(0.0, colour) for colour in of_loudness([0.0])]
    if len(sound) > LONGEST_ANALYSED_S * SAMPLE_RATE_HZ:
        return whole, (f"The music is longer than {LONGEST_ANALYSED_S // 60} minutes: it has one colour throughout.",)
    try:
        facts = analyse_music(sound)
    except FitError:  # silence has one colour too
        return whole, ()
    starts = [0.0, *(second for second in facts.sections if second > 0)]
    levels = [_level(facts, first, after) for first, after in pairwise([*starts, float("inf")])]
    return [Passage(start, colour) for start, colour in zip(starts, of_loudness(levels), strict=True)], ()


def _level(facts: MusicFacts, first: float, after: float) -> float:
    """Return the mean level of the beats between two times, dB."""
    seconds = np.array(facts.seconds)
    inside = facts.beats.level_db[(seconds >= first) & (seconds < after)]
    return float(np.mean(inside)) if len(inside) else float(facts.beats.level_db.min())


def _plan(said: Mapping[str, Any]) -> Plan | None:
    """Return the plan in a record, None where there is none that can be read."""
    brief = said.get("brief")
    try:
        return Plan.model_validate(brief["plan"]) if isinstance(brief, Mapping) and "plan" in brief else None
    except ValidationError:
        return None


def _handles(said: Mapping[str, Any], plan: Plan) -> tuple[Fraction, Fraction]:
    """Return how much music the file has before and after what was planned, seconds; none in records that do not say."""
    known = said.get("handles")
    try:
        frames = Handles.model_validate(known) if known else NO_HANDLES
    except ValidationError:
        frames = NO_HANDLES
    rate = exact_rate(plan.rate)
    return frame_seconds(frames.head, rate), frame_seconds(frames.tail, rate)


def _title(said: Mapping[str, Any]) -> str:
    """Return what the music is called, by what is on file."""
    known = said.get(ON_FILE)
    stated = known.get("title") if isinstance(known, Mapping) else None
    return str(stated or said.get("title") or "")


def _sidecar(path: Path) -> Mapping[str, Any]:
    """Return the record beside a music file, empty where there is none.

    Raises:
        SettingsError: there is one that cannot be read.
    """
    beside = sidecar_of(path)
    if not beside.is_file():
        return {}
    try:
        said = json.loads(beside.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"the record {beside} cannot be read.", hint="Remove it, or repair it.") from error
    return said if isinstance(said, dict) else {}


def sequence(passages: Sequence[Passage]) -> list[dict[str, object]]:
    """Return passages as JSON types: when each begins, and its colour as ``#rrggbb``."""
    return [{"start": round(one.start, 3), "colour": "#{:02x}{:02x}{:02x}".format(*one.colour)} for one in passages]
