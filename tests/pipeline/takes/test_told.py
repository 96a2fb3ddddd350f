"""What is told of a service's take that was fitted: it is paid for, so that it is not refused as ``fit`` would."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from otio_soundtrack.audio.spoken import IS_SPEECH
from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.composer.engine import LOCAL
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.pipeline.takes.fitted import fitted
from otio_soundtrack.pipeline.takes.taking import shortfalls
from otio_soundtrack.provider.ask import Offer
from otio_soundtrack.tools.files import sha256
from otio_soundtrack.tools.store import TakeStore
from otio_soundtrack.tools.waveform import write_wav
from tests.audio.bands import RATE, band
from tests.audio.test_spoken import SPEECH
from tests.providers.briefs import brief


def told(take: Path, seconds: float, store: TakeStore) -> list[str]:
    """Return what the user is told of a take that is laid on a cue."""
    offer = Offer(file=Fetched(path=take, sha256=sha256(take), size=1), heard=None)  # type: ignore[arg-type]
    accepted = fitted(offer, brief(seconds), store, job_ids=(), cost=4, lufs=-16.0)
    return shortfalls([accepted], LOCAL.declaration, -16.0)


def test_speech_is_told_in_the_words_in_which_fit_refuses_it(tmp_path: Path) -> None:
    """Also the second time, when the take comes from the store; long pauses would be refused for another reason."""
    tenths = decoded(SPEECH, tmp_path)[: 13 * RATE].reshape(-1, RATE // 10, 2)
    write_wav(tmp_path / "speech.wav", np.concatenate([tenth for tenth in tenths if np.abs(tenth).max() > 0.02]))
    store = TakeStore(tmp_path)
    first, again = (told(tmp_path / "speech.wav", 7.0, store) for _ in range(2))
    assert any(IS_SPEECH in one and "take 1" in one for one in first)
    assert again == first


def test_what_the_fit_notes_is_told_too(tmp_path: Path) -> None:
    """Ten seconds of music for a minute: it repeats; of enough music nothing is told."""
    sound = band(bars=24)[0]
    write_wav(tmp_path / "short.wav", sound[: 10 * RATE])
    write_wav(tmp_path / "whole.wav", sound)
    store = TakeStore(tmp_path)
    assert any("it repeats audibly" in one for one in told(tmp_path / "short.wav", 60.0, store))
    assert told(tmp_path / "whole.wav", 40.0, store) == []
