"""A planned cue → what it asks of a track of the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from otio_soundtrack.audio.describe import describe
from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.library.wanted import Wanted
from otio_soundtrack.model.plan import Brief, Mood, Plan
from otio_soundtrack.model.track import CURVE_POINTS, Descriptors
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.pipeline.cut.musicplan import PlannedCue
from otio_soundtrack.pipeline.cut.referencing import reference
from otio_soundtrack.planning.look import Looks
from otio_soundtrack.planning.moods import CHARACTERS
from otio_soundtrack.planning.vocabulary import MOOD_WORDS
from otio_soundtrack.planning.words import meaning
from otio_soundtrack.provider.declaration import ReferenceLimits
from otio_soundtrack.settings import ScoreOptions
from otio_soundtrack.times import exact_rate, frame_seconds

_SEEN_SHARE = 0.5
"""Of the energy curve: what is seen at each moment; the plan has the rest, which is level within a section."""
_MOST_MOODS, _MOST_RELATED = 2, 24
"""Moods whose words are looked for, and how many words: more would be found everywhere."""
_REFERENCE = ReferenceLimits(most_bytes=1 << 30, least_seconds=3.0, most_seconds=600.0)
"""Of a temp track that only we listen to."""


def wanted(cue: PlannedCue, brief: Brief, source: Opened, asked: ScoreOptions, changes: Sequence[int]) -> Wanted:
    """Return what a cue asks of a track.

    Args:
        cue: spot, plan and brief as they were planned.
        brief: as the studio's scripts left it.
        source: the timeline, for its own temp track.
        asked: what the user wants.
        changes: frames of the timeline on which the picture changes.

    Raises:
        SettingsError, AudioError: the reference cannot be used.
    """
    plan, rate = brief.plan, exact_rate(brief.plan.rate)
    lengths = np.array([section.end - section.start for section in plan.sections])
    words = _words(cue, brief, asked)
    moods, said = _moods(plan), meaning(words)
    inside = (frame - cue.spot.start for frame in changes if cue.spot.start < frame < cue.spot.end)
    looks = None if cue.features is None else Looks(cue.features)
    return Wanted(
        seconds=float(frame_seconds(plan.frames, rate)),
        cuts=tuple(float(frame_seconds(frame, rate)) for frame in inside),
        energy=float(np.average([section.energy for section in plan.sections], weights=lengths)),
        curve=_curve(plan, cue, looks),
        valence=float(np.average([CHARACTERS[section.mood].valence for section in plan.sections], weights=lengths)),
        light=None if looks is None else looks.at(cue.spot.start, cue.spot.end).light,
        mood=moods[0].value,
        tempo_bpm=asked.wishes.tempo or said.tempo,
        prompt=words,
        related=_related(said.named or moods),
        named=bool(said.named),
        instrumental=brief.instrumental,
        reference=_reference(cue, source, asked),
    )


def check_reference(asked: ScoreOptions) -> None:
    """Check that a temp track can be listened to.

    Raises:
        SettingsError: it lies on the internet.
    """
    given = asked.service
    if given.reference_url or given.reference.startswith(("https://", "http://")):
        raise SettingsError("the library listens to no reference on the internet.", hint="Give --reference a file or a clip.")


def _words(cue: PlannedCue, brief: Brief, asked: ScoreOptions) -> str:
    """Return what a person said: brief and marker, or what a studio's script wrote instead; not what we made from the picture."""
    if brief.prompt != cue.brief.prompt:
        return brief.prompt
    said = (asked.wishes.prompt, cue.spot.prompt, brief.genre)
    return ". ".join(part.strip().rstrip(".") for part in said if part.strip())


def _moods(plan: Plan) -> list[Mood]:
    """Return the moods of a plan, the one that lasts longest first."""
    share = dict.fromkeys((section.mood for section in plan.sections), 0)
    for section in plan.sections:
        share[section.mood] += section.end - section.start
    return sorted(share, key=lambda mood: -share[mood])


def _related(moods: Sequence[Mood]) -> tuple[str, ...]:
    words = [word for mood in moods[:_MOST_MOODS] for word in (mood.value, *MOOD_WORDS.get(mood, "").split())]
    return tuple(dict.fromkeys(word for word in words if word.isalpha()))[:_MOST_RELATED]


def _curve(plan: Plan, cue: PlannedCue, looks: Looks | None) -> tuple[float, ...]:
    """Return how much should be going on at even distances: the plan's energy, and movement and pace where they were seen."""
    points = []
    for number in range(CURVE_POINTS):
        first, after = (number * plan.frames // CURVE_POINTS, max(1, (number + 1) * plan.frames // CURVE_POINTS))
        energy = next(section.energy for section in plan.sections if first < section.end)
        if looks is None:
            points.append(energy)
            continue
        look = looks.at(cue.spot.start + first, cue.spot.start + max(after, first + 1))
        seen = (2 + look.motion + look.pace) / 4
        points.append((1 - _SEEN_SHARE) * energy + _SEEN_SHARE * seen)
    return tuple(points)


def _reference(cue: PlannedCue, source: Opened, asked: ScoreOptions) -> Descriptors | None:
    """Return what the temp track is like, None where there is none.

    Raises:
        SettingsError: nothing has its name.
    """
    given = asked.service
    if not given.reference:
        return None
    with TemporaryDirectory(prefix="otio-soundtrack-") as folder:
        if Path(given.reference).is_file():
            return describe(decoded(Path(given.reference), Path(folder)))
        found = reference(given.reference, "", source, cue.spot, limits=_REFERENCE, folder=Path(folder))
        return None if found.file is None else describe(decoded(found.file.path, Path(folder)))
