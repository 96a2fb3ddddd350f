"""A ranked list is searched once: what ``search`` showed is what ``score --pick`` takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest

from otio_soundtrack.cli.main import main
from otio_soundtrack.sandbox.server import Sandbox

pytestmark = pytest.mark.xdist_group("services")
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox, with its environment."""
    (tmp_path / "sandbox").mkdir()
    with Sandbox(speed=400.0, lengths=(11.0, 13.0), folder=tmp_path / "sandbox") as opened:
        for name, value in opened.environment.items():
            monkeypatch.setenv(name, value)
        yield opened


def told(words: list[object], capfd: Captured) -> dict[str, Any]:
    """Run a command and return what it prints as JSON."""
    assert main([str(word) for word in (*words, "--provider", "slipstream", "--json", "--quiet")]) == 0
    result: dict[str, Any] = json.loads(capfd.readouterr().out)
    return result


def asked_of(box: Sandbox, *what: str) -> int:
    """Return how many calls a service got whose path has one of these words."""
    return sum(any(word in call["path"] for word in what) for call in box.state()["services"]["slipstream"]["seen"])


def picked(timeline: Path) -> str:
    """Return the id of the track whose music the timeline holds."""
    clip = otio.adapters.read_from_file(str(timeline)).tracks[-1][0]
    return str(clip.media_reference.metadata["otio_soundtrack"]["job_ids"][1])


def test_a_pick_is_from_the_list_that_was_shown(box: Sandbox, footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """The picture is uploaded and searched by once; rank 3 is the third that was shown; another count is the same list."""
    cut = footage / "small.otio"
    (shown,) = told(["search", cut, "--count", 3], capfd)["cues"]
    assert len(shown["tracks"]) == 3
    before = asked_of(box, "by-video", "soundtrack/video")
    (more,) = told(["search", cut, "--count", 5], capfd)["cues"]
    assert more["tracks"][:3] == shown["tracks"]
    scored = told(["score", cut, "-o", tmp_path / "out.otio", "--pick", 3], capfd)
    assert asked_of(box, "by-video", "soundtrack/video") == before
    assert picked(tmp_path / "out.otio") == shown["tracks"][2]["track_id"]
    assert not any("searched anew" in note for note in scored["notes"])


def test_a_pick_for_another_request_is_searched_anew_and_that_is_said(
    box: Sandbox, footage: Path, tmp_path: Path, capfd: Captured
) -> None:
    """Other words are another request, and may be another list."""
    cut = footage / "small.otio"
    told(["search", cut], capfd)
    before = asked_of(box, "by-video")
    words = ["score", cut, "-o", tmp_path / "out.otio", "--pick", 2, "--prompt", "bright brass"]
    assert any("searched anew" in note for note in told(words, capfd)["notes"])
    assert asked_of(box, "by-video") > before
