"""A runner of the tests that keeps answers instead of results, and reads them again, as the real one does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from otio_soundtrack.errors import SoundtrackError
from otio_soundtrack.model.wire import Reply
from otio_soundtrack.provider.steps import Broken, Call, Pending, Poll, Stream
from tests.providers.driver import Script


@dataclass
class Replaying(Script):
    """Runs courses; the second run of one reads what was kept of the first."""

    answers: dict[str, Any] = field(default_factory=dict)
    """The last answer, or event, by label."""

    def _kept(self, step: Any, seen: set[str]) -> Any:
        label = getattr(step, "label", "")
        told = self.kept.get(label)
        if label in self.answers and label not in seen and not isinstance(told, SoundtrackError | Broken):
            seen.add(label)
            result = step.event(self.answers[label]) if isinstance(step, Stream) else step.read(self.answers[label])
            assert not isinstance(result, Pending), f"{label!r}: a final answer is read as pending the second time"
            return result
        return super()._kept(step, seen)

    def _do(self, step: Any) -> Any:
        if isinstance(step, Call | Poll):
            reads = step.read

            def read(reply: Reply) -> Any:
                self.answers[step.label] = reply
                return reads(reply)

            step = replace(step, read=read)
        if isinstance(step, Stream):
            hears = step.event

            def event(data: str) -> Any:
                self.answers[step.label] = data
                return hears(data)

            step = replace(step, event=event)
        return super()._do(step)
