"""What a worker of a batch does: both halves of the way, without a key, without a network, without the ledger.

A task may be done twice, or broken off and done again: what it reads and writes is named by its content, and written whole.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from otio_soundtrack.errors import SoundtrackError
from otio_soundtrack.pipeline.batch.parcel import packed, unpacked
from otio_soundtrack.pipeline.cut.cutting import opened
from otio_soundtrack.pipeline.scoring.destination import Destination
from otio_soundtrack.pipeline.scoring.finishing import Account, finished
from otio_soundtrack.pipeline.scoring.preparing import Prepared, prepared
from otio_soundtrack.pipeline.takes.requested import Delivered
from otio_soundtrack.progress import silent
from otio_soundtrack.settings import score_options
from otio_soundtrack.tools.crew import serve


@dataclass(frozen=True, kw_only=True)
class Errand:
    """One timeline of a batch."""

    timeline: Path
    output: Path
    options: Mapping[str, Any]
    """Of ``score``, by flat names."""
    home: Path
    """Folder of the store, which every worker sees by this path."""


@dataclass(frozen=True, kw_only=True)
class Prepare:
    """The task of the first half."""

    errand: Errand

    def __call__(self) -> Prepared:
        """Do it."""
        asked = score_options(**self.errand.options)
        target = Destination(output=self.errand.output)
        target.check_place()
        with opened(self.errand.timeline, media_root=asked.media_root, missing=asked.missing) as source:
            return prepared(source, asked, target, in_place=False, progress=silent, keyless=True)


@dataclass(frozen=True, kw_only=True)
class Finish:
    """The task of the second half."""

    errand: Errand
    prepared: Prepared
    delivered: Delivered

    def __call__(self) -> Account:
        """Do it."""
        asked, target = self.prepared.asked, Destination(output=self.errand.output)
        with opened(self.errand.timeline, media_root=asked.media_root, missing=asked.missing) as source:
            return finished(source, self.prepared, self.delivered, target, in_place=False, progress=silent).account()


@dataclass(frozen=True)
class Failed:
    """A task that ended in an error."""

    error: Exception


def do(parcel: bytes) -> bytes:
    """Do a task and return its result, or how it failed."""
    task: Prepare | Finish = unpacked(parcel)
    os.environ["OTIO_SOUNDTRACK_HOME"] = str(task.errand.home)
    os.environ["OTIO_SOUNDTRACK_OFFLINE"] = "1"
    try:
        return packed(task())
    except SoundtrackError as error:
        return packed(Failed(error))
    except Exception as error:  # noqa: BLE001  # a bug: the others' timelines go on, and this one's is told
        if os.environ.get("OTIO_SOUNDTRACK_DEBUG") == "1":
            traceback.print_exc()
        return packed(Failed(RuntimeError(f"{type(error).__name__}: {error}")))


def main() -> None:
    """Be a worker."""
    serve(do)
