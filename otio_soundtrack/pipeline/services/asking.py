"""Brief → what a service is asked, with the picture and the reference that it wants."""

from __future__ import annotations

import json
from pathlib import Path

from otio_soundtrack.access import callback_address
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.cut import CutList, PictureFile
from otio_soundtrack.model.plan import Brief, Spot
from otio_soundtrack.picture.export import export_counted
from otio_soundtrack.picture.run import ExportStats
from otio_soundtrack.pipeline.cut.cutting import Opened, with_broken_slated
from otio_soundtrack.pipeline.cut.referencing import reference
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider.ask import Ask, LocalFile
from otio_soundtrack.provider.declaration import Declaration, PictureLimits
from otio_soundtrack.settings import DEFAULT_HEIGHT, DEFAULT_MAX_BYTES, ScoreOptions
from otio_soundtrack.tools.files import kept_by_hash

SENT = "sent"
"""Folder in the store's home for what services are given, by hash: a job that is taken up again must find it there."""


def asked_of(brief: Brief, spot: Spot, source: Opened, *, asked: ScoreOptions, who: Declaration, home: Path) -> Ask:
    """Return the ask for a cue, without its picture yet: what it costs can be told before anything is decoded.

    Args:
        brief: what the music should be.
        spot: the cue.
        source: the timeline, for its own temp track.
        asked: what the user wants.
        who: the service.
        home: folder of the store.

    Raises:
        SettingsError, LimitError: an option or a reference that the service cannot take.
    """
    given, said = asked.service, options_of(asked.service.set)
    music = reference(given.reference, given.reference_url, source, spot, limits=who.reference, folder=home / SENT)
    return Ask(
        brief=brief,
        takes=asked.takes,
        pick=given.pick,
        reference=music.file,
        reference_url=music.url,
        production_sound=given.keep_sound,
        wav=given.wav,
        most_calls=given.most_calls,
        options=said,
        callback_url=callback_address() if who.calls_back and "callback_url" not in said else "",
        service_plan=None if given.service_plan is None else _document(given.service_plan),
    )


def with_picture(ask: Ask, spot: Spot, source: Opened, *, limits: PictureLimits, home: Path, progress: Progress) -> Ask:
    """Return an ask with the exported cue: small, within the service's limit, and always with an audio track.

    Args:
        ask: what the service is asked.
        spot: the cue.
        source: the timeline.
        limits: of the service.
        home: folder of the store; the picture is kept there under its hash.
        progress: is told how far the export is.

    Raises:
        PictureError, StoreError: the cue could not be exported.
    """
    only, most = (spot.start, spot.start + spot.frames), min(limits.most_bytes, DEFAULT_MAX_BYTES)

    def exported(scratch: Path) -> PictureFile:
        def export(cut: CutList) -> tuple[PictureFile | None, ExportStats]:
            return export_counted(cut, scratch, height=DEFAULT_HEIGHT, max_bytes=most, only=only, progress=progress)

        _, made = with_broken_slated(source, export)
        if made is None:
            raise AssertionError("an export to a path gives a file")
        return made

    path, digest, made = kept_by_hash(home / SENT, ".mp4", exported)
    seconds = float(made.frames / made.rate)
    # the export lays a silent track where the cut has no sound
    picture = LocalFile(path=path, sha256=digest, size=made.size_bytes, seconds=seconds, has_sound=True)
    return ask.model_copy(update={"picture": picture})


def foreseen(ask: Ask, who: Declaration) -> Ask:
    """Return an ask as it will be once the cue is exported: enough to check and to quote it, not to send it."""
    if who.picture is None:
        return ask
    picture = LocalFile(path=Path("cut.mp4"), sha256="", size=1, seconds=ask.brief.seconds)
    return ask.model_copy(update={"picture": picture})


def _document(path: Path) -> object:
    """Return a service's plan as a person left it, unknown keys and their order intact.

    Raises:
        SettingsError: it is no JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"--service-plan: {path} cannot be read.", hint="Check the path.") from error
    except ValueError as error:
        raise SettingsError(f"--service-plan: {path} is no JSON: {error}.", hint="Correct the file.") from error


def options_of(pairs: tuple[str, ...]) -> dict[str, str]:
    """Return ``NAME=VALUE`` texts as a mapping; the service says which names it knows.

    Raises:
        SettingsError: a text without a name or without ``=``, or a name twice.
    """
    told: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise SettingsError(f"--set {pair!r} is no NAME=VALUE.", hint="Write for example --set model=V6.")
        if name.strip() in told:
            raise SettingsError(f"--set gives {name.strip()} twice.", hint="Give it once.")
        told[name.strip()] = value.strip()
    return told
