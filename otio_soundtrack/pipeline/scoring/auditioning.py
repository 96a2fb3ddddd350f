"""A timeline on the screen: its cut as a picture file, its takes, tracks that were found for it, and what becomes of a pick."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from otio_soundtrack.audio.outline import outline
from otio_soundtrack.errors import MissingMediaError, SettingsError, TimelineError
from otio_soundtrack.library.declaration import DECLARATION
from otio_soundtrack.model.cut import CutList, PictureFile
from otio_soundtrack.picture.export import export_counted
from otio_soundtrack.picture.run import ExportStats
from otio_soundtrack.pipeline.cut.cutting import Opened, opened, with_broken_slated
from otio_soundtrack.pipeline.makers.choosing import maker_for
from otio_soundtrack.pipeline.makers.matching import Matched, matches
from otio_soundtrack.pipeline.scoring.whole_way import score
from otio_soundtrack.pipeline.services.errands import Found, search
from otio_soundtrack.pipeline.services.previewing import preview
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.provider.ask import Candidate
from otio_soundtrack.settings import DEFAULT_HEIGHT, DEFAULT_MAX_BYTES, score_options
from otio_soundtrack.timeline.formats import KEEPS_ALL, suffix_of
from otio_soundtrack.timeline.save import require_place, save_timeline
from otio_soundtrack.timeline.takes import LaidCue, laid_cues, with_active

LIBRARY = DECLARATION.name
TRACKS = 9
"""Tracks that are looked for: as many as there are number keys."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """A stretch of picture between two edits."""

    start: Fraction
    """Record seconds."""
    name: str


@dataclass
class Audition:
    """A timeline that somebody listens to.

    Use it as a context: media inside a bundle can be read until its end.
    """

    path: Path
    """The timeline as it was given."""
    output: Path
    """Where picks are written; may be ``path``."""
    options: dict[str, object] = field(default_factory=dict)
    """Options of ``score``; with ``provider`` tracks are searched as well."""
    _doors: ExitStack = field(default_factory=ExitStack, repr=False)
    _source: Opened | None = field(default=None, repr=False)

    def __enter__(self) -> Audition:
        """Open the timeline.

        Raises:
            SettingsError: the output cannot hold several takes of a clip; no such provider.
            KeyMissingError: the provider needs a key.
            TimelineError: unreadable, or nothing to listen to.
            StoreError: the place of the output is closed to us.
        """
        if suffix_of(self.output) not in KEEPS_ALL:
            raise SettingsError(
                f"{self.output.name} cannot hold several takes of a cue.", hint="Write picks into an .otio file: -o picked.otio"
            )
        require_place(self.output)
        if "provider" in self.options:
            maker_for(score_options(**self.options), silent).check()
        self._open(self.path)
        if not self.cues and "provider" not in self.options:
            self.__exit__()
            raise TimelineError(
                f"{self.path} holds no music of ours.",
                hint="Score it first (`otio-soundtrack score --takes 3`), or look for tracks: --provider library.",
            )
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of what was unpacked."""
        self._doors.close()

    @property
    def source(self) -> Opened:
        """Return the timeline as it is now."""
        if self._source is None:
            raise ValueError("the audition is not open")
        return self._source

    @property
    def cut(self) -> CutList:
        """Return its cut list."""
        return self.source.cut

    @property
    def cues(self) -> tuple[LaidCue, ...]:
        """Return the cues with their takes, as they are now."""
        return laid_cues(self.source.timeline, self.cut, self.source.root)

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Return the shots of the cut."""
        heads = [one for one in self.cut.cuts if one.start == 0 or one.changes_picture]
        return tuple(Shot(start=one.start / self.cut.exact_rate, name=one.name) for one in heads)

    def picture(self, path: Path, progress: Progress = silent) -> PictureFile:
        """Write the cut with its production sound, our music left out.

        Raises:
            PictureError, StoreError: it could not be exported.
        """

        def export(cut: CutList) -> tuple[PictureFile | None, ExportStats]:
            return export_counted(cut, path, height=DEFAULT_HEIGHT, max_bytes=DEFAULT_MAX_BYTES * 10, progress=progress)

        _, made = with_broken_slated(self.source, export)
        if made is None:
            raise AssertionError("an export to a path gives a file")
        return made

    def tracks(self, progress: Progress = silent) -> tuple[Found | Matched, ...]:
        """Return ranked tracks for each cue of the cut; empty where no provider was named.

        Raises:
            SettingsError, ProviderError: the provider cannot search, or did not deliver.
        """
        if "provider" not in self.options:
            return ()
        find = matches if self.options["provider"] == LIBRARY else search
        return find(self.path, TRACKS, progress=progress, **self.options)

    def sound(self, cue: int, take: int) -> Path:
        """Return the music of a take.

        Raises:
            IndexError: no such take.
            MissingMediaError: its file is not on this machine.
        """
        one = self.cues[cue].takes[take]
        if one.path is None:
            raise MissingMediaError(f"the music {one.name} is not there.", hint="Relink: otioconvert -m soundtrack_linker.")
        return one.path

    def outline(self, cue: int, take: int, points: int) -> tuple[float, ...]:
        """Return the waveform of a take, the largest sample of each of ``points`` stretches; raises as :meth:`sound`."""
        return outline(self.sound(cue, take), points)

    def preview(self, track: Candidate, folder: Path) -> Path:
        """Return a file that lets a found track be heard; see :func:`.previewing.preview`."""
        return preview(str(self.options["provider"]), track, folder)

    def choose(self, cue: int, take: int) -> tuple[str, ...]:
        """Let another take of a cue play, in the written timeline.

        Args:
            cue: index in :attr:`cues`.
            take: index among its takes.

        Returns:
            warnings of the written format.

        Raises:
            IndexError: no such cue or take.
            StoreError, TimelineError: the timeline could not be written; it is as it was.
        """
        chosen = self.cues[cue]
        changed = with_active(self.source.timeline, chosen.place, chosen.takes[take].key)
        warnings = save_timeline(changed, self.output, media_root=self.source.root)
        self._open(self.output)
        return warnings

    def take_up(self, rank: int, progress: Progress = silent) -> tuple[str, ...]:
        """Have a track that was found fitted to the cut, and write it.

        Args:
            rank: of the track, from 1.
            progress: is told how far the work is.

        Returns:
            warnings of the run.

        Raises:
            SoundtrackError: as for ``score``; the timeline is as it was.
        """
        asked: dict[str, Any] = {**self.options, "pick": rank}
        made = score(self.path, self.output, in_place=self.path == self.output, progress=progress, **asked)
        self._open(self.output)
        return made.warnings

    def _open(self, path: Path) -> None:
        doors = ExitStack()
        root, missing = self.options.get("media_root"), self.options.get("missing", "slate")
        source = doors.enter_context(
            opened(path, media_root=None if root is None else Path(str(root)), missing="fail" if missing == "fail" else "slate")
        )
        self._doors.close()
        self._doors, self._source = doors, source
