"""The embedded engine ``local``: from a brief to stems, in this process, without key or network."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from otio_soundtrack.composer.arrange import arranged
from otio_soundtrack.composer.declaration import DECLARATION
from otio_soundtrack.composer.mix import mixed
from otio_soundtrack.composer.sampler.font import SoundFont, open_font
from otio_soundtrack.composer.sampler.found import found_fonts
from otio_soundtrack.composer.sampler.orchestra import Orchestra
from otio_soundtrack.composer.voices import play
from otio_soundtrack.model.handles import NO_HANDLES, Handles
from otio_soundtrack.model.plan import Brief, Plan
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider import Declaration, Rendering
from otio_soundtrack.settings import EMBEDDED_VOICES
from otio_soundtrack.times import exact_rate, frame_samples
from otio_soundtrack.tools.files import sha256

_FONT_IN_MODEL = re.compile(r"SoundFont .*\(SHA-256 ([0-9a-f]{64})\)$")
"""How a model names its SoundFont; group 1 is the hash of the file."""
_MOST_COPYRIGHT = 200
"""Signs of a font's own copyright that are repeated."""


class LocalEngine:
    """Composes and plays a plan. Stateless, except for a cache of sounds."""

    def __init__(self, orchestra: Orchestra | None = None) -> None:
        """Take the orchestra that plays, None for the embedded voices."""
        self._orchestra = orchestra
        self.declaration = DECLARATION if orchestra is None else _with_font(orchestra.font)

    def render(self, brief: Brief, progress: Progress, /, *, stems: bool = False, handles: Handles = NO_HANDLES) -> Rendering:
        """Return the music of a brief's plan.

        Args:
            brief: its plan is obeyed, the plan's seed included; the words are what the plan was made from.
            progress: told what is being done.
            stems: whether the stems are wanted apart; they cost a hall each.
            handles: what is wanted before and after the cue.

        Returns:
            Sound of exactly the length of the cue with its handles at 48 kHz.

        Raises:
            SettingsError: the plan names a key that is none, or a section in which nobody plays.
            UnreadableMediaError: a sample of the SoundFont is damaged.
            StoreError: a long cue found no room in the temporary folder.
        """
        plan = brief.plan
        progress("composing", 0.0)
        score = arranged(plan)
        progress("composing", 1.0)
        length = frame_samples(plan.frames, exact_rate(plan.rate))
        main = _main_section(plan)
        player = play if self._orchestra is None else self._orchestra.player(score)
        sound = mixed(score, length, progress, stems=stems, player=player, handles=handles)
        return Rendering(
            mix=sound.mix,
            stems=sound.stems,
            tempo_bpm=plan.sections[main].tempo_bpm,
            key=plan.sections[main].key,
            beats=score.beats,
        )


def engine_for(sound: str) -> LocalEngine:
    """Return the engine that plays on a given sound.

    Args:
        sound: ``voices``, or the path of a SoundFont.

    Raises:
        SettingsError: there is no such SoundFont, or it is none, or it has nothing that is played.
        UnreadableMediaError: it is damaged.
    """
    return LOCAL if sound == EMBEDDED_VOICES else LocalEngine(Orchestra(open_font(Path(sound))))


def engine_that_played(model: str) -> LocalEngine | None:
    """Return the engine that a record names.

    Args:
        model: :attr:`Declaration.model` as it was recorded; empty for the embedded voices.

    Returns:
        the engine; None where it played a SoundFont that is not in the usual folders of this machine.
    """
    named = _FONT_IN_MODEL.search(model)
    if named is None:
        return LOCAL
    font = next((font for font in found_fonts() if sha256(font.path) == named[1]), None)
    return None if font is None else LocalEngine(Orchestra(font))


def _with_font(font: SoundFont) -> Declaration:
    """Return what the engine says of itself when it plays a SoundFont: another font is another model, and has its own terms."""
    rights = font.copyright[:_MOST_COPYRIGHT] or "the font does not say what they are"
    return replace(
        DECLARATION,
        model=f"{DECLARATION.model}, SoundFont {font.name} (SHA-256 {sha256(font.path)})",
        licence=f"Made on this machine with recordings of the SoundFont {font.name}, whose terms apply: {rights}.",
    )


def _main_section(plan: Plan) -> int:
    """Return the index of the longest section; the first of equals."""
    lengths = [section.end - section.start for section in plan.sections]
    return lengths.index(max(lengths))


LOCAL = LocalEngine()
"""The engine that ``--provider local`` uses, on its embedded voices."""
