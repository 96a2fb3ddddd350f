"""The music is as long as the cue, to the sample, at every rate and length."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from otio_soundtrack.model.plan import Instrument, Mood
from otio_soundtrack.tools.waveform import write_wav
from tests.composer.plans import mixed, plan_of, rendered

RATES = [
    (23.976, 24_000, 1001),
    (23.976023976023978, 24_000, 1001),
    (24.0, 24, 1),
    (25.0, 25, 1),
    (29.97, 30_000, 1001),
    (30.0, 30, 1),
    (47.952, 48_000, 1001),
    (48.0, 48, 1),
    (50.0, 50, 1),
    (59.94, 60_000, 1001),
    (60.0, 60, 1),
    (12.5, 25, 2),
    (15.0, 15, 1),
    (119.88, 120_000, 1001),
]
"""Rate as a file holds it, and the fraction it stands for."""
TWO_PLAYERS = (Instrument.PAD, Instrument.PLUCK)


@pytest.mark.parametrize(("rate", "numerator", "denominator"), RATES)
def test_fifty_lengths_at_a_rate_are_exact_in_the_file(rate: float, numerator: int, denominator: int, tmp_path: Path) -> None:
    """Fourteen rates times fifty lengths: the data chunk of the file is counted, not our own arrays."""
    for case in range(50):
        seconds = 0.02 + 2.6 * (case / 49) ** 3
        frames = max(1, round(seconds * numerator / denominator)) + case % 2
        plan = plan_of(frames, rate=rate, sections=[(0, Mood.CALM, 0.4, "C major", 100.0, TWO_PLAYERS)], seed=case)
        write_wav(tmp_path / "cue.wav", mixed(plan))
        header = (tmp_path / "cue.wav").read_bytes()[:44]
        samples = struct.unpack("<I", header[40:44])[0] // 6
        # round half up of frames × denominator × 48000 / numerator in whole numbers
        assert samples == (2 * frames * denominator * 48_000 + numerator) // (2 * numerator), (rate, frames)


def test_every_stem_has_the_length_of_the_cue() -> None:
    """A cue with everybody in it: 37 frames at 29.97 are 59,259.2 samples."""
    plan = plan_of(370, rate=29.97, sections=[(0, Mood.EPIC, 0.9, "D minor", 120.0, tuple(Instrument))])
    stems = rendered(plan, stems=True).stems
    assert set(stems) <= {"drums", "bass", "harmony", "melody", "fx"}
    assert {len(stem) for stem in stems.values()} == {592_592}
