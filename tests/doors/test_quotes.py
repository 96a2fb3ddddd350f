"""``--dry-run`` of a service: what would leave the machine, for whom, what it costs, and how one goes on. No key, no network."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from otio_soundtrack.cli.main import main

Captured = pytest.CaptureFixture[str]
GIVEN = {
    "slipstream": ([], "the cut: 8.3 s of picture", "without --dry-run has it made"),
    "aimi": ([], "the cut: 8.3 s of picture", "with -o OUT and --yes"),
    "musicapi": ([], "", "with -o OUT and --max-cost 20"),
    "soundverse": (["--reference-url", "https://files.example/t.mp3?sig=s3cret"], "https://files.example/t.mp3", "--yes"),
}


@pytest.mark.parametrize("provider", GIVEN)
def test_a_dry_run_tells_what_would_leave_and_how_to_go_on(
    provider: str, footage: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    """The address that would be called, files besides words, no call that is not likely, and the consent that would do."""
    more, file, onward = GIVEN[provider]
    monkeypatch.setenv("OTIO_SOUNDTRACK_OFFLINE", "1")
    monkeypatch.setenv(f"{provider.upper()}_BASE_URL", "https://proxy.studio.example")
    words = ["score", str(footage / "small.otio"), "--provider", provider, "--dry-run", "--quiet", *more]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "would be sent, at https://proxy.studio.example:" in told
    assert file in told
    assert "s3cret" not in told
    assert onward in told
    assert " 0 × " not in told
    assert main([*words, "--json"]) == 0
    (asked,) = json.loads(capsys.readouterr().out)["asked"]
    assert asked["to"] == "https://proxy.studio.example"
    assert any(file in one for one in asked["files"]) or not file
