"""Timeline files of every format that OpenTimelineIO reads, to one timeline.

Adapters are asked directly, past OTIO's hooks and media linkers: those belong to whoever starts a conversion, and would run on
our reading as well. What adapters print is kept from standard output, which carries only our result.
"""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import opentimelineio as otio
from opentimelineio import schema

from otio_soundtrack.errors import NothingToScoreError, UnreadableTimelineError

_EDL_ADAPTER = "cmx_3600"
_EDL_RATES = (24.0, 25.0, 30.0, 50.0, 60.0)
"""An EDL does not say its rate: the first at which all its timecode exists, slow ones first because fast ones take everything."""
_EDL_DROP_RATES = (30000 / 1001, 60000 / 1001)
"""Rates that have drop-frame timecode (SMPTE ST 12-1)."""
_DROP_FRAME = re.compile(r"^FCM:\s*DROP FRAME|\d\d:\d\d:\d\d;\d\d", re.MULTILINE)

_NEWER = (
    "It was written by a newer OpenTimelineIO: ask for a file downgraded to OTIO_CORE:0.18.1 "
    "(otiotool --downgrade OTIO_CORE:0.18.1), or update OpenTimelineIO here."
)
_DAMAGED = "Open it in the application that wrote it and export it again, or give another format."


def read_timeline(path: Path) -> schema.Timeline:
    """Return the timeline of a file.

    A collection gives its first timeline, in file order; a track, stack or clip alone is wrapped into a timeline of its name.

    Args:
        path: any format that an installed adapter reads. EDLs are tried at 24, 25, 30, 50 and 60 frames a second (29.97 and 59.94
            where they are drop-frame) until their timecode exists.

    Raises:
        UnreadableTimelineError: no such file, unknown format, damaged, no timeline, or of a newer OpenTimelineIO.
        NothingToScoreError: a collection without a timeline.
    """
    _require_readable(path)
    found = _read(path)
    if isinstance(found, schema.SerializableCollection):
        timeline = next(_timelines(found), None)
        if timeline is None:
            kinds = sorted({type(child).__name__.lower() for child in found}) or ["nothing"]
            raise NothingToScoreError(
                f"{path} holds no timeline, only a collection of: {', '.join(kinds)}.",
                hint="Export the sequence (the project, not the event or the clips).",
            )
        return timeline
    return _wrapped(found, path)


def _require_readable(path: Path) -> None:
    """Check that a file or folder is there and open to us.

    Raises:
        UnreadableTimelineError: it is not.
    """
    try:
        if path.is_dir():
            next(path.iterdir(), None)
        else:
            with path.open("rb"):
                pass
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnreadableTimelineError(f"there is no file {path}.", hint="Check the name and the folder.") from error
    except OSError as error:
        raise UnreadableTimelineError(
            f"{path} cannot be opened: {error.strerror or error}.", hint="Check the permissions of the file and of its folder."
        ) from error


def _read(path: Path) -> object:
    """Return whatever OTIO object a file holds."""
    try:
        adapter = otio.adapters.from_filepath(str(path))
    except otio.exceptions.NoKnownAdapterForExtensionError as error:
        known = ", ".join(sorted(otio.adapters.suffixes_with_defined_adapters(read=True)))
        raise UnreadableTimelineError(f"{path} has a suffix that no adapter reads.", hint=f"Known suffixes: {known}.") from error
    try:
        with quiet():
            return _edl(adapter, path) if adapter.name == _EDL_ADAPTER else _ask(adapter, path)
    except otio.exceptions.UnsupportedSchemaError as error:
        raise UnreadableTimelineError(
            f"{path} uses a schema that OpenTimelineIO here does not know: {error}.", hint=_NEWER
        ) from error
    except Exception as error:  # adapters fail with whatever their parser happens to raise
        raise UnreadableTimelineError(f"{path} cannot be read as a timeline: {one_line(error)}", hint=_DAMAGED) from error


def _ask(adapter: otio.adapters.Adapter, path: Path, **arguments: object) -> object:
    """Return what an adapter's own function reads."""
    module = adapter.module()
    if hasattr(module, "read_from_file"):
        return module.read_from_file(filepath=str(path), **arguments)
    # Latin-1 takes every byte: old EDLs and XML files are not always UTF-8
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return module.read_from_string(input_str=text, **arguments)


def _edl(adapter: otio.adapters.Adapter, path: Path) -> object:
    """Return the timeline of an EDL at the first rate at which it makes sense; the first complaint if there is none."""
    text = path.read_bytes().decode("latin-1")
    first, *others = _EDL_DROP_RATES if _DROP_FRAME.search(text) else _EDL_RATES
    try:
        return _ask(adapter, path, rate=first)
    except Exception:
        for rate in others:
            # the adapter raises ValueError, its own EDLParseError and others for one and the same cause
            with contextlib.suppress(Exception):
                return _ask(adapter, path, rate=rate)
        raise  # no rate fits: the first complaint is the one to show


def _timelines(collection: schema.SerializableCollection) -> Iterator[schema.Timeline]:
    for child in collection:
        if isinstance(child, schema.Timeline):
            yield child
        elif isinstance(child, schema.SerializableCollection):
            yield from _timelines(child)


_WRAPPERS: tuple[tuple[type, Callable[[Any], schema.Stack]], ...] = (
    (schema.Stack, lambda stack: stack),
    (schema.Track, lambda track: schema.Stack(name="tracks", children=[track])),
    (otio.core.Item, lambda item: schema.Stack(name="tracks", children=[schema.Track(name="V1", children=[item])])),
)


def _wrapped(found: object, path: Path) -> schema.Timeline:
    """Return a timeline that holds what was found.

    Raises:
        UnreadableTimelineError: it is nothing that can lie on a timeline.
    """
    if isinstance(found, schema.Timeline):
        return found
    for kind, stack_of in _WRAPPERS:
        if isinstance(found, kind):
            timeline = schema.Timeline(name=getattr(found, "name", "") or path.stem)
            timeline.tracks = stack_of(found)
            return timeline
    if getattr(found, "is_unknown_schema", False):
        raise UnreadableTimelineError(f"{path} holds an object that OpenTimelineIO here does not know.", hint=_NEWER)
    raise UnreadableTimelineError(f"{path} holds no timeline but {type(found).__name__}.", hint=_DAMAGED)


def one_line(error: Exception) -> str:
    """Return what an adapter complains of as one sentence."""
    words = " ".join(str(error).split()) or type(error).__name__
    return words if words.endswith(".") else f"{words}."


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep what adapters print and warn of to themselves."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
