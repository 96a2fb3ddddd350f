"""The elastic beat: cuts on beats, sections on bar lines, a tempo that bends no more than the mood allows."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from otio_soundtrack.composer.grid import grid
from otio_soundtrack.model.features import PictureChange
from otio_soundtrack.model.plan import HitPoint, Mood, Plan, Spot
from otio_soundtrack.model.tempo_map import tempo_map
from otio_soundtrack.planning.beat_search import Point
from otio_soundtrack.planning.elastic import TOLERANCE, Elastic, cut_points, elastic
from otio_soundtrack.planning.moods import CHARACTERS
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.settings import Wishes
from tests.composer.plans import EVERYBODY, plan_of
from tests.planning.cases import anything, scene, whole

FPS = 24
RING = (2.2, 3.2, 5.5)
OVERSHOOT = 1.5
"""The monotone cubic bends single beats by up to half as much again as the stretch between two anchors."""


def random_edit(seed: int, seconds: int = 90) -> tuple[list[int], list[int], tuple[Point, ...]]:
    """Return cuts (log-normal shots, median 2.8 s, sigma 0.55, least half a second), three section starts, and all points."""
    chance = np.random.default_rng(seed)
    cuts, at = [], 0
    while (at := at + round(max(0.5, chance.lognormal(np.log(2.8), 0.55)) * FPS)) <= (seconds - 1.5) * FPS:
        cuts.append(at)
    inside = [cut for cut in cuts if 6 * FPS < cut < (seconds - 8) * FPS]
    starts = sorted(int(cut) for cut in chance.choice(inside, 3, replace=False))
    points = tuple(
        Point(
            frame=cut,
            weight=12.0 if cut in starts else 0.5 + 0.5 * chance.random(),
            kind="section" if cut in starts else "cut",
        )
        for cut in cuts
    )
    return cuts, starts, points


def fitted(points: tuple[Point, ...], frames: int, mood: Mood = Mood.HOPEFUL) -> Elastic:
    """Return the elastic beat of a mood."""
    character = CHARACTERS[mood]
    found = elastic(
        points,
        frames,
        rate=Fraction(FPS),
        limits=(character.slowest, character.fastest),
        tolerance=TOLERANCE[mood],
        beats_per_bar=4,
        room=RING,
    )
    assert found is not None
    return found


def with_beat(found: Elastic, starts: list[int], frames: int) -> Plan:
    """Return a plan with that beat."""
    sections = [(start, Mood.CALM, 0.5, "C major", found.bpm, EVERYBODY) for start in [0, *starts]]
    return plan_of(frames, rate=FPS, sections=sections, first_beat=found.first_beat, anchors=found.anchors)


def test_sixty_random_edits_reach_the_floor() -> None:
    """Cuts within a frame of a beat that is played: 0.70 or more (chance 0.15); section starts on a bar line: all, to 0.1 ms."""
    frames, on_beat, on_line, bends = 90 * FPS, [], [], []
    for seed in range(60):
        cuts, starts, points = random_edit(seed)
        found = fitted(points, frames)
        cue = grid(with_beat(found, starts, frames))
        beats = np.array(cue.beats_inside)
        lines = np.array([cue.time(bar.beat) for bar in cue.bars])
        on_beat.append(np.mean([np.abs(beats - cut / FPS).min() <= 1 / FPS + 1e-6 for cut in cuts]))
        on_line += [np.abs(lines - start / FPS).min() < 1e-4 for start in starts]
        bends.append(np.abs(60 / np.diff(beats) / found.bpm - 1).max())
    assert np.mean(on_beat) >= 0.70
    assert np.mean(on_line) == 1.0
    assert max(bends) <= OVERSHOOT * TOLERANCE[Mood.HOPEFUL]


@pytest.mark.parametrize("mood", [Mood.PLAYFUL, Mood.SAD, Mood.MYSTERIOUS])
def test_the_beat_bends_no_more_than_its_mood_allows(mood: Mood) -> None:
    """Nominal tempo in the range; between anchors within the tolerance; single beats within half as much again."""
    for seed in range(3):
        _, starts, points = random_edit(seed)
        found = fitted(points, 90 * FPS, mood)
        assert CHARACTERS[mood].slowest <= found.bpm <= CHARACTERS[mood].fastest
        places = [(found.first_beat * FPS, 0.0), *((anchor.frame, anchor.beat) for anchor in found.anchors)]
        for (here, one), (there, other) in pairwise(places):
            tempo = (other - one) / (there - here) * FPS * 60
            assert abs(found.bpm / tempo - 1) <= TOLERANCE[mood] * 1.1
        beats = np.diff(grid(with_beat(found, starts, 90 * FPS)).beats_inside)
        assert np.abs(60 / beats / found.bpm - 1).max() <= OVERSHOOT * TOLERANCE[mood]


def test_the_last_chord_has_room_to_ring_out() -> None:
    """It starts on an anchor 2.2 to 5.5 s before the end, on a bar line of the last section or in the middle of its bar."""
    for seed in range(6):
        _, starts, points = random_edit(seed)
        found = fitted(points, 90 * FPS)
        made = with_beat(found, starts, 90 * FPS)
        cue = grid(made)
        assert found.anchors[-1].kind == "end"
        assert 2.2 <= 90 - cue.time(cue.final) <= 5.5
        assert cue.time(cue.final) == pytest.approx(found.anchors[-1].frame / FPS, abs=1e-9)


def test_a_steady_picture_keeps_a_steady_beat() -> None:
    """Cuts each 2.5 s: 96 beats a minute meet them all, and nothing bends by more than half a percent."""
    points = tuple(Point(frame=60 * number, weight=0.7, kind="cut") for number in range(1, 34))
    found = fitted(points, 90 * FPS)
    beats = np.array(grid(with_beat(found, [], 90 * FPS)).beats_inside)
    inside = beats[beats < 80]
    assert found.met == len([anchor for anchor in found.anchors if anchor.kind == "cut"]) >= 30
    assert np.abs(60 / np.diff(inside) / found.bpm - 1).max() < 0.005


def test_the_cost_grows_with_the_length_and_not_faster() -> None:
    """Twice the points take at most thrice the CPU seconds, and a minute of picture less than half a second."""

    def seconds(minutes: int) -> float:
        points = tuple(Point(frame=86 * number, weight=0.7, kind="cut") for number in range(1, minutes * 60 * FPS // 86 - 2))
        start = time.process_time()
        fitted(points, minutes * 60 * FPS)
        return time.process_time() - start

    seconds(1)  # first calls are slower
    short, long = seconds(10), seconds(20)
    assert long < 3 * short
    assert long / 20 < 0.5


def test_points_stand_apart_and_the_heavier_stays() -> None:
    """Three cuts in six frames and a section start among them: only the section start is left; hits outweigh cuts."""
    changes = tuple(PictureChange(frame=frame, origin="edit", strength=0.9) for frame in (100, 102, 104, 200, 203))
    spot = Spot(cue_id="1m01", start=0, frames=400, hits=(HitPoint(frame=201, weight=1.0, origin="user"),))
    found = cut_points(spot, changes, [0, 102], 24.0)
    assert [(point.frame, point.kind) for point in found] == [(102, "section"), (201, "hit")]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(anything())
def test_any_cut_gets_a_beat_that_runs_forwards(case: tuple) -> None:
    """Anchors increase in frame and beat and all hold; every beat is positive and within the tolerance and its overshoot."""
    cuts, features, spot = case
    made = plan(spot, cuts, features, Wishes())
    curve = tempo_map(made)
    if curve is None:
        assert "constant" in " ".join(made.notes)
        return
    assert curve.anchors == made.anchors
    assert all(one.frame < other.frame and one.beat < other.beat for one, other in pairwise(made.anchors))
    last = min(int(curve.beats[-1]), 4000)
    tempi = 60 / np.diff([curve.time(beat) for beat in range(-4, last)])
    assert np.abs(tempi / made.sections[0].tempo_bpm - 1).max() <= OVERSHOOT * max(TOLERANCE.values())


@pytest.mark.parametrize("tempo", [None, 77.7])
def test_a_constant_grid_never_bends_and_says_so(tempo: float | None) -> None:
    """``--grid constant``: no anchors, and a note."""
    cuts, features = scene((40, {"light": 0.6}), every=3.3)
    made = plan(whole(cuts), cuts, features, Wishes(grid="constant", tempo=tempo))
    assert made.anchors == ()
    assert any("constant" in note for note in made.notes)
    assert np.ptp(np.diff(grid(made).beats_inside)) < 1e-9


def test_a_given_tempo_is_the_one_that_bends() -> None:
    """``--tempo 77.7`` with the elastic grid: nominal exactly, the beat around it."""
    cuts, features = scene((40, {"light": 0.6}), every=3.3)
    made = plan(whole(cuts), cuts, features, Wishes(tempo=77.7))
    assert {section.tempo_bpm for section in made.sections} == {77.7}
    assert made.anchors
    assert any("elastic" in note and "77.7" in note for note in made.notes)


def test_a_hit_that_cannot_be_met_is_named_with_its_error() -> None:
    """Two hits of a person 0.32 s apart at 60 beats a minute: one of them is missed by eight frames, and the notes say which."""
    cuts, features = scene((40, {}), every=1000)
    hits = (HitPoint(frame=500, weight=1.0, origin="user"), HitPoint(frame=508, weight=0.9, origin="user"))
    made = plan(whole(cuts, hits), cuts, features, Wishes(tempo=60.0))
    assert 500 in {anchor.frame for anchor in made.anchors}
    missed = [note for note in made.notes if "frame 508" in note]
    assert len(missed) == 1
    assert "8.0 frames early" in missed[0]
