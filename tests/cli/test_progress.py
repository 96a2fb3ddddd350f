"""Progress: a bar on a terminal, lines in a log, silence on request."""

from __future__ import annotations

import io

import pytest

from otio_soundtrack.cli.progress import progress_for
from otio_soundtrack.progress import silent


class Terminal(io.StringIO):
    """A stream that calls itself a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_a_log_gets_plain_lines_at_every_quarter() -> None:
    """No control characters, and few lines however often it is told."""
    stream = io.StringIO()
    tell = progress_for(quiet=False, stream=stream)
    for number in range(101):
        tell("measuring", number / 100)
    tell("composing", 0.0)
    assert stream.getvalue() == "measuring …\nmeasuring 25%\nmeasuring 50%\nmeasuring 75%\nmeasuring 100%\ncomposing …\n"


def test_a_terminal_gets_one_line_a_step() -> None:
    """The bar is redrawn in place and ends with a new line."""
    stream = Terminal()
    tell = progress_for(quiet=False, stream=stream)
    for share in (0.0, 0.5, 1.0):
        tell("measuring", share)
    tell("composing", 0.0)
    tell("composing", 1.0)
    lines = stream.getvalue().rstrip("\n").split("\n")
    assert [line.split("\r")[-1].split()[0] for line in lines] == ["measuring", "composing"]
    assert lines[0].endswith("100%")


def test_quiet_is_silent() -> None:
    """Not even a stream is looked at."""
    assert progress_for(quiet=True) is silent


def test_a_log_in_ascii_gets_characters_that_it_can_show() -> None:
    """No escapes for our dots and bars."""
    written = io.BytesIO()
    tell = progress_for(quiet=False, stream=io.TextIOWrapper(written, encoding="ascii", errors="strict"))
    tell("measuring", 0.0)
    assert written.getvalue() == b"measuring ...\n"


def test_work_goes_on_when_its_log_breaks() -> None:
    """A reader of the log that went away (``2>&1 | head``), or a full disk, is told of once and then left alone."""

    class Broken(io.StringIO):
        """A stream without a reader."""

        writes = 0

        def write(self, text: str) -> int:
            """Fail as a pipe does."""
            self.writes += 1
            raise BrokenPipeError(text)

    stream = Broken()
    tell = progress_for(quiet=False, stream=stream)
    for number in range(11):
        tell("measuring", number / 10)
    assert stream.writes == 1


@pytest.mark.parametrize("closed", [True, False])
def test_without_a_standard_error_there_is_no_progress(monkeypatch: pytest.MonkeyPatch, closed: bool) -> None:
    """Closed by the caller, or never there (``2>&-``)."""
    stream = io.StringIO()
    stream.close()
    monkeypatch.setattr("sys.stderr", stream if closed else None)
    assert progress_for(quiet=False) is silent
