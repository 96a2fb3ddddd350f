"""Cuts that are seen inside a clip, against films whose script knows them."""

from __future__ import annotations

import numpy as np
import pytest

from otio_soundtrack.analysis.frames import COLUMNS
from otio_soundtrack.analysis.shots import detected_cuts
from tests.analysis.films import Thumbs, agreement, film, measured, shot, thumb


def found_in(thumbs: Thumbs, rate: float = 25.0) -> tuple[int, ...]:
    """Return the cuts that are seen in a film."""
    return detected_cuts(measured(thumbs).table, rate)


def many_shots(seed: int, **looks: float) -> tuple[Thumbs, tuple[int, ...]]:
    """Return a film of 30 shots of 0.4 to 4 seconds."""
    rng = np.random.default_rng(seed)
    return film(*(shot(rng, int(rng.integers(10, 100)), **looks) for _ in range(30)))


@pytest.mark.parametrize(
    "looks",
    [
        {"pan": 0.0, "grain": 0.0},
        {"pan": 0.3},
        {"pan": 1.5, "grain": 0.02},
        {"pan": 0.3, "flicker": 0.04},
        {"pan": 0.3, "grain": 0.03},
    ],
    ids=["locked off", "slow pan", "fast pan", "flicker", "heavy grain"],
)
def test_hard_cuts_are_found_to_the_frame(looks: dict[str, float]) -> None:
    """At least 95 of 100 cuts are found, and at most five of a hundred that are found are none."""
    results = [agreement(found_in(thumbs), truth) for thumbs, truth in (many_shots(seed, **looks) for seed in range(3))]
    precision, recall = np.mean(results, axis=0)
    assert precision >= 0.95
    assert recall >= 0.95


def test_a_single_shot_has_no_cut_however_it_moves() -> None:
    """Pans up to three pixels of 64 a frame, that is the width of the picture in less than a second."""
    for pan in (0.0, 0.5, 1.0, 2.0, 3.0):
        assert found_in(shot(np.random.default_rng(7), 75, pan=pan)) == ()


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_a_flash_is_no_cut(length: int) -> None:
    """A camera flash or muzzle fire of up to four frames: the picture from before comes back."""
    thumbs = shot(np.random.default_rng(8), 200)
    for at in (50, 51 + length * 3, 140):
        thumbs[at : at + length] = thumb(0.98)
    assert found_in(thumbs) == ()


def test_a_cut_beside_a_flash_is_still_found() -> None:
    """A damaged frame two frames after a cut must not hide it (it did in the damaged sample film of OpenCV)."""
    rng = np.random.default_rng(9)
    thumbs, (cut,) = film(shot(rng, 80), shot(rng, 80))
    thumbs[cut + 2] = thumb(0.5, -0.9, -0.9)
    assert found_in(thumbs) == (cut,)


def test_a_slow_change_of_exposure_is_no_cut() -> None:
    """An iris pull from full to a third of the light within a second."""
    base = shot(np.random.default_rng(10), 1, grain=0)[0].astype(np.float64)
    gains = np.interp(np.arange(150), [60, 85], [1.0, 0.33])
    luma = ((base[:2304] - 16)[np.newaxis] * gains[:, np.newaxis] + 16).round().astype(np.uint8)
    thumbs = np.concatenate([luma, np.broadcast_to(base[2304:].astype(np.uint8), (150, 1152))], axis=1)
    assert found_in(thumbs) == ()


@pytest.mark.parametrize("held", [2, 3, 4])
def test_animation_on_twos_and_threes_has_no_cuts_of_its_own(held: int) -> None:
    """Frames that are held make every step stand out against its still neighbours."""
    steps = shot(np.random.default_rng(11), 40, pan=7.0)
    assert found_in(np.repeat(steps, held, axis=0)) == ()


def test_a_fade_through_black_begins_a_shot() -> None:
    """There is no jump, yet after the black another shot begins, on the first frame that shows it."""
    rng = np.random.default_rng(12)
    one, other = shot(rng, 60, grain=0).astype(np.float64), shot(rng, 60, grain=0).astype(np.float64)
    out, into = np.linspace(1, 0, 25)[:, np.newaxis], np.linspace(0, 1, 25)[:, np.newaxis]
    one[-25:, :2304] = 16 + (one[-25:, :2304] - 16) * out
    other[:25, :2304] = 16 + (other[:25, :2304] - 16) * into
    thumbs = np.concatenate([one, np.tile(thumb(0.0), (10, 1)), other]).round().astype(np.uint8)
    (seen,) = found_in(thumbs)
    assert 70 <= seen <= 74


def test_a_night_scene_at_the_edge_of_black_has_no_cuts() -> None:
    """A mean luma that wanders around the threshold of black is one dark shot."""
    luma = 0.02 + 0.008 * np.sin(np.arange(300) / 7)
    assert found_in(np.stack([thumb(value) for value in luma])) == ()


def test_the_rate_changes_what_a_shortest_shot_is() -> None:
    """A shot of 8 frames is one at 25 frames per second (0.32 s) and none at 60 (0.13 s)."""
    rng = np.random.default_rng(13)
    thumbs, truth = film(shot(rng, 90), shot(rng, 8), shot(rng, 90))
    assert found_in(thumbs, 25.0) == truth
    assert len(found_in(thumbs, 60.0)) == 1


@pytest.mark.parametrize("frames", [0, 1, 2, 5])
def test_a_film_of_a_few_frames_has_no_cut(frames: int) -> None:
    """Nothing to compare is no error."""
    assert detected_cuts(np.zeros((frames, COLUMNS), np.float32), 25.0) == ()


def test_black_throughout_has_no_cut() -> None:
    """A gap is one still picture."""
    assert found_in(np.tile(thumb(0.0), (100, 1))) == ()
