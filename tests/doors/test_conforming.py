"""A scored cut that changed is scored again: its own music goes on, and nobody is asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from opentimelineio.opentime import RationalTime, TimeRange

import otio_soundtrack
from otio_soundtrack import errors
from otio_soundtrack.cli.main import main
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.timeline.read import read_timeline

pytestmark = pytest.mark.xdist_group("services")

Captured = pytest.CaptureFixture[str]
Shorten = Callable[[Path, Path], Path]


@pytest.fixture
def box(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Return the services on this machine."""
    with Sandbox(situations=(), speed=400.0, lengths=(11.0, 13.0), folder=tmp_path_factory.mktemp("sandbox")) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def recut(source: Path, target: Path) -> Path:
    """Write a later version of the small cut: the second shot (40 frames) is gone, the last is 20 frames longer, ours stays."""
    timeline = read_timeline(source)
    picture = timeline.tracks[0]
    del picture[1]
    picture[2].source_range = TimeRange(picture[2].source_range.start_time, RationalTime(90, 24))
    otio.adapters.write_to_file(timeline, str(target))
    return target


def run(capfd: Captured, *words: object) -> tuple[int, dict[str, Any]]:
    """Run the command; return exit code and JSON."""
    code = main([str(word) for word in (*words, "--json", "--quiet")])
    return code, json.loads(capfd.readouterr().out)


def paid(box: Sandbox) -> int:
    """Return how many calls of any kind the sandbox has had."""
    return sum(int(one["calls"]) for one in box.state()["services"].values())


def test_a_changed_cut_gets_its_take_refitted_without_a_call(
    box: Sandbox, footage: Path, tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No provider is named, no consent is given, no key is set, and nobody is called; the report says what changed.

    The chain does not end: a third version that is the second has the very same file.
    """
    first = tmp_path / "first.otio"
    words = ("--provider", "musicapi", "--prompt", "slow strings", "--yes", "--hit", "01:00:06:00")
    assert run(capfd, "score", footage / "small.otio", "-o", first, *words)[0] == 0
    calls = paid(box)
    monkeypatch.delenv("MUSICAPI_API_KEY")
    second = recut(first, tmp_path / "changed.otio")
    code, told = run(capfd, "score", second, "-o", tmp_path / "second.otio", "--media-root", footage)
    assert (code, paid(box), told["jobs"]) == (0, calls, [])
    (cue,) = told["cues"]
    assert (cue["provider"], cue["frames"], cue["samples"]) == ("musicapi", 180, 360_000)
    changed = cue["conformed"]
    assert (changed["how"], changed["frames_before"], changed["frames_after"]) == ("refitted", 200, 180)
    assert [(one["kind"], one["name"]) for one in changed["shots"]] == [("removed", "shot 2"), ("trimmed", "shot 4")]
    assert changed["shots"][0]["before"] == "01:00:02:12"
    # frame 144 lay 14 frames into shot 4, which begins 40 frames earlier now
    assert {"what": "hit", "label": "user", "before": 6.0, "after": pytest.approx(104 / 24, abs=1e-5)} in changed["music"]
    page = Path(told["report"]).read_text()
    assert "Since the earlier cut" in page
    assert "shot 2" in page
    written = otio.adapters.read_from_file(str(tmp_path / "second.otio"))
    assert [track.name for track in written.tracks] == ["V1", "Soundtrack"]
    code, third = run(capfd, "score", tmp_path / "second.otio", "-o", tmp_path / "third.otio", "--media-root", footage)
    assert (code, third["cues"][0]["sha256"], third["cues"][0]["conformed"]) == (0, cue["sha256"], None)
    assert paid(box) == calls


def test_other_words_fresh_and_lost_takes_are_asked_and_need_consent(
    box: Sandbox, footage: Path, tmp_path: Path, capfd: Captured
) -> None:
    """Exit 5 with the quote, nothing sent; of a lost take the error says so."""
    first = tmp_path / "first.otio"
    assert run(capfd, "score", footage / "small.otio", "-o", first, "--provider", "musicapi", "--yes")[0] == 0
    calls = paid(box)
    changed = recut(first, tmp_path / "changed.otio")
    again = ("score", changed, "-o", tmp_path / "second.otio", "--media-root", footage)
    for more in (("--fresh",), ("--prompt", "fast drums")):
        code, told = run(capfd, *again, *more)
        assert (code, told["error"]["kind"]) == (5, "ConsentError")
    code, told = run(capfd, *again, "--dry-run")
    assert (code, told["conformed"], told["quote"]["calls"]) == (0, ["1m01"], 0)
    for path in (Path(otio_soundtrack.settings.home()) / "store").iterdir():
        path.unlink()
    code, told = run(capfd, *again)
    assert (code, told["error"]["kind"]) == (5, "ConsentError")
    assert "not in the store" in told["error"]["hint"]
    assert paid(box) == calls
    assert not (tmp_path / "second.otio").exists()


def test_the_hook_and_python_conform_too(box: Sandbox, footage: Path, tmp_path: Path, capfd: Captured) -> None:
    """The same through every door."""
    first = tmp_path / "first.otio"
    assert run(capfd, "score", footage / "small.otio", "-o", first, "--provider", "aimi", "--yes")[0] == 0
    calls = paid(box)
    timeline = read_timeline(recut(first, tmp_path / "changed.otio"))
    result = otio_soundtrack.score(timeline, media_dir=tmp_path / "music", media_root=footage)
    assert result.cues[0].conformed is not None
    arguments = {"soundtrack_media_root": str(footage)}
    with pytest.warns(UserWarning, match="Relative media"):
        otio.adapters.write_to_file(timeline, str(tmp_path / "hooked.otio"), hook_function_argument_map=arguments)
    written = read_timeline(tmp_path / "hooked.otio")
    hooked = written.tracks[-1][0].media_reference.metadata["otio_soundtrack"]
    assert (hooked["provider"], hooked["sha256"]) == ("aimi", result.cues[0].active_take.record.sha256)
    assert paid(box) == calls


def test_a_format_that_loses_metadata_conforms_by_the_sidecar(
    box: Sandbox, footage: Path, tmp_path: Path, capfd: Captured
) -> None:
    """FCP XML: the music is known by its name and its sidecar; what the store keeps of the cut is not needed for that."""
    first = tmp_path / "first.xml"
    assert run(capfd, "score", footage / "small.otio", "-o", first, "--provider", "soundverse", "--yes", *_REFERENCE)[0] == 0
    calls = paid(box)
    for path in (Path(otio_soundtrack.settings.home()) / "cues").iterdir():
        path.unlink()
    changed = recut(first, tmp_path / "changed.xml")
    code, told = run(capfd, "score", changed, "-o", tmp_path / "second.xml", "--media-root", footage)
    assert (code, paid(box)) == (0, calls)
    conformed = told["cues"][0]["conformed"]
    assert [one["kind"] for one in conformed["shots"]] == ["removed", "trimmed"]


_REFERENCE = ("--reference-url", "https://files.example/temp.mp3")


def test_local_music_is_composed_anew_with_the_same_seed_key_and_mood(footage: Path, tmp_path: Path) -> None:
    """Recognisable: what was asked then holds, without saying it again."""
    first = otio_soundtrack.score(
        footage / "small.otio", tmp_path / "first.otio", seed=7, mood="sad", prompt="thin strings", takes=2
    )
    changed = recut(tmp_path / "first.otio", tmp_path / "changed.otio")
    second = otio_soundtrack.score(changed, tmp_path / "second.otio", media_root=footage)
    was, now = first.cues[0].active_take.record, second.cues[0].active_take.record
    assert (now.brief.seed, now.key, now.brief.prompt, len(second.cues[0].takes)) == (7, was.key, "thin strings", 2)
    assert {section.mood for section in now.brief.plan.sections} == {section.mood for section in was.brief.plan.sections}
    assert now.sha256 != was.sha256
    assert second.cues[0].conformed is not None
    assert second.cues[0].conformed.how == "composed"
    assert now.samples == 360_000
    # flags say otherwise: what was said then is not taken along
    other = otio_soundtrack.score(changed, tmp_path / "third.otio", media_root=footage, seed=8).cues[0]
    assert other.conformed is None
    assert other.active_take.record.brief.seed == 8
    assert other.active_take.record.brief.prompt != "thin strings"


def test_a_range_follows_its_pictures(footage: Path, tmp_path: Path) -> None:
    """Shots 2 to 4 were scored: of them 3 and 4 are left, from frame 60 to the end; where none is left, exit 2 with a hint."""
    otio_soundtrack.score(footage / "small.otio", tmp_path / "first.otio", range=("60f", "200f"))
    changed = recut(tmp_path / "first.otio", tmp_path / "changed.otio")
    (cue,) = otio_soundtrack.score(changed, tmp_path / "second.otio", media_root=footage).cues
    assert (cue.spot.start, cue.spot.end) == (60, 180)
    timeline = read_timeline(tmp_path / "first.otio")
    del timeline.tracks[0][1:]
    with pytest.raises(errors.SettingsError, match="nothing of the range"):
        otio_soundtrack.score(timeline, media_dir=tmp_path / "music", media_root=footage)
