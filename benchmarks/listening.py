"""A plan as a written, mastered file, and what is heard in it: the way that the listening benches share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from otio_soundtrack.audio.listen import listen
from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.cue import TakeFacts
from otio_soundtrack.model.heard import Heard
from otio_soundtrack.model.plan import Brief, Plan
from otio_soundtrack.pipeline.takes.listening import heard_take
from otio_soundtrack.progress import silent
from otio_soundtrack.settings import CEILING_DBTP, DEFAULT_LUFS
from otio_soundtrack.tools.waveform import write_wav


@dataclass(frozen=True, kw_only=True)
class Played:
    """A plan that was played, written and heard."""

    plan: Plan
    facts: TakeFacts
    heard: Heard


def played(plan: Plan, changes: Sequence[int], path: Path) -> Played:
    """Play a plan into a file at the usual loudness, and listen to the file.

    Args:
        plan: what to play.
        changes: frames of the timeline on which the picture changes.
        path: WAV file to write.
    """
    rendering = LOCAL.render(Brief(seconds=plan.frames / plan.rate, plan=plan, seed=plan.seed), silent)
    write_wav(path, Levelled(rendering.mix, master(rendering.mix, lufs=DEFAULT_LUFS, ceiling_dbtp=CEILING_DBTP))[:])
    facts = listen(path)
    heard = heard_take(path, facts, plan, changes=changes, beats=rendering.beats, provider=LOCAL.declaration.name)
    return Played(plan=plan, facts=facts, heard=heard)
