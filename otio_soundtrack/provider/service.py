"""A provider behind a network: pure translation, written as courses of steps."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from otio_soundtrack.provider.ask import Ask, Candidate, Clip, Delivery, Quote, Wording
from otio_soundtrack.provider.declaration import Declaration
from otio_soundtrack.provider.steps import Call, Course


class Service(Protocol):
    """What every service can do. All of it is pure: no clock, chance, files, environment, network."""

    declaration: Declaration

    def check(self, ask: Ask, /) -> None:
        """Check an ask against the limits of the service, before anything is sent.

        Raises:
            LimitError: with the limit and what was asked.
            SettingsError: an option that the service does not know, or a value it does not take.
        """

    def wording(self, ask: Ask, /) -> Wording:
        """Return the ask in the service's words, and what of it cannot be said there."""

    def quote(self, ask: Ask, /) -> Quote:
        """Return what the job would cost."""

    def score(self, ask: Ask, /) -> Course[Delivery]:
        """Return the course from the ask to takes that are at least as long as the cue, as far as the service can."""

    def balance(self) -> Call[float] | None:
        """Return the call that tells the credits left, None where the service has none."""


@runtime_checkable
class Matches(Protocol):
    """A service that finds music."""

    def search(self, ask: Ask, count: int, /) -> Course[tuple[Candidate, ...]]:
        """Return the course to a ranked list of ``count`` tracks at most."""


@runtime_checkable
class Plans(Protocol):
    """A service that writes a plan of its own, which a person may edit before it is executed."""

    def plan(self, ask: Ask, /) -> Course[Any]:
        """Return the course to the service's plan, JSON types with every key it has; nothing is paid for."""


@runtime_checkable
class Renders(Protocol):
    """A service that lays music under a picture."""

    def render(self, ask: Ask, track_id: str, /, *, picture_volume: float, music_volume: float, start: float) -> Course[Clip]:
        """Return the course to the picture with the music in it; volumes 0–1, ``start`` seconds into the track."""


@runtime_checkable
class Visualizes(Protocol):
    """A service that makes a video of one of its own tracks."""

    def visualize(self, ask: Ask, service_ids: tuple[str, ...], /, *, author: str, domain_name: str) -> Course[Clip]:
        """Return the course to a video with author and domain written into it."""
