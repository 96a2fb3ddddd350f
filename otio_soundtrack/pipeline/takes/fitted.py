"""A take of a service → music exactly as long as the cue, at its loudness, in the store."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import numpy as np

from otio_soundtrack.audio.acceptance import accept
from otio_soundtrack.audio.beats import pulse
from otio_soundtrack.audio.facts import MusicFacts, analyse_music
from otio_soundtrack.audio.fit import beyond, render_fit
from otio_soundtrack.audio.fit_plan import plan_fit
from otio_soundtrack.audio.joins import join_reports
from otio_soundtrack.audio.key import key_name, key_places
from otio_soundtrack.audio.listen import listen
from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.audio.rest import FALL_S, at_rest
from otio_soundtrack.audio.spectra import Spectra, spectra
from otio_soundtrack.audio.spoken import IS_SPEECH, SPOKEN_SHARE, speech_share
from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.audio.traits import traits
from otio_soundtrack.errors import AudioError
from otio_soundtrack.model.cue import Said
from otio_soundtrack.model.fit import FitPlan
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.model.sound import Samples, Sound
from otio_soundtrack.model.track import Rights
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.pipeline.takes.marking import Charge, marked
from otio_soundtrack.pipeline.takes.taking import Accepted
from otio_soundtrack.settings import CEILING_DBTP
from otio_soundtrack.times import SAMPLE_RATE_HZ, exact_rate, frame_samples, frame_seconds
from otio_soundtrack.tools.marks import keep
from otio_soundtrack.tools.store import TakeStore
from otio_soundtrack.tools.waveform import write_wav

_VERSION = 8
"""Of the fit: another one makes another file of the same take."""
_PEOPLE = ("user", "marker")
_MOST_HITS = 4
"""Finished music can be moved onto few moments: the more, the less each is met (measured: 4 in 5 of three, 1 in 4 of twenty)."""


class Fittable(Protocol):
    """A take as it came: what a service offers, or what lies in the store since."""

    @property
    def file(self) -> Fetched:
        """Return the file."""

    @property
    def start_seconds(self) -> float:
        """Return where in it the cue should begin."""

    @property
    def title(self) -> str:
        """Return what its provider calls it."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what its provider says of it."""


@dataclass(frozen=True, kw_only=True)
class Original:
    """A take of the store."""

    file: Fetched
    start_seconds: float
    title: str
    facts: Mapping[str, Any]


def fitted(
    offer: Fittable,
    brief: Brief,
    store: TakeStore,
    *,
    job_ids: Sequence[str],
    cost: float,
    lufs: float,
    handles: Handles = NO_HANDLES,
    rights: Rights | None = None,
    charge: Charge | None = None,
) -> Accepted:
    """Return a take fitted to its cue: beginning and ending kept, hits met where the music allows it.

    Args:
        offer: the take as it came.
        brief: of the cue.
        store: where the fitted take is kept; the same take on the same cue is taken from there.
        job_ids: of the jobs that made it, ours first.
        cost: credits that they took together.
        lufs: integrated loudness of the result.
        handles: what the file shall hold beyond the cue: what the take has there.
        rights: what is on file of whose it is; None where nobody was asked.
        charge: on whose scorecard it goes, and what it cost; None where it is there already.

    Raises:
        UnusableTakeError, FitError: the take cannot be laid on this cue.
        StoreError: no room for it.
    """
    request = _request(offer, brief, lufs, handles)
    stored = store.find(request)
    if stored is None:
        with TemporaryDirectory(prefix="otio-soundtrack-") as scratch:
            sound = decoded(offer.file.path, Path(scratch))
            facts = analyse_music(sound)
            with _scored(charge, store.home, facts, offer.file.sha256, _samples(brief)):
                plan = plan_fit(facts, _samples(brief), hits=_hits(brief), start_seconds=offer.start_seconds)
                laid = at_rest(render_fit(plan, sound))
                whole = _with_handles(laid, plan, sound, handles)
                levelled = Levelled(whole, master(whole, lufs=lufs, ceiling_dbtp=CEILING_DBTP, handles=handles))
                heard = Path(scratch) / "fitted.wav"
                write_wav(heard, levelled)
                accept(listen(heard, handles=handles), samples=_samples(brief), ceiling_dbtp=CEILING_DBTP)
            said = _said(offer, plan, sound, laid, spectra(heard, handles=handles), job_ids=job_ids, cost=cost)
            said = said.model_copy(update={"rights": rights, "told": _told(facts, plan)})
            stored = store.keep(request, lambda path: write_wav(path, levelled), said)
    return Accepted(brief=brief, stored=stored, facts=listen(stored.path, handles=handles), handles=handles)


def _told(facts: MusicFacts, plan: FitPlan) -> tuple[str, ...]:
    """Return what a person should know; speech is paid for already, so that it is told and not refused."""
    spoken = speech_share(facts.sound) >= SPOKEN_SHARE
    return (*((f"it {IS_SPEECH}.",) if spoken else ()), *plan.notes)


def _with_handles(laid: Samples, plan: FitPlan, sound: Sound, handles: Handles) -> Samples:
    """Return a fitted take with what lies around it; it is at rest at its end, and what rings on rises from there."""
    if handles == NO_HANDLES:
        return laid
    before, after = beyond(plan, sound, handles)
    rise = min(len(after), int(FALL_S * SAMPLE_RATE_HZ))
    after[:rise] *= np.linspace(0.0, 1.0, rise, dtype=np.float32)[:, None] ** 2
    return np.concatenate([before, laid, at_rest(after)])


@contextmanager
def _scored(charge: Charge | None, home: Path, facts: MusicFacts, sha256: str, asked: int) -> Iterator[None]:
    """Put a take on the scorecard of its provider; where it cannot be used, with the reason."""
    if charge is None:
        yield
        return
    mark = marked(home, facts.sound, charge, sha256=sha256, asked=asked, beats=facts.pulse.beats.tolist())
    try:
        yield
    except AudioError as error:
        keep(home, replace(mark, refused=error.message))
        raise


def _said(
    offer: Fittable, plan: FitPlan, take: Sound, laid: Samples, heard: Spectra, *, job_ids: Sequence[str], cost: float
) -> Said:
    """Return what is known of a fitted take: measured, not what the service tells of it."""
    tapped, places = pulse(traits(laid)), key_places(heard.chroma)
    return Said(
        tempo_bpm=round(tapped.tempo_bpm, 2),
        key="unknown" if places is None else key_name(places[0][0], minor=places[0][1]),
        beats=tuple(round(float(beat), 6) for beat in tapped.beats),
        ending=plan.ending,
        seams=join_reports(plan, laid, take),
        job_ids=tuple(job_ids),
        credits=cost,
        source_sha256=offer.file.sha256,
        title=offer.title,
        start_seconds=offer.start_seconds,
    )


def _request(offer: Fittable, brief: Brief, lufs: float, handles: Handles) -> str:
    """Return the hash of everything that the fitted file depends on."""
    parts = ["fit", _VERSION, offer.file.sha256, offer.start_seconds, _samples(brief), _hits(brief), lufs, CEILING_DBTP]
    parts += [] if handles == NO_HANDLES else [handles.head_samples, handles.tail_samples]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _hits(brief: Brief) -> list[float]:
    """Return the seconds at which the music should do something: hits that people asked for before those that were seen."""
    rate = exact_rate(brief.plan.rate)
    ranked = sorted(brief.plan.hits, key=lambda hit: (hit.origin not in _PEOPLE, -hit.weight))
    return sorted(float(frame_seconds(hit.frame, rate)) for hit in ranked[:_MOST_HITS])


def _samples(brief: Brief) -> int:
    return frame_samples(brief.plan.frames, exact_rate(brief.plan.rate), SAMPLE_RATE_HZ)
