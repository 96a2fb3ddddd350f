"""Music for a single clip: of a cue whose audio is gone, or of a clip that an editor tagged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from otio_soundtrack.analysis.features import features
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.cue import CueTake
from otio_soundtrack.model.cut import Cut, CutList
from otio_soundtrack.model.plan import Brief, Spot
from otio_soundtrack.pipeline.naming import free_version
from otio_soundtrack.pipeline.taking import Accepted, cue_take, engine, take
from otio_soundtrack.planning.brief import brief as brief_for
from otio_soundtrack.planning.plan import plan as plan_music
from otio_soundtrack.progress import silent
from otio_soundtrack.settings import DEFAULT_LUFS, Wishes, first_fault, home
from otio_soundtrack.tools.files import sha256
from otio_soundtrack.tools.store import TakeStore, place


@dataclass(frozen=True, kw_only=True)
class Request:
    """A clip that wants music."""

    name: str
    """Name of the clip, for file names and messages."""
    rate: float
    """Frames per second of its range."""
    frames: int
    prompt: str
    said: Mapping[str, Any]
    """``metadata["otio_soundtrack"]`` of the clip; empty where it has none."""


def music_for(wanted: Request, *, media_dir: Path | None) -> CueTake | Path | None:
    """Return the music of a clip: the stored take, else made by the local engine.

    Args:
        wanted: the clip.
        media_dir: where the audio is laid; None: it stays in the store.

    Returns:
        the path of the very take that the clip was written with; or a new take; None where only a service could make it.

    Raises:
        SettingsError: the brief on the clip cannot be used.
        StoreError, AudioError: the music could not be made or written.
    """
    store = TakeStore(home())
    found = store.find_audio(str(wanted.said.get("sha256", "")))
    if found is not None:
        return found if media_dir is None else _laid(found, wanted, media_dir)
    if wanted.said.get("provider", "local") != "local":
        return None
    maker = engine("local")
    lufs = round(float(wanted.said.get("integrated_lufs") or DEFAULT_LUFS), 1)
    accepted = take(_brief(wanted), 1, maker, store, lufs=lufs, fresh=False, progress=silent)
    path = accepted.stored.path if media_dir is None else _laid(accepted.stored.path, wanted, media_dir)
    return _as_take(accepted, path)


def _as_take(accepted: Accepted, path: Path) -> CueTake:
    declaration = engine("local").declaration
    return cue_take(accepted, 1, path, declaration, "final" if declaration.ai == "none" else "temp")


def _laid(source: Path, wanted: Request, folder: Path) -> Path:
    """Lay a stored take into a media folder under a turnover name."""
    (path,) = free_version(
        folder,
        wanted.name,
        str(wanted.said.get("cue_id", "1m01")),
        [sha256(source)],
        rate=wanted.rate,
        temp=wanted.said.get("intent", "temp") == "temp",
        taken=(),
    )
    if not path.exists():
        place(source, path)
    return path


def _brief(wanted: Request) -> Brief:
    """Return the brief of a clip: the one it was scored with, or one made from what the editor tagged."""
    given = dict(wanted.said.get("brief") or {})
    try:
        if "plan" in given:
            return Brief.model_validate(given)
        wishes = Wishes.model_validate({"prompt": wanted.prompt} | {k: v for k, v in given.items() if k in Wishes.model_fields})
    except ValidationError as error:
        raise SettingsError(f"the brief on clip {wanted.name!r} cannot be used: {first_fault(error)}.") from error
    spot = Spot(cue_id="1m01", start=0, frames=wanted.frames, prompt=wanted.prompt)
    blank = CutList(
        name=wanted.name, rate=wanted.rate, frames=wanted.frames, start_time=None, cuts=(Cut(start=0, frames=wanted.frames),)
    )
    unseen = features(blank, None, None)
    return brief_for(spot, plan_music(spot, blank, unseen, wishes), unseen, wishes)
