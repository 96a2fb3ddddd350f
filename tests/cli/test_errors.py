"""Every error tells what to do next, whoever raised it."""

from __future__ import annotations

import inspect
import json

import pytest

from otio_soundtrack import errors
from otio_soundtrack.cli import jobs
from otio_soundtrack.cli.main import main

KINDS = [one for _, one in inspect.getmembers(errors, inspect.isclass) if issubclass(one, errors.SoundtrackError)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_without_a_hint_of_its_own_gets_that_of_its_kind(
    kind: type[errors.SoundtrackError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As JSON and for people; with the jobs that it is about."""

    def fails(_asked: object) -> None:
        error = kind("it went wrong.")
        error.jobs = ("3f9c",)
        raise error

    monkeypatch.setattr(jobs, "run", fails)
    assert main(["jobs", "--json"]) == kind.exit_code
    told = json.loads(capsys.readouterr().out)["error"]
    assert (told["kind"], told["message"], told["jobs"]) == (kind.__name__, "it went wrong.", ["3f9c"])
    assert told["hint"]
    assert main(["jobs"]) == kind.exit_code
    assert told["hint"] in capsys.readouterr().err
