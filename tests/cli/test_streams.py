"""Standard output and error in every state that a caller may leave them in, in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.footage import edit

COMMAND = f"{sys.executable} -m otio_soundtrack"


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell."""
    return subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=False, env={**os.environ, **environment})


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_failure(closed: str) -> None:
    """Who closes them wants to hear nothing; the work is done and the exit code says so."""
    done = shell(f"{COMMAND} providers {closed}")
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_closed_standard_error_does_not_get_into_the_result() -> None:
    """An error without a place to be told leaves its exit code, and standard output stays empty."""
    done = shell(f"{COMMAND} score nowhere.otio -o out.otio 2>&-")
    assert (done.returncode, done.stdout) == (3, b"")


def test_a_full_standard_output_is_one_clear_line(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk."""
    done = shell(f"ulimit -f 0; {COMMAND} providers >'{tmp_path}/answer'")
    assert done.returncode == 6, done.stderr
    assert done.stderr.decode().startswith("otio-soundtrack: the result cannot be written to standard output")
    assert len(done.stderr.splitlines()) == 1


def test_a_reader_that_goes_away_is_no_failure() -> None:
    """``| head -0`` on either stream."""
    for line in (f"{COMMAND} providers | true", f"{COMMAND} score --help | true", f"{COMMAND} providers 2>&1 >/dev/null | true"):
        assert shell(line).stderr == b""


def test_ascii_only_output_still_gives_the_result(tmp_path: Path) -> None:
    """A name beyond ASCII comes escaped: in text for people to read, in JSON for programs to get the very name."""
    cut = tmp_path / "Über.otio"
    edit(("gone.mp4", 0, 30)).to_json_file(str(cut))
    words = f"export '{cut}' --quiet --height 16"
    ascii_only = {"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    text = shell(f"{COMMAND} {words} -o '{tmp_path}/Ü….mp4'", **ascii_only)
    assert text.returncode == 0, text.stderr
    assert rb"\xdc\u2026.mp4" in text.stdout
    as_json = shell(f"{COMMAND} {words} -o '{tmp_path}/Ü….mp4' --json", **ascii_only)
    assert json.loads(as_json.stdout.decode("ascii"))["picture"].endswith("Ü….mp4")


def test_an_abbreviated_flag_is_refused() -> None:
    """``--js`` would print text under a flag that means JSON, and change its meaning with the next flag that begins so."""
    for words in ("providers --js", "export cut.otio -o a.mp4 --heig 100"):
        done = shell(f"{COMMAND} {words}")
        assert done.returncode == 2
        assert words.split("--")[1].split()[0] in done.stderr.decode()
