"""Music for a single clip: of a cue whose audio is gone, or of a clip that an editor tagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from otio_soundtrack.analysis.features import features
from otio_soundtrack.composer.engine import engine_that_played
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.bwf import TimeStamp
from otio_soundtrack.model.cue import CueTake
from otio_soundtrack.model.cut import Cut, CutList
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.heard import Heard
from otio_soundtrack.model.plan import Brief, Spot
from otio_soundtrack.pipeline.laying.delivering import with_stamp
from otio_soundtrack.pipeline.laying.folder import MediaFolder, nothing_left_on_failure, with_memory
from otio_soundtrack.pipeline.laying.naming import show_name, show_of
from otio_soundtrack.pipeline.services.ordering import Purchase, ordered
from otio_soundtrack.pipeline.takes.taking import take
from otio_soundtrack.planning.brief import brief as brief_for
from otio_soundtrack.planning.plan import plan as plan_music
from otio_soundtrack.progress import silent
from otio_soundtrack.settings import DEFAULT_LUFS, Wishes, first_fault, home
from otio_soundtrack.tools.store import TakeStore

FOLDER = "media"
"""Folder in the store's home for music whose place nobody said: deliveries share no file with the store."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """A clip that wants music."""

    name: str
    """Name of the clip, for file names and messages."""
    rate: float
    """Frames per second of its range."""
    frames: int
    prompt: str
    cue_id: str
    """Like ``1m01``."""
    file: str
    """File name that its media reference has, empty where it has none."""
    said: Mapping[str, Any]
    """``metadata["otio_soundtrack"]`` of the clip; empty where it has none."""


def music_for(wanted: Request, *, media_dir: Path | None, purchase: Purchase | None = None) -> CueTake | Path | None:
    """Return the music of a clip, with its sidecar beside it: the stored take, else made by the local engine or a service.

    Args:
        wanted: the clip.
        media_dir: where the audio is laid; None: the folder :data:`FOLDER` in the store's home.
        purchase: which service may be asked, for a clip that was tagged or that it made; None: none.

    Returns:
        the path of the very take that the clip was written with; or a new take; None where only another service could make it,
        or a SoundFont that is not on this machine.

    Raises:
        SettingsError: the brief on the clip cannot be used.
        ConsentError: nobody consented to what the service costs; nothing was sent.
        ProviderError, StoreError, AudioError: the music could not be made or written.
    """
    store = TakeStore(home())
    digest = str(wanted.said.get("sha256", ""))
    found = store.find_audio(digest)
    if found is not None:
        return _folder(wanted, media_dir).lay_again(found, wanted.cue_id, with_memory(wanted.said, store.recall(digest)))
    lufs = round(float(wanted.said.get("integrated_lufs") or DEFAULT_LUFS), 1)
    if purchase is not None and wanted.said.get("provider", purchase.asked.provider) == purchase.asked.provider:
        bought = ordered(_brief(wanted), purchase, store, lufs=lufs)
        with nothing_left_on_failure() as written:
            (made,) = _folder(wanted, media_dir).lay([bought], purchase.service.declaration, written)
        return made
    if wanted.said.get("provider", "local") != "local":
        return None
    maker = engine_that_played(str(wanted.said.get("model", "")))
    if maker is None:
        return None
    handles, stamp = _made_up(wanted.said)
    accepted = take(_brief(wanted), 1, maker, store, lufs=lufs, fresh=False, progress=silent, handles=handles)
    if stamp is not None:
        as_then = replace(accepted.stored, created=str(wanted.said.get("created") or accepted.stored.created))
        accepted = with_stamp(replace(accepted, stored=as_then), stamp, store)
    if accepted.facts.sha256 == wanted.said.get("sha256"):
        # the same bytes against the same cut: what was heard then is heard now
        accepted = replace(accepted, heard=_heard_before(wanted.said))
    with nothing_left_on_failure() as written:
        (made,) = _folder(wanted, media_dir).lay([accepted], maker.declaration, written)
    return made


def _folder(wanted: Request, media_dir: Path | None) -> MediaFolder:
    """Return where the music of a clip lies: under the name that it had, else under one that ``score`` would give."""
    show = show_of(wanted.file)
    return MediaFolder(
        path=media_dir if media_dir is not None else home() / FOLDER,
        show=show or show_name(wanted.name, None, None),
        rate=wanted.rate,
        intent="final" if wanted.said.get("intent") == "final" else "temp",
        taken=(),
        known_as=wanted.file if show else "",
    )


def _made_up(said: Mapping[str, Any]) -> tuple[Handles, TimeStamp | None]:
    """Return handles and time stamp that the file of a clip had by its metadata; none where they say none that can be read."""
    try:
        stamp = said.get("bwf")
        return Handles.model_validate(said.get("handles") or {}), None if stamp is None else TimeStamp.model_validate(stamp)
    except ValidationError:
        return NO_HANDLES, None


def _heard_before(said: Mapping[str, Any]) -> Heard | None:
    """Return what a clip's metadata say was heard, None where that is nothing or no record of ours."""
    try:
        return Heard.model_validate(said["heard"])
    except (KeyError, ValidationError):
        return None


def _brief(wanted: Request) -> Brief:
    """Return the brief of a clip: the one it was scored with, or one made from what the editor tagged."""
    given = dict(wanted.said.get("brief") or {})
    try:
        if "plan" in given:
            return Brief.model_validate(given)
        wishes = Wishes.model_validate({"prompt": wanted.prompt} | {k: v for k, v in given.items() if k in Wishes.model_fields})
    except ValidationError as error:
        raise SettingsError(f"the brief on clip {wanted.name!r} cannot be used: {first_fault(error)}.") from error
    spot = Spot(cue_id=wanted.cue_id, start=0, frames=wanted.frames, prompt=wanted.prompt)
    blank = CutList(
        name=wanted.name, rate=wanted.rate, frames=wanted.frames, start_time=None, cuts=(Cut(start=0, frames=wanted.frames),)
    )
    unseen = features(blank, None, None)
    return brief_for(spot, plan_music(spot, blank, unseen, wishes), unseen, wishes)
