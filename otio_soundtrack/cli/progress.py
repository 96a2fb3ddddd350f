"""Progress for people: a live bar on a terminal, plain lines otherwise."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from otio_soundtrack.cli.streams import let_go, speaks_unicode
from otio_soundtrack.progress import Progress, silent

BAR_WIDTH = 30
"""Characters of the bar: leaves room for the step on a terminal of 80."""
REDRAW_SECONDS = 0.1
"""A bar that is redrawn more often only costs time."""
_PLAIN = str.maketrans({"█": "#", "·": ".", "…": "..."})
"""What stands for our drawing characters on a terminal without Unicode."""
LINE_SHARE = 0.25
"""A log gets a line at every quarter of a step."""


def progress_for(*, quiet: bool, stream: TextIO | None = None) -> Progress:
    """Return the progress for this terminal."""
    stream = stream or sys.stderr
    if quiet or stream is None or stream.closed:
        return silent
    return Bar(stream) if stream.isatty() else Lines(stream)


class Pen:
    """Writes to a stream for as long as somebody reads it, in characters that it can show."""

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._broken = stream, False
        self._plain = not speaks_unicode(stream)

    def __call__(self, text: str) -> None:
        """Write; work does not end because its log does (``2>&1 | head``)."""
        if self._broken:
            return
        try:
            self._stream.write(text.translate(_PLAIN) if self._plain else text)
            self._stream.flush()
        except OSError:
            self._broken = True
            let_go(self._stream)


class Bar:
    """One line that is redrawn."""

    def __init__(self, stream: TextIO) -> None:
        self._write, self._step, self._drawn = Pen(stream), "", 0.0

    def __call__(self, step: str, share: float, /) -> None:
        """Redraw the bar; a finished step leaves its line."""
        now = time.monotonic()
        if step == self._step and share < 1 and now - self._drawn < REDRAW_SECONDS:
            return
        if step != self._step and self._step:
            self._write("\n")
        if step == self._step == "" and share >= 1:
            return
        filled = round(BAR_WIDTH * min(max(share, 0.0), 1.0))
        self._write(f"\r{step:<24} {'█' * filled}{'·' * (BAR_WIDTH - filled)} {share:4.0%}")
        self._step, self._drawn = step, now
        if share >= 1:
            self._write("\n")
            self._step = ""


class Lines:
    """A line at the beginning of a step and at every quarter."""

    def __init__(self, stream: TextIO) -> None:
        self._write, self._step, self._told = Pen(stream), "", 0.0

    def __call__(self, step: str, share: float, /) -> None:
        """Write a line where there is something new to say."""
        if step != self._step:
            self._step, self._told = step, 0.0
            self._write(f"{step} …\n")
        elif share - self._told >= LINE_SHARE or (share >= 1 > self._told):
            self._told = share
            self._write(f"{step} {share:.0%}\n")
