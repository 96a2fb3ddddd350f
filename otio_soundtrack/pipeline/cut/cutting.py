"""Timeline → cut list → picture file and features."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeAlias, TypeVar

import opentimelineio as otio

from otio_soundtrack.analysis.features import features
from otio_soundtrack.analysis.frames import FrameTable
from otio_soundtrack.analysis.sound import SoundMeter
from otio_soundtrack.errors import SettingsError, UnreadableMediaError
from otio_soundtrack.model.cut import CutList, MediaFacts, PictureFile
from otio_soundtrack.model.features import Features
from otio_soundtrack.picture.export import export_counted
from otio_soundtrack.picture.run import ExportStats
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.report.cut_plot import plot_features
from otio_soundtrack.settings import Missing, export_options
from otio_soundtrack.timeline.cut_list import cut_list
from otio_soundtrack.timeline.read import read_timeline
from otio_soundtrack.timeline.recognise import recognised
from otio_soundtrack.times import parse_range
from otio_soundtrack.tools.bundle import unpacked_media
from otio_soundtrack.tools.media.probe import probe

TimelineOrPath: TypeAlias = otio.schema.Timeline | Path | str
Done = TypeVar("Done")

_ZIP_BUNDLE = ".otioz"
"""Suffix of bundles whose media must be unpacked."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A timeline and its cut."""

    timeline: otio.schema.Timeline
    """The object of the caller, or as read from the file, never changed; where our track has lost its mark, a copy with it."""
    path: Path | None
    """The file that it came from, None for an object."""
    root: Path
    """Where relative media are looked for."""
    missing: Missing
    """What becomes of clips whose media cannot be read."""
    cut: CutList
    kept: tuple[str, ...]
    """Warnings about music of ours that lies on tracks of somebody else."""

    @property
    def media_in(self) -> Path:
        """Return where a person finds the relative media: the bundle where they are in one."""
        return self.path if self.path is not None and self.path.suffix.lower() == _ZIP_BUNDLE else self.root


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """The cut and what was seen and heard in it."""

    cut: CutList
    features: Features


class Warned(Protocol):
    """What work that decodes tells of itself."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was damaged and passed over, a sentence a clip."""


@contextmanager
def opened(timeline: TimelineOrPath, *, media_root: Path | str | None = None, missing: Missing = "slate") -> Iterator[Opened]:
    """Give a timeline with its cut list; media inside a bundle can be decoded until the end of the context.

    Args:
        timeline: an OTIO timeline, or the path of any file that OTIO reads.
        media_root: where relative media are looked for; None: the file's folder, or the current folder for an object.
        missing: what becomes of clips whose media cannot be read.

    Raises:
        TimelineError: the timeline is unreadable or holds no picture.
        PictureError: media are missing and ``missing`` is ``fail``.
        TypeError: ``timeline`` is neither a timeline nor a path.
    """
    if not isinstance(timeline, (str, Path, otio.schema.Timeline)):
        raise TypeError(f"a timeline is an opentimelineio Timeline or the path of one, not {type(timeline).__name__}")
    path = Path(timeline) if isinstance(timeline, (str, Path)) else None
    loaded = read_timeline(path) if path is not None else timeline
    with media_root_of(path, media_root) as root:
        known, kept = recognised(loaded, root)
        cut = cut_list(known, media_root=root, missing=missing)
        told = replace(cut, warnings=cut.warnings + kept)
        yield Opened(timeline=known, path=path, root=root, missing=missing, cut=told, kept=kept)


@contextmanager
def media_root_of(path: Path | None, given: Path | str | None = None) -> Iterator[Path]:
    """Give where relative media of a timeline lie: where somebody said, else beside it or in it, else the current folder."""
    if given is not None:
        yield Path(given)
    elif path is None:
        yield Path.cwd()
    elif path.suffix.lower() == _ZIP_BUNDLE:
        with unpacked_media(path) as folder:
            yield folder
    else:
        # a bundle that is a folder (.otiod) holds its media itself
        yield path.absolute() if path.is_dir() else path.absolute().parent


def refuse_own(source: Opened, output: Path) -> None:
    """Check that an output is neither the timeline nor any of its media, by whatever name or link.

    Raises:
        SettingsError: it is; nothing was written.
    """
    target = output.resolve()
    if source.path is not None and target == source.path.resolve():
        raise SettingsError(f"{output} is the input timeline.", hint="Give another name for the output.")
    cut = source.cut
    used = {element.source for element in cut.audio} | {layer.source for one in cut.cuts for layer in one.layers}
    if any(target == path.resolve() for one in used for path in (one.path, *one.files) if path is not None):
        raise SettingsError(f"{output} is media of the timeline.", hint="Give another name for the output.")


def with_broken_slated(source: Opened, work: Callable[[CutList], tuple[Done, Warned]]) -> tuple[CutList, Done]:
    """Do work that decodes; a file that breaks off in it becomes a slate, and the work begins again, unless that is to fail.

    Args:
        source: the timeline.
        work: decodes a cut; raises UnreadableMediaError with the path of a file at fault.

    Returns:
        the cut that could be decoded, with warnings of what could not, and what the work gave.

    Raises:
        UnreadableMediaError: under ``missing="fail"``, or where a slate does not help.
    """
    broken: dict[Path, UnreadableMediaError] = {}
    cut = source.cut

    def sound_probe(path: Path) -> MediaFacts:
        if path in broken:
            raise broken[path]
        return probe(path)

    while True:
        try:
            done, stats = work(cut)
        except UnreadableMediaError as error:
            if source.missing == "fail" or error.path is None or error.path in broken:
                raise
            broken[error.path] = error
            cut = cut_list(source.timeline, media_root=source.root, missing=source.missing, probe=sound_probe)
            cut = replace(cut, warnings=cut.warnings + source.kept)
            continue
        return replace(cut, warnings=cut.warnings + stats.warnings), done


def watched(source: Opened, progress: Progress = silent) -> Analysis:
    """Return what is seen and heard in a cut: one decode of its media, nothing encoded."""

    def watch(cut: CutList) -> tuple[Features, ExportStats]:
        frames, sound = FrameTable(), SoundMeter()
        _, stats = export_counted(cut, None, frame_meter=frames, sound_meter=sound, progress=progress)
        return features(cut, frames, sound), stats

    cut, seen = with_broken_slated(source, watch)
    return Analysis(cut=cut, features=seen)


def analyze(
    timeline: TimelineOrPath,
    *,
    media_root: Path | str | None = None,
    missing: Missing = "slate",
    plot: Path | str | None = None,
    progress: Progress = silent,
) -> Analysis:
    """Return cuts, pace, motion, light, colour, speech and loudness of a cut.

    Args:
        timeline: an OTIO timeline or the path of one.
        media_root: where relative media are looked for.
        missing: ``slate`` or ``fail``.
        plot: PNG to draw them into, None draws nothing.
        progress: is told how far the analysis is.

    Raises:
        TimelineError, PictureError, StoreError: as for :func:`score`.
    """
    with opened(timeline, media_root=media_root, missing=missing) as source:
        if plot is not None:
            refuse_own(source, Path(plot))
        analysis = watched(source, progress)
    if plot is not None:
        plot_features(analysis.features, analysis.cut, Path(plot))
    return analysis


def export_cut(
    timeline: TimelineOrPath,
    output: Path | str,
    *,
    progress: Progress = silent,
    **options: object,
) -> PictureFile:
    """Write the cut as H.264 and AAC.

    Args:
        timeline: an OTIO timeline or the path of one.
        output: the file to write, ``.mp4`` or ``.mov``.
        progress: is told how far the export is.
        options: the flags of ``otio-soundtrack export`` with underscores (:class:`otio_soundtrack.settings.ExportOptions`).

    Raises:
        TimelineError, PictureError, StoreError: nothing was written.
        SettingsError: an option that cannot be obeyed.
        TypeError: ``timeline`` is neither a timeline nor a path.
    """
    asked = export_options(**options)
    output = Path(output)
    if output.suffix.lower() not in {".mp4", ".mov"}:
        raise SettingsError(f"the cut cannot be written as {output.name}.", hint="Use a name that ends in .mp4 or .mov.")
    with opened(timeline, media_root=asked.media_root, missing=asked.missing) as source:
        refuse_own(source, output)
        only = (
            None if asked.range is None else parse_range(asked.range, source.cut.rate, source.cut.start_time, source.cut.frames)
        )

        def export(cut: CutList) -> tuple[PictureFile | None, ExportStats]:
            return export_counted(cut, output, height=asked.height, max_bytes=asked.max_bytes, only=only, progress=progress)

        cut, done = with_broken_slated(source, export)
    if done is None:
        raise AssertionError("an export to a path gives a file")
    return replace(done, warnings=tuple(dict.fromkeys(cut.warnings + done.warnings)))
