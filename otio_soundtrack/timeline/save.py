"""Timelines to files: whole or not at all, with a word about what the format cannot hold."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import opentimelineio as otio
from opentimelineio import schema

from otio_soundtrack.errors import SettingsError, SoundtrackError, StoreError, TimelineError
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.timeline.formats import BUNDLES, FOLDERS, KEEPS_ALL, certain_losses, suffix_of, suited
from otio_soundtrack.timeline.marks import is_ours
from otio_soundtrack.timeline.read import one_line, quiet
from otio_soundtrack.timeline.write import with_stand_in
from otio_soundtrack.tools.files import require_writable, store_errors, written_whole

_OURS = "soundtrack_"
"""Adapters of this package export pictures and cue sheets; a timeline is not saved with them."""
_LONGEST_COMPLAINT = 160
"""Characters shown of what an adapter says: some repeat themselves for every field of a transition."""
_CAUSES = {
    ("AAF", "Transition"): "AAF takes only transitions that an Avid made: replace the dissolves by cuts, or write .otio or .xml.",
    ("fcpx_xml", "unpack"): "FCPX XML is written at whole frame rates only (24, 25, 30 …): write .otio, or .xml (FCP 7).",
    ("AAF", "mob ID"): "These clips come from no Avid: give AAF's own argument use_empty_mob_ids=True (otioconvert -A).",
}
"""What to do, by adapter and a word of its complaint, where the complaint itself does not say."""


def save_timeline(timeline: schema.Timeline, path: Path, *, media_root: Path | None = None) -> tuple[str, ...]:
    """Write a timeline; the file that stood there before is untouched until the new one is complete.

    Adapters are asked directly, so no hook of anybody runs.

    Args:
        timeline: what to write.
        path: its suffix chooses the format. ``.otioz`` and ``.otiod`` take the media with them; media that are missing become
            missing references there.
        media_root: where relative media of the timeline lie, None for the folder of ``path``.

    Returns:
        warnings about what the file does not hold, a sentence each.

    Raises:
        SettingsError: no adapter writes this suffix.
        TimelineError: the adapter cannot write this timeline.
        StoreError: the file cannot be written.
    """
    adapter = _adapter(path)
    shaped, warnings = suited(timeline, path, media_root)
    if suffix_of(path) in FOLDERS:
        _write_folder(adapter, shaped, path)
        return warnings
    with written_whole(path) as scratch:
        scratch.unlink()  # bundles refuse to overwrite
        _write(adapter, shaped, scratch, path)
        return (*warnings, *_lost(adapter, timeline, scratch, suffix_of(path)))


def require_place(path: Path) -> None:
    """Check that there is a format and a place for a timeline at ``path``, before anybody works for it.

    Raises:
        SettingsError: no adapter writes this suffix.
        StoreError: the folder is closed to us, or a bundle that is a folder stands there already.
    """
    _adapter(path)
    place = Path(os.path.realpath(path))
    require_writable(place.parent)
    if suffix_of(path) in FOLDERS:
        _require_free(path)


def rehearse(timeline: schema.Timeline, path: Path, cut: CutList, arguments: Mapping[str, object] | None = None) -> None:
    """Write a timeline with a stand-in for our track, and throw it away: what an adapter cannot hold shows before the work.

    OTIO's own formats hold every timeline and are not tried.

    Args:
        timeline: as it was read.
        path: the file that shall be written.
        cut: its cut list.
        arguments: of the adapter, where somebody else will call it; None: those that :func:`save_timeline` uses.

    Raises:
        TimelineError: the adapter cannot write it.
    """
    if suffix_of(path) in KEEPS_ALL:
        return
    shaped, _ = suited(with_stand_in(timeline, cut), path, None)
    with store_errors(path), tempfile.TemporaryDirectory(prefix="otio-soundtrack-") as folder:
        _write(_adapter(path), shaped, Path(folder) / f"rehearsal{path.suffix}", path, arguments)


def writes_timelines(path: Path) -> bool:
    """Return whether an adapter writes timelines in the format of ``path``."""
    return _writer(path) is not None


def _writer(path: Path) -> otio.adapters.Adapter | None:
    """Return the adapter for a suffix, None where there is none that writes timelines."""
    try:
        adapter = otio.adapters.from_filepath(str(path))
    except otio.exceptions.NoKnownAdapterForExtensionError:
        return None
    return adapter if not adapter.name.startswith(_OURS) and adapter.has_feature("write") else None


def _adapter(path: Path) -> otio.adapters.Adapter:
    """Return the adapter for a suffix.

    Raises:
        SettingsError: there is none that writes.
    """
    adapter = _writer(path)
    if adapter is None:
        suffixes = sorted(otio.adapters.suffixes_with_defined_adapters(write=True))
        known = [s for s in suffixes if not otio.adapters.from_filepath(f"x.{s}").name.startswith(_OURS)]
        raise SettingsError(
            f"no adapter writes a timeline with the suffix of {path.name!r}.", hint=f"Known suffixes: {', '.join(known)}."
        )
    return adapter


def _write(
    adapter: otio.adapters.Adapter,
    timeline: schema.Timeline,
    scratch: Path,
    path: Path,
    arguments: Mapping[str, object] | None = None,
) -> None:
    """Let an adapter write ``scratch``; messages speak of ``path``."""
    module = adapter.module()
    given = _arguments(adapter, module) if arguments is None else arguments
    try:
        with quiet():
            if hasattr(module, "write_to_file"):
                module.write_to_file(input_otio=timeline, filepath=str(scratch), **given)
            else:
                text = module.write_to_string(input_otio=timeline, **given)
                scratch.write_text(text, encoding="utf-8")
    except (OSError, SoundtrackError):
        raise
    except Exception as error:  # adapters fail with whatever they happen to raise
        said = one_line(error)
        hints = (hint for (name, word), hint in _CAUSES.items() if name == adapter.name and word in said)
        said = said if len(said) <= _LONGEST_COMPLAINT else f"{said[:_LONGEST_COMPLAINT]} …"
        raise TimelineError(
            f"{path} cannot hold this timeline: the adapter {adapter.name} says: {said}",
            hint=next(hints, "Write .otio instead, which holds every timeline."),
        ) from error


def _arguments(adapter: otio.adapters.Adapter, module: object) -> dict[str, object]:
    """Return the arguments without which an adapter fails on timelines of others."""
    if adapter.name == "AAF":
        # without it: "Cannot find mob ID" for every clip that does not come from an Avid
        return {"use_empty_mob_ids": True}
    policies = getattr(getattr(module, "utils", None), "MediaReferencePolicy", None)
    if adapter.name in BUNDLES and policies is not None:
        # the adapters compare by identity, so the class's own constant it must be
        return {"media_policy": policies.MissingIfNotFile}
    return {}


def _require_free(path: Path) -> None:
    if path.exists():
        raise StoreError(f"{path} exists already.", hint="Remove it or choose another name: a folder is never replaced.")


def _write_folder(adapter: otio.adapters.Adapter, timeline: schema.Timeline, path: Path) -> None:
    """Write a format that is a folder: made beside, then moved into place."""
    _require_free(path)
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
    if not clips or suffix in KEEPS_ALL:
        return ()
    if certain := certain_losses(scratch):
        return certain
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
