"""The stems of a take as files beside its mix.

Composing and playing again costs about a second a minute and gives the same bytes, so that a take from the store has its stems
too. They are laid at the level of the mix: their sum is the mix but for the rounding of each file to 24 bits, and that is
measured on the files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import log10
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.errors import SettingsError, StoreError
from otio_soundtrack.model.cue import StemReport
from otio_soundtrack.pipeline.laying.delivering import stamp_file
from otio_soundtrack.pipeline.laying.naming import stem_file
from otio_soundtrack.pipeline.takes.taking import Accepted
from otio_soundtrack.progress import Progress
from otio_soundtrack.provider import Engine
from otio_soundtrack.settings import CEILING_DBTP
from otio_soundtrack.tools.files import sha256
from otio_soundtrack.tools.store import place
from otio_soundtrack.tools.waveform import blocks, write_wav

_DEEPEST_DB = -200.0
"""What is told of a null without any rest: 24 bits end at −144 dB."""


@dataclass(frozen=True, kw_only=True)
class Stemmer:
    """Makes the stems of the takes of a run."""

    engine: Engine
    lufs: float
    """Loudness of the mix."""
    progress: Progress

    def check(self) -> None:
        """Check that stems can be had at all.

        Raises:
            SettingsError: the provider gives none.
        """
        if "stems" not in self.engine.declaration.capabilities:
            raise SettingsError(f"--stems: {self.engine.declaration.name} gives no stems.", hint="Leave --stems out.")

    def lay(self, accepted: Accepted, audio: Path, written: list[Path]) -> tuple[tuple[StemReport, ...], float]:
        """Lay the stems of a take beside its mix.

        Args:
            accepted: the take.
            audio: where its mix lies or will lie.
            written: is told the path of every file that was not there before.

        Returns:
            The stems that play, and how far below the mix the difference of their sum to it lies, in dB.

        Raises:
            StoreError: a file cannot be written, or another sound lies in its place.
        """
        handles = accepted.handles
        rendering = self.engine.render(accepted.brief, self.progress, stems=True, handles=handles)
        level = master(rendering.mix, lufs=self.lufs, ceiling_dbtp=CEILING_DBTP, handles=handles)
        made = {}
        with TemporaryDirectory(prefix="otio-soundtrack.") as folder:
            for name, sound in rendering.stems.items():
                scratch = Path(folder) / f"{name}.wav"
                write_wav(scratch, Levelled(sound, level, whole_steps=False))
                stamp_file(scratch, accepted, name)
                made[name] = _placed(scratch, stem_file(audio, name), written)
        reports = tuple(StemReport(name=name, file=path.name, sha256=sha256(path)) for name, path in made.items())
        return reports, null_db(accepted.stored.path, made)


def _placed(scratch: Path, target: Path, written: list[Path]) -> Path:
    """Copy a stem to its place, unless it is there already."""
    if not target.exists():
        written.append(target)
        place(scratch, target)
    elif not target.is_file() or sha256(target) != sha256(scratch):
        raise StoreError(f"{target} is there already, and is another sound.", hint="Move it, or choose another --media-dir.")
    return target


def null_db(mix: Path, stems: Mapping[str, Path]) -> float:
    """Return how far below a mix the difference of the sum of its stems to it lies, in dB (RMS), measured on the files.

    Args:
        mix: file of the mix.
        stems: files of its stems, as long.
    """
    power = rest = 0.0
    for whole, *parts in zip(blocks(mix), *map(blocks, stems.values()), strict=True):
        together = np.sum(parts, axis=0, dtype=np.float64)
        power += float(np.square(whole, dtype=np.float64).sum())
        rest += float(np.square(together - whole).sum())
    return max(_DEEPEST_DB, 10 * log10(rest / power)) if rest > 0 and power > 0 else _DEEPEST_DB
