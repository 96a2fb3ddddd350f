"""The embedded engine ``local``: from a brief to stems, in this process, without key or network."""

from __future__ import annotations

from otio_soundtrack.composer.arrange import arranged
from otio_soundtrack.composer.mix import mixed
from otio_soundtrack.model.plan import Brief, Plan
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider import Declaration, Rendering
from otio_soundtrack.times import exact_rate, frame_samples


class LocalEngine:
    """Composes and plays a plan. Stateless, except for a cache of sounds."""

    declaration = Declaration(
        name="local",
        title="Embedded composer",
        model="otio-soundtrack composer 1",
        capabilities=frozenset({"generate", "stems", "wav", "plan"}),
        ai="full",
        licence="Made by otio-soundtrack on this machine, from no recording and no training data: yours to use for any purpose.",
    )

    def render(self, brief: Brief, progress: Progress, /, *, stems: bool = False) -> Rendering:
        """Return the music of a brief's plan.

        Args:
            brief: its plan is obeyed, the plan's seed included; the words are what the plan was made from.
            progress: told what is being done.
            stems: whether the stems are wanted apart; they cost a hall each.

        Returns:
            Sound of exactly the cue's length at 48 kHz.

        Raises:
            SettingsError: the plan names a key that is none, or a section in which nobody plays.
            StoreError: a long cue found no room in the temporary folder.
        """
        plan = brief.plan
        progress("composing", 0.0)
        score = arranged(plan)
        progress("composing", 1.0)
        length = frame_samples(plan.frames, exact_rate(plan.rate))
        main = _main_section(plan)
        sound = mixed(score, length, progress, stems=stems)
        return Rendering(
            mix=sound.mix,
            stems=sound.stems,
            tempo_bpm=plan.sections[main].tempo_bpm,
            key=plan.sections[main].key,
            beats=score.beats,
        )


def _main_section(plan: Plan) -> int:
    """Return the index of the longest section; the first of equals."""
    lengths = [section.end - section.start for section in plan.sections]
    return lengths.index(max(lengths))


LOCAL = LocalEngine()
"""The engine that ``--provider local`` uses."""
