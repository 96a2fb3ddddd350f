"""The first half of the way: from the timeline to what is asked for it. Neither key nor network is needed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import opentimelineio as otio

from otio_soundtrack.errors import TimelineError
from otio_soundtrack.pipeline.cut.carrying import continued
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.pipeline.cut.earlier import Earlier
from otio_soundtrack.pipeline.cut.musicplan import Planned, planned
from otio_soundtrack.pipeline.laying.delivering import delivery
from otio_soundtrack.pipeline.laying.notating import check_midi
from otio_soundtrack.pipeline.makers.choosing import maker_for
from otio_soundtrack.pipeline.scoring.destination import Destination
from otio_soundtrack.pipeline.takes.requested import Requested
from otio_soundtrack.progress import Progress
from otio_soundtrack.settings import ScoreOptions, home
from otio_soundtrack.timeline.marks import without_ours
from otio_soundtrack.timeline.temp import require_final
from otio_soundtrack.tools.files import require_writable
from otio_soundtrack.tools.store import TakeStore


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A timeline that is ready for its music: a value that another process may be handed."""

    asked: ScoreOptions
    """What is asked of this run, with what was asked for an earlier cut."""
    earlier: Earlier | None
    """The cues of an earlier cut whose music goes on; None: there are none."""
    notes: tuple[str, ...]
    """What the user should know of that, sentences."""
    planned: Planned
    requested: Requested
    digest: str
    """Of the timeline, so that music is never laid on another one."""


def prepared(
    source: Opened, asked: ScoreOptions, target: Destination, *, in_place: bool, progress: Progress, keyless: bool = False
) -> Prepared:
    """Check everything that can be checked before the work, analyse and plan the cut, and say what is to be asked for it.

    Args:
        source: the timeline.
        asked: what the user wants.
        target: where the scored timeline goes.
        in_place: whether that may be the input.
        progress: is told how far the work is.
        keyless: whether another process asks services, so that no key is looked for in this one.

    Raises:
        SoundtrackError: as for :func:`otio_soundtrack.pipeline.scoring.whole_way.score`.
    """
    going_on = continued(source, asked, TakeStore(home()))
    asked = going_on.asked
    maker = maker_for(asked, progress, conforms=going_on.earlier is not None, keyless=keyless)
    require_writable(target.media_dir(source, asked, in_place=in_place))
    maker.store.require_writable()
    maker.check()
    if asked.midi is not None:
        check_midi(asked.midi, asked.provider, source, target.output)
    target.check_format(source)
    if asked.intent == "final":
        require_final(without_ours(source.timeline))
    made_up = delivery(asked, source.cut)
    ready = planned(source, asked, progress, going_on.earlier)
    return Prepared(
        asked=asked,
        earlier=going_on.earlier,
        notes=going_on.notes,
        planned=ready,
        requested=maker.requested(ready.cues, source, made_up),
        digest=_digest(source.timeline),
    )


def require_same(source: Opened, ready: Prepared) -> None:
    """Check that a timeline is the one that was prepared.

    Raises:
        TimelineError: somebody changed it meanwhile.
    """
    if _digest(source.timeline) != ready.digest:
        raise TimelineError(
            f"{source.path or source.timeline.name} was changed while its music was made.",
            hint="Score it again: what was delivered is in the store, and nothing is paid twice for the same cut.",
        )


def _digest(timeline: otio.schema.Timeline) -> str:
    return hashlib.sha256(timeline.to_json_string().encode()).hexdigest()
