"""Timeline → music cue sheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import opentimelineio as otio
from pydantic import ValidationError

from otio_soundtrack.cuesheet.page import page
from otio_soundtrack.cuesheet.rows import Use, sheet_cues
from otio_soundtrack.cuesheet.table import csv_text
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.cue_sheet import CueSheet, Production, Usage, usage_of
from otio_soundtrack.model.cut import CutMarker
from otio_soundtrack.pipeline.cut.cutting import TimelineOrPath, media_root_of
from otio_soundtrack.settings import first_fault
from otio_soundtrack.spotting.grammar import Word, statements
from otio_soundtrack.timeline.marks import NAMESPACE, plain
from otio_soundtrack.timeline.music import LaidMusic, laid_music
from otio_soundtrack.timeline.read import read_timeline
from otio_soundtrack.times import exact_rate, frames_at
from otio_soundtrack.tools.files import require_writable, write_text

PRODUCTION = "production"
"""Key of the header in ``timeline.metadata["otio_soundtrack"]``."""
_WRITERS: Mapping[str, Callable[[CueSheet], str]] = {".csv": csv_text, ".cues": csv_text, ".html": page, ".htm": page}
_MUSIC_TRACK = re.compile(r"\b(MX|MUS|MUSIC|SCORE|BGM|M&E)\d*\b", re.IGNORECASE)
"""Names that the trade gives to tracks of music."""


def cue_sheet(
    timeline: TimelineOrPath,
    output: Path | str | Sequence[Path | str] = (),
    *,
    media_root: Path | str | None = None,
    **header: object,
) -> CueSheet:
    """Return the music cue sheet of a timeline, and write it where asked.

    Listed is the music that our records describe, in the timeline or beside the audio, and what is tagged with
    ``metadata["otio_soundtrack"]["cue_sheet"]`` (:class:`otio_soundtrack.model.cue_sheet.OnFile`). Nothing else is guessed to be
    music, and what is not on file stays empty.

    Args:
        timeline: an OTIO timeline, which stays untouched, or the path of any file that OTIO reads. Media need not be there.
        output: files to write, ``.csv`` (or ``.cues``) and ``.html``; none writes nothing.
        media_root: where relative media, and so their sidecars, are looked for.
        header: fields of :class:`otio_soundtrack.model.cue_sheet.Production`; they come over those of
            ``timeline.metadata["otio_soundtrack"]["production"]``. Without ``prepared_date`` it is today.

    Raises:
        SettingsError: an unknown header field, a suffix that is none of these, or words on a clip that cannot be used.
        TimelineError: the timeline is unreadable or has no length.
        StoreError: a file cannot be written.
    """
    outputs = [Path(one) for one in ((output,) if isinstance(output, (str, Path)) else output)]
    path = Path(timeline) if isinstance(timeline, (str, Path)) else None
    _check_outputs(outputs, path)
    loaded = read_timeline(path) if path is not None else timeline
    if not isinstance(loaded, otio.schema.Timeline):
        raise TypeError(f"a timeline is an opentimelineio Timeline or the path of one, not {type(timeline).__name__}")
    production = _production(loaded, header)
    with media_root_of(path, media_root) as root:
        music = laid_music(loaded, media_root=root)
    sheet = _sheet(loaded.name, production, music)
    for file in outputs:
        write_text(file, _WRITERS[file.suffix.lower()](sheet))
    return sheet


def _check_outputs(outputs: Sequence[Path], timeline: Path | None) -> None:
    """Refuse what could not be written, or would replace the timeline, before anything is written."""
    for file in outputs:
        if file.suffix.lower() not in _WRITERS:
            raise SettingsError(
                f"a cue sheet cannot be written as {file.name}.",
                hint="Use a name that ends in .csv or .html (both may be given).",
            )
        if timeline is not None and file.resolve() == timeline.resolve():
            raise SettingsError(f"{file} is the input timeline.", hint="Give another name for the cue sheet.")
        require_writable(file.absolute().parent)


def _production(timeline: otio.schema.Timeline, header: Mapping[str, object]) -> Production:
    """Return the header: what the timeline carries, and over it what was given now.

    Raises:
        SettingsError: an unknown field, or a value that is none.
    """
    carried = plain(timeline.metadata[NAMESPACE]) if NAMESPACE in timeline.metadata else {}
    known = carried.get(PRODUCTION) if isinstance(carried, Mapping) else None
    given = {name: value for name, value in header.items() if value is not None}
    today = datetime.now().astimezone().date().isoformat()
    try:
        return Production.model_validate({"prepared_date": today, **(known if isinstance(known, Mapping) else {}), **given})
    except ValidationError as error:
        raise SettingsError(
            f"the header of the cue sheet: {first_fault(error)}.", hint=f"Fields: {', '.join(Production.model_fields)}."
        ) from error


def _sheet(name: str, production: Production, music: LaidMusic) -> CueSheet:
    rate = exact_rate(music.rate)
    uses = [
        Use(
            first=frames_at(piece.start, rate),
            end=frames_at(piece.end, rate),
            name=piece.clip,
            file=piece.file,
            media=piece.media,
            said=piece.said,
        )
        for piece in music.pieces
    ]
    unread: list[str] = []
    cues, warnings = sheet_cues(uses, list(_usages(music.markers, unread)))
    return CueSheet(
        timeline=name,
        production=production,
        rate=music.rate,
        start_time=music.start_time,
        frames=music.frames,
        cues=cues,
        warnings=(*warnings, *unread, *_unlisted(music), *(() if cues else ("The timeline holds no music that is on file.",))),
    )


def _usages(markers: Sequence[CutMarker], unread: list[str]) -> Iterator[tuple[int, int, Usage]]:
    """Yield what markers say of the usage, and note codes that are none."""
    for marker in markers:
        for said in statements(marker):
            if said.word is not Word.USAGE:
                continue
            usage = usage_of(said.text)
            if usage is not None:
                yield marker.start, marker.start + marker.frames, usage
            else:
                codes = ", ".join(one.value for one in Usage)
                unread.append(f"marker {marker.name!r} names no usage that cue sheets know ({codes}).")


def _unlisted(music: LaidMusic) -> list[str]:
    """Return a word about tracks that are named as music is, and hold clips of which nothing is on file."""
    return [
        f"track {name} holds {clips} clip{'s' if clips > 1 else ''} without a record: not listed. If it is music, say so under "
        'metadata["otio_soundtrack"]["cue_sheet"].'
        for name, clips in music.unlisted
        if _MUSIC_TRACK.search(name)
    ]
