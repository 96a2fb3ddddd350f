"""The same plan and seed are the same bytes; another seed is another take."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.model.plan import HitPoint, Instrument, Mood, Plan
from otio_soundtrack.tools.waveform import write_wav
from tests.composer.plans import mixed, plan_of, rendered

PLAYERS = tuple(Instrument)
PLAN = plan_of(
    300,
    sections=[(0, Mood.WONDER, 0.4, "Bb lydian", 92.0, PLAYERS), (150, Mood.EPIC, 0.9, "G minor", 92.0, PLAYERS)],
    hits=(HitPoint(frame=200, weight=0.9, origin="cut"),),
)
PROGRAM = """
import hashlib, sys
from pathlib import Path
from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.plan import Brief, Plan
from otio_soundtrack.progress import silent
from otio_soundtrack.tools.waveform import write_wav
plan = Plan.model_validate_json(Path(sys.argv[1]).read_text())
mix = LOCAL.render(Brief(seconds=12, plan=plan), silent).mix
write_wav(Path(sys.argv[2]), Levelled(mix, master(mix, lufs=-16.0, ceiling_dbtp=-1.0)))
"""


def digest(plan: Plan, folder: Path) -> str:
    """Return the hash of the file that this process writes."""
    write_wav(folder / "here.wav", mixed(plan))
    return hashlib.sha256((folder / "here.wav").read_bytes()).hexdigest()


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "7"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR AVX2 FMA3"},
    ],
)
def test_another_process_writes_the_same_file(environment: dict[str, str], tmp_path: Path) -> None:
    """Another hash seed, and a processor without the vector instructions that NumPy chooses at run time."""
    (tmp_path / "plan.json").write_text(PLAN.model_dump_json())
    arguments = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tmp_path / "plan.json"), str(tmp_path / "there.wav")]
    root = str(Path(__file__).resolve().parents[2])
    subprocess.run(arguments, check=True, env={**os.environ, **environment, "PYTHONPATH": root})
    assert hashlib.sha256((tmp_path / "there.wav").read_bytes()).hexdigest() == digest(PLAN, tmp_path)


def test_what_was_played_before_does_not_matter(tmp_path: Path) -> None:
    """Sounds kept from other cues change nothing."""
    before = digest(PLAN, tmp_path)
    rendered(plan_of(200, sections=[(0, Mood.PLAYFUL, 0.8, "E major", 130.0, PLAYERS)], seed=9))
    assert digest(PLAN, tmp_path) == before


def test_another_seed_is_audibly_another_take() -> None:
    """The melodies of two seeds share little: their stems hardly correlate."""
    one, two = (rendered(PLAN.model_copy(update={"seed": seed}), stems=True).stems["melody"][:].mean(axis=1) for seed in (1, 2))
    assert abs(float(np.corrcoef(one, two)[0, 1])) < 0.5
