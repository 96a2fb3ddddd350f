"""A batch on machines of others: a real Dask scheduler with real workers, and the job template for farms."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from otio_soundtrack import errors
from otio_soundtrack.cli.main import main
from otio_soundtrack.tools import crew
from tests.doors.batches import cuts, torn
from tests.jobs.sweep import begun, quick_sandbox

pytestmark = pytest.mark.xdist_group("services")

TEMPLATE = Path(__file__).resolve().parents[2] / "docs" / "batch.openjd.yaml"
Captured = pytest.CaptureFixture[str]


def test_a_dask_cluster_scores_and_a_killed_worker_costs_nothing(
    tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Scheduler and two workers on loopback, one of them killed in the middle: two results, two submissions, nothing torn."""
    distributed = pytest.importorskip("distributed", reason="Dask is not installed (extra `dask`)")
    reels = cuts(tmp_path / "reels", 2)
    words = ["batch", *map(str, reels), "-o", str(tmp_path / "out"), "--provider", "musicapi", "--yes", "--json", "--quiet"]
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    )
    with quick_sandbox(tmp_path / "music") as box, cluster:
        for name, value in box.environment.items():
            monkeypatch.setenv(name, value)
        victim = psutil.Process(next(iter(cluster.workers.values())).pid)
        killer = threading.Timer(2.0, victim.kill)
        killer.start()
        assert main([*words, "--scheduler", cluster.scheduler_address]) == 0
        killer.join()
        assert len(begun(box, "musicapi")) == 2
    told = json.loads(capfd.readouterr().out)["timelines"]
    assert [one["jobs"][0]["state"] for one in told] == ["done", "done"]
    assert list(torn(tmp_path / "out")) == []
    assert not victim.is_running()


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line, before any work."""
    pytest.importorskip("distributed", reason="Dask is not installed (extra `dask`)")
    monkeypatch.setattr("otio_soundtrack.tools.cluster.PATIENCE_SECONDS", 1)
    reels = cuts(tmp_path, 1)
    assert main(["batch", str(reels[0]), "--scheduler", "tcp://127.0.0.1:9"]) == errors.SettingsError.exit_code
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in capfd.readouterr().err
    assert not list(tmp_path.glob("*_scored*"))


def test_without_dask_the_error_names_the_extra(tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """The core knows nothing of it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["batch", str(tmp_path / "reel.otio"), "--scheduler", "tcp://127.0.0.1:9"]) == errors.SettingsError.exit_code
    assert "otio-soundtrack[dask]" in capfd.readouterr().err


def test_a_task_that_kills_every_worker_ends_in_an_error(
    tmp_path: Path, capfd: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is done again so often, and not for ever."""
    tries: list[float] = []

    async def die(_worker: object, _task: bytes) -> bytes:
        tries.append(time.monotonic())
        raise crew.WorkerLostError

    monkeypatch.setattr(crew.Crew, "do", die)
    reels = cuts(tmp_path, 1)
    assert main(["batch", str(reels[0]), "--json", "--quiet"]) == errors.PictureError.exit_code
    (told,) = json.loads(capfd.readouterr().out)["timelines"]
    assert "8 workers died" in told["error"]["message"]
    assert len(tries) == 8


def test_the_job_template_passes_the_farms_own_check() -> None:
    """``openjd check``; and no name of a key is in it."""
    checker = shutil.which("openjd", path=str(Path(sys.executable).parent)) or shutil.which("openjd")
    if checker is None:
        pytest.skip("openjd-cli is not installed")
    done = subprocess.run([checker, "check", str(TEMPLATE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "KEY" not in TEMPLATE.read_text(encoding="utf-8").upper().replace("NO KEY", "").replace("KEEPS KEY", "")
