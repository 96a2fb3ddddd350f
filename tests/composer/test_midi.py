"""The notes of a cue as a MIDI file, read back with mido and compared with the score."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import mido
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from otio_soundtrack.composer.arrange import arranged
from otio_soundtrack.composer.general_midi import PATCHES, signature
from otio_soundtrack.composer.keys import parse_key
from otio_soundtrack.composer.midi import midi_song, smpte_start
from otio_soundtrack.composer.voices.instruments import SEATS
from otio_soundtrack.errors import StoreError
from otio_soundtrack.model.plan import HitPoint, Mood, Plan
from otio_soundtrack.planning.plan import plan as plan_music
from otio_soundtrack.settings import SpottingAsk, Wishes
from otio_soundtrack.spotting.spots import spots
from otio_soundtrack.tools.midi import SmpteStart, write_midi
from tests.composer.plans import EVERYBODY, plan_of, random_plan
from tests.planning.cases import scene


def read(plan: Plan, folder: Path, cuts: tuple[int, ...] = ()) -> mido.MidiFile:
    """Return what mido reads from the file of a plan."""
    write_midi(folder / "notes.mid", midi_song(plan, cuts))
    return mido.MidiFile(folder / "notes.mid", charset="utf-8")


def told(file: mido.MidiFile, kind: str) -> list[tuple[float, mido.MetaMessage]]:
    """Return (seconds, message) of one kind, in the time that mido plays."""
    at, found = 0.0, []
    for message in file:
        at += message.time
        if message.type == kind:
            found.append((at, message))
    return found


def starts(file: mido.MidiFile) -> list[float]:
    """Return the seconds of every note, in order."""
    return [at for at, _ in told(file, "note_on")]


def struck(plan: Plan) -> list[float]:
    """Return the starts of the score's notes in order; the same key of one voice struck twice within 0.1 ms is one note."""
    notes = {(note.stem, note.voice, note.pitch, round(note.start, 4)): note.start for note in arranged(plan).notes}
    return sorted(notes.values())


def planned(mood: Mood, form: str, rate: float = 24.0) -> Plan:
    """Return the plan of a cut of 36 s in three acts with a cut each 2.7 s."""
    cuts, seen = scene((13.0, {"light": 0.2}), (11.0, {"motion": 0.6}), (12.0, {"warmth": 0.4}), every=2.7, rate=rate)
    return plan_music(spots(cuts, seen, SpottingAsk())[0], cuts, seen, Wishes(mood=mood, grid=form))


@pytest.mark.parametrize("form", ["elastic", "constant"])
@pytest.mark.parametrize("mood", list(Mood))
def test_every_note_begins_within_a_millisecond_of_the_score(mood: Mood, form: str, tmp_path: Path) -> None:
    """All moods, bending and steady beats; nothing is missing and nothing is added."""
    made = planned(mood, form)
    score = struck(made)
    assert starts(read(made, tmp_path)) == pytest.approx(score, abs=0.001)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 100_000), seconds=st.floats(0.5, 45.0))
def test_any_plan_keeps_its_notes_and_its_length(seed: int, seconds: float, tmp_path: Path) -> None:
    """Any rate, tempo, metre and pick-up: 1 ms for each note, 1 ms for the end."""
    made = random_plan(seed, seconds)
    file = read(made, tmp_path)
    score = struck(made)
    assert starts(file) == pytest.approx(score, abs=0.001)
    frames_s = made.frames / (24000 / 1001 if made.rate == 23.976 else 30000 / 1001 if made.rate == 29.97 else made.rate)
    assert file.length == pytest.approx(frames_s, abs=0.001)


def test_every_note_is_let_go_before_its_key_is_struck_again(tmp_path: Path) -> None:
    """Two of one key at once would hang in most samplers."""
    file = read(random_plan(4, 40.0), tmp_path)
    for track in file.tracks[1:]:
        sounding: dict[int, bool] = defaultdict(bool)
        for message in track:
            if message.type in ("note_on", "note_off"):
                assert sounding[message.note] is (message.type == "note_off")
                sounding[message.note] = message.type == "note_on"
        assert not any(sounding.values())


def test_a_steady_beat_is_one_tempo_and_does_not_drift(tmp_path: Path) -> None:
    """97 beats a minute are 618556.7 microseconds: a minute of it is one tempo, ten are right to a tenth of a millisecond."""
    minute = plan_of(1500, sections=[(0, Mood.CALM, 0.4, "C major", 97.0, EVERYBODY)])
    assert [message.tempo for _, message in told(read(minute, tmp_path), "set_tempo")] == [618_557]
    long = midi_song(plan_of(15_000, sections=[(0, Mood.CALM, 0.4, "C major", 97.0, EVERYBODY)]))
    edges = [*long.tempi, (long.end, 0)]
    played = sum((later - tick) * tempo for (tick, tempo), (later, _) in pairwise(edges)) / long.ticks_per_quarter / 1e6
    # half a tick of rounding at the very end
    assert played == pytest.approx(600.0, abs=0.0003)


def test_sections_of_an_elastic_plan_begin_on_bar_lines_of_the_file(tmp_path: Path) -> None:
    """Bars as a sequencer counts them, from the metres alone."""
    made = planned(Mood.EPIC, "elastic")
    file = read(made, tmp_path)
    ticks, at, lines = file.ticks_per_beat, 0, set()
    metres = []
    for message in file.tracks[0]:
        at += message.time
        if message.type == "time_signature":
            metres.append((at, message.numerator * 4 * ticks // message.denominator))
    for (tick, bar), (end, _) in zip(metres, [*metres[1:], (at, 0)], strict=True):
        assert (end - tick) % bar == 0 or end == at
        lines |= set(range(tick, end, bar))
    begun = {at for at, message in _on_ticks(file.tracks[0]) if message.type == "marker" and message.text.startswith("section")}
    assert len(begun) == len(made.sections) >= 2
    assert begun <= lines


def _on_ticks(track: mido.MidiTrack) -> list[tuple[int, mido.MetaMessage]]:
    at, found = 0, []
    for message in track:
        at += message.time
        found.append((at, message))
    return found


def test_a_bar_of_two_beats_is_written_as_two_four(tmp_path: Path) -> None:
    """A section of ten beats in four-four has a bar of two before the next one begins."""
    sections = [(0, Mood.CALM, 0.5, "C major", 120.0, EVERYBODY), (125, Mood.EPIC, 0.7, "C major", 120.0, EVERYBODY)]
    made = plan_of(500, sections=sections)
    metres = [
        (round(at, 3), message.numerator, message.denominator) for at, message in told(read(made, tmp_path), "time_signature")
    ]
    assert metres[:3] == [(0.0, 4, 4), (4.0, 2, 4), (5.0, 4, 4)]


def test_parts_have_names_and_channels_of_their_own(tmp_path: Path) -> None:
    """Drums on channel 10 only, everybody else alone on a channel of a port, however many they are."""
    frames = 150
    sections = [(number * frames, mood, 0.8, "D minor", 110.0, EVERYBODY) for number, mood in enumerate(Mood)]
    file = read(plan_of(frames * len(Mood), sections=sections), tmp_path)
    seats = []
    for track in file.tracks[1:]:
        name = next(message.name for message in track if message.type == "track_name")
        port = next(message.port for message in track if message.type == "midi_port")
        channels = {message.channel for message in track if message.type == "note_on"}
        assert len(channels) == 1
        stem, voice = name.split(": ")
        assert (channels == {9}) is (PATCHES[voice].drum is not None)
        if channels != {9}:
            seats.append((port, *channels))
        assert stem in ("drums", "bass", "harmony", "melody", "fx")
    assert len(seats) == len(set(seats)) > 5


def test_every_voice_of_the_orchestra_has_a_patch() -> None:
    """None is forgotten; a few known from the General MIDI list, counted from 0."""
    assert set(SEATS) <= set(PATCHES)
    for voice, programme in {"harp": 46, "flute": 73, "celesta": 8, "choir": 52, "vibraphone": 11}.items():
        assert PATCHES[voice].programme == programme
    assert (PATCHES["kick"].drum, PATCHES["cymbal"].drum) == (36, 49)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("C major", "C"),
        ("D minor", "Dm"),
        ("Eb major", "Eb"),
        ("F# minor", "F#m"),
        ("D dorian", "Am"),
        ("F# dorian", "C#m"),
        ("Bb lydian", "F"),
        ("E phrygian", "Am"),
        ("G mixolydian", "C"),
        ("F# major", "F#"),
        ("Db major", "Db"),
        ("Ab minor", "G#m"),
    ],
)
def test_a_key_has_the_signature_that_engravers_write(key: str, expected: str) -> None:
    """MIDI knows major and minor; a mode gets the accidentals of its notes."""
    assert signature(parse_key(key)) == expected


def test_markers_stand_on_sections_hits_and_cuts(tmp_path: Path) -> None:
    """One marker a frame, at its time, with any letters; the text names cue and timecode."""
    hits = (HitPoint(frame=100, weight=1.0, label="Tür 扉", origin="user"),)
    made = plan_of(500, hits=hits, timecode="01:00:00:00")
    file = read(made, tmp_path, cuts=(50, 100, 333, 500))
    markers = [(round(at, 2), message.text) for at, message in told(file, "marker")]
    assert markers == [(0.0, "section 1: hopeful, D major"), (2.0, "cut"), (4.0, "hit: Tür 扉"), (13.32, "cut")]
    (text,) = [message.text for _, message in told(file, "text")]
    assert "1m01 at 01:00:00:00" in text


@pytest.mark.parametrize(
    ("timecode", "rate", "expected"),
    [
        ("01:02:03:24", 25.0, SmpteStart(hours=1, minutes=2, seconds=3, frames=24, rate=25)),
        ("10:00:00:23", 24.0, SmpteStart(hours=10, minutes=0, seconds=0, frames=23, rate=24)),
        ("01:00:00;02", 29.97, SmpteStart(hours=1, minutes=0, seconds=0, frames=2, rate=29.97)),
        ("01:00:00:02", 29.97, None),
        ("01:00:00:00", 23.976, None),
        ("01:00:00:00", 50.0, None),
        ("12.500", 25.0, None),
        ("", 25.0, None),
    ],
)
def test_the_tape_position_is_said_only_where_it_is_exact(timecode: str, rate: float, expected: SmpteStart | None) -> None:
    """MIDI counts 24, 25, 30 and 30 drop-frame."""
    assert smpte_start(timecode, rate) == expected


def test_the_tape_position_is_in_the_file(tmp_path: Path) -> None:
    """As mido reads it."""
    ((_, start),) = told(read(plan_of(200, timecode="01:02:03:04"), tmp_path), "smpte_offset")
    assert (start.frame_rate, start.hours, start.minutes, start.seconds, start.frames) == (25, 1, 2, 3, 4)


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    """No date, no chance."""
    written = []
    for name in ("a.mid", "b.mid"):
        write_midi(tmp_path / name, midi_song(planned(Mood.WONDER, "elastic")))
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """One clear error."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError):
        write_midi(tmp_path / "file" / "notes.mid", midi_song(plan_of(50)))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
