"""Brief → take that passed its acceptance test."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from otio_soundtrack.audio.acceptance import accept, loudness_shortfall
from otio_soundtrack.audio.listen import listen
from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.composer.declaration import DECLARATION as LOCAL
from otio_soundtrack.composer.engine import engine_for
from otio_soundtrack.errors import SettingsError, UnusableTakeError
from otio_soundtrack.model.bwf import TimeStamp
from otio_soundtrack.model.cue import Cost, CueRecord, CueTake, HitReport, Said, TakeFacts
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.heard import Heard
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.pipeline.takes.marking import Charge, marked
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider import Declaration, Engine
from otio_soundtrack.settings import CEILING_DBTP, EMBEDDED_VOICES
from otio_soundtrack.times import SAMPLE_RATE_HZ, exact_rate, frame_samples, frame_seconds
from otio_soundtrack.tools.store import StoredTake, TakeStore
from otio_soundtrack.tools.waveform import write_wav

SEED_TRIES = 3
"""Seeds tried for one take before the engine is given up: its music fails acceptance hardly ever, and never thrice by chance."""
_SEED_STRIDE = 1000
"""Distance between the seeds of the same take's tries, so that they do not meet the seeds of the other takes."""


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """A stored take that passed its acceptance test."""

    brief: Brief
    """As it was asked, with the seed that was played."""
    stored: StoredTake
    facts: TakeFacts
    """Measured on the cue, without the handles."""
    heard: Heard | None = None
    """What was heard in it against the cut; None before anybody listened."""
    handles: Handles = NO_HANDLES
    """What the file holds beyond the cue."""
    stamp: TimeStamp | None = None
    """Where the file says that it belongs on the record; None for a plain WAV file."""


def engine(name: str, sound: str = EMBEDDED_VOICES) -> Engine:
    """Return an embedded engine.

    Args:
        name: what ``--provider`` says.
        sound: what it plays on: ``voices``, or the path of a SoundFont.

    Raises:
        SettingsError: no such provider, or a sound that it cannot play on.
        UnreadableMediaError: the SoundFont is damaged.
    """
    if name == LOCAL.name:
        return engine_for(sound)
    known = f"{LOCAL.name}, library, or a service: `otio-soundtrack providers` lists all"
    raise SettingsError(f"there is no provider {name!r}.", hint=f"Use --provider {known}.")


def take(
    brief: Brief,
    number: int,
    maker: Engine,
    store: TakeStore,
    *,
    lufs: float,
    fresh: bool,
    progress: Progress,
    handles: Handles = NO_HANDLES,
) -> Accepted:
    """Return one take of a brief: the stored one where the same request was answered before, else a new one.

    Args:
        brief: what is asked; its seed is that of take 1.
        number: of the take, from 1; each has a seed of its own.
        maker: the engine.
        store: where takes are kept.
        lufs: integrated loudness of the take.
        fresh: make it anew although it is in the store.
        progress: is told how far the composing is.
        handles: what the file shall hold beyond the cue.

    Raises:
        UnusableTakeError: no seed gave music that passes.
        StoreError: the take could not be kept.
    """
    refused: list[str] = []
    for attempt in range(SEED_TRIES):
        asked = _seeded(brief, brief.seed + number - 1 + attempt * _SEED_STRIDE)
        stored = _stored(asked, maker, store, lufs=lufs, fresh=fresh, progress=progress, handles=handles)
        facts = listen(stored.path, handles=handles)
        try:
            accept(facts, samples=_samples(asked), ceiling_dbtp=CEILING_DBTP)
        except UnusableTakeError as error:
            refused.append(f"seed {asked.seed}: {error.message}")
            continue
        return Accepted(brief=asked, stored=stored, facts=facts, handles=handles)
    raise UnusableTakeError(
        f"cue {brief.plan.cue_id}: {maker.declaration.title} gave no usable music ({'; '.join(refused)}).",
        hint="Try another --seed, --mood or --tempo.",
    )


def shortfalls(takes: Sequence[Accepted], declaration: Declaration, lufs: float) -> list[str]:
    """Return in what the takes of a cue are not what was asked for, and what else the user should know, sentences.

    Args:
        takes: in order, take 1 first.
        declaration: of who made them.
        lufs: integrated loudness that was asked for.
    """
    told = []
    if not declaration.voice and not all(one.brief.instrumental for one in takes):
        told.append(f"The provider {declaration.name} has no voice: the music is instrumental although vocals were asked for.")
    for number, one in enumerate(takes, start=1):
        if missed := loudness_shortfall(one.facts, lufs, CEILING_DBTP):
            told.append(f"Cue {one.brief.plan.cue_id}, take {number}: {missed}")
        told += [f"Cue {one.brief.plan.cue_id}, take {number}: {known}" for known in one.stored.said.told]
    return told


def record(accepted: Accepted, declaration: Declaration, intent: Literal["temp", "final"]) -> CueRecord:
    """Return what goes into metadata and sidecar."""
    said, facts, made = accepted.stored.said, accepted.facts, accepted.brief.plan
    return CueRecord(
        cue_id=made.cue_id,
        provider=declaration.name,
        model=declaration.model,
        title=said.title,
        brief=accepted.brief,
        intent=intent,
        tempo_bpm=said.tempo_bpm,
        tempi_bpm=_tempi(accepted.brief) if "plan" in declaration.capabilities else (),
        key=said.key,
        hits=_hit_reports(accepted.brief, said.beats),
        seams=said.seams,
        job_ids=said.job_ids,
        cost=Cost(credits=said.credits),
        ending=said.ending or ("kept" if facts.ends else "faded"),
        integrated_lufs=facts.integrated_lufs,
        true_peak_dbtp=facts.true_peak_dbtp,
        samples=accepted.handles.samples(facts.samples),
        sample_rate=facts.sample_rate,
        sha256=facts.sha256,
        licence=declaration.licence if said.rights is None or not declaration.licensed_by_track else said.rights.told().licence,
        rights=None if said.rights is None else said.rights.told(),
        ai=declaration.ai,
        source_sha256=said.source_sha256 or accepted.stored.sha256,
        created=accepted.stored.created,
        heard=accepted.heard,
        handles=accepted.handles,
        bwf=accepted.stamp,
    )


def cue_take(accepted: Accepted, number: int, audio: Path, declaration: Declaration, intent: Literal["temp", "final"]) -> CueTake:
    """Return a take that lies at ``audio`` as the timeline will refer to it."""
    return CueTake(key=f"take-{number}", audio=audio, facts=accepted.facts, record=record(accepted, declaration, intent))


def _stored(
    asked: Brief, maker: Engine, store: TakeStore, *, lufs: float, fresh: bool, progress: Progress, handles: Handles
) -> StoredTake:
    """Return the answer to a request from the store, or make and keep it."""
    request = _request(asked, maker.declaration, lufs, handles)
    found = None if fresh else store.find(request)
    if found is not None:
        return found
    rendering = maker.render(asked, progress, handles=handles)
    mix = Levelled(rendering.mix, master(rendering.mix, lufs=lufs, ceiling_dbtp=CEILING_DBTP, handles=handles))
    said = Said(tempo_bpm=rendering.tempo_bpm, key=rendering.key, beats=rendering.beats)
    stored = store.keep(request, lambda path: write_wav(path, mix), said)
    charge, samples = Charge(maker.declaration.name), handles.samples(_samples(asked))
    marked(store.home, rendering.mix, charge, sha256=stored.sha256, asked=samples, beats=rendering.beats)
    return stored


def _request(asked: Brief, declaration: Declaration, lufs: float, handles: Handles) -> str:
    """Return the hash of everything that is heard: two requests with the same hash get the same music."""
    heard = asked.model_dump(mode="json")
    for for_reading in ("notes", "timecode", "start", "cue_id"):
        heard["plan"].pop(for_reading)
    parts = [declaration.name, declaration.model, heard, lufs, CEILING_DBTP]
    # takes without handles answer the requests of versions that had none
    parts += [] if handles == NO_HANDLES else [handles.head_samples, handles.tail_samples]
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _seeded(brief: Brief, seed: int) -> Brief:
    """Return the brief with another seed, in its plan too."""
    return brief.model_copy(update={"seed": seed, "plan": brief.plan.model_copy(update={"seed": seed})})


def _samples(asked: Brief) -> int:
    return frame_samples(asked.plan.frames, exact_rate(asked.plan.rate), SAMPLE_RATE_HZ)


def _tempi(asked: Brief) -> tuple[float, ...]:
    """Return the tempi of a plan in order, empty where it is one throughout."""
    tempi = tuple(tempo for tempo, _ in groupby(section.tempo_bpm for section in asked.plan.sections))
    return tempi if len(tempi) > 1 else ()


def _hit_reports(asked: Brief, beats: Sequence[float]) -> tuple[HitReport, ...]:
    """Return how far each hit point lies from the nearest beat."""
    rate = exact_rate(asked.plan.rate)
    reports = []
    for hit in asked.plan.hits:
        at = float(frame_seconds(hit.frame, rate))
        error = min((beat - at for beat in beats), key=abs, default=0.0)
        reports.append(HitReport(at=round(at, 6), origin=hit.origin, label=hit.label, error_frames=round(error * float(rate), 3)))
    return tuple(reports)
