"""Where the scored timeline goes, and what is checked of that before anybody works for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.settings import ScoreOptions
from otio_soundtrack.timeline.save import rehearse, require_place, writes_timelines


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """A timeline file that somebody else writes with our result: OTIO itself, after our hook."""

    path: Path
    arguments: Mapping[str, object]
    """With which its adapter will be called."""


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where the scored timeline goes."""

    output: Path | None
    """The file that we write, None where we write none."""
    beside: Path | Elsewhere | None = None
    """The timeline file that somebody else writes, or its folder."""

    @property
    def place(self) -> Path | None:
        """The file or folder that relative URLs count from, None where nobody said."""
        return self.output or (self.beside.path if isinstance(self.beside, Elsewhere) else self.beside)

    @property
    def written_as(self) -> Path | None:
        """The timeline file, whoever writes it; None where only its folder is known."""
        return None if self.place is None or self.place.is_dir() else self.place

    def check_place(self) -> None:
        """Check that a timeline can be written there at all.

        Raises:
            SettingsError: a folder, or a suffix that nobody writes.
            StoreError: the place is closed to us.
        """
        if self.output is None:
            return
        if self.output.is_dir() and self.output.suffix.lower() != ".otiod":
            raise SettingsError(f"{self.output} is a folder.", hint="Give the name of a timeline file, for example scored.otio.")
        require_place(self.output)

    def check_format(self, source: Opened) -> None:
        """Check that the format can hold this timeline.

        Raises:
            TimelineError: its adapter refuses.
        """
        if self.written_as is not None and writes_timelines(self.written_as):
            others = self.beside.arguments if self.output is None and isinstance(self.beside, Elsewhere) else None
            rehearse(source.timeline, self.written_as, source.cut, others)

    def media_dir(self, source: Opened, asked: ScoreOptions, *, in_place: bool) -> Path:
        """Return the folder for the audio.

        Raises:
            SettingsError: the output is the input, or nothing says where the audio goes.
        """
        same = self.output is not None and source.path is not None and self.output.resolve() == source.path.resolve()
        if same and not in_place:
            raise SettingsError(
                f"{self.output} is the input timeline.",
                hint="Give another output with -o, or add --in-place to replace the input.",
            )
        if asked.media_dir is not None:
            return asked.media_dir.absolute()
        if self.output is None:
            raise SettingsError("nothing says where the music should be written.", hint="Give media_dir or an output timeline.")
        return self.output.absolute().with_name(f"{self.output.stem}.media")
