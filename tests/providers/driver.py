"""Runs a course against scripted replies: the runner of the tests, synchronous and without files or network.

``Script`` is handed what happens at each step, by label or by kind, keeps outcomes as the real runner does, and can therefore be
run again to show that a course takes the same way twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from otio_soundtrack.errors import RateLimitedError, SoundtrackError, UnavailableError
from otio_soundtrack.model.wire import Fetched, Reply, Request
from otio_soundtrack.provider.steps import (
    Call,
    Course,
    Fetch,
    Hear,
    Heard,
    Join,
    Pending,
    Poll,
    Publish,
    SameStart,
    Stream,
    Together,
    Unpack,
)

T = TypeVar("T")
MOST_POLLS = 60
"""A script that answers for ever is a mistake of the test."""


def reply(body: object, status: int = 200, url: str = "https://service.example/", **headers: str) -> Reply:
    """Return an answer with a JSON body, or with the text where the body is one."""
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return Reply(status=status, headers={name.replace("_", "-"): value for name, value in headers.items()}, body=raw, url=url)


def music(seconds: float, *, bars: float = 2.0, ends: bool = True, until: float | None = None) -> Heard:
    """Return what is heard in music with a bar line every ``bars`` seconds."""
    lines = tuple(round(number * bars, 3) for number in range(int(seconds / bars) + 1))
    return Heard(seconds=seconds, sounding_until=seconds if until is None else until, ends=ends, bars=lines, tempo_bpm=240 / bars)


def file(name: str) -> Fetched:
    """Return a file as the store would hold it; its hash is that of its name."""
    return Fetched(path=Path("/store") / name, sha256=sha256(name.encode()).hexdigest(), size=len(name))


@dataclass
class Script:
    """What happens outside a course.

    ``service`` answers calls and polls; the others answer looks at files, by the file's name (last part of its URL).
    """

    service: Callable[[Request], Reply]
    sounds: Mapping[str, Heard | SoundtrackError] = field(default_factory=dict)
    same: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    """Whether the second file begins like the first; False where nothing is said."""
    unfetchable: Mapping[str, SoundtrackError] = field(default_factory=dict)
    callbacks: Sequence[Any] = ()
    """JSON bodies that were posted for this job."""
    unpacked: Mapping[str, Sequence[str]] = field(default_factory=dict)
    plain: bool = False
    """Whether results of calls and polls must outlive a process as JSON, and are handed back so."""
    kept: dict[str, Any] = field(default_factory=dict)
    """Outcomes by label: results, or the errors that are final."""
    sent: list[Request] = field(default_factory=list)
    """Every request that left, in order."""
    paid: list[str] = field(default_factory=list)
    """Labels of the paid calls, in order."""
    labels: list[str] = field(default_factory=list)
    stages: list[str] = field(default_factory=list)
    """Stages that polls told."""

    def run(self, course: Course[T]) -> T:
        """Run a course to its end and return its result; an error that it does not catch is raised."""
        step, throw, send = None, None, None
        seen: set[str] = set()
        try:
            while True:
                step = course.throw(throw) if throw is not None else course.send(send)
                throw, send = None, None
                try:
                    send = self._kept(step, seen)
                except SoundtrackError as error:
                    throw = error
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]

    def _kept(self, step: Any, seen: set[str]) -> Any:
        if isinstance(step, Together):
            outcomes: list[Any] = []
            first: SoundtrackError | None = None
            for one in step.steps:
                try:
                    outcomes.append(self._kept(one, seen))
                except SoundtrackError as error:  # noqa: PERF203  # the others are finished all the same
                    first = first or error
            if first is not None:
                raise first
            return tuple(outcomes)
        assert step.label not in seen, f"{step.label!r} is used twice in one job"
        seen.add(step.label)
        if step.label not in self.kept:
            self.labels.append(step.label)
            try:
                found = self._do(step)
                self.kept[step.label] = json.loads(json.dumps(found)) if self.plain and isinstance(step, Call | Poll) else found
            except SoundtrackError as error:
                self.kept[step.label] = error
        outcome = self.kept[step.label]
        if isinstance(outcome, SoundtrackError):
            raise outcome
        return outcome

    def _do(self, step: Any) -> Any:  # noqa: PLR0911  # one line for each kind of step
        if isinstance(step, Call | Poll | Stream) and step.price is not None:
            self.paid.append(step.label)
        if isinstance(step, Call):
            return self._call(step)
        if isinstance(step, Poll):
            return self._poll(step)
        if isinstance(step, Stream):
            return self._stream(step)
        if isinstance(step, Fetch):
            return self._fetch(step)
        if isinstance(step, Hear):
            return self._hear(step)
        if isinstance(step, SameStart):
            return self.same.get((step.one.path.name, step.other.path.name), False)
        if isinstance(step, Join):
            return file(f"{step.first.path.stem}+{step.second.path.stem}@{step.at_seconds:g}.wav")
        if isinstance(step, Unpack):
            return tuple(file(name) for name in self.unpacked[step.file.path.name])
        if isinstance(step, Publish):
            return f"https://files.example/{step.path.name}"
        raise AssertionError(f"no step: {step!r}")

    def _call(self, step: Call[T]) -> T:
        for _ in range(MOST_POLLS):
            self.sent.append(step.request)
            try:
                return step.read(self.service(step.request))
            except (UnavailableError, RateLimitedError) as error:
                last = error
        raise last

    def _poll(self, step: Poll[T]) -> T:
        for body in self.callbacks:
            told = step.called_back(body) if step.called_back is not None else None
            if told is not None and not isinstance(told, Pending):
                return told
        for _ in range(MOST_POLLS):
            self.sent.append(step.request)
            try:
                answer = step.read(self.service(step.request))
            except (UnavailableError, RateLimitedError):
                continue
            if not isinstance(answer, Pending):
                return answer
            self.stages.append(answer.stage)
        raise AssertionError(f"{step.label!r} is still asking after {MOST_POLLS} answers")

    def _stream(self, step: Stream[T]) -> Any:
        self.sent.append(step.request)
        answer = self.service(step.request)
        step.opened(answer)
        for line in answer.text.split("\n\n"):
            told = step.event(line.removeprefix("data: "))
            if not isinstance(told, Pending):
                return told
            self.stages.append(told.stage)
        raise AssertionError(f"{step.label!r} ended without a result")

    def _fetch(self, step: Fetch) -> Fetched:
        name = step.url.split("?")[0].rsplit("/", 1)[-1]
        if name in self.unfetchable:
            raise self.unfetchable[name]
        return file(name)

    def _hear(self, step: Hear) -> Heard:
        name = step.file.path.name
        if name in self.sounds:
            found = self.sounds[name]
        elif "@" in name:  # a join: what was before the seam, then the whole of the second
            second, _, at = name.removesuffix(".wav").rpartition("@")
            after = self.sounds.get(second.rsplit("+", 1)[-1] + ".mp3") or self.sounds[second.rsplit("+", 1)[-1] + ".wav"]
            assert isinstance(after, Heard)
            return music(float(at) + after.seconds, until=float(at) + after.sounding_until, ends=after.ends)
        else:
            raise AssertionError(f"nobody said how {name} sounds")
        if isinstance(found, SoundtrackError):
            raise found
        return found


class Answers:
    """A scripted service: answers in order for each method and path (without query); the last one is repeated."""

    def __init__(self, script: Mapping[str, Sequence[Reply | object]]) -> None:
        """Take ``"POST /path"`` → answers; what is no reply is a JSON body of status 200."""
        self._left = {
            name: [one if isinstance(one, Reply) else reply(one) for one in answers] for name, answers in script.items()
        }
        self.bodies: dict[str, list[Any]] = {}
        """JSON bodies by method and path, in order."""

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        name = f"{request.method} {request.path}"
        assert name in self._left, f"nobody expected {name}"
        self.bodies.setdefault(name, []).append(request.json)
        answers = self._left[name]
        return answers.pop(0) if len(answers) > 1 else answers[0]
