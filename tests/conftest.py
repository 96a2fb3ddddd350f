"""What every test gets: a clean environment and a store of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

SHARED = Path(__file__).resolve().parents[2] / "shared"
"""Material of the studio that is not in the repository: real timelines."""
OURS = ("OTIO_", "SLIPSTREAM_", "AIMI_", "MUSICAPI_", "SOUNDVERSE_", "SUNO_")
"""How the names of our variables begin."""

# how long examples take to draw tells how much else the machine has to do
_BUSY = [HealthCheck.too_slow]
settings.register_profile("same", derandomize=True, suppress_health_check=_BUSY)
settings.register_profile("new", derandomize=False, suppress_health_check=_BUSY)
# What lands is judged by the same examples everywhere; `make explore` draws new ones
settings.load_profile(os.environ.get("EXAMPLES", "same"))


@pytest.fixture(autouse=True)
def _clean_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the person who runs the tests may change them, and no test may reach that person's store."""
    for name in [name for name in os.environ if name.startswith(OURS)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OTIO_SOUNDTRACK_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="session")
def shared_timelines() -> Path:
    """Folder of real timelines; the test is skipped where this machine has none."""
    folder = SHARED / "timelines"
    if not folder.is_dir():
        pytest.skip("the folder of real timelines (../shared/timelines) is not on this machine")
    return folder
