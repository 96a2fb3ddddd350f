"""GStreamer Editing Services, an engine that other people wrote, renders a scored timeline: the music is there and in place."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio
import pytest
from numpy.typing import NDArray

import otio_soundtrack
from otio_soundtrack.tools.waveform import read_wav

pytestmark = pytest.mark.engine

HOP_S = 0.01
"""Resolution of the level curves, seconds."""
LAG_S = 0.042
"""One frame at 24: how far the music may be off."""
RENDER_SECONDS = 240


def render(scored: Path, folder: Path, *, timeout: float = RENDER_SECONDS) -> NDArray[np.float32]:
    """Render a timeline with GES and return its sound, mono at 48 kHz."""
    if shutil.which("ges-launch-1.0") is None:
        pytest.skip("GES is not installed (Debian: ges1.0-tools and the gstreamer1.0 plug-ins)")
    project, out = folder / "scored.xges", folder / "out.webm"
    otio.adapters.write_to_file(otio.adapters.read_from_file(str(scored)), str(project))
    call = ["ges-launch-1.0", "--load", str(project), "-o", out.as_uri(), "-f", "video/webm:video/x-vp8:audio/x-vorbis"]
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    given = os.environ | {"XDG_RUNTIME_DIR": str(runtime), "HOME": str(folder)}
    done = subprocess.run(call, capture_output=True, text=True, timeout=timeout, check=False, env=given)
    assert done.returncode == 0, done.stderr[-2000:]
    with av.open(str(out)) as container:
        resampler = av.AudioResampler(format="fltp", layout="mono", rate=48_000)
        blocks = [block.to_ndarray()[0] for frame in container.decode(audio=0) for block in resampler.resample(frame)]
    return np.concatenate(blocks)


def level(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the RMS level in steps of HOP_S."""
    hop = int(48_000 * HOP_S)
    blocks = samples[: len(samples) // hop * hop].reshape(-1, hop).astype(np.float64)
    return np.sqrt((blocks**2).mean(axis=1))


def test_ges_plays_the_music_at_its_place(footage: Path, tmp_path: Path) -> None:
    """The rendered sound is the music (the cut has no other) without its handles, from its first frame, to within a frame."""
    source = otio.adapters.read_from_file(str(footage / "small.otio"))
    for clip in source.find_clips():  # GES wants absolute references
        clip.media_reference.target_url = (footage / clip.media_reference.target_url).as_uri()
    result = otio_soundtrack.score(
        source, tmp_path / "scored.otio", media_dir=tmp_path / "music", range=("2s", "7s"), handles="1s"
    )
    heard = level(render(tmp_path / "scored.otio", tmp_path))
    samples, rate = read_wav(result.cues[0].audio)
    assert rate == 48_000
    handles = result.cues[0].active_take.record.handles
    samples = samples[handles.head_samples : len(samples) - handles.tail_samples]
    wanted = np.zeros_like(heard)
    music = level(samples.mean(axis=1))
    start = round(2.0 / HOP_S)
    wanted[start : start + len(music)] = music[: len(wanted) - start]
    assert abs(len(heard) * HOP_S - 200 / 24) < 0.1
    lags = range(-50, 51)
    scores = [np.corrcoef(np.roll(wanted, lag), heard)[0, 1] for lag in lags]
    best = int(np.argmax(scores))
    assert scores[best] > 0.9
    assert abs(lags[best]) * HOP_S <= LAG_S
    assert heard[: start - 10].max() < 0.01 * heard.max()
