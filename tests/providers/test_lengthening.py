"""The one policy by which takes are extended."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.errors import (
    ConsentError,
    CreditsError,
    JobFailedError,
    JobStateUnknownError,
    RefusedError,
    SoundtrackError,
    UnusableTakeError,
)
from otio_soundtrack.model.wire import Reply, Request
from otio_soundtrack.provider.lengthening import (
    Allowance,
    Reach,
    Studio,
    continue_at,
    enough,
    lengthened,
    likely_rounds,
    policy,
)
from otio_soundtrack.provider.steps import Call, Course, Heard, Price, SameStart, done
from otio_soundtrack.provider.takes import Part, Take, Track, clip, tracks_of
from tests.providers.driver import Script, file, music, reply

REACH = Reach(first=(90.0, 240.0), more=(55.0, 120.0), longest=480.0)


@dataclass
class Service:
    """A service that continues songs: each entry of ``rounds`` is what one extension gives, clip by clip.

    A number of seconds is a new part; ``("whole", gain)`` the whole song; an error is raised by the call.
    """

    rounds: list[list[float | tuple[str, float] | SoundtrackError]]
    join_works: bool | SoundtrackError | None = None
    """None: the service has no such call; False: it gives something else; an error: the call raises it."""
    sounds: dict[str, Heard | SoundtrackError] = field(default_factory=dict)
    same: dict[tuple[str, str], bool] = field(default_factory=dict)
    calls: list[tuple[str, str, float]] = field(default_factory=list)
    lasts: list[bool] = field(default_factory=list)
    sources: dict[str, tuple[str, float]] = field(default_factory=dict)

    def studio(self) -> Studio:
        """Return how it makes songs longer."""
        return Studio(extend=self._extend, join=None if self.join_works is None else self._join, reach=REACH)

    def _length(self, name: str) -> float:
        sound = self.sounds[f"{name}.mp3"]
        assert isinstance(sound, Heard)
        return sound.seconds

    def _extend(self, label: str, track: Track, at: float, /, *, last: bool) -> Course[tuple[Track, ...]]:
        number = len(self.calls)
        self.calls.append(("extend", track.track_id, at))
        self.lasts.append(last)
        given = self.rounds[min(number, len(self.rounds) - 1)]
        names = yield from self._called(label, next((one for one in given if isinstance(one, SoundtrackError)), None))
        clips = []
        for place, one in enumerate(given):
            name = f"{track.track_id}x{number}{names}{place}"
            assert not isinstance(one, SoundtrackError)
            whole = isinstance(one, tuple)
            seconds = self._length(track.track_id) + one[1] if isinstance(one, tuple) else one
            self.sounds[f"{name}.mp3"] = music(seconds)
            self.same[f"{track.track_id}.mp3", f"{name}.mp3"] = whole
            self.sources[name] = (track.track_id, at)
            clips.append(name)
        return tracks(f"task{number}", *clips)

    def _join(self, label: str, track: Track) -> Course[tuple[Track, ...]]:
        self.calls.append(("join", track.track_id, 0.0))
        yield from self._called(label, self.join_works if isinstance(self.join_works, SoundtrackError) else None)
        source, at = self.sources[track.track_id]
        name = f"{track.track_id}j"
        self.sounds[f"{name}.mp3"] = music(at + self._length(track.track_id) if self.join_works else at)
        self.same[f"{source}.mp3", f"{name}.mp3"] = True
        return tracks(f"join {track.track_id}", name)

    def _called(self, label: str, error: SoundtrackError | None) -> Course[str]:
        def read(_: Reply) -> str:
            if error is not None:
                raise error
            return ""

        request = Request(method="POST", path="/extend")
        return (yield from done(Call(label=label, request=request, read=read, price=Price(credits=15))))


def tracks(task: str, *names: str) -> tuple[Track, ...]:
    """Return ready clips."""
    clips = [clip(name, f"https://cdn.example/{name}.mp3", title="", seconds=None, facts={}) for name in names]
    return tracks_of(task, clips, Request(method="GET", path="/"), lambda _: clips)


def lengthen(service: Service, seconds: float, first: float, most_calls: int = 4) -> tuple[Take, tuple[str, ...], Script]:
    """Extend a first song ``a`` for a cue."""
    service.sounds["a.mp3"] = music(first)
    run = Script(service=lambda _: reply({}), sounds=service.sounds, same=service.same)
    part = Part(track=tracks("t", "a")[0], file=file("a.mp3"), heard=music(first))
    take = Take(file=part.file, heard=part.heard, parts=(part,))
    longer, notes = run.run(lengthened("take 1", take, seconds, service.studio(), Allowance(most_calls)))
    return longer, notes, run


# ---- where -----------------------------------------------------------------------------------------------------------------


def test_a_take_that_comes_to_rest_is_continued_from_the_last_bar_line_before_its_ending() -> None:
    """Two bars at 60 BPM are left away, and then back to a bar line."""
    assert continue_at(music(93.4, bars=2.5)) == 85.0


def test_a_take_that_breaks_off_is_continued_from_its_last_bar_lines() -> None:
    """It has no ending that would stand in the middle; trailing silence does not count."""
    assert continue_at(music(93.4, bars=2.5, ends=False)) == 90.0
    assert continue_at(music(93.4, bars=2.5, ends=False, until=60.0)) == 57.5


def test_a_take_without_bar_lines_is_continued_from_the_second_before_its_ending() -> None:
    """A pad has no bars."""
    bare = Heard(seconds=93.4, sounding_until=93.4, ends=True, bars=(), tempo_bpm=0.0)
    assert continue_at(bare) == 85.4
    assert continue_at(Heard(seconds=6.0, sounding_until=6.0, ends=True, bars=(0.0, 1.0, 2.0), tempo_bpm=60.0)) == 3.0


@given(
    st.floats(min_value=1.0, max_value=600.0),
    st.floats(min_value=0.5, max_value=1.0),
    st.floats(min_value=0.2, max_value=9.0),
    st.booleans(),
)
def test_no_take_is_continued_at_its_very_end_nor_at_its_beginning(seconds: float, share: float, bars: float, ends: bool) -> None:
    """Services refuse 0 and the source's length; the last second holds the end of the ending."""
    sound = music(seconds, bars=bars, ends=ends, until=seconds * share)
    at = continue_at(sound)
    assert 0 < at < sound.sounding_until
    assert at >= sound.sounding_until / 2 - 0.01
    assert at <= max(sound.sounding_until / 2, sound.sounding_until - 2.0) + 0.01


# ---- how often -------------------------------------------------------------------------------------------------------------


def test_a_take_that_is_long_enough_is_left_alone() -> None:
    """The cue and two seconds; a second less is not enough."""
    service = Service([[60.0]])
    take, notes, _ = lengthen(service, 90.0, 92.0)
    assert (service.calls, notes, take.end) == ([], (), 92.0)
    lengthen(service, 91.0, 92.0)
    assert len(service.calls) == 1


def test_rounds_go_on_until_the_measured_length_is_reached() -> None:
    """New parts, joined here: each continued in its own time; the last one is told that it may come to rest."""
    service = Service([[60.0], [60.0], [60.0]])
    take, notes, run = lengthen(service, 200.0, 93.0)
    assert [call[0] for call in service.calls] == ["extend"] * 3
    assert [call[2] for call in service.calls] == [84.0, 52.0, 52.0]
    assert take.end == pytest.approx(84.0 + 52.0 + 52.0 + 60.0)
    assert take.joins == (84.0, 136.0, 188.0)
    assert service.lasts == [False, False, True]
    assert len(run.paid) == 3
    assert notes == ()


def test_the_longer_of_two_clips_is_taken() -> None:
    """It spares rounds."""
    service = Service([[40.0, 60.0]])
    take, _, _ = lengthen(service, 140.0, 93.0)
    assert take.end == 144.0


def test_a_song_that_the_service_joins_is_measured_and_continued_as_a_whole() -> None:
    """Extend and join are two paid calls each."""
    service = Service([[60.0], [60.0]], join_works=True)
    take, notes, run = lengthen(service, 190.0, 93.0)
    assert [call[0] for call in service.calls] == ["extend", "join", "extend", "join"]
    assert service.calls[2][1:] == ("ax00j", 136.0)
    assert take.end == 196.0
    assert len(take.parts) == 1
    assert take.joins == (84.0, 136.0)
    assert len(run.paid) == 4
    assert notes == ()


def test_what_the_service_joins_wrongly_is_joined_here() -> None:
    """A "whole" that is not source and continuation is not used, and that is said; it is not asked for it again."""
    service = Service([[60.0], [60.0]], join_works=False)
    take, notes, _ = lengthen(service, 180.0, 93.0)
    assert [call[0] for call in service.calls] == ["extend", "join", "extend"]
    assert take.end == pytest.approx(84.0 + 52.0 + 60.0)
    assert any("joined here" in note for note in notes)


def test_a_joined_song_that_cannot_be_extended_is_continued_from_its_newest_part() -> None:
    """In that part's own time, and joined here."""
    service = Service([[60.0], [RefusedError("the service refused the request: not this clip.")], [60.0]], join_works=True)
    service.rounds.insert(1, service.rounds[1])  # the join counts as a call
    take, notes, _ = lengthen(service, 190.0, 93.0)
    assert [call[:2] for call in service.calls] == [
        ("extend", "a"),
        ("join", "ax00"),
        ("extend", "ax00j"),
        ("extend", "ax00"),
    ]
    assert service.calls[3][2] == 52.0
    assert take.end == pytest.approx(84.0 + 52.0 + 60.0)
    assert [part.starts_at for part in take.parts] == [0.0, 136.0]
    assert notes == ()


def test_a_whole_song_replaces_the_part_that_it_continues() -> None:
    """A part that comes back whole is laid where the part lay."""
    service = Service([[60.0], [("whole", 50.0)]])
    take, _, _ = lengthen(service, 180.0, 93.0)
    assert [part.starts_at for part in take.parts] == [0.0, 84.0]
    assert take.end == pytest.approx(84.0 + 110.0)
    assert take.joins == (84.0, 136.0)


def test_beginnings_are_compared_no_longer_than_they_can_be_the_same() -> None:
    """A song of 15 s is continued at 7.5 s, in its middle: from there on the whole song is another one."""
    compared: list[float] = []

    class Watching(Script):
        def _do(self, step: object) -> object:
            compared.extend([step.seconds] if isinstance(step, SameStart) else [])
            return super()._do(step)

    for first in (15.0, 93.0):
        service = Service([[("whole", 150.0)]])
        service.sounds["a.mp3"] = music(first)
        part = Part(track=tracks("t", "a")[0], file=file("a.mp3"), heard=music(first))
        run = Watching(service=lambda _: reply({}), sounds=service.sounds, same=service.same)
        run.run(
            lengthened("take 1", Take(file=part.file, heard=part.heard, parts=(part,)), 140.0, service.studio(), Allowance(1))
        )
    assert compared == [7.5, 10.0]


# ---- when it stops -----------------------------------------------------------------------------------------------------------


def test_it_stops_at_the_limit_of_paid_calls_and_says_so() -> None:
    """Joins count; what is there is used."""
    service = Service([[60.0]], join_works=True)
    take, notes, run = lengthen(service, 400.0, 93.0, most_calls=3)
    assert len(run.paid) == 3
    assert take.end > 180.0
    assert any("limit of paid calls" in note for note in notes)
    assert any("the fit repeats bars" in note for note in notes)
    none = Service([[60.0]])
    assert lengthen(none, 400.0, 93.0, most_calls=0)[0].end == 93.0
    assert none.calls == []


def test_it_stops_after_a_round_that_adds_nothing() -> None:
    """A service that sends the same length again would be paid for ever."""
    service = Service([[("whole", 1.0)]])
    take, notes, run = lengthen(service, 200.0, 93.0)
    assert len(run.paid) == 1
    assert take.end == 94.0
    assert any("added 1.0 s" in note for note in notes)
    shorter = Service([[6.0]])
    assert lengthen(shorter, 200.0, 93.0)[0].end == 93.0


def test_it_stops_at_the_longest_song_of_the_model() -> None:
    """More cannot be had from it."""
    service = Service([[("whole", 500.0)]])
    take, notes, run = lengthen(service, 700.0, 93.0)
    assert len(run.paid) == 1
    assert take.end == 593.0
    assert any("longest song" in note for note in notes)


@pytest.mark.parametrize(
    "error",
    [
        CreditsError("no credits are left."),
        ConsentError("the cap of 40 credits would be passed."),
        RefusedError("not this."),
        JobFailedError("it failed."),
    ],
)
def test_a_round_that_is_refused_leaves_the_take_as_it_was(error: SoundtrackError) -> None:
    """What was paid for is used, and the reason is said."""
    take, notes, _ = lengthen(Service([[60.0], [error]]), 400.0, 93.0)
    assert take.end == pytest.approx(84.0 + 60.0)
    assert any(error.message in note for note in notes)


def test_a_round_whose_clips_cannot_be_used_is_the_last() -> None:
    """A silent continuation is not paid for again."""
    service = Service([[60.0]])
    service.sounds = Deaf(service.sounds)
    take, notes, run = lengthen(service, 200.0, 93.0)
    assert (take.end, len(run.paid)) == (93.0, 1)
    assert any("could be used" in note for note in notes)


class Deaf(dict[str, "Heard | SoundtrackError"]):
    """Sounds of which only the first song can be used."""

    def __setitem__(self, name: str, sound: Heard | SoundtrackError) -> None:
        super().__setitem__(name, sound if name == "a.mp3" else UnusableTakeError("it is silent."))


def test_a_call_whose_fate_is_unknown_ends_the_course() -> None:
    """Only the ledger may settle it; going on would be paid for beside it."""
    with pytest.raises(JobStateUnknownError):
        lengthen(Service([[JobStateUnknownError("nobody knows.")]]), 200.0, 93.0)


GAINS = st.one_of(
    st.floats(min_value=0.5, max_value=130.0),
    st.tuples(st.just("whole"), st.floats(min_value=-20.0, max_value=130.0)),
    st.sampled_from([RefusedError("no."), JobFailedError("no."), CreditsError("no.")]),
)


@given(
    st.lists(st.lists(GAINS, min_size=1, max_size=2), min_size=1, max_size=5),
    st.sampled_from([None, True, False, RefusedError("no join.")]),
    st.floats(min_value=5.0, max_value=900.0),
    st.floats(min_value=30.0, max_value=300.0),
    st.integers(min_value=0, max_value=6),
)
def test_whatever_a_service_does_it_ends_within_the_limit_and_nothing_is_lost(
    rounds: list[list[float | tuple[str, float] | SoundtrackError]],
    join_works: bool | SoundtrackError | None,
    seconds: float,
    first: float,
    most_calls: int,
) -> None:
    """Any lengths, parts and wholes mixed, refusals anywhere."""
    service = Service(rounds, join_works)
    take, notes, run = lengthen(service, seconds, first, most_calls)
    assert len(run.paid) <= most_calls
    assert take.end >= first
    assert list(take.joins) == sorted(take.joins)
    assert all(0 < join < take.end for join in take.joins)
    assert take.end >= enough(seconds) or notes
    if first >= enough(seconds):
        assert run.paid == []
    for _, track_id, at in service.calls:
        assert at < service._length(track_id)


# ---- what is told before -----------------------------------------------------------------------------------------------------


def test_likely_rounds_are_none_for_a_cue_that_a_short_song_covers() -> None:
    """And grow with the cue, at least and at most; no more than the longest song needs."""
    assert likely_rounds(60.0, REACH) == (0, 0)
    least, most = likely_rounds(300.0, REACH)
    assert (least, most) == (1, 5)
    assert likely_rounds(480.0, REACH) == likely_rounds(5000.0, REACH)
    assert likely_rounds(300.0, REACH, (302.0, 302.0)) == (0, 0)


@given(st.floats(min_value=1.0, max_value=2000.0), st.floats(min_value=0.0, max_value=500.0))
def test_a_longer_cue_never_needs_fewer_rounds(seconds: float, more: float) -> None:
    """At least is never more than at most."""
    least, most = likely_rounds(seconds, REACH)
    longer_least, longer_most = likely_rounds(seconds + more, REACH)
    assert 0 <= least <= most
    assert longer_least >= least
    assert longer_most >= most


def test_the_policy_is_told_in_sentences() -> None:
    """Until when, from where, by how many calls, and what the model cannot do."""
    assert len(policy(60.0, 4, REACH)) == 1
    assert "62.0 s" in policy(60.0, 4, REACH)[0]
    assert "480 s" in policy(600.0, 4, REACH)[1]
