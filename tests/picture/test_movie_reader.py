"""The reader gives the frame that is on screen, whatever container, codec and order of wants, and decodes little for it."""

from __future__ import annotations

from bisect import bisect_right
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otio_soundtrack.tools.media.movie import MovieReader
from tests.media.barcode import read
from tests.media.movies import numbered_movie
from tests.picture.cutting import VARIABLE_MS

PAL = Fraction(25)
FRAMES = 180

KINDS: dict[str, dict[str, object]] = {
    "closed.mp4": {},
    "open.mp4": {"options": {"g": "40", "x264-params": "open-gop=1:bframes=5:b-pyramid=normal"}},
    "open.mkv": {"options": {"g": "40", "x264-params": "open-gop=1:bframes=5"}},
    "one_key.mp4": {"options": {"g": "9999", "sc_threshold": "0"}},
    "refresh.mp4": {"options": {"x264-params": "intra-refresh=1:keyint=40", "bf": "0"}},
    "stream.ts": {"options": {"g": "40"}},
    "broadcast.ts": {"codec": "mpeg2video", "options": {"g": "15", "bf": "2", "b": "2M"}},
    "old.avi": {"codec": "mpeg4", "options": {"g": "30", "q": "3"}},
    "reordered.avi": {"codec": "mpeg4", "options": {"g": "30", "bf": "2", "q": "3"}},
    "x264.avi": {"options": {"g": "40", "bf": "3"}},
    "frames.mov": {"codec": "mjpeg", "pixels": "yuvj420p", "options": {"q": "3"}},
    "web.webm": {"codec": "libvpx", "options": {"g": "50", "deadline": "realtime", "b": "1M"}},
    "slices.mp4": {
        "codec": "libx265",
        "options": {"x265-params": "keyint=40:bframes=4:open-gop=1:log-level=none", "preset": "ultrafast"},
    },
}


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One movie of each kind."""
    folder = tmp_path_factory.mktemp("kinds")
    return {name: numbered_movie(folder / name, source=1, frames=FRAMES, rate=PAL, **more) for name, more in KINDS.items()}  # type: ignore[arg-type]


def shown(reader: MovieReader, times: list[Fraction]) -> list[int | None]:
    """Return the numbers of the frames at some times."""
    numbers: list[int | None] = []
    for frame in reader.shown(times):
        code = read(np.asarray(frame.reformat(format="yuv420p").to_ndarray()[: frame.height], np.uint8))
        numbers.append(None if code is None else code[1])
    return numbers


@pytest.mark.parametrize("name", list(KINDS))
def test_every_frame_of_every_kind_in_one_go(kinds: dict[str, Path], name: str) -> None:
    """From the first to the last frame, each once decoded."""
    with closing(MovieReader(kinds[name])) as reader:
        assert shown(reader, [k / PAL for k in range(FRAMES)]) == list(range(FRAMES))
        assert reader.decoded == FRAMES


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(list(KINDS)),
    wants=st.lists(st.lists(st.integers(-60, 4000), min_size=1, max_size=12), min_size=1, max_size=3),
)
def test_any_wants_in_any_order_of_calls(kinds: dict[str, Path], name: str, wants: list[list[int]]) -> None:
    """Law: at time t the frame floor(t × rate) is shown, held at both ends, whatever was read before. Times are in 1/500 s."""
    with closing(MovieReader(kinds[name])) as reader:
        for some in wants:
            times = [Fraction(tick, 500) for tick in sorted(some)]
            assert shown(reader, times) == [min(FRAMES - 1, max(0, int(time * PAL))) for time in times]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 4200), min_size=1, max_size=20))
def test_a_variable_rate_is_exact(footage: dict[str, Path], wants: list[int]) -> None:
    """Law: the last frame that has started is shown, however long it stays. Times are in milliseconds."""
    with closing(MovieReader(footage["variable"])) as reader:
        times = [Fraction(tick, 1000) for tick in sorted(wants)]
        assert shown(reader, times) == [bisect_right(VARIABLE_MS, tick) - 1 for tick in sorted(wants)]


def test_frames_that_nobody_needs_are_not_decoded(kinds: dict[str, Path]) -> None:
    """One frame late in a long group: B-frames on the way, which no other frame refers to, are left out."""
    with closing(MovieReader(kinds["one_key.mp4"])) as reader:
        assert shown(reader, [Fraction(170, 25)]) == [170]
        assert reader.decoded < 130


def test_the_same_frame_is_one_object(kinds: dict[str, Path]) -> None:
    """A held frame is decoded once and can be recognised."""
    with closing(MovieReader(kinds["closed.mp4"])) as reader:
        frames = list(reader.shown([Fraction(2), Fraction(2), Fraction(201, 100), Fraction(3)]))
        assert frames[0] is frames[1] is frames[2] is not frames[3]


def test_no_wants_cost_nothing(kinds: dict[str, Path]) -> None:
    """Nothing is decoded for nothing."""
    with closing(MovieReader(kinds["closed.mp4"])) as reader:
        assert list(reader.shown([])) == []
        assert reader.decoded == 0


def test_whoever_calls_off_between_packets_is_heard(kinds: dict[str, Path]) -> None:
    """An error raised between packets comes out."""

    def stop() -> None:
        raise ArithmeticError

    with closing(MovieReader(kinds["closed.mp4"], between=stop)) as reader, pytest.raises(ArithmeticError):
        list(reader.shown([Fraction(1)]))
