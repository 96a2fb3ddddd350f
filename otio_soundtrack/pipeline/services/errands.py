"""What services do for a cut besides scoring it: search, plan, render, visualize."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otio_soundtrack.access import callback_address
from otio_soundtrack.audio.ears import Ears
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.jobs import Consent, Order, details, run
from otio_soundtrack.pipeline.cut.cutting import Opened, TimelineOrPath, opened, refuse_own
from otio_soundtrack.pipeline.cut.musicplan import PlannedCue, planned, seen_brief
from otio_soundtrack.pipeline.services.asking import asked_of, with_picture
from otio_soundtrack.pipeline.services.ranking import search_order
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.pipeline.services.wiring import JobEars, clock, open_wire
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.provider.ask import Ask, Candidate, Clip
from otio_soundtrack.provider.service import Service
from otio_soundtrack.settings import ScoreOptions, home, score_options
from otio_soundtrack.timeline.records import sidecar_of
from otio_soundtrack.tools.files import require_writable, write_text
from otio_soundtrack.tools.store import place


@dataclass(frozen=True, kw_only=True)
class Found:
    """Tracks that suit a cue."""

    cue_id: str
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, kw_only=True)
class Video:
    """A video that a service made."""

    path: Path
    job: str
    notes: tuple[str, ...] = ()


def search(timeline: TimelineOrPath, count: int, *, progress: Progress = silent, **options: object) -> tuple[Found, ...]:
    """Return ranked tracks for each cue of a cut; nothing is written into a timeline.

    Args:
        timeline: an OTIO timeline or the path of one.
        count: tracks a cue, at most.
        progress: is told how far the work is.
        options: options of ``score``; ``provider`` names the service.

    Raises:
        SettingsError: the service cannot search.
        ProviderError: it did not deliver.
    """
    asked = score_options(**options)
    return tuple(
        Found(cue_id=cue.spot.cue_id, candidates=_ranked(asked, ask, progress)[:count])
        for cue, ask in _asks(timeline, asked, progress)
    )


def service_plan(timeline: TimelineOrPath, output: Path, *, progress: Progress = silent, **options: object) -> Path:
    """Write a service's own plan of a cut as JSON, every key that it has, for a person to edit; nothing is paid.

    Raises:
        SettingsError: the service has no plan, or the timeline has several cues.
        ProviderError: it did not deliver.
    """
    asked = score_options(**options)
    ((_, ask),) = _single(_asks(timeline, asked, progress))
    plan = _errand(asked, ask, "plan", {}, progress)
    write_text(output, json.dumps(plan, indent=1, ensure_ascii=False) + "\n")
    return output


def render(
    timeline: TimelineOrPath,
    output: Path,
    *,
    picture_volume: float,
    music_volume: float,
    start: float,
    progress: Progress = silent,
    **options: object,
) -> Video:
    """Let a service lay one of its tracks under the cut and write the video.

    Args:
        timeline: an OTIO timeline or the path of one.
        output: video to write.
        picture_volume: of the production sound, 0–1.
        music_volume: of the music, 0–1.
        start: seconds into the track.
        progress: is told how far the work is.
        options: options of ``score``: ``provider``, ``pick``, ``yes`` …

    Raises:
        SettingsError: the service cannot render, or found fewer tracks than ``pick``.
        ProviderError: it did not deliver.
    """
    asked = score_options(**options)
    require_writable(output.absolute().parent)
    ((_, ask),) = _single(_asks(timeline, asked, progress, output))
    pick = asked.service.pick
    found = _ranked(asked, ask, progress)
    if len(found) < pick:
        raise SettingsError(f"--pick {pick}: {asked.provider} found {len(found)} tracks.", hint="Choose a lower number.")
    given = {
        "track_id": found[pick - 1].track_id,
        "picture_volume": picture_volume,
        "music_volume": music_volume,
        "start": start,
    }
    return _written(_order(asked, ask, "render", given), asked, output, progress)


def visualize(
    source: Path, output: Path, *, author: str, domain_name: str, progress: Progress = silent, **options: object
) -> Video:
    """Let the service that made a take make a video of it.

    Args:
        source: the music file, with its sidecar beside it.
        output: video to write.
        author: signature on the cover, empty for none.
        domain_name: watermark, empty for none.
        progress: is told how far the work is.
        options: ``provider``, ``yes``, ``max_cost``.

    Raises:
        SettingsError: the file was not made by that service.
        ProviderError: it did not deliver.
    """
    asked = score_options(**options)
    said = _sidecar(source)
    ids = [str(one) for one in said.get("job_ids") or ()]
    if said.get("provider") != asked.provider or len(ids) < 2:
        raise SettingsError(
            f"{source.name} was not made by {asked.provider}, which makes videos of its own music only.",
            hint=f"Score with --provider {asked.provider} first, and give the music file.",
        )
    require_writable(output.absolute().parent)
    ask = Ask.model_validate_json(details(home(), ids[0]).entry.job.ask)
    listening = callback_address() if _service(asked).declaration.calls_back else ""
    ask = ask.model_copy(update={"callback_url": listening})
    given = {"service_ids": ids[1:], "author": author, "domain_name": domain_name}
    return _written(_order(asked, ask, "visualize", given), asked, output, progress)


def _asks(
    timeline: TimelineOrPath, asked: ScoreOptions, progress: Progress, output: Path | None = None
) -> list[tuple[PlannedCue, Ask]]:
    """Return the cues of a timeline with what the service is asked, the picture exported where it wants one."""
    who = _service(asked).declaration
    with opened(timeline, media_root=asked.media_root, missing=asked.missing) as source:
        if output is not None:
            refuse_own(source, output)
        return [(cue, _whole(cue, source, asked, progress)) for cue in planned(source, asked, progress).cues if who]


def _whole(cue: PlannedCue, source: Opened, asked: ScoreOptions, progress: Progress) -> Ask:
    who = _service(asked).declaration
    brief = seen_brief(source.timeline, asked.provider, cue.brief)
    ask = asked_of(brief, cue.spot, source, asked=asked, who=who, home=home())
    if who.picture is None:
        return ask
    return with_picture(ask, cue.spot, source, limits=who.picture, home=home(), progress=progress)


def _service(asked: ScoreOptions) -> Service:
    if asked.provider not in SERVICES:
        raise SettingsError(f"{asked.provider} is no service.", hint=f"Use --provider {', '.join(SERVICES)}.")
    return SERVICES[asked.provider]


def _single(asks: list[tuple[PlannedCue, Ask]]) -> list[tuple[PlannedCue, Ask]]:
    if len(asks) != 1:
        raise SettingsError(f"the timeline has {len(asks)} cues, and this is done for one.", hint="Choose one with --range.")
    return asks


def _order(asked: ScoreOptions, ask: Ask, kind: str, given: Mapping[str, Any]) -> Order:
    return Order(service=_service(asked), ask=ask, kind=kind, arguments=given, cue=ask.brief.plan.cue_id, fresh=asked.fresh)


def _ranked(asked: ScoreOptions, ask: Ask, progress: Progress) -> tuple[Candidate, ...]:
    """Return all ranked tracks for a cue."""
    return tuple(_run(search_order(_service(asked), ask, fresh=asked.fresh), asked, progress)[0])


def _errand(asked: ScoreOptions, ask: Ask, kind: str, given: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401  # by the kind
    """Let a service do one thing and return what it gave."""
    return _run(_order(asked, ask, kind, given), asked, progress)[0]


def _run(order: Order, asked: ScoreOptions, progress: Progress) -> tuple[Any, str]:
    (result,) = run(
        [order],
        home=home(),
        open_wire=open_wire,
        ears=JobEars(Ears(home() / "decoded")),
        consent=Consent(yes=asked.yes, max_cost=asked.max_cost),
        progress=progress,
        clock=clock(),
    )
    return result.value_or_raise(), result.job


def _written(order: Order, asked: ScoreOptions, output: Path, progress: Progress) -> Video:
    """Run an order that gives a video, and lay the video at its place."""
    made, job = _run(order, asked, progress)
    clip: Clip = made
    place(clip.file.path, output)
    return Video(path=output, job=job, notes=clip.notes)


def _sidecar(source: Path) -> Mapping[str, Any]:
    """Return what is known of a music file, from the record beside it.

    Raises:
        SettingsError: there is none.
    """
    path = sidecar_of(source)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"there is no record of {source} beside it.", hint=f"It should lie at {path.name}.") from error
    return said if isinstance(said, dict) else {}
