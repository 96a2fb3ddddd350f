"""The compositor against the oracle that looks at every frame."""

from __future__ import annotations

import pytest

from otio_soundtrack.errors import NothingToScoreError
from otio_soundtrack.model.cut import Cut
from otio_soundtrack.timeline.cut_list import cut_list
from tests.timeline.builders import Maker, no_media
from tests.timeline.oracle import seen_at

_CASES = 150
_CHUNK = 15


def _shown(cut: Cut, frame: int, rate: float) -> dict[tuple[str, object], float]:
    """Return share by source name and source frame of one frame of a cut."""
    number = frame - cut.start
    shown: dict[tuple[str, object], float] = {}
    for layer in cut.layers:
        weight = 1.0 if layer.weights is None else layer.weights[number]
        key = (layer.source.name, (layer.at + number * layer.speed / int(rate)) * int(rate))
        shown[key] = shown.get(key, 0.0) + weight
    return shown


@pytest.mark.parametrize("chunk", range(_CASES // _CHUNK))
def test_every_frame_of_random_edits_shows_what_the_oracle_sees(chunk: int) -> None:
    """Nested stacks, retimes, reverse, holds, trims, dissolves and disabled items, frame by frame."""
    compared = 0
    for seed in range(chunk * _CHUNK, (chunk + 1) * _CHUNK):
        edit = Maker(seed).timeline()
        try:
            cuts = cut_list(edit, probe=no_media)
        except NothingToScoreError:
            continue
        for cut in cuts.cuts:
            for frame in range(cut.start, cut.end):
                wanted = {key: share for key, share in seen_at(edit.tracks, frame).items() if share > 0}
                shown = {key: share for key, share in _shown(cut, frame, cuts.rate).items() if share > 0}
                assert shown.keys() == wanted.keys(), (seed, frame)
                assert all(shown[key] == pytest.approx(wanted[key], abs=1e-3) for key in wanted), (seed, frame, shown, wanted)
                compared += 1
    assert compared > 0
