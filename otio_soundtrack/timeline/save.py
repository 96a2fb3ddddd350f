"""Timelines to files: whole or not at all, with a word about what the format cannot hold."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import opentimelineio as otio
from opentimelineio import schema

from otio_soundtrack.errors import SettingsError, SoundtrackError, StoreError, TimelineError
from otio_soundtrack.timeline.marks import is_ours
from otio_soundtrack.timeline.read import one_line, quiet
from otio_soundtrack.timeline.urls import local_path
from otio_soundtrack.tools.files import store_errors, written_whole

_OURS = "soundtrack_"
"""Adapters of this package export pictures and cue sheets; a timeline is not saved with them."""
_FOLDER_FORMATS = frozenset({"otiod"})
"""Formats that are folders."""
_BUNDLES = frozenset({"otiod", "otioz"})
_KEEPS_ALL = frozenset({"otio", "otiod", "otioz"})
_LOSSES = {
    "edl": (
        "EDL holds picture events only: the music track is not in the file. "
        "Hand over the WAV with its record timecode, or write .otio."
    ),
    "ale": "ALE is a list of clips without a timeline: the music track is not in the file. Write .otio as well.",
}
"""What formats lose for certain, by suffix."""


def save_timeline(timeline: schema.Timeline, path: Path) -> tuple[str, ...]:
    """Write a timeline; the file that stood there before is untouched until the new one is complete.

    Adapters are asked directly, so no hook of anybody runs.

    Args:
        timeline: what to write.
        path: its suffix chooses the format. ``.otioz`` and ``.otiod`` take the media with them; media that are missing become
            missing references there.

    Returns:
        warnings about what the file does not hold, a sentence each.

    Raises:
        SettingsError: no adapter writes this suffix.
        TimelineError: the adapter cannot write this timeline.
        StoreError: the file cannot be written.
    """
    adapter = _adapter(path)
    suffix = path.suffix[1:].lower()
    absent: tuple[str, ...] = ()
    if suffix in _BUNDLES:
        timeline, absent = _reachable(timeline, path.parent)
    if suffix in _FOLDER_FORMATS:
        _write_folder(adapter, timeline, path)
        return absent
    with written_whole(path) as scratch:
        scratch.unlink()  # bundles refuse to overwrite
        _write(adapter, timeline, scratch, path)
        return (*absent, *_lost(adapter, timeline, scratch, suffix))


def require_writer(path: Path) -> None:
    """Check that a timeline can be written in the format of ``path``, before anybody works for it.

    Raises:
        SettingsError: no adapter writes this suffix.
    """
    _adapter(path)


def certain_losses(path: Path) -> tuple[str, ...]:
    """Return warnings about what the format of ``path`` never holds of our track, known without writing it."""
    loss = _LOSSES.get(path.suffix[1:].lower())
    return () if loss is None else (loss,)


def _adapter(path: Path) -> otio.adapters.Adapter:
    """Return the adapter for a suffix.

    Raises:
        SettingsError: there is none that writes.
    """
    try:
        adapter = otio.adapters.from_filepath(str(path))
    except otio.exceptions.NoKnownAdapterForExtensionError:
        adapter = None
    if adapter is None or adapter.name.startswith(_OURS) or not adapter.has_feature("write"):
        suffixes = sorted(otio.adapters.suffixes_with_defined_adapters(write=True))
        known = [s for s in suffixes if not otio.adapters.from_filepath(f"x.{s}").name.startswith(_OURS)]
        raise SettingsError(
            f"no adapter writes a timeline with the suffix of {path.name!r}.", hint=f"Known suffixes: {', '.join(known)}."
        )
    found: otio.adapters.Adapter = adapter
    return found


def _write(adapter: otio.adapters.Adapter, timeline: schema.Timeline, scratch: Path, path: Path) -> None:
    """Let an adapter write ``scratch``; messages speak of ``path``."""
    module = adapter.module()
    try:
        with quiet():
            if hasattr(module, "write_to_file"):
                module.write_to_file(input_otio=timeline, filepath=str(scratch), **_arguments(adapter, module))
            else:
                scratch.write_text(module.write_to_string(input_otio=timeline), encoding="utf-8")
    except (OSError, SoundtrackError):
        raise
    except Exception as error:  # adapters fail with whatever they happen to raise
        raise TimelineError(
            f"{path} could not be written: the adapter {adapter.name} says: {one_line(error)}",
            hint="Write .otio instead, which holds every timeline.",
        ) from error


def _arguments(adapter: otio.adapters.Adapter, module: object) -> dict[str, object]:
    """Return the arguments without which an adapter fails on timelines of others."""
    if adapter.name == "AAF":
        # without it: "Cannot find mob ID" for every clip that does not come from an Avid
        return {"use_empty_mob_ids": True}
    policies = getattr(getattr(module, "utils", None), "MediaReferencePolicy", None)
    if adapter.name in _BUNDLES and policies is not None:
        # the adapters compare by identity, so the class's own constant it must be
        return {"media_policy": policies.MissingIfNotFile}
    return {}


def _reachable(timeline: schema.Timeline, folder: Path) -> tuple[schema.Timeline, tuple[str, ...]]:
    """Return a copy whose media a bundle can find, and a warning about those that nobody can find.

    The bundling adapters look for relative media in the working folder and do not know all forms of URLs.
    """
    copy = timeline.deepcopy()
    absent = []
    for clip in copy.find_clips():
        reference = clip.media_reference
        if not isinstance(reference, schema.ExternalReference):
            continue
        path = local_path(reference.target_url, folder)
        if path is not None and path.is_file():
            reference.target_url = path.as_uri()
        else:
            absent.append(clip.name)
    return copy, (f"Not in the bundle, because their media are not here: {', '.join(absent)}.",) if absent else ()


def _write_folder(adapter: otio.adapters.Adapter, timeline: schema.Timeline, path: Path) -> None:
    """Write a format that is a folder: made beside, then moved into place."""
    if path.exists():
        raise StoreError(f"{path} exists already.", hint="Remove it or choose another name: a folder is never replaced.")
    with store_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=f".{path.stem}.", dir=path.parent))
    try:
        with store_errors(path):
            _write(adapter, timeline, room / path.name, path)
            (room / path.name).rename(path)
    finally:
        shutil.rmtree(room)


def _lost(adapter: otio.adapters.Adapter, timeline: schema.Timeline, scratch: Path, suffix: str) -> tuple[str, ...]:
    """Return what the written file does not hold of our track: read back, where the format can be read."""
    ours = [track for track in timeline.tracks if isinstance(track, schema.Track) and is_ours(track)]
    clips = {clip.name for track in ours for clip in track if isinstance(clip, schema.Clip)}
    if not clips or suffix in _KEEPS_ALL:
        return ()
    if suffix in _LOSSES:
        return certain_losses(scratch)
    back = _read_back(adapter, scratch)
    if back is None:
        return (f"Whether .{suffix} holds the music track could not be checked: the file cannot be read back.",)
    missing = sorted(clips - back)
    return (f".{suffix} does not hold the music: {', '.join(missing)}. Write .otio as well.",) if missing else ()


def _read_back(adapter: otio.adapters.Adapter, scratch: Path) -> set[str] | None:
    """Return the names of clips and media in a written file, None where nobody can tell."""
    module = adapter.module()
    try:
        with quiet():
            if hasattr(module, "read_from_file"):
                back = module.read_from_file(filepath=str(scratch))
            elif hasattr(module, "read_from_string"):
                back = module.read_from_string(input_str=scratch.read_text(encoding="utf-8"))
            else:
                return None
    except Exception:  # noqa: BLE001  # a writer whose own reader fails tells us just that
        return None
    names: set[str] = set()
    for clip in back.find_clips() if hasattr(back, "find_clips") else ():
        reference = clip.media_reference
        url = str(getattr(reference, "target_url", "") or "")
        names |= {clip.name, getattr(reference, "name", ""), url.rsplit("/", 1)[-1]}
    return names
