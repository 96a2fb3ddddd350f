"""From plan to score: the parts write, the hits are met, holes are closed, the tutti is balanced."""

from __future__ import annotations

from otio_soundtrack.composer.accents import accented, met_hits, swells
from otio_soundtrack.composer.balance import balanced
from otio_soundtrack.composer.ending import fade_seconds, final_chord, opening_chord
from otio_soundtrack.composer.form import Form, form
from otio_soundtrack.composer.gaps import filled
from otio_soundtrack.composer.grid import grid
from otio_soundtrack.composer.parts.bass import bass
from otio_soundtrack.composer.parts.bells import bells
from otio_soundtrack.composer.parts.pad import pad
from otio_soundtrack.composer.parts.percussion import percussion
from otio_soundtrack.composer.parts.pluck import pluck
from otio_soundtrack.composer.parts.tune import tune
from otio_soundtrack.composer.score import Note, Score
from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.plan import Plan

PARTS = (pad, bass, pluck, percussion, bells, tune)
"""Who writes, in the order in which a score lists them."""


_SAME_S = 0.02
"""Seconds: two strokes of one key nearer than this are one; players' unevenness is at most 9 ms to each side."""


def arranged(plan: Plan) -> Score:
    """Return the score of a plan.

    Raises:
        SettingsError: a key cannot be read, or a section lists nobody to play.
    """
    for number, section in enumerate(plan.sections, start=1):
        if not section.instruments:
            raise SettingsError(
                f"section {number} of cue {plan.cue_id} lists no instruments, so that nothing would sound.",
                hint="Give it at least one, or end the cue before it.",
            )
    shape = form(plan, grid(plan))
    notes = filled(shape, accented(shape, [*_written(shape), *swells(shape)]))
    notes.extend(final_chord(shape))
    played = balanced(_once(notes), met_hits(shape))
    return Score(
        notes=tuple(sorted(played, key=lambda note: (note.start, note.stem.value, note.voice, note.pitch))),
        beats=shape.grid.beats_inside,
        final=max(0.0, shape.grid.time(shape.grid.final)),
        fade=fade_seconds(shape),
    )


def _written(shape: Form) -> list[Note]:
    """Return what the parts write before the final chord; a cue of one chord has nothing before it."""
    if len(shape.moments) == 1:
        return []
    return [*opening_chord(shape), *(note for part in PARTS for note in part(shape))]


def _once(notes: list[Note]) -> list[Note]:
    """Return the notes without those that the same voice strikes at the same moment anyway: the louder one stays."""
    kept: dict[tuple[str, int], list[Note]] = {}
    for note in sorted(notes, key=lambda note: note.start):
        line = kept.setdefault((note.voice, note.pitch), [])
        if not line or note.start - line[-1].start >= _SAME_S:
            line.append(note)
        elif note.velocity > line[-1].velocity:
            line[-1] = note
    return [note for line in kept.values() for note in line]
