"""Speech is told from music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.audio.spoken import SPOKEN_SHARE, speech_share
from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.errors import FitError
from otio_soundtrack.pipeline.deliverables.fitting import fit
from tests.audio.bands import RATE, band
from tests.audio.sounds import music

SPEECH = Path(__file__).parents[1] / "analysis" / "speech.ogg"
"""Sentences by espeak-ng, with pauses."""


def test_sentences_are_speech(tmp_path: Path) -> None:
    """Pauses do not count."""
    assert speech_share(decoded(SPEECH, tmp_path)) > SPOKEN_SHARE


def test_music_is_none() -> None:
    """Far below the bar: a band, strokes over a hum, silence."""
    for sound in (band(bars=12)[0], music(20.0), np.zeros((RATE, 2), np.float32)):
        assert speech_share(sound) < SPOKEN_SHARE / 2


def test_speech_is_not_fitted_and_that_is_said(tmp_path: Path) -> None:
    """Nothing is written."""
    target = tmp_path / "fitted.wav"
    with pytest.raises(FitError, match=r"speech\.ogg is speech"):
        fit(SPEECH, "10s", target)
    assert not target.exists()
