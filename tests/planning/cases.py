"""Cuts, features and spots for the planning tests."""

from __future__ import annotations

from hypothesis import strategies as st
from opentimelineio.opentime import RationalTime

from otio_soundtrack.model.cut import Cut, CutList
from otio_soundtrack.model.features import Curve, Features, PictureChange, Region
from otio_soundtrack.model.plan import HitPoint, Spot

HZ = 5.0


def curve(values: list[float], unit: str = "0-1") -> Curve:
    """Return a curve at five values a second."""
    return Curve(unit=unit, hz=HZ, values=tuple(values))


def scene(
    *acts: tuple[float, dict[str, float]], every: float = 4.0, rate: float = 25.0, speech: tuple[Region, ...] = ()
) -> tuple[CutList, Features]:
    """Return a cut made of acts: seconds and how they look (``light``, ``colour``, ``warmth``, ``motion``, ``pace``).

    Args:
        acts: each act; what is not said is ordinary.
        every: seconds from cut to cut; the cut between acts is the strongest.
        rate: frames per second.
        speech: where they speak.
    """
    ordinary = {"light": 0.36, "colour": 0.2, "warmth": 0.03, "motion": 0.18, "pace": 12.0}
    lines: dict[str, list[float]] = {name: [] for name in ordinary}
    joints, at = set(), 0.0
    for seconds, look in acts:
        for name, usual in ordinary.items():
            lines[name] += [look.get(name, usual)] * round(seconds * HZ)
        joints.add(round(at * rate))
        at += seconds
    frames = round(at * rate)
    plain = {round(number * every * rate) for number in range(1, int(at / every) + 1)}
    changes = [
        PictureChange(frame=frame, origin="edit", strength=1.0 if frame in joints else 0.3)
        for frame in sorted((joints | plain) - {0})
        if frame < frames
    ]
    cuts = CutList(
        name="film", rate=rate, frames=frames, start_time=RationalTime(3600 * rate, rate), cuts=(Cut(start=0, frames=frames),)
    )
    features = Features(
        rate=rate,
        frames=frames,
        changes=tuple(changes),
        pace=curve(lines["pace"], "cuts per minute"),
        motion=curve(lines["motion"]),
        brightness=curve(lines["light"]),
        saturation=curve(lines["colour"]),
        warmth=curve(lines["warmth"], "-1..1"),
        speech=speech,
        loudness=curve([], "LUFS"),
        integrated_lufs=None,
    )
    return cuts, features


def whole(cuts: CutList, hits: tuple[HitPoint, ...] = (), prompt: str = "") -> Spot:
    """Return the whole cut as a spot."""
    return Spot(cue_id="1m01", start=0, frames=cuts.frames, hits=hits, prompt=prompt)


@st.composite
def anything(draw: st.DrawFn) -> tuple[CutList, Features, Spot]:
    """Draw a cut of one frame to two hours with any features, and a spot in it."""
    rate = draw(st.sampled_from([1.0, 12.0, 23.976024627685547, 24.0, 25.0, 29.97, 30.0, 59.94, 120.0]))
    seconds = draw(st.one_of(st.floats(0.001, 3), st.floats(3, 120), st.floats(120, 7200)))
    frames = max(1, int(seconds * rate))
    places = draw(st.lists(st.integers(1, max(1, frames - 1)), max_size=80, unique=True))
    strengths = draw(st.lists(st.floats(0, 1), min_size=len(places), max_size=len(places)))
    bins = -(-frames * 5 // max(1, round(rate)))
    values = draw(st.lists(st.floats(0, 1), min_size=1, max_size=12)) if draw(st.booleans()) else []

    def stretched(low: float, high: float) -> list[float]:
        return [low + (high - low) * values[at * len(values) // bins] for at in range(bins)] if values else []

    features = Features(
        rate=rate,
        frames=frames,
        changes=tuple(
            PictureChange(frame=frame, origin="edit", strength=strength)
            for frame, strength in sorted(zip(places, strengths, strict=True))
            if frame < frames
        ),
        pace=curve(stretched(0, 80), "cuts per minute"),
        motion=curve(stretched(0, 1)),
        brightness=curve(stretched(1, 0)),
        saturation=curve(stretched(0, 0.6)),
        warmth=curve(stretched(-1, 1), "-1..1"),
        speech=(),
        loudness=curve([], "LUFS"),
        integrated_lufs=None,
    )
    cuts = CutList(name="film", rate=rate, frames=frames, start_time=None, cuts=(Cut(start=0, frames=frames),))
    start = draw(st.integers(0, frames - 1))
    length = draw(st.integers(1, frames - start))
    hit_frames = draw(st.lists(st.integers(0, length - 1), max_size=6, unique=True))
    hits = tuple(HitPoint(frame=frame, weight=draw(st.floats(0, 1)), origin="user") for frame in sorted(hit_frames))
    return cuts, features, Spot(cue_id="1m01", start=start, frames=length, hits=hits)
