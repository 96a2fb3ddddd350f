"""Meters see every frame once, each against the one that is shown before it, whatever way the frames were made."""

from __future__ import annotations

import threading
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from otio_soundtrack.model.cut import Cut, CutList, Layer, Source, SourceKind
from otio_soundtrack.picture.export import export_cut
from otio_soundtrack.picture.meters import BATCH_FRAMES, THUMB_BYTES, THUMB_HEIGHT, THUMB_WIDTH
from tests.picture.cutting import cut_list, layer, luma, sounding


class Light:
    """Measures mean luma, and how much luma changed against the frame before."""

    def __init__(self) -> None:
        self.table: NDArray[np.float32] | None = None
        self.measured = 0
        self.sizes: set[int] = set()
        self.finished_in = ""

    def measure(self, thumbs: NDArray[np.uint8], before: NDArray[np.uint8] | None, /) -> NDArray[np.float32]:
        """Measure; count how many frames were looked at."""
        self.measured += len(thumbs)
        self.sizes.add(thumbs.shape[1])
        assert 1 <= len(thumbs) <= BATCH_FRAMES
        light = thumbs[:, : THUMB_WIDTH * THUMB_HEIGHT].astype(np.float32)
        earlier = np.vstack([light[:1] if before is None else before[None, : THUMB_WIDTH * THUMB_HEIGHT], light[:-1]])
        return np.stack([light.mean(axis=1), np.abs(light - earlier).mean(axis=1)], axis=1).astype(np.float32)

    def finish(self, table: NDArray[np.float32], /) -> None:
        """Take the table, once."""
        assert self.table is None
        self.table = table
        self.finished_in = threading.current_thread().name


class Ear:
    """Counts samples and remembers the loudest."""

    def __init__(self) -> None:
        self.samples = 0
        self.loudest = 0.0
        self.threads: set[str] = set()

    def hear(self, window: NDArray[np.float32], /) -> None:
        """Listen."""
        self.samples += len(window)
        self.loudest = max(self.loudest, float(np.abs(window).max()))
        self.threads.add(threading.current_thread().name)


@pytest.fixture(scope="module")
def everything(footage: dict[str, Path]) -> CutList:
    """A cut with all that can happen: cuts, repetition, reverse, freeze, dissolve, fade, black, slate, still, sequence, bars."""
    slate = Source(kind=SourceKind.SLATE, name="lost", reason="not found")
    still = Source(kind=SourceKind.STILL, name="still", path=footage["still"])
    up = [(k + 0.5) / 20 for k in range(20)]
    mix = [layer(footage["pal"], 2, weights=[1 - w for w in up]), layer(footage["film"], 3, weights=up)]
    return cut_list(
        25.0,
        (300, [layer(footage["pal"], 15)]),
        (20, [layer(footage["film"], 1)]),
        (90, [layer(footage["pal"], 9, -1)]),
        (30, [layer(footage["pal"], 4, 0)]),
        (20, mix),
        (20, [layer(footage["film"], 1)]),
        (12, []),
        (20, [layer(footage["deep"], 0, weights=up)]),
        (10, [layer(slate, 0)]),
        (10, [layer(still, 0)]),
        (10, []),
        (10, [layer(footage["pal"], 1, "1/4")]),
        audio=[sounding(footage["pal"], 1, 8, 0)],
    )


def test_the_table_is_what_a_viewer_of_the_file_sees(everything: CutList, tmp_path: Path) -> None:
    """Mean light of every row is that of the decoded file; every change is the change against the frame before."""
    meter, ear = Light(), Ear()
    export_cut(everything, tmp_path / "cut.mp4", height=180, frame_meter=meter, sound_meter=ear)
    seen = np.array([plane.mean() for plane in luma(tmp_path / "cut.mp4")])
    assert meter.table is not None
    assert meter.table.shape == (everything.frames, 2)
    assert np.abs(meter.table[:, 0] - seen).max() < 1.5
    assert meter.sizes == {THUMB_BYTES}
    assert ear.samples == everything.samples
    assert ear.loudest > 0.5
    here = threading.current_thread().name
    assert (meter.finished_in, ear.threads) == (here, {here})


def test_changes_at_joins_are_against_the_true_frame_before(everything: CutList) -> None:
    """Measured in one go over the thumbs of the whole cut, in record order, the table is the same."""
    meter, recorder = Light(), Recorder()
    export_cut(everything, None, height=180, frame_meter=meter)
    export_cut(everything, None, height=180, frame_meter=recorder)
    assert recorder.table is not None
    thumbs = recorder.table.astype(np.uint8)
    whole = np.vstack([meter.measure(thumbs[k : k + 1], thumbs[k - 1] if k else None) for k in range(len(thumbs))])
    assert np.array_equal(meter.table, whole)


class Recorder(Light):
    """Keeps the thumbs themselves."""

    def measure(self, thumbs: NDArray[np.uint8], _before: NDArray[np.uint8] | None, /) -> NDArray[np.float32]:
        """Return the thumbs as rows."""
        return thumbs.astype(np.float32)


def test_measuring_alone_gives_the_same_and_writes_nothing(everything: CutList, tmp_path: Path) -> None:
    """Without a path: no file, the same table, the same sound."""
    first, second, ear = Light(), Light(), Ear()
    export_cut(everything, tmp_path / "cut.mp4", height=180, frame_meter=first)
    assert export_cut(everything, None, height=180, frame_meter=second, sound_meter=ear) is None
    assert np.array_equal(first.table, second.table)
    assert ear.samples == everything.samples


def test_repetitions_are_not_measured_again(footage: dict[str, Path]) -> None:
    """A thousand frames of freeze and black cost a handful of looks."""
    meter = Light()
    export_cut(cut_list(25.0, (1000, [layer(footage["pal"], 2, 0)]), (1000, [])), None, height=36, frame_meter=meter)
    assert meter.table is not None
    assert len(meter.table) == 2000
    assert meter.measured < 30


def test_a_range_is_measured_from_its_own_head(everything: CutList) -> None:
    """With a range the table holds its frames only, and equals that part of the whole but for the first row's change."""
    whole, part, ear = Light(), Light(), Ear()
    export_cut(everything, None, height=180, frame_meter=whole)
    export_cut(everything, None, height=180, only=(410, 470), frame_meter=part, sound_meter=ear)
    assert whole.table is not None
    assert part.table is not None
    assert np.array_equal(part.table[1:], whole.table[411:470])
    assert part.table[0].tolist() == [whole.table[410, 0], 0.0]
    assert ear.samples == 60 * 1920


def test_an_error_of_a_meter_ends_the_export(footage: dict[str, Path], tmp_path: Path) -> None:
    """What a meter raises in a worker comes out, and nothing stays."""

    class Broken(Light):
        def measure(self, thumbs: NDArray[np.uint8], before: NDArray[np.uint8] | None, /) -> NDArray[np.float32]:
            raise ZeroDivisionError("in the meter")

    with pytest.raises(ZeroDivisionError, match="in the meter"):
        export_cut(cut_list(25.0, (20, [layer(footage["pal"], 0)])), tmp_path / "cut.mp4", height=36, frame_meter=Broken())
    assert list(tmp_path.iterdir()) == []


def test_thumbs_hold_the_picture_without_bars(footage: dict[str, Path]) -> None:
    """An upright picture in a wide cut fills its thumb: the brightest and darkest columns are those of the picture."""
    recorder = Recorder()
    wide = Layer(source=layer(footage["pal"], 0).source, at=Fraction(0))
    upright = layer(footage["turned"], 0)
    cuts = CutList(
        name="bars",
        rate=25.0,
        frames=40,
        start_time=None,
        cuts=(Cut(start=0, frames=30, layers=(wide,)), Cut(start=30, frames=10, layers=(upright,))),
    )
    export_cut(cuts, None, height=180, frame_meter=recorder)
    assert recorder.table is not None
    columns = recorder.table[35, : THUMB_WIDTH * THUMB_HEIGHT].reshape(THUMB_HEIGHT, THUMB_WIDTH).mean(axis=0)
    assert columns.min() > 30
