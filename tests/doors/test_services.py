"""The main job by services: the sandbox on one side, the command on the other, nothing in between replaced."""

from __future__ import annotations

import base64
import json
import os
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

import opentimelineio as otio
import pytest

import otio_soundtrack
from otio_soundtrack import errors
from otio_soundtrack.cli.main import main
from otio_soundtrack.sandbox.server import Sandbox

pytestmark = pytest.mark.xdist_group("services")

SERVICES = ("slipstream", "aimi", "musicapi", "soundverse", "suno")
PAID = ("aimi", "musicapi", "soundverse", "suno")
SPEED = 400.0
LENGTHS = (11.0, 13.0)
"""Seconds of the two songs of a create; the cue has 8.3."""
CUE_SAMPLES = 400_000
"""200 frames at 24 per second."""
REFERENCE = ("--reference-url", "https://files.example/temp.mp3")
Captured = pytest.CaptureFixture[str]
Open = Callable[..., Sandbox]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder where the sandbox keeps music between tests."""
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture
def opened(made: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Open sandboxes, with their environment, until the end of the test."""
    with ExitStack() as stack:

        def start(*situations: str, **more: Any) -> Sandbox:
            settings = {"speed": SPEED, "lengths": LENGTHS, "folder": made, **more}
            box = stack.enter_context(Sandbox(situations=situations, **settings))
            for name, value in box.environment.items():
                monkeypatch.setenv(name, value)
            return box

        yield start


def score(footage: Path, out: Path, provider: str, *more: object) -> int:
    """Score the small cut by a service; return the exit code."""
    words = ["score", footage / "small.otio", "-o", out / "out.otio", "--provider", provider, "--json", "--quiet", *more]
    return main([str(word) for word in (*words, *(REFERENCE if provider == "soundverse" else ()))])


def begun(box: Sandbox, provider: str) -> int:
    """Return how many paid jobs a service has begun."""
    return len(box.state()["services"][provider]["submissions"])


def files(*folders: Path) -> Iterator[Path]:
    """Yield every file under folders."""
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("provider", SERVICES)
def test_a_cut_is_scored_by_each_service(provider: str, opened: Open, footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """Exactly as long as the cue, on a track of its own, with what it cost; the second run asks nobody; the key is nowhere."""
    box = opened()
    assert score(footage, tmp_path, provider, "--yes") == 0
    told = capfd.readouterr()
    result = json.loads(told.out)
    (cue,) = result["cues"]
    with wave.open(cue["audio"]) as audio:
        assert audio.getnframes() == CUE_SAMPLES == cue["samples"]
    assert cue["integrated_lufs"] == pytest.approx(-16.0, abs=0.1)
    assert cue["ending"] in ("kept", "made", "faded")
    (job,) = result["jobs"]
    assert (job["provider"], job["state"]) == (provider, "done")
    assert job["calls"] == (box.state()["services"][provider]["paid_calls"] if provider in PAID else 0)
    assert result["notes"], "no service can be told everything"
    assert not set(result["notes"]) & set(result["warnings"]), "what cannot be said is no fault"
    written = otio.adapters.read_from_file(str(tmp_path / "out.otio"))
    assert [track.name for track in written.tracks] == ["V1", "Soundtrack"]
    said = written.tracks[-1][0].media_reference.metadata["otio_soundtrack"]
    assert said["job_ids"][0] == job["id"]
    assert said["cost"]["credits"] == job["credits"]
    assert said["provider"] == provider
    (listed,) = otio_soundtrack.cue_sheet(tmp_path / "out.otio").cues
    assert listed.on_file.title == said["title"] != ""
    assert (listed.ai, listed.on_file.writers) == (said["ai"], ())

    calls = box.state()["services"][provider]["calls"]
    first = Path(cue["audio"]).read_bytes()
    assert score(footage, tmp_path / "again", provider) == 0, "the kept answer needs no consent"
    again = json.loads(capfd.readouterr().out)
    assert Path(again["cues"][0]["audio"]).read_bytes() == first
    assert box.state()["services"][provider]["calls"] == calls

    key = os.environ[f"{provider.upper()}_API_KEY"].encode()
    shapes = (key, base64.b64encode(key), quote(key).encode())
    home = Path(os.environ["OTIO_SOUNDTRACK_HOME"])
    found = [path for path in files(tmp_path, home) if any(shape in path.read_bytes() for shape in shapes)]
    assert found == []
    assert key.decode() not in told.out + told.err
    modes = {path.name: oct(path.stat().st_mode & 0o077) for path in files(home) if path.suffix in (".db", ".sqlite", ".mp3")}
    assert set(modes.values()) <= {"0o0"}, modes


@pytest.mark.parametrize("provider", PAID)
def test_nothing_is_paid_without_consent_from_any_door(
    provider: str, opened: Open, footage: Path, tmp_path: Path, capfd: Captured
) -> None:
    """Command, Python and hook print the quote and end; nothing was begun, no timeline written."""
    box = opened()
    assert score(footage, tmp_path, provider) == 5
    error = json.loads(capfd.readouterr().out)["error"]
    assert error["kind"] == "ConsentError"
    assert "--yes" in error["hint"]
    more = {"reference_url": REFERENCE[1]} if provider == "soundverse" else {}
    cut = otio.adapters.read_from_file(str(footage / "small.otio"))
    with pytest.raises(errors.ConsentError):
        otio_soundtrack.score(cut, provider=provider, media_dir=tmp_path / "m", media_root=str(footage), **more)
    arguments = {"soundtrack_provider": provider, "soundtrack_media_root": str(footage)}
    arguments |= {f"soundtrack_{name}": value for name, value in more.items()}
    with pytest.raises(errors.ConsentError):
        otio.adapters.write_to_file(cut, str(tmp_path / "hooked.otio"), hook_function_argument_map=arguments)
    assert begun(box, provider) == 0
    assert box.state()["services"][provider]["paid_calls"] == 0
    assert not list(tmp_path.rglob("*.otio"))
    assert not list(tmp_path.rglob("*.wav"))


def test_the_linker_pays_nobody(opened: Open, footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """A cue whose music is gone, and whose store is gone too, stays without music where only a service could make it."""
    box = opened()
    assert score(footage, tmp_path, "suno", "--yes") == 0
    Path(json.loads(capfd.readouterr().out)["cues"][0]["audio"]).unlink()
    os.environ["OTIO_SOUNDTRACK_HOME"] = str(tmp_path / "other")
    before = begun(box, "suno")
    linked = otio.adapters.read_from_file(str(tmp_path / "out.otio"), media_linker_name="soundtrack_linker")
    assert linked.tracks[-1].name == "Soundtrack"
    assert begun(box, "suno") == before


def test_the_cap_holds_before_anything_is_sent(opened: Open, footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """MusicAPI takes 20 credits for a create: 19 are not enough, 20 are."""
    box = opened()
    assert score(footage, tmp_path, "musicapi", "--max-cost", 19) == 5
    assert json.loads(capfd.readouterr().out)["error"]["kind"] == "ConsentError"
    assert begun(box, "musicapi") == 0
    assert score(footage, tmp_path, "musicapi", "--max-cost", 20) == 0
    assert json.loads(capfd.readouterr().out)["jobs"][0]["credits"] == 20.0


def test_offline_opens_no_socket(
    opened: Open, footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Captured
) -> None:
    """One variable, and nobody is called."""
    box = opened()
    monkeypatch.setenv("OTIO_SOUNDTRACK_OFFLINE", "1")
    assert score(footage, tmp_path, "suno", "--yes") in (5, 7)
    assert "offline" in capfd.readouterr().out.lower()
    assert box.state()["services"]["suno"]["calls"] == 0


@pytest.mark.parametrize("lost", ["suno lost_reply", "musicapi error_page_begun"])
def test_a_paid_call_whose_answer_is_lost_is_told_and_never_sent_again(
    lost: str, opened: Open, footage: Path, tmp_path: Path, capfd: Captured
) -> None:
    """Exit 7, the job by its name, and what to do; the next runs do not send it either."""
    provider, situation = lost.split()
    box = opened(situation)
    assert score(footage, tmp_path, provider, "--yes") == 7
    error = json.loads(capfd.readouterr().out)["error"]
    assert error["kind"] == "JobStateUnknownError"
    assert "jobs" in error["hint"]
    assert "again" not in error["hint"].replace("never sent again", "").lower() or "resubmit" in error["hint"]
    for _ in range(3):
        assert score(footage, tmp_path, provider, "--yes") == 7
        capfd.readouterr()
    assert begun(box, provider) == 1
    assert main(["jobs", "--json"]) == 0
    (job,) = json.loads(capfd.readouterr().out)["jobs"]
    assert (job["provider"], job["state"]) == (provider, "unknown")
    assert error["jobs"] == [job["id"]]
    assert main(["jobs", "resume", "--json", "--quiet"]) == 7, "a script must not take it for done"


def test_what_the_user_clears_is_sent_once_more(opened: Open, footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """``jobs resubmit`` is the consent to send a call again whose fate nobody knows."""
    box = opened("lost_request")
    assert score(footage, tmp_path, "soundverse", "--yes") in (0, 7)
    capfd.readouterr()
    assert main(["jobs", "--json"]) == 0
    (job,) = json.loads(capfd.readouterr().out)["jobs"]
    if job["state"] == "unknown":
        assert main(["jobs", "resubmit", job["id"]]) == 0
        assert score(footage, tmp_path, "soundverse", "--yes") == 0
    assert begun(box, "soundverse") == 1


@pytest.mark.parametrize("provider", SERVICES)
def test_no_address_that_a_service_names_is_called_unless_it_is_public(
    provider: str, opened: Open, footage: Path, tmp_path: Path, capfd: Captured
) -> None:
    """Metadata of the cloud, this machine, files, and redirects there: a typed error, and the trap was never touched."""
    box = opened("hostile_url")
    code = score(footage, tmp_path, provider, "--yes")
    error = json.loads(capfd.readouterr().out)["error"]
    assert code == getattr(errors, error["kind"]).exit_code
    assert box.state()["trapped"] == []
    assert not list(tmp_path.rglob("*.wav"))


@pytest.mark.parametrize("situation", ["silent_audio", "html_instead_of_audio", "truncated_audio"])
def test_music_that_is_none_never_reaches_the_timeline(
    situation: str, opened: Open, footage: Path, tmp_path: Path, capfd: Captured
) -> None:
    """Each take is judged by its bytes; the job is kept for the record."""
    box = opened(situation)
    code = score(footage, tmp_path, "suno", "--yes")
    error = json.loads(capfd.readouterr().out)["error"]
    assert code == getattr(errors, error["kind"]).exit_code
    assert code in (5, 6, 7)
    assert not list(tmp_path.rglob("*.otio"))
    assert begun(box, "suno") == 1


def test_an_open_job_is_taken_up_where_it_was_left(opened: Open, footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """Patience ends, the job does not: the error tells how to go on, and going on pays nothing."""
    box = opened("stuck")
    assert score(footage, tmp_path, "musicapi", "--yes") == 7
    error = json.loads(capfd.readouterr().out)["error"]
    assert error["kind"] == "JobOpenError"
    (job,) = error["jobs"]
    assert f"jobs resume {job}" in error["hint"]
    box.turn("stuck", on=False)
    assert score(footage, tmp_path, "musicapi", "--yes") == 0
    assert begun(box, "musicapi") == 1
