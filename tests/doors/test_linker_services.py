"""The media linker and paid services: nobody is asked without consent, and with it once."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.timeline.urls import local_path

pytestmark = pytest.mark.xdist_group("services")
FRAMES, RATE = 200, 24
SAMPLES = 400_000


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox, with its environment."""
    (tmp_path / "sandbox").mkdir()
    with Sandbox(speed=400.0, lengths=(11.0, 13.0), folder=tmp_path / "sandbox") as opened:
        for name, value in opened.environment.items():
            monkeypatch.setenv(name, value)
        yield opened


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    """A timeline with one clip that an editor tagged."""
    timeline, track = otio.schema.Timeline("tagged"), otio.schema.Track("A1", kind="Audio")
    track.append(otio.schema.Clip("MUSIC: sad, slow", source_range=TimeRange(RationalTime(0, RATE), RationalTime(FRAMES, RATE))))
    timeline.tracks.append(track)
    timeline.to_json_file(str(tmp_path / "tagged.otio"))
    return tmp_path / "tagged.otio"


def linked(path: Path, **arguments: Any) -> otio.schema.Clip:
    """Read a timeline through OTIO with our linker and return its clip."""
    given = {f"soundtrack_{name}": value for name, value in arguments.items()}
    timeline = otio.adapters.read_from_file(
        str(path), media_linker_name="soundtrack_linker", media_linker_argument_map={"soundtrack_media_dir": "music", **given}
    )
    clip = timeline.tracks[0][0]
    assert isinstance(clip, otio.schema.Clip)
    return clip


@pytest.mark.parametrize("provider", ["musicapi", "suno"])
def test_a_service_is_paid_with_consent_only_and_once(
    provider: str, box: Sandbox, tagged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without: no call at all, and the quote as a warning. With: one create, as long as the clip. Then the kept answer."""
    monkeypatch.chdir(tmp_path)
    with pytest.warns(UserWarning, match=r"would cost.*nothing was sent.*soundtrack_consent=True"):
        assert linked(tagged, provider=provider).media_reference.is_missing_reference
    with pytest.warns(UserWarning, match="nothing was sent"):
        linked(tagged, provider=provider, consent=False, max_cost=100)
    assert box.state()["services"][provider]["calls"] == 0

    clip = linked(tagged, provider=provider, consent=True, max_cost=100)
    path = local_path(clip.media_reference.target_url, tmp_path)
    assert path is not None
    with wave.open(str(path)) as audio:
        assert audio.getnframes() == SAMPLES
    said = clip.media_reference.metadata["otio_soundtrack"]
    assert (said["provider"], clip.media_reference.available_range) == (provider, clip.source_range)
    assert box.state()["services"][provider]["paid_calls"] == 1

    calls = box.state()["services"][provider]["calls"]
    path.unlink()
    again = linked(tagged, provider=provider)
    assert again.media_reference.target_url == clip.media_reference.target_url
    assert box.state()["services"][provider]["calls"] == calls, "the kept answer needs neither consent nor a call"


def test_the_cap_holds(box: Sandbox, tagged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """MusicAPI takes 20 credits for a create: with 19 nothing is sent."""
    monkeypatch.chdir(tmp_path)
    with pytest.warns(UserWarning, match="more than --max-cost 19"):
        linked(tagged, provider="musicapi", consent=True, max_cost=19)
    assert box.state()["services"]["musicapi"]["calls"] == 0


def test_a_studios_veto_holds_for_the_linker(box: Sandbox, tagged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hook point sees the brief before anything leaves, and the timeline around the clip."""
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "veto.py"
    script.write_text(
        "def hook_function(in_timeline, argument_map=None):\n"
        "    raise RuntimeError(f'{in_timeline.tracks[0].name} uses no {argument_map[\"provider\"]}')\n"
    )
    manifest = otio.plugins.ActiveManifest()
    hook = otio.hooks.HookScript("veto", str(script))
    manifest.hook_scripts.append(hook)
    manifest.hooks["soundtrack_pre_request"].append("veto")
    try:
        with pytest.raises(RuntimeError, match="A1 uses no suno"):
            linked(tagged, provider="suno", consent=True)
    finally:
        manifest.hook_scripts.remove(hook)
        manifest.hooks["soundtrack_pre_request"].remove("veto")
    assert box.state()["services"]["suno"]["calls"] == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"provider": "aimi", "consent": True}, "picture"),
        ({"provider": "suno", "consent": "yes"}, "soundtrack_consent is 'yes'"),
        ({"provider": "suno", "consent": True, "takes": 3}, "soundtrack_takes means nothing"),
    ],
)
def test_what_means_nothing_here_is_refused(
    arguments: dict[str, Any], told: str, tagged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what to do instead, and before anything is asked."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=told):
        linked(tagged, **arguments)
