"""A whole cue on a SoundFont: accepted, exactly as long, the same bytes, in time, and no slower than it must be."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.audio.acceptance import accept
from otio_soundtrack.audio.listen import listen
from otio_soundtrack.audio.master import Levelled, master
from otio_soundtrack.composer.engine import LOCAL, LocalEngine, engine_for, engine_that_played
from otio_soundtrack.model.plan import Brief, Ending, HitPoint, Mood, Plan
from otio_soundtrack.progress import silent
from otio_soundtrack.tools.waveform import write_wav
from tests.composer.plans import EVERYBODY, plan_of, random_plan
from tests.composer.sampler.band import band
from tests.composer.sampler.fluid import FONTS
from tests.composer.test_sync import sync_z

SIX = ((Mood.CALM, 0.3), (Mood.PLAYFUL, 0.6), (Mood.SAD, 0.25), (Mood.TENSE, 0.7), (Mood.MYSTERIOUS, 0.4), (Mood.EPIC, 0.9))
PROGRAM = """
import hashlib, sys
from pathlib import Path
from otio_soundtrack.composer.engine import engine_for
from otio_soundtrack.model.plan import Brief, Plan
from otio_soundtrack.progress import silent
plan = Plan.model_validate_json(Path(sys.argv[2]).read_text())
mix = engine_for(sys.argv[1]).render(Brief(seconds=12, plan=plan), silent).mix
print(hashlib.sha256(mix[:].tobytes()).hexdigest())
"""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of the small band."""
    path = tmp_path_factory.mktemp("band") / "band.sf2"
    path.write_bytes(band().content())
    return path


@lru_cache(maxsize=4)
def engine_of(font: Path) -> LocalEngine:
    """Return the engine that plays a font, opened once."""
    return engine_for(str(font))


def mixed(engine: LocalEngine, plan: Plan) -> np.ndarray:
    """Return the mastered mix of a plan."""
    brief = Brief(seconds=plan.frames / plan.rate, plan=plan, seed=plan.seed)
    mix = engine.render(brief, silent).mix
    return Levelled(mix, master(mix, lufs=-16.0, ceiling_dbtp=-1.0))[:]


def two_sections(mood: Mood, energy: float) -> Plan:
    """Return a quarter of a minute with a quieter first section and three hits."""
    sections = [(0, mood, energy * 0.6, "D minor", 96.0, EVERYBODY), (180, mood, energy, "F major", 96.0, EVERYBODY)]
    hits = tuple(HitPoint(frame=frame, weight=0.9, origin="cut") for frame in (90, 180, 270))
    return plan_of(375, sections=sections, hits=hits, ending=Ending.RING, seed=3)


@pytest.mark.parametrize("source", ["tiny", *FONTS])
@pytest.mark.parametrize(("mood", "energy"), SIX)
def test_music_of_six_moods_is_accepted(mood: Mood, energy: float, source: str, tiny: Path, tmp_path: Path) -> None:
    """Exactly as long, at its loudness, below the ceiling, without holes, with an ending: as of the embedded voices."""
    font = tiny if source == "tiny" else FONTS[source]
    if not font.is_file():
        pytest.skip(f"the font {font.name} is not installed")
    plan = two_sections(mood, energy)
    write_wav(tmp_path / "cue.wav", mixed(engine_of(font), plan))
    accept(listen(tmp_path / "cue.wav"), samples=375 * 1920, ceiling_dbtp=-1.0)


@pytest.mark.parametrize("seed", range(6))
def test_any_plan_can_be_played(seed: int, tiny: Path) -> None:
    """Short and odd plans: finite sound of the cue's length, and silence at the very end."""
    plan = random_plan(seed, 0.3 + seed * 2.1)
    mix = mixed(engine_of(tiny), plan)
    assert len(mix) == (2 * 48_000 * plan.frames / exact(plan.rate) + 1) // 2
    assert np.isfinite(mix).all()
    assert np.abs(mix[-1]).max() == 0


def exact(rate: float) -> float:
    """Return the rate that a rounded one stands for."""
    return {23.976: 24_000 / 1001, 29.97: 30_000 / 1001}.get(rate, rate)


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "7"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR AVX2 FMA3"},
    ],
)
def test_another_process_plays_the_same_bytes(environment: dict[str, str], tiny: Path, tmp_path: Path) -> None:
    """Another hash seed, and a processor without the vector instructions that NumPy chooses; other music was played before."""
    plan = two_sections(Mood.HOPEFUL, 0.6)
    (tmp_path / "plan.json").write_text(plan.model_dump_json())
    engine = engine_for(str(tiny))
    mixed(engine, random_plan(1, 5.0))
    here = hashlib.sha256(engine.render(Brief(seconds=12, plan=plan), silent).mix[:].tobytes()).hexdigest()
    root = str(Path(__file__).resolve().parents[3])
    arguments = [sys.executable, "-W", "ignore", "-c", PROGRAM, str(tiny), str(tmp_path / "plan.json")]
    there = subprocess.run(
        arguments, check=True, capture_output=True, text=True, env={**os.environ, **environment, "PYTHONPATH": root}
    ).stdout.strip()
    assert there == here


def test_another_font_is_another_model_with_its_own_terms(tiny: Path, tmp_path: Path) -> None:
    """The hash of the file is in the model, so that a stored take of another font is never taken for this one."""
    other = tmp_path / "other.sf2"
    other.write_bytes(band(seed=6).content())
    models = [engine_for(sound).declaration.model for sound in ("voices", str(tiny), str(other))]
    assert len(set(models)) == 3
    assert models[0] == LOCAL.declaration.model
    assert hashlib.sha256(tiny.read_bytes()).hexdigest() in models[1]
    assert "no recording" not in engine_for(str(tiny)).declaration.licence
    assert "nobody" in engine_for(str(tiny)).declaration.licence


def test_the_engine_of_a_record_is_found_again_or_not_at_all(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cue that was played on a font is played again on that very font only; one without a font on the embedded voices."""
    model = engine_for(str(tiny)).declaration.model
    assert engine_that_played("") is LOCAL
    assert engine_that_played(LOCAL.declaration.model) is LOCAL
    monkeypatch.setattr("otio_soundtrack.composer.sampler.found.usual_folders", lambda: ())
    assert engine_that_played(model) is None
    monkeypatch.setattr("otio_soundtrack.composer.sampler.found.usual_folders", lambda: (tiny.parent,))
    again = engine_that_played(model)
    assert again is not None
    assert again.declaration.model == model


@pytest.mark.parametrize("source", ["tiny", *FONTS])
def test_hits_stand_out_on_a_font_too(source: str, tiny: Path) -> None:
    """Slow sounds are started early: z above 2 for eight strong cuts near the beats of 40 s."""
    font = tiny if source == "tiny" else FONTS[source]
    if not font.is_file():
        pytest.skip(f"the font {font.name} is not installed")
    frames = [round(beat * 60 / 104 * 25) for beat in (9, 18, 23, 31, 40, 46, 55, 62)]
    hits = tuple(HitPoint(frame=frame, weight=0.9, origin="cut") for frame in frames)
    plan = plan_of(1000, sections=[(0, Mood.EPIC, 0.8, "D minor", 104.0, EVERYBODY)], hits=hits)
    assert sync_z(mixed(engine_of(font), plan), np.array(frames) / 25) > 2


def test_playing_is_much_faster_than_the_music(tiny: Path) -> None:
    """Five times as fast even on a busy machine; benchmarks and decision record hold what it is on a quiet one."""
    plan = two_sections(Mood.HOPEFUL, 0.6)
    engine, before = engine_for(str(tiny)), time.process_time()
    engine.render(Brief(seconds=15, plan=plan), silent)
    assert time.process_time() - before < 15 / 5
