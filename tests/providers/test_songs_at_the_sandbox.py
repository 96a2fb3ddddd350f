"""Songs from the first call to the last byte: courses, runner, network, ears, and a sandbox that was written without them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from otio_soundtrack.audio.ears import Ears
from otio_soundtrack.errors import (
    CreditsError,
    JobFailedError,
    JobStateUnknownError,
    RefusedError,
    SoundtrackError,
    UnusableTakeError,
)
from otio_soundtrack.jobs import Consent, Order, Result, run
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.pipeline.services.wiring import clock, open_wire
from otio_soundtrack.provider.ask import Clip, Delivery
from otio_soundtrack.provider.service import Service
from otio_soundtrack.provider.steps import Heard
from otio_soundtrack.providers.musicapi import MusicApi
from otio_soundtrack.providers.suno import Suno
from otio_soundtrack.sandbox.server import Sandbox
from tests.providers.briefs import ask

SPEED = 400.0
"""A song of two minutes' work takes a third of a second."""
LENGTHS = (8.0, 9.0)
"""Seconds of the two songs of a create: music enough to be judged."""
LONGER = (14.0, 15.5)
"""Of songs that are continued before their ending."""
COVERED, LONG = 4.0, 17.0
"""Seconds of a cue that the first song covers, and of one that needs to be extended to."""
SERVICES: dict[str, Callable[[], Service]] = {
    "musicapi": MusicApi,
    "suno": Suno,
    "sunoapi": lambda: Suno("https://api.sunoapi.org"),
}


class FileEars:
    """The ears, which know paths, as the runner asks them."""

    def __init__(self, folder: Path) -> None:
        self._ears = Ears(folder)

    def hear(self, file: Fetched, /) -> Heard:
        """Listen."""
        return self._ears.hear(file.path)

    def same_start(self, one: Fetched, other: Fetched, seconds: float, /) -> bool:
        """Compare."""
        return self._ears.same_start(one.path, other.path)

    def join(self, first: Fetched, at_seconds: float, second: Fetched, folder: Path, /) -> Fetched:
        """Join."""
        return self._ears.join(first.path, at_seconds, second.path, folder)

    def unpack(self, file: Fetched, folder: Path, /) -> tuple[Fetched, ...]:
        """Nothing is packed here."""
        raise AssertionError(file)

    def publish(self, path: Path, /) -> str:
        """Nothing is published here."""
        raise AssertionError(path)


class Bench:
    """A sandbox with a client in front of it."""

    def __init__(self, box: Sandbox, home: Path) -> None:
        self.box = box
        self._home = home

    def job(
        self, name: str, seconds: float, *, kind: str = "score", arguments: dict[str, Any] | None = None, **wanted: Any
    ) -> Result:
        """Do one job."""
        ears = self._home / "ears"
        ears.mkdir(exist_ok=True)
        order = Order(service=SERVICES[name](), ask=ask(seconds, **wanted), kind=kind, arguments=arguments or {})
        (result,) = run(
            [order],
            home=self._home / "home",
            open_wire=open_wire,
            ears=FileEars(ears),
            consent=Consent(yes=True),
            clock=clock(),
        )
        return result

    def submissions(self, name: str) -> int:
        """Return how many paid calls the service began."""
        return len(self.box.state()["services"][name]["submissions"])


Open = Callable[..., Bench]


@pytest.fixture(scope="session")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder where the sandbox keeps what it composed, for all tests."""
    return tmp_path_factory.mktemp("songs")


@pytest.fixture
def opened(songs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Return what opens a bench; ``sunoapi`` is reached as suno's other operator."""
    with ExitStack() as stack:

        def start(name: str, *situations: str, lengths: tuple[float, float] = LENGTHS) -> Bench:
            box = stack.enter_context(Sandbox(speed=SPEED, situations=situations, lengths=lengths, folder=songs))
            for variable, value in box.environment.items():
                monkeypatch.setenv(variable, value)
            if name == "sunoapi":
                monkeypatch.setenv("SUNO_BASE_URL", box.addresses.origin("sunoapi"))
            return Bench(box, tmp_path)

        yield start


def delivered(result: Result) -> Delivery:
    """Return what a job delivered."""
    assert result.error is None, result.error
    assert isinstance(result.value, Delivery)
    return result.value


@pytest.mark.parametrize("name", SERVICES)
def test_a_song_that_covers_the_cue_is_one_paid_call(name: str, opened: Open) -> None:
    """And asked for again it is none."""
    bench = opened(name)
    offer = delivered(bench.job(name, COVERED)).offers[0]
    assert offer.heard.seconds >= COVERED
    assert bench.submissions("suno" if name == "sunoapi" else name) == 1
    assert delivered(bench.job(name, COVERED)).offers[0].file == offer.file
    assert bench.submissions("suno" if name == "sunoapi" else name) == 1


@pytest.mark.parametrize(("name", "form"), [("musicapi", "extension_part"), ("suno", "extension_whole")])
def test_a_song_is_extended_until_it_is_long_enough_in_either_form(name: str, form: str, opened: Open) -> None:
    """The new part only, or the whole song: the measured length is reached."""
    bench = opened(name, form, lengths=LONGER)
    delivery = delivered(bench.job(name, LONG, wav=True))
    offer = delivery.offers[0]
    assert offer.heard.sounding_until >= LONG
    assert offer.joins
    assert offer.file.path.suffix == ".wav"
    assert delivery.notes == ()


def test_a_concat_that_fails_is_made_here(opened: Open) -> None:
    """And said."""
    delivery = delivered(opened("musicapi", "extension_part", "concat_fails", lengths=LONGER).job("musicapi", LONG))
    assert delivery.offers[0].heard.sounding_until >= LONG
    assert any("joined here" in note for note in delivery.notes)


def test_an_extension_that_adds_nothing_is_the_last(opened: Open) -> None:
    """What is there is delivered, and the shortfall is said."""
    delivery = delivered(opened("suno", "extension_adds_nothing").job("suno", 60.0))
    assert any("it was the last" in note for note in delivery.notes)
    assert any("the fit repeats" in note for note in delivery.notes)


SURVIVED = [
    ("musicapi", "rate_limited"),
    ("musicapi", "partial_success"),
    ("musicapi", "server_error_then_fine"),
    ("suno", "expired_link"),
    ("suno", "odd_length"),
    ("suno", "balance_missing"),
    ("suno", "snake_case"),
    ("sunoapi", "rate_limited"),
    ("sunoapi", "mirrored_codes"),
    ("sunoapi", "callback_exception"),
]


@pytest.mark.parametrize(("name", "situation"), SURVIVED)
def test_what_can_be_waited_for_or_done_without_is(name: str, situation: str, opened: Open) -> None:
    """The music is there, and was paid for once, in every spelling of the gateways."""
    bench = opened(name, situation)
    assert delivered(bench.job(name, COVERED)).offers
    assert bench.submissions("suno" if name == "sunoapi" else name) == 1


ENDS: dict[str, type[SoundtrackError]] = {
    "out_of_credits": CreditsError,
    "bad_key": RefusedError,
    "refused_content": RefusedError,
    "job_failed": JobFailedError,
    "silent_audio": UnusableTakeError,
    "corrupt_audio": UnusableTakeError,
    "html_instead_of_audio": UnusableTakeError,
    "error_page_begun": JobStateUnknownError,
    "lost_reply": JobStateUnknownError,
}


@pytest.mark.parametrize(("situation", "error"), ENDS.items())
@pytest.mark.parametrize("name", ["musicapi", "suno"])
def test_what_cannot_be_done_without_is_a_typed_error(
    name: str, situation: str, error: type[SoundtrackError], opened: Open
) -> None:
    """At most one paid call was begun."""
    bench = opened(name, situation)
    result = bench.job(name, COVERED)
    assert isinstance(result.error, error), result.error
    assert bench.submissions(name) <= 1


@pytest.mark.parametrize(("name", "situation"), [("suno", None), ("suno", "409"), ("suno", "expired_link"), ("sunoapi", "409")])
def test_a_video_of_a_song_is_made_with_its_writing(name: str, situation: str | None, opened: Open) -> None:
    """One that is there already is fetched."""
    bench = opened(name)
    offer = delivered(bench.job(name, COVERED)).offers[0]
    if situation is not None:
        bench.box.turn(situation, service="suno")
    words = {"service_ids": list(offer.service_ids), "author": "Ada Rivers", "domain_name": "music.example"}
    result = bench.job(name, COVERED, kind="visualize", arguments=words)
    assert isinstance(result.value, Clip), result.error
    assert result.value.file.size > 0
    assert bool(result.value.notes) == (situation == "409")
