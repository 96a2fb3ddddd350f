"""Many timelines by one command: the same files as one by one, whatever becomes of the workers."""

from __future__ import annotations

import ast
import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from otio_soundtrack import errors
from otio_soundtrack.cli.main import main
from otio_soundtrack.pipeline.batch.batching import JOBS_AT_ONCE, _Office, bare, batch
from otio_soundtrack.progress import silent
from otio_soundtrack.settings import home
from otio_soundtrack.tools.ledger import Lock
from tests.doors.batches import cuts, run
from tests.jobs.sweep import quick_sandbox

pytestmark = pytest.mark.xdist_group("services")

ROOT = Path(__file__).resolve().parents[2]
HALVES = (
    "batch/bench",
    "batch/parcel",
    "makers/choosing",
    "makers/commissioning",
    "makers/composing",
    "scoring/finishing",
    "scoring/preparing",
    "takes/requested",
)
"""Modules of the pipeline that only workers need."""
FORBIDDEN = (
    "httpx",
    "httpcore",
    "otio_soundtrack.tools.network",
    "otio_soundtrack.pipeline.services.wiring",
    "otio_soundtrack.pipeline.services.obtaining",
)
Captured = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def reels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three short timelines."""
    return cuts(tmp_path_factory.mktemp("reels"), 3)


def written(folder: Path) -> dict[str, bytes]:
    """Return what a run wrote, by name; the report has the day's date in it."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".html")
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_a_batch_writes_what_single_runs_write_and_one_failure_stops_nobody(
    reels: list[Path], tmp_path: Path, capfd: Captured
) -> None:
    """Two reels and a broken file: two results, one error, the exit code of the error; the bytes are those of ``score``."""
    broken = tmp_path / "broken.otio"
    broken.write_text("{", encoding="utf-8")
    words = [str(reels[0]), str(broken), str(reels[1]), "--url-style", "relative", "--json", "--quiet"]
    assert main(["batch", *words, "-o", str(tmp_path / "many"), "--workers", "2"]) == errors.TimelineError.exit_code
    first, failed, second = json.loads(capfd.readouterr().out)["timelines"]
    assert failed["error"]["kind"] == "UnreadableTimelineError"
    assert [one["cues"][0]["frames"] for one in (first, second)] == [72, 73]
    for reel in reels[:2]:
        out = tmp_path / "single" / f"{reel.stem}_scored.otio"
        assert main(["score", str(reel), "-o", str(out), "--url-style", "relative", "--quiet"]) == 0
    assert written(tmp_path / "many") == written(tmp_path / "single")


def test_a_killed_worker_costs_no_second_submission_and_tears_no_file(reels: list[Path], tmp_path: Path) -> None:
    """The command, a service, and two workers of which each is killed; they had no key, though the coordinator has one."""
    with quick_sandbox(tmp_path / "music") as box:
        found = run(box, reels[:2], tmp_path / "scored", tmp_path / "home", 1)
        keys = {value for name, value in box.environment.items() if name.endswith("_API_KEY")}
    assert (found.exit_code, found.results, found.submissions, found.torn) == (0, 2, 2, [])
    assert sum(found.kills) >= 1
    assert keys
    assert not {one for one in found.environments if "_API_KEY" in one or one.split("=", 1)[1] in keys}


def test_all_timelines_share_one_purse(reels: list[Path], tmp_path: Path) -> None:
    """A create of MusicAPI takes 20 credits: a cap of 20 is enough for one of two, whichever comes first."""
    with quick_sandbox(tmp_path / "music") as box:
        found = run(box, reels[:2], tmp_path / "scored", tmp_path / "home", 0, "--max-cost", "20")
    assert (found.exit_code, found.results, found.submissions) == (errors.ConsentError.exit_code, 1, 1)
    assert [one["error"]["kind"] for one in found.told["timelines"] if "error" in one] == ["ConsentError"]


def test_services_work_on_no_more_jobs_at_a_time_than_one_of_them_allows() -> None:
    """Forty orders at once, ten under way."""
    busy, most = 0, 0

    class Desk:
        async def do(self, order: object) -> object:
            nonlocal busy, most
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0.001)
            busy -= 1
            return order

    async def work() -> list[object]:
        office = _Office(staff=None, desk=Desk(), progress=silent, total=40)  # type: ignore[arg-type]
        return await asyncio.gather(*(office._ordered(number) for number in range(40)))  # type: ignore[arg-type]

    assert asyncio.run(work()) == list(range(40))
    assert most == JOBS_AT_ONCE


def test_a_second_batch_on_the_same_store_is_refused(reels: list[Path], tmp_path: Path, capfd: Captured) -> None:
    """One coordinator, one ledger; who is refused has done nothing."""
    lock = Lock(home() / "jobs" / "batch.lock")
    assert lock.taken()
    try:
        assert main(["batch", str(reels[0]), "-o", str(tmp_path / "out")]) == errors.StoreError.exit_code
    finally:
        lock.free()
    assert "another batch" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


def test_two_timelines_are_never_written_to_one_place(reels: list[Path], tmp_path: Path) -> None:
    """The same name twice, and an output that is another one's input, are refused before the work."""
    other = cuts(tmp_path / "other", 1)[0]
    with pytest.raises(errors.SettingsError, match="both be written"):
        batch([reels[0], other], tmp_path / "out")
    scored = other.with_name(f"{other.stem}_scored.otio")
    scored.write_bytes(other.read_bytes())
    with pytest.raises(errors.SettingsError, match="is to be scored too"):
        batch([other, scored])
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.rglob("*.wav"))


def test_a_batch_whose_service_has_no_key_begins_nothing(reels: list[Path], tmp_path: Path) -> None:
    """Nobody waits for three hundred analyses to learn it."""
    with pytest.raises(errors.KeyMissingError):
        batch(reels, tmp_path / "out", provider="suno", yes=True)
    assert not (tmp_path / "out").exists()


def test_options_for_one_timeline_are_refused(reels: list[Path], tmp_path: Path) -> None:
    """One media folder, one plan or one MIDI file cannot be that of many."""
    for name in ("media_dir", "midi", "plan", "service_plan"):
        with pytest.raises(errors.SettingsError, match="not for a batch"):
            batch(reels, tmp_path / "out", **{name: tmp_path / "one"})
    with pytest.raises(errors.SettingsError, match="nobody would work"):
        batch(reels, tmp_path / "out", workers=0)


def test_workers_get_no_key() -> None:
    """Of five services and of storage; the rest of the environment is theirs."""
    keys = {
        "SLIPSTREAM_API_KEY",
        "AIMI_API_KEY",
        "MUSICAPI_API_KEY",
        "SOUNDVERSE_API_KEY",
        "SUNO_API_KEY",
        "AWS_SECRET_ACCESS_KEY",
    }
    assert bare({**dict.fromkeys(keys, "secret"), "PATH": "/bin"}) == {"PATH": "/bin"}


@pytest.mark.parametrize("name", HALVES)
def test_no_module_of_a_worker_imports_what_asks_services(name: str) -> None:
    """Neither at its head nor late."""
    path = ROOT / "otio_soundtrack" / "pipeline" / f"{name}.py"
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = [one.module or "" for one in nodes if isinstance(one, ast.ImportFrom)]
    named += [alias.name for one in nodes if isinstance(one, ast.Import) for alias in one.names]
    assert not [one for one in named if one.startswith(FORBIDDEN)]


def test_a_worker_has_no_client_of_the_network_in_it() -> None:
    """All that its modules import, and what those import."""
    found = f"[one for one in sys.modules if one.startswith({FORBIDDEN!r})]"
    code = f"import otio_soundtrack.pipeline.batch.bench, sys; print({found})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
