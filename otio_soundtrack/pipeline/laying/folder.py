"""Takes are laid into the media folder; when something fails later, what is new there is taken away again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from otio_soundtrack.model.conform import Remembered
from otio_soundtrack.model.cue import SIDECAR_ONLY, CueTake
from otio_soundtrack.model.tidy import as_text
from otio_soundtrack.pipeline.cut.carrying import Memory
from otio_soundtrack.pipeline.laying.delivering import PLAIN, Delivery
from otio_soundtrack.pipeline.laying.duckfile import Ducker
from otio_soundtrack.pipeline.laying.naming import free_version
from otio_soundtrack.pipeline.laying.stemming import Stemmer
from otio_soundtrack.pipeline.takes.taking import Accepted, cue_take
from otio_soundtrack.provider import Declaration
from otio_soundtrack.timeline.records import sidecar_of
from otio_soundtrack.tools.files import sha256, write_text
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
    memory: Memory | None = None
    """Keeps what a later version of the cut will need; None: nothing is known of the cut."""
    delivery: Delivery = PLAIN
    """How the files are made up."""
    ducker: Ducker | None = None
    """Writes a ducked file beside each take; None where it is not wanted."""
    known_as: str = ""
    """File name that a single take had before; it gets it again where that is free. Empty: the next free name."""

    def lay(
        self, accepted: Sequence[Accepted], declaration: Declaration, written: list[Path], *, stemmer: Stemmer | None = None
    ) -> tuple[CueTake, ...]:
        """Lay the takes of one cue, each with its sidecar.

        Args:
            accepted: takes of one brief, in order; at least one.
            declaration: of the provider that made them.
            written: is told the path of every file that was not there before.
            stemmer: lays the stems beside each take; None where they are not wanted.

        Raises:
            StoreError: the folder cannot be written.
        """
        paths = self._paths(accepted[0].brief.plan.cue_id, [one.stored.sha256 for one in accepted])
        takes = []
        for number, (one, path) in enumerate(zip(accepted, paths, strict=True), start=1):
            made = cue_take(one, number, path, declaration, self.intent)
            if stemmer is not None:
                stems, null = stemmer.lay(one, path, written)
                made = replace(made, record=made.record.model_copy(update={"stems": stems, "stems_null_db": round(null, 1)}))
            if self.ducker is not None:
                lane = self.ducker.lay(one, path, written)
                made = replace(made, record=made.record.model_copy(update={"duck": lane}))
            _lay(one.stored.path, path, self._sidecar(one, made), written)
            takes.append(made)
        return tuple(takes)

    def lay_again(self, stored: Path, cue_id: str, record: Mapping[str, object]) -> Path:
        """Lay a take of an earlier run with the record that it had, and return its path.

        Args:
            stored: its audio, anywhere.
            cue_id: of its cue.
            record: what goes into the sidecar.

        Raises:
            StoreError: the folder cannot be written.
        """
        (path,) = self._paths(cue_id, [sha256(stored)])
        with nothing_left_on_failure() as written:
            _lay(stored, path, record, written)
        return path

    def _sidecar(self, accepted: Accepted, made: CueTake) -> Mapping[str, object]:
        """Return the record of a take, and with it what a later version of the cut will need."""
        record = made.record.metadata()
        if self.memory is None:
            return record
        return with_memory(record, self.memory.keep(accepted.brief.plan, accepted.stored.sha256, accepted.stored.said))

    def _paths(self, cue_id: str, digests: Sequence[str]) -> list[Path]:
        before = self.path / self.known_as
        if self.known_as and len(digests) == 1 and (not before.exists() or (before.is_file() and sha256(before) == digests[0])):
            return [before]
        temp = self.intent == "temp"
        return free_version(self.path, self.show, cue_id, digests, rate=self.rate, temp=temp, taken=self.taken)


def with_memory(record: Mapping[str, object], remembered: Remembered | None) -> Mapping[str, object]:
    """Return a record with what a later version of the cut will need, where that is known: what a sidecar holds."""
    if remembered is None:
        return record
    return {**record, SIDECAR_ONLY: remembered.model_dump(mode="json", exclude_defaults=True)}


def _lay(stored: Path, path: Path, record: Mapping[str, object], written: list[Path]) -> None:
    """Lay audio and sidecar; ``written`` is told what was not there before."""
    sidecar = sidecar_of(path)
    written += [new for new in (path, sidecar) if not new.exists()]
    if not path.exists():
        place(stored, path)
    write_text(sidecar, as_text(record))


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
