"""What is heard in a track survives being packed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.library.rows import ROW, STEPS, packed, rows, unpacked
from otio_soundtrack.model.track import CURVE_POINTS
from tests.library.tracks import heard

SHARE = st.floats(0, 1)


@given(st.lists(SHARE, min_size=6, max_size=6), st.floats(-1, 1), st.lists(SHARE, min_size=CURVE_POINTS, max_size=CURVE_POINTS))
def test_shares_come_back_within_half_a_step(shares: list[float], valence: float, curve: list[float]) -> None:
    """255 steps: nobody hears finer."""
    names = ("pulse", "clarity", "energy", "percussive", "brightness", "voice")
    given_ = heard(**dict(zip(names, shares, strict=True)), valence=valence, curve=tuple(curve))
    back = unpacked(rows(packed(given_))[0])
    for name in names:
        assert getattr(back, name) == pytest.approx(getattr(given_, name), abs=0.5001 / STEPS)
    assert back.valence == pytest.approx(valence, abs=0.5001 / 127)
    assert back.curve == pytest.approx(tuple(curve), abs=0.5001 / STEPS)


def test_length_tempo_key_and_sections_come_back() -> None:
    """The rest is no share."""
    given_ = heard(seconds=200.25, tempo_bpm=96.5, tonic=11, minor=True, lufs=-23.5, sections=(9.3, 61.0))
    back = unpacked(rows(packed(given_))[0])
    assert (back.seconds, back.tempo_bpm, back.tonic, back.minor, back.lufs) == (200.25, 96.5, 11, True, -23.5)
    assert back.sections == pytest.approx((9.3, 61.0))


def test_a_track_takes_77_bytes() -> None:
    """The form on disk: another one needs another version of the index."""
    assert ROW.itemsize == 77
