"""What can go wrong on request, by name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.sandbox.environment import SERVICES

ALL = SERVICES
GENERATORS = ("aimi", "musicapi", "soundverse", "suno")
EXTENDERS = ("musicapi", "soundverse", "suno")


@dataclass(frozen=True)
class Situation:
    """Something that happens to those who call."""

    sentence: str
    services: tuple[str, ...] = ALL
    """Where it can happen."""
    times: int | None = None
    """To how many calls; None: to all of them."""


SITUATIONS = {
    "rate_limited": Situation("The first two calls that cost something are refused: too many calls.", times=2),
    "out_of_credits": Situation("The account is empty."),
    "bad_key": Situation("The key is refused."),
    "expired_upload": Situation("The uploaded cut is gone when it is used for the first time.", ("slipstream", "aimi"), times=1),
    "expired_link": Situation("The first link to each result is dead; asking for the job's state again gives a fresh one."),
    "partial_success": Situation("One of several takes fails.", ("aimi", "musicapi", "suno")),
    "slow_finish": Situation("Work takes four times as long, and its middle stages are not told."),
    "stuck": Situation("Work never ends."),
    "job_failed": Situation("Work fails after a while; credits come back."),
    "cut_stream": Situation("The stream breaks off before it told its id.", ("soundverse",), times=1),
    "cut_stream_at_90": Situation("The stream breaks off at 90 %.", ("soundverse",), times=1),
    "error_chunk": Situation("The stream ends with an error.", ("soundverse",), times=1),
    "status_moved": Situation("The state of a job is asked for elsewhere: the documented path answers 404.", ("soundverse",)),
    "awkward_stream": Situation("Events come split and in clumps, with comments and CRLF.", ("soundverse",)),
    "silent_audio": Situation("Results are silence."),
    "silent_tail": Situation("The second half of each result is silence."),
    "corrupt_audio": Situation("The second half of each file is damaged."),
    "truncated_audio": Situation("The second half of each file never comes."),
    "short_audio": Situation("Takes are a third as long as usual."),
    "long_audio": Situation("Takes are twice as long as usual.", ("musicapi", "soundverse", "suno")),
    "odd_length": Situation("Takes have odd lengths, which the answers round down."),
    "html_instead_of_audio": Situation("The media host answers 200 with a web page."),
    "error_page": Situation("A proxy answers the first call that costs something with a web page, 502; nothing began.", times=1),
    "error_page_begun": Situation("A proxy answers the first call that costs something with a web page, 502; it began.", times=1),
    "lost_reply": Situation("The connection is reset after the first call that costs something; it began.", times=1),
    "cut_reply": Situation("The answer to the first call that costs something breaks off after some bytes; it began.", times=1),
    "cut_request": Situation("The connection is reset after some bytes of the first request that posts; nothing began.", times=1),
    "lost_request": Situation("The connection is reset at the first call that costs something; nothing began.", times=1),
    "hostile_url": Situation("Links lead to the cloud's metadata, to this machine, to a file, or redirect there."),
    "409": Situation("Conversions and videos are refused: there is one already.", ("suno",)),
    "refused_content": Situation("The text is refused by the content filter.", GENERATORS),
    "server_error_then_fine": Situation("The first two questions about a job's state are answered with a fault.", times=2),
    "extension_part": Situation("An extension is the new part only.", EXTENDERS),
    "extension_whole": Situation("An extension is the whole song.", EXTENDERS),
    "extension_adds_nothing": Situation("An extension is no longer than its source.", EXTENDERS),
    "concat_fails": Situation("Joining parts is refused.", ("musicapi",)),
    "balance_missing": Situation("Nobody knows the balance.", ("musicapi", "suno")),
    "callback_exception": Situation("The service says that it could not call back; the music is there.", ("suno",)),
    "callbacks_doubled": Situation("Every callback comes twice.", ("musicapi", "suno")),
    "callbacks_forged": Situation("Callbacks carry a wrong signature.", ("musicapi", "suno")),
    "mirrored_codes": Situation("The code of an answer is its HTTP status too.", ("suno",)),
    "snake_case": Situation("Records are spelled in snake case.", ("suno",)),
    "zip_result": Situation("Results are archives of stems and mix.", ("aimi",)),
}
"""Every situation that the sandbox knows."""


@dataclass
class Switches:
    """Which situations hold, and how many calls each has still to happen to."""

    left: dict[tuple[str, str], int | None] = field(default_factory=dict)
    """(situation, service) → calls; None: all."""
    bytes_before: dict[tuple[str, str], int] = field(default_factory=dict)
    """(situation, service) → bytes that come through before it happens; for situations that break a connection."""

    def turn(self, name: str, *, on: bool = True, service: str | None = None, times: int | None = None, after: int = 0) -> None:
        """Turn a situation on or off.

        Args:
            name: of :data:`SITUATIONS`.
            on: whether it holds from now on.
            service: where; None: wherever it can happen.
            times: to how many calls; None: as the table says.
            after: bytes that come through before a connection breaks (``cut_request``, ``cut_reply``).

        Raises:
            SettingsError: there is no such situation, or it cannot happen there.
        """
        known = SITUATIONS.get(name)
        if known is None:
            raise SettingsError(f"there is no situation {name!r}.", hint=f"Known: {', '.join(SITUATIONS)}.")
        if service is not None and service not in known.services:
            raise SettingsError(f"{name} cannot happen at {service!r}.", hint=f"It can at {', '.join(known.services)}.")
        for one in known.services if service is None else (service,):
            if on:
                self.left[name, one] = known.times if times is None else times
                self.bytes_before[name, one] = after
            else:
                self.left.pop((name, one), None)

    def holds(self, name: str, service: str) -> bool:
        """Return whether a situation holds, without counting."""
        return self.left.get((name, service), 0) != 0

    def happens(self, name: str, service: str) -> bool:
        """Return whether a situation happens to this call, and count it."""
        left = self.left.get((name, service), 0)
        if left:
            self.left[name, service] = left - 1
        return left != 0

    def after(self, name: str, service: str) -> int:
        """Return how many bytes come through before a connection breaks."""
        return self.bytes_before.get((name, service), 0)

    def named(self) -> dict[str, list[str]]:
        """Return which situations hold where."""
        found: dict[str, list[str]] = {}
        for name, service in self.left:
            if self.holds(name, service):
                found.setdefault(name, []).append(service)
        return found


def switches(names: Iterable[str]) -> Switches:
    """Return the switches of a sandbox that begins with these situations; ``NAME@SERVICE`` holds at one service only.

    Raises:
        SettingsError: as :meth:`Switches.turn`.
    """
    made = Switches()
    for one in names:
        name, _, service = one.partition("@")
        made.turn(name, service=service or None)
    return made
