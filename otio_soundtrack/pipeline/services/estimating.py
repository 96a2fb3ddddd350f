"""What a service would be asked and paid for each cue of a cut."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from otio_soundtrack.access import address
from otio_soundtrack.pipeline.cut.carrying import continued
from otio_soundtrack.pipeline.cut.cutting import TimelineOrPath, opened
from otio_soundtrack.pipeline.cut.musicplan import PlannedCue, planned
from otio_soundtrack.pipeline.services.asking import asked_of, foreseen
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.provider.ask import Ask, Quote, Wording
from otio_soundtrack.provider.declaration import Declaration
from otio_soundtrack.provider.reading import said
from otio_soundtrack.provider.service import Service
from otio_soundtrack.settings import DEFAULT_HEIGHT, DEFAULT_MAX_BYTES, home, score_options
from otio_soundtrack.tools.store import TakeStore


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a service would be asked for a cue, and for how much."""

    cue: PlannedCue
    ask: Ask
    wording: Wording
    quote: Quote
    title: str
    """Of the service."""
    to: str
    """Where it is reached."""
    files: tuple[str, ...]
    """What it would be given besides words, a sentence each."""


def provider_of(timeline: TimelineOrPath, **options: object) -> str:
    """Return who would make the music of a timeline: who is named, else who made what is there, else the local engine.

    Args:
        timeline: an OTIO timeline or the path of one.
        options: options of ``score``.

    Raises:
        SettingsError, TimelineError: as for ``score``.
    """
    asked = score_options(**options)
    with opened(timeline, media_root=asked.media_root, missing=asked.missing) as source:
        return continued(source, asked, TakeStore(home())).asked.provider


def estimates(
    timeline: TimelineOrPath, *, progress: Progress = silent, **options: object
) -> tuple[tuple[Estimate, ...], tuple[str, ...]]:
    """Return what a service would be asked for each cue of a cut, and what it would cost; nothing is sent.

    Args:
        timeline: an OTIO timeline or the path of one.
        progress: is told how far the analysis is.
        options: options of ``score``; ``provider`` names the service.

    Returns:
        The estimates, and the ids of cues whose stored takes would be fitted to the changed cut.

    Raises:
        SettingsError, LimitError: what the service cannot take.
        TimelineError, PictureError: as for ``score``.
    """
    asked, store = score_options(**options), TakeStore(home())
    with (
        opened(timeline, media_root=asked.media_root, missing=asked.missing) as source,
        TemporaryDirectory(prefix="otio-soundtrack-") as scratch,
    ):
        going_on = continued(source, asked, store)
        asked = going_on.asked
        service = SERVICES[asked.provider]
        ready = planned(source, asked, progress, going_on.earlier)
        kept = [cue.spot.cue_id for cue in ready.cues if cue.before is not None and cue.before.in_store(store)]
        who, place = service.declaration, Path(scratch)
        cues = [cue for cue in ready.cues if cue.spot.cue_id not in kept]
        asks = [asked_of(cue.brief, cue.spot, source, asked=asked, who=who, home=place) for cue in cues]
    return tuple(estimate(service, cue, ask) for cue, ask in zip(cues, asks, strict=True)), tuple(kept)


def estimate(service: Service, cue: PlannedCue, ask: Ask) -> Estimate:
    """Return what a service would be asked for one cue.

    Raises:
        SettingsError, LimitError: what the service cannot take.
    """
    ahead = foreseen(ask, service.declaration)
    service.check(ahead)
    who = service.declaration
    return Estimate(
        cue=cue,
        ask=ask,
        wording=service.wording(ahead),
        quote=service.quote(ahead),
        title=who.title,
        to=address(who.name, who.base_url or ""),
        files=tuple(_files(ask, who)),
    )


def _files(ask: Ask, who: Declaration) -> Iterator[str]:
    """Yield what a service is given besides words."""
    if who.picture is not None and not ask.reference_url:
        most = min(who.picture.most_bytes, DEFAULT_MAX_BYTES)
        yield f"the cut: {ask.brief.seconds:.1f} s of picture with its sound, {DEFAULT_HEIGHT} lines, at most {most:,} bytes"
    if ask.reference is not None:
        yield f"the reference: {ask.reference.seconds:.1f} s of sound, {ask.reference.size:,} bytes, put where it can be fetched"
    elif ask.reference_url:
        yield f"the address of the reference: {said(ask.reference_url)}"
