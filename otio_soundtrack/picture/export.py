"""The cut exported as a picture file, and measured in the same decode (room picture)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from otio_soundtrack.errors import ExportError, UnreadableMediaError
from otio_soundtrack.model.cut import CutList, PictureFile, Source, SourceKind
from otio_soundtrack.picture.fold import plan_export
from otio_soundtrack.picture.meters import FrameMeter, SoundMeter
from otio_soundtrack.picture.plan import DRAWN
from otio_soundtrack.picture.run import ExportStats, Run
from otio_soundtrack.picture.scratch import Scratch
from otio_soundtrack.picture.size import FileFormat, file_format, majority_aspect, majority_lines, picture_format, reduced
from otio_soundtrack.picture.trim import trimmed
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.settings import DEFAULT_HEIGHT, DEFAULT_MAX_BYTES, LEAST_HEIGHT
from otio_soundtrack.tools.files import sha256, written_whole
from otio_soundtrack.tools.media.encoder import PROXY_CRF
from otio_soundtrack.tools.media.index import PictureIndex, picture_index
from otio_soundtrack.tools.media.writer import counted_frames


def export_cut(
    cuts: CutList,
    path: Path | None,
    *,
    height: int = DEFAULT_HEIGHT,
    max_bytes: int = DEFAULT_MAX_BYTES,
    only: tuple[int, int] | None = None,
    frame_meter: FrameMeter | None = None,
    sound_meter: SoundMeter | None = None,
    progress: Progress = silent,
) -> PictureFile | None:
    """Write the cut as an MP4 file (H.264 and AAC) and let meters measure it in the same decode.

    Args:
        cuts: what to show and to sound.
        path: the file, replaced in one step when the new one is complete; None only measures.
        height: lines of the picture, at least 2; the width follows from the sources.
        max_bytes: largest file; lower bit rates and then a smaller picture keep it (said in ``PictureFile.warnings``).
        only: first frame and the frame after the last; None is all.
        frame_meter: measures every frame.
        sound_meter: hears the mixed production sound.
        progress: is told how far the work is, from this thread.

    Returns:
        the file, measured after it was written; None if ``path`` is None.

    Raises:
        UnreadableMediaError: a source breaks off; the message names the clip.
        ExportError: the file cannot be as small as asked.
        StoreError: the disk is full or not writable.
        ValueError: the range or the height has no meaning.
    """
    return export_counted(
        cuts,
        path,
        height=height,
        max_bytes=max_bytes,
        only=only,
        frame_meter=frame_meter,
        sound_meter=sound_meter,
        progress=progress,
    )[0]


def export_counted(
    cuts: CutList,
    path: Path | None,
    *,
    height: int | None = DEFAULT_HEIGHT,
    max_bytes: int = DEFAULT_MAX_BYTES,
    crf: int = PROXY_CRF,
    only: tuple[int, int] | None = None,
    frame_meter: FrameMeter | None = None,
    sound_meter: SoundMeter | None = None,
    progress: Progress = silent,
) -> tuple[PictureFile | None, ExportStats]:
    """Do what :func:`export_cut` does and tell what it cost as well.

    Without a ``height`` the picture is as large as what is on screen longest; ``crf`` is x264's quality, lower is better.
    """
    if height is not None and height < LEAST_HEIGHT:
        raise ValueError(f"a picture of {height} lines has no meaning")
    part = trimmed(cuts, only)
    indexes = read_indexes(part)
    aspect = majority_aspect(part, indexes)
    height = majority_lines(part, indexes) if height is None else height
    if path is None:
        shape = picture_format(aspect, height, part.exact_rate)
        plan = plan_export(part, indexes, shape.width * shape.height * 3 // 2)
        with Scratch(None) as scratch:
            run = Run(
                part,
                plan,
                shape=shape,
                form=None,
                frame_meter=frame_meter,
                sound_meter=sound_meter,
                scratch=scratch,
                progress=progress,
            )
            run.work()
        return None, run.stats
    form = file_format(part, aspect, height, max_bytes)
    form = replace(form, picture=replace(form.picture, crf=crf))
    with written_whole(path) as file, Scratch(path.parent) as scratch:
        for attempt in range(2):
            plan = plan_export(part, indexes, form.picture.width * form.picture.height * 3 // 2)
            first = attempt == 0
            run = Run(
                part,
                plan,
                shape=form.picture,
                form=form,
                frame_meter=frame_meter if first else None,
                sound_meter=sound_meter if first else None,
                scratch=scratch,
                progress=progress,
            )
            run.work()
            run.write(file)
            size = file.stat().st_size
            if size <= max_bytes:
                break
            form = reduced(form, size, max_bytes)
            scratch.clear()
        else:
            raise ExportError(
                f"the exported cut has {size:,} bytes, more than the allowed {max_bytes:,}.",
                hint="Allow a larger file (--max-bytes), choose a smaller --height, or export a part (--range).",
            )
        _check(file, part)
    return _picture_file(path, part, form, run.stats), run.stats


def read_indexes(cuts: CutList) -> dict[Source, PictureIndex]:
    """Read the index of every source of pictures, each file once.

    Raises:
        UnreadableMediaError: a source is absent or has no picture; the message names the clip.
    """
    indexes: dict[Source, PictureIndex] = {}
    known: dict[Path, PictureIndex] = {}
    for source in dict.fromkeys(layer.source for cut in cuts.cuts for layer in cut.layers):
        if source.kind in DRAWN:
            continue
        file = next((one for one in source.files if one.is_file()), source.path)
        if file is None:
            raise UnreadableMediaError(f"clip {source.name!r} names no media file.")
        try:
            index = known[file] if file in known else picture_index(file)
        except UnreadableMediaError as error:
            raise UnreadableMediaError(f"clip {source.name!r}: {error.message}", hint=error.hint, path=source.path) from error
        known[file] = index
        indexes[source] = index if source.rate is None else replace(index, keys=(), rate=source.rate)
    return indexes


def _check(file: Path, cuts: CutList) -> None:
    """Read the written file back: a disk that lies must not pass for a picture."""
    frames = counted_frames(file)
    if frames != cuts.frames:
        raise ExportError(
            f"the written file holds {frames} frames instead of {cuts.frames}.", hint="Is the disk full or failing?"
        )


def _picture_file(path: Path, cuts: CutList, form: FileFormat, stats: ExportStats) -> PictureFile:
    slated = [layer.source.name for cut in cuts.cuts for layer in cut.layers if layer.source.kind is SourceKind.SLATE]
    return PictureFile(
        path=path,
        rate=cuts.exact_rate,
        frames=cuts.frames,
        width=form.picture.width,
        height=form.picture.height,
        size_bytes=path.stat().st_size,
        sha256=sha256(path),
        slated=tuple(dict.fromkeys(slated)),
        warnings=form.warnings + stats.warnings,
    )
