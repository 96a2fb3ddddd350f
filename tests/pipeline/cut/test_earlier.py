"""Which cue of an earlier cut is which of this one, and what of its music stays."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from otio_soundtrack.model.conform import Remembered, Shot
from otio_soundtrack.model.cue import CueRecord
from otio_soundtrack.model.cut import Cut, CutList, Layer, Source, SourceKind
from otio_soundtrack.model.plan import Brief, Instrument, Mood, Plan, Section, Spot
from otio_soundtrack.pipeline.cut.carrying import wishes_as_before
from otio_soundtrack.pipeline.cut.earlier import Earlier, EarlierCue, EarlierTake
from otio_soundtrack.settings import Wishes
from otio_soundtrack.timeline.shots import shots

RATE = 24.0


def cut(*names: str, frames: int = 48) -> CutList:
    """Return a cut of shots of equal length, each from the head of a movie of its own."""
    sources = [Source(kind=SourceKind.MOVIE, name=f"{name}.mp4", path=Path(f"{name}.mp4")) for name in names]
    cuts = [
        Cut(start=number * frames, frames=frames, name=name, layers=(Layer(source=source, at=Fraction(0)),))
        for number, (name, source) in enumerate(zip(names, sources, strict=True))
    ]
    return CutList(name="cut", rate=RATE, frames=len(names) * frames, start_time=None, cuts=tuple(cuts))


def plan(cue_id: str, start: int, frames: int, *, mood: Mood = Mood.SAD, bpm: float = 60.0) -> Plan:
    """Return a plan of one section."""
    section = Section(start=0, end=frames, mood=mood, energy=0.5, key="D minor", tempo_bpm=bpm, instruments=(Instrument.PAD,))
    return Plan(cue_id=cue_id, rate=RATE, start=start, frames=frames, first_beat=0.0, sections=(section,))


def record(made: Plan) -> CueRecord:
    """Return the record of a take that was made from a plan."""
    said = {
        "provider": "suno",
        "model": "m",
        "intent": "temp",
        "tempo_bpm": 60.0,
        "key": "D minor",
        "ending": "kept",
        "ai": "full",
    }
    digests = {"sha256": made.cue_id * 16, "source_sha256": "0" * 64, "licence": "", "created": ""}
    measured = {"integrated_lufs": -16.0, "true_peak_dbtp": -1.0, "samples": 1, "sample_rate": 48_000}
    brief = Brief(seconds=made.frames / RATE, plan=made)
    return CueRecord.model_validate({"cue_id": made.cue_id, "brief": brief, **said, **digests, **measured})


def laid(old: CutList, cue_id: str, start: int, frames: int, *, known: bool = True) -> EarlierCue:
    """Return a cue that lies on a timeline."""
    under: tuple[Shot, ...] = shots(old, start, start + frames) if known else ()
    take = EarlierTake(key="take-1", record=record(plan(cue_id, start, frames)), remembered=Remembered(shots=under))
    return EarlierCue(takes=(take,), active="take-1", track="Soundtrack", rate=RATE)


def partners(found: Earlier, *spots: tuple[str, int, int]) -> dict[str, str]:
    """Return the id of the earlier cue for each cue that has one."""
    asked = [Spot(cue_id=cue_id, start=start, frames=frames) for cue_id, start, frames in spots]
    return {cue_id: cue.record.cue_id for cue_id, cue in found.partners(asked).items()}


def test_a_cue_goes_with_its_pictures_whatever_its_number() -> None:
    """A cue was put in before both, and the two changed places: numbers shift, music does not."""
    old = cut("a", "b", "c", "d")
    cues = (laid(old, "1m01", 0, 96), laid(old, "1m02", 96, 96))
    new = Earlier(cues, cut("x", "c", "d", "a", "b"))
    assert partners(new, ("1m01", 0, 48), ("1m02", 48, 96), ("1m03", 144, 96)) == {"1m02": "1m02", "1m03": "1m01"}


def test_where_the_pictures_tell_nothing_numbers_do() -> None:
    """A record of a version that kept no shots, and a cut whose every picture was replaced."""
    old = cut("a", "b")
    unknown = Earlier((laid(old, "1m01", 0, 48, known=False), laid(old, "1m02", 48, 48, known=False)), cut("a", "b"))
    assert partners(unknown, ("1m02", 48, 48), ("1m07", 0, 48)) == {"1m02": "1m02"}
    assert partners(Earlier((laid(old, "1m01", 0, 96),), cut("y", "z")), ("2m05", 0, 96)) == {"2m05": "1m01"}


def test_mood_and_tempo_stay_unless_they_are_asked_for() -> None:
    """Little by little a tempo may follow the cuts; another one is held."""
    before = record(plan("1m01", 0, 96, mood=Mood.SAD, bpm=60.0))
    near = plan("1m01", 0, 90, mood=Mood.SAD, bpm=62.0)
    assert wishes_as_before(near, before, Wishes()) == Wishes()
    far = plan("1m01", 0, 90, mood=Mood.EPIC, bpm=120.0)
    assert wishes_as_before(far, before, Wishes()) == Wishes(mood=Mood.SAD, tempo=60.0)
    asked = Wishes(mood=Mood.EPIC, tempo=120.0)
    assert wishes_as_before(far, before, asked) == asked


def test_shots_of_a_cut_are_its_cuts_without_its_dissolves() -> None:
    """The half of a dissolve before its nominal cut belongs to the shot before, the other half to the one after."""
    one, other = (Source(kind=SourceKind.MOVIE, name=f"{name}.mp4", path=Path(f"{name}.mp4")) for name in "ab")
    away = Layer(source=one, at=Fraction(2), weights=(0.5,) * 12)
    come = Layer(source=other, at=Fraction(10), weights=(0.5,) * 12)
    dissolving = (
        Cut(start=0, frames=48, name="a", layers=(Layer(source=one, at=Fraction(0)),)),
        Cut(start=48, frames=12, name="a", layers=(away, come), changes_picture=False),
        Cut(start=60, frames=12, name="b", layers=(away, come)),
        Cut(start=72, frames=24, name="b", layers=(Layer(source=other, at=Fraction(11)),), changes_picture=False),
    )
    found = shots(CutList(name="", rate=RATE, frames=96, start_time=None, cuts=dissolving))
    assert [(shot.start, shot.end, shot.source, shot.at) for shot in found] == [(0, 60, "a.mp4", 0.0), (60, 96, "b.mp4", 10.5)]
