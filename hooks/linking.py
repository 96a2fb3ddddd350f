"""What the media linker does: clip → request → reference."""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from otio_soundtrack.errors import ConsentError, SettingsError
from otio_soundtrack.jobs import NO_CONSENT, Consent
from otio_soundtrack.pipeline.scoring.relinking import Request, music_for
from otio_soundtrack.pipeline.services.ordering import OFFERED, Purchase
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.settings import score_options
from otio_soundtrack.spotting.grammar import cue_id
from otio_soundtrack.timeline.marks import NAMESPACE, plain, tag_of
from otio_soundtrack.timeline.urls import local_path, url_for
from otio_soundtrack.times import exact_rate, frames_at, seconds

PREFIX, LOCAL = "soundtrack_", "local"
_OWN = ("media_dir", "media_root")
"""Arguments of the linker that are no options of a service."""
_RUN = uuid.uuid4().hex
"""All that this process buys is paid from one purse: OTIO calls a linker clip by clip, and the cap holds for all of them."""


def linked(in_clip: otio.schema.Clip, arguments: dict[str, Any]) -> otio.core.MediaReference | None:
    """Return a reference to the music of a cue, or what the next linker gives, or None to leave the clip unchanged.

    Args:
        in_clip: any clip of the timeline that is being read.
        arguments: ``-M`` arguments: ``soundtrack_media_dir`` (default: ``media`` in the store's home), ``soundtrack_media_root``
            (where relative media are looked for, default: the current folder), ``then`` (name of the linker for all other clips);
            ``soundtrack_consent`` (True: a service may be paid), ``soundtrack_provider`` (which, for tagged clips; clips that a
            service made are its own), ``soundtrack_max_cost`` (credits that this process may spend here), and what else of the
            flags of ``score`` means something for one clip (:data:`~otio_soundtrack.pipeline.services.ordering.OFFERED`).

    Raises:
        SoundtrackError: asked and failed; without consent a clip stays as it is, with a warning that has the quote.
    """
    _tell_of_gaps(in_clip)
    then = arguments.pop("then", None)
    wanted = _request(in_clip)
    if wanted is None:
        return None if then is None else otio.media_linker.linked_media_reference(in_clip, str(then), arguments)
    if _is_there(in_clip, Path(arguments.get("soundtrack_media_root") or Path.cwd())):
        return None
    folder = arguments.get("soundtrack_media_dir")
    try:
        purchase = _purchase(in_clip, wanted, arguments)
        music = music_for(wanted, media_dir=None if folder is None else Path(folder).absolute(), purchase=purchase)
    except ConsentError as error:
        warnings.warn(f"{in_clip.name!r} stays without music: {error.message} Consent with {PREFIX}consent=True.", stacklevel=2)
        return None
    if music is None:
        return None
    path = music if isinstance(music, Path) else music.audio
    record: dict[str, Any] = dict(wanted.said) if isinstance(music, Path) else music.record.metadata()
    reference = otio.schema.ExternalReference(
        target_url=url_for(path, "file", None), available_range=_with_handles(in_clip.source_range, record.get("handles") or {})
    )
    reference.name = path.name
    reference.metadata[NAMESPACE] = record
    return reference


def _purchase(clip: otio.schema.Clip, wanted: Request, arguments: Mapping[str, Any]) -> Purchase | None:
    """Return which service may be asked for a clip, None for none: unless asked for, no linker asks anybody.

    Raises:
        SettingsError: an argument that means nothing here.
    """
    given = {name[len(PREFIX) :]: value for name, value in arguments.items() if name.startswith(PREFIX)}
    consent = given.pop("consent", False)
    for name in _OWN:
        given.pop(name, None)
    provider = given.setdefault("provider", wanted.said.get("provider", LOCAL) if consent else LOCAL)
    if provider not in SERVICES:
        return None
    if consent not in (True, False):
        raise SettingsError(f"{PREFIX}consent is {consent!r}.", hint="Give True or False.")
    if unknown := sorted(set(given) - OFFERED):
        known = ", ".join(PREFIX + name for name in sorted(OFFERED))
        raise SettingsError(f"{PREFIX}{unknown[0]} means nothing to the media linker.", hint=f"It takes {known}.")
    asked = score_options(**given)
    around = otio.schema.Timeline()
    if isinstance(root := _root(clip), otio.schema.Stack):
        around.tracks = root.deepcopy()
    agreed = Consent(yes=True, max_cost=asked.max_cost, run=_RUN) if consent else NO_CONSENT
    return Purchase(asked=asked, timeline=around, consent=agreed)


def _with_handles(cue: TimeRange, handles: Mapping[str, Any]) -> TimeRange:
    """Return the range of a music file: its cue begins at whatever source time the clip begins at, its handles lie around it."""
    head, tail = (RationalTime(int(handles.get(name, 0)), cue.duration.rate) for name in ("head", "tail"))
    return TimeRange(cue.start_time - head, head + cue.duration + tail)


def _request(clip: otio.schema.Clip) -> Request | None:
    """Return what a clip wants, None if it is no cue or has no length."""
    metadata = clip.metadata.get(NAMESPACE)
    tag = tag_of(clip)
    if (tag is None and not metadata) or clip.source_range is None:
        return None
    length = clip.source_range.duration
    # OTIO's own dictionary type dies with its clip; plain values outlive it
    said = {str(name): plain(value) for name, value in metadata.items()} if isinstance(metadata, Mapping) else {}
    if tag is not None and isinstance(said.get("brief"), str):
        said = {**said, "brief": tag.brief}
    return Request(
        name=clip.name,
        rate=length.rate,
        frames=frames_at(seconds(length), exact_rate(length.rate)),
        prompt=tag.prompt if tag is not None else "",
        cue_id=str(said.get("cue_id") or _number(clip)),
        file=str(getattr(clip.media_reference, "target_url", None) or "").rsplit("/", 1)[-1],
        said=said,
    )


def _number(clip: otio.schema.Clip) -> str:
    """Return the number of a tagged clip: its place among the tagged clips and gaps of its timeline, in order of time."""
    root = _root(clip)
    tagged = [
        item
        for item in root.find_children(descended_from_type=otio.core.Item)
        if item.source_range is not None and tag_of(item) is not None and "cue_id" not in item.metadata.get(NAMESPACE, {})
    ]
    starts = sorted(seconds(item.transformed_time_range(item.trimmed_range(), root).start_time) for item in tagged)
    own = seconds(clip.transformed_time_range(clip.trimmed_range(), root).start_time)
    return cue_id(1, starts.index(own) + 1)


def _root(item: otio.core.Composable) -> otio.core.Composition:
    """Return the outermost composition: a linker is shown a clip, never its timeline."""
    while item.parent() is not None:
        item = item.parent()
    return item


def _tell_of_gaps(clip: otio.schema.Clip) -> None:
    """Warn of tagged gaps, once a timeline: OTIO asks linkers about clips only, so their music cannot come from here."""
    root = _root(clip)
    if clip is root or _first_clip(root) is not clip:
        return
    gaps = [gap for gap in root.find_children(descended_from_type=otio.schema.Gap) if tag_of(gap) is not None]
    if gaps:
        names = ", ".join(repr(gap.name) for gap in gaps)
        warnings.warn(
            f"OTIO asks media linkers about clips only, so tagged gaps stay empty: {names}. "
            "Lay clips there instead, or use `otio-soundtrack score --cues tagged`.",
            stacklevel=2,
        )


def _first_clip(composition: otio.core.Composition) -> otio.schema.Clip | None:
    """Return the clip that OTIO shows a linker first."""
    for child in composition:
        found = child if isinstance(child, otio.schema.Clip) else None
        if isinstance(child, otio.core.Composition):
            found = _first_clip(child)
        if found is not None:
            return found
    return None


def _is_there(clip: otio.schema.Clip, root: Path) -> bool:
    """Return whether the clip's music already lies where it says."""
    reference = clip.media_reference
    if not isinstance(reference, otio.schema.ExternalReference) or not reference.target_url:
        return False
    path = local_path(reference.target_url, root)
    return path is not None and path.is_file()
