"""A reference is what the user gave, not longer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.model.cut import Cut, CutList
from otio_soundtrack.model.plan import Spot
from otio_soundtrack.pipeline.cut.cutting import Opened
from otio_soundtrack.pipeline.cut.referencing import reference
from otio_soundtrack.provider.declaration import ReferenceLimits
from otio_soundtrack.tools.waveform import wave_shape, write_wav


@pytest.mark.parametrize(("seconds", "told"), [(12.0, 12.0), (25.0, 20.0)])
def test_a_file_is_given_as_long_as_it_is_and_no_longer_than_the_service_takes(
    tmp_path: Path, seconds: float, told: float
) -> None:
    """No silence after its end, which a service would remix as well."""
    given = tmp_path / "temp.wav"
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (int(seconds * 48_000), 2))
    write_wav(given, noise.astype(np.float32))
    cut = CutList(name="cut", rate=24.0, frames=240, start_time=None, cuts=(Cut(start=0, frames=240),))
    source = Opened(timeline=None, path=None, root=tmp_path, missing="slate", cut=cut, kept=())
    limits = ReferenceLimits(most_bytes=10_000_000, least_seconds=10.0, most_seconds=20.0)
    file = reference(str(given), "", source, Spot(cue_id="1m01", start=0, frames=240), limits=limits, folder=tmp_path).file
    assert file is not None
    assert file.seconds == told
    assert wave_shape(file.path).samples / 48_000 == pytest.approx(told, abs=0.1)
