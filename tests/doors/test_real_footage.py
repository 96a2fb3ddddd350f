"""The main job on footage that nobody here made, through each door.

Debian's ``opencv-doc`` carries a street scene and a film clip with sound; none of it is in the repository.
"""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import opentimelineio as otio
import pytest
from numpy.typing import NDArray
from opentimelineio.opentime import RationalTime, TimeRange

import otio_soundtrack
from otio_soundtrack.cli.main import main

pytestmark = [pytest.mark.footage, pytest.mark.xdist_group("footage")]

FOLDER = Path("/usr/share/doc/opencv-doc/examples/data")
"""Where the package puts its examples."""
RATE = 24
ALIKE = 0.006
"""Squared difference of normalised pictures that a codec at this quality does not keep: a shot in which nothing moves."""
Picture = NDArray[np.float64]


class Shot(NamedTuple):
    """One clip of the cut."""

    file: str
    rate: float
    """Frames per second of the file, as an editor's timeline writes it."""
    start: int
    """First source frame."""
    frames: int
    """Length on the timeline, at 24."""


STREET, FILM = ("vtest.avi", 10.0), ("Megamind.avi", 23.976)
SHOTS = (
    Shot(*STREET, 0, 144), Shot(*FILM, 0, 108), Shot(*STREET, 200, 72), Shot(*FILM, 120, 60), Shot(*STREET, 400, 36),
    Shot(*FILM, 180, 30), Shot(*STREET, 300, 48), Shot(*FILM, 40, 48), Shot(*STREET, 600, 96),
)  # fmt: skip
LENGTHS = {"vtest.avi": 795, "Megamind.avi": 270}
EXACT = {10.0: Fraction(10), 23.976: Fraction(24000, 1001)}


def clip(shot: Shot) -> otio.schema.Clip:
    """Return the clip of a shot."""
    available = TimeRange(RationalTime(0, shot.rate), RationalTime(LENGTHS[shot.file], shot.rate))
    reference = otio.schema.ExternalReference((FOLDER / shot.file).as_uri(), available)
    return otio.schema.Clip(shot.file, reference, TimeRange(RationalTime(shot.start, shot.rate), RationalTime(shot.frames, RATE)))


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cut of both films, with the film's sound on an audio track."""
    if not all((FOLDER / name).is_file() for name in LENGTHS):
        pytest.skip("the footage is not installed (Debian: opencv-doc)")
    video, audio = otio.schema.Track("V1", kind="Video"), otio.schema.Track("A1", kind="Audio")
    for shot in SHOTS:
        video.append(clip(shot))
        silent = otio.schema.Gap(source_range=TimeRange(RationalTime(0, RATE), RationalTime(shot.frames, RATE)))
        audio.append(clip(shot) if shot.file == FILM[0] else silent)
    timeline = otio.schema.Timeline("street and film", global_start_time=RationalTime(86400, RATE))
    timeline.tracks.extend([video, audio])
    path = tmp_path_factory.mktemp("real") / "street.otio"
    timeline.to_json_file(str(path))
    return path


def pictures(path: Path, wanted: set[int]) -> dict[int, Picture]:
    """Return small grey pictures of some frames, by number."""
    found = {}
    with av.open(str(path)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number in wanted:
                found[number] = frame.reformat(64, 48, format="gray").to_ndarray().astype(np.float64)
    return found


def test_the_exported_cut_shows_the_right_source_frame_on_both_sides_of_every_cut(cut: Path, tmp_path: Path) -> None:
    """Among the source frames around it, none is nearer to what is shown than the one that should be shown."""
    assert main(["export", str(cut), "-o", str(tmp_path / "cut.mp4"), "--quiet"]) == 0
    total = sum(shot.frames for shot in SHOTS)
    shown = pictures(tmp_path / "cut.mp4", set(range(total)))
    assert len(shown) == total
    position = 0
    for shot in SHOTS:
        rate = EXACT[shot.rate]
        edges = {k: int((shot.start / rate + Fraction(k, RATE)) * rate) for k in (0, 1, shot.frames - 2, shot.frames - 1)}
        around = {near for right in edges.values() for near in range(right - 3, right + 4) if 0 <= near < LENGTHS[shot.file]}
        source = pictures(FOLDER / shot.file, around)
        for k, right in edges.items():
            picture = _middle(shown[position + k])
            near = {n: ((_middle(source[n]) - picture) ** 2).mean() for n in source if abs(n - right) <= 3}
            # within a tenth of a millisecond before a frame starts, that frame may be shown: timelines hold rounded times
            due = (shot.start / rate + Fraction(k, RATE) + Fraction(1, 10_000)) * rate
            assert min(near[right], near.get(int(due), np.inf)) <= max(1.15 * min(near.values()), ALIKE), (
                f"{shot.file} frame {right}: {near}"
            )
        position += shot.frames


def _middle(picture: Picture) -> Picture:
    """Return a picture without its border, where bars may be, and free of what a change of colour space does to contrast."""
    inside = picture[6:-6, 6:-6] - picture[6:-6, 6:-6].mean()
    return inside / np.sqrt((inside**2).mean() + 1e-9)


def test_the_film_is_scored_through_each_door(cut: Path, tmp_path: Path) -> None:
    """Command, otioconvert and Python: the same length to the sample; dialogue and loudness are seen."""
    samples = sum(shot.frames for shot in SHOTS) * 2000
    assert main(["score", str(cut), "-o", str(tmp_path / "command.otio"), "--quiet"]) == 0
    convert = [sys.executable, "-m", "opentimelineio.console.otioconvert", "-i", str(cut), "-o", str(tmp_path / "hook.otio")]
    subprocess.run([*convert, "-H", "soundtrack_provider=local"], check=True, capture_output=True)
    result = otio_soundtrack.score(cut, media_dir=tmp_path / "python", prompt="tense, ticking")
    for timeline in (
        otio.adapters.read_from_file(str(tmp_path / "command.otio")),
        otio.adapters.read_from_file(str(tmp_path / "hook.otio")),
        result.timeline,
    ):
        (music,) = list(timeline.tracks[-1])
        record = music.metadata["otio_soundtrack"]
        assert (record["samples"], record["sample_rate"]) == (samples, 48_000)
        assert record["ending"] == "kept"
        assert abs(record["integrated_lufs"] + 16) <= 0.1
    assert result.features is not None
    assert result.features.integrated_lufs is not None
