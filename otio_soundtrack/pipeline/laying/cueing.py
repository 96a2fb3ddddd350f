"""Accepted takes → the cue with its takes in the media folder: heard against the cut, stamped, laid. The same for every maker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from otio_soundtrack.model.cue import Cue
from otio_soundtrack.model.plan import Spot
from otio_soundtrack.pipeline.laying.folder import MediaFolder
from otio_soundtrack.pipeline.laying.stemming import Stemmer
from otio_soundtrack.pipeline.takes.listening import listened
from otio_soundtrack.pipeline.takes.taking import Accepted
from otio_soundtrack.provider import Declaration
from otio_soundtrack.tools.store import TakeStore


def laid_cue(
    spot: Spot,
    accepted: Sequence[Accepted],
    declaration: Declaration,
    store: TakeStore,
    *,
    music: MediaFolder,
    changes: Sequence[int],
    written: list[Path],
    stemmer: Stemmer | None = None,
) -> Cue:
    """Return a cue with its takes laid.

    Args:
        spot: where it lies.
        accepted: its takes, at least one, take 1 first.
        declaration: of who made them.
        store: where stamped takes are kept.
        music: where they are laid.
        changes: frames of the timeline on which the picture changes: the takes are heard against them.
        written: is told the path of every file that was not there before.
        stemmer: lays the stems beside each take; None where they are not wanted.

    Raises:
        StoreError: the folder or the store cannot be written.
    """
    heard = [music.delivery.stamped(listened(one, changes, declaration.name), spot.start, store) for one in accepted]
    plan = accepted[0].brief.plan
    sections = tuple((one.start, one.end, f"{one.mood.value} {one.energy:.2f}") for one in plan.sections)
    return Cue(spot=spot, takes=music.lay(heard, declaration, written, stemmer=stemmer), sections=sections)
