"""Takes are laid into the media folder; when something fails later, what is new there is taken away again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from otio_soundtrack.model.cue import CueTake
from otio_soundtrack.pipeline.naming import free_version
from otio_soundtrack.pipeline.taking import Accepted, cue_take
from otio_soundtrack.provider import Declaration
from otio_soundtrack.tools.files import write_text
from otio_soundtrack.tools.store import place


@dataclass(frozen=True, kw_only=True)
class MediaFolder:
    """Where the music of a timeline lies."""

    path: Path
    show: str
    """Name that the music files begin with."""
    rate: float
    """Picture rate, frames per second."""
    intent: Literal["temp", "final"]
    taken: Collection[str]
    """Base names that other media of the timeline use."""

    def lay(self, accepted: Sequence[Accepted], declaration: Declaration, written: list[Path]) -> tuple[CueTake, ...]:
        """Lay the takes of one cue, each with its sidecar.

        Args:
            accepted: takes of one brief, in order; at least one.
            declaration: of the provider that made them.
            written: is told the path of every file that was not there before.

        Raises:
            StoreError: the folder cannot be written.
        """
        paths = free_version(
            self.path,
            self.show,
            accepted[0].brief.plan.cue_id,
            [one.stored.sha256 for one in accepted],
            rate=self.rate,
            temp=self.intent == "temp",
            taken=self.taken,
        )
        takes = []
        for number, (one, path) in enumerate(zip(accepted, paths, strict=True), start=1):
            sidecar = path.with_name(f"{path.name}.soundtrack.json")
            written += [new for new in (path, sidecar) if not new.exists()]
            if not path.exists():
                place(one.stored.path, path)
            made = cue_take(one, number, path, declaration, self.intent)
            write_text(sidecar, json.dumps(made.record.metadata(), indent=1, ensure_ascii=False) + "\n")
            takes.append(made)
        return tuple(takes)


@contextmanager
def nothing_left_on_failure() -> Iterator[list[Path]]:
    """Give a list for new files; when the step fails or is interrupted, they are removed again."""
    written: list[Path] = []
    try:
        yield written
    except BaseException:
        for path in filter(Path.is_file, written):
            path.unlink()
        for folder in {path.parent for path in written}:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()
        raise
