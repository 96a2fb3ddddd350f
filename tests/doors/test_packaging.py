"""The four ways in which people install a plug-in: wheel, editable, sdist → wheel, and a plain checkout on the path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.install, pytest.mark.xdist_group("install")]

EDL = """TITLE: two shots
FCM: NON-DROP FRAME
001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: first
002  AX       V     C        00:00:04:00 00:00:07:00 01:00:02:00 01:00:05:00
* FROM CLIP NAME: second
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy of what git would hand out, so that no build touches the working tree."""
    target = tmp_path_factory.mktemp("src") / "otio-soundtrack"
    for name in ("otio_soundtrack", "adapters", "hooks"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "MANIFEST.in", "plugin_manifest.json"):
        shutil.copy(ROOT / name, target / name)
    return target


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Interpreter of a new environment that sees this one's packages, but not its otio-soundtrack."""
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    python = tmp_path / "venv" / "bin" / "python"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = tmp_path / "venv" / "lib" / version / "site-packages"
    outer = Path(sysconfig.get_paths()["purelib"])
    for path in outer.iterdir():
        if "otio_soundtrack" not in path.name.lower().replace("-", "_") and path.suffix != ".pth":
            (site / path.name).symlink_to(path)
    return python


def pip_install(python: Path, *what: str) -> None:
    """Install without dependencies (they are there), without a network, and without compiling what is never imported here."""
    how = ["--quiet", "--no-deps", "--no-build-isolation", "--no-compile"]
    call = [sys.executable, "-m", "pip", "--python", str(python), "install", *how]
    subprocess.run([*call, *what], check=True, capture_output=True)


def build(checkout: Path, out: Path, *kind: str) -> Path:
    """Build a distribution and return it."""
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", *kind, "--outdir", str(out), str(checkout)],
        check=True,
        capture_output=True,
    )
    (built,) = out.iterdir()
    return built


def wheel(python: Path, checkout: Path, work: Path) -> dict[str, str]:
    """Install a wheel."""
    pip_install(python, str(build(checkout, work / "dist", "--wheel")))
    return {}


def editable(python: Path, checkout: Path, work: Path) -> dict[str, str]:
    """Install for development."""
    pip_install(python, "--editable", str(checkout))
    return {}


def sdist_to_wheel(python: Path, checkout: Path, work: Path) -> dict[str, str]:
    """Build a source distribution and install from that alone."""
    pip_install(python, str(build(checkout, work / "dist", "--sdist")))
    return {}


def plain_checkout(python: Path, checkout: Path, work: Path) -> dict[str, str]:
    """Nothing is installed: the checkout is on the path, the manifest is named by OTIO's own variable."""
    return {"PYTHONPATH": str(checkout), "OTIO_PLUGIN_MANIFEST_PATH": str(checkout / "plugin_manifest.json")}


@pytest.mark.parametrize("install", [wheel, editable, sdist_to_wheel, plain_checkout])
def test_after_the_install_otioconvert_scores_an_edl(
    install: Callable[[Path, Path, Path], dict[str, str]], environment: Path, checkout: Path, tmp_path: Path
) -> None:
    """OTIO lists our plug-ins, and one otioconvert line gives a timeline with a music track of the length of the cut."""
    given = os.environ | install(environment, checkout, tmp_path)

    def run(*words: str) -> str:
        call = [str(environment), *words]
        done = subprocess.run(call, env=given, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    listed = run("-m", "opentimelineio.console.otiopluginfo", "-p", "adapters", "media_linkers", "hook_scripts", "-a", "name")
    for name in ("soundtrack_cut", "soundtrack_cue_sheet", "soundtrack_linker", "soundtrack_score"):
        assert name in listed
    (tmp_path / "cut.edl").write_text(EDL)
    run("-m", "opentimelineio.console.otioconvert", "-i", "cut.edl", "-o", "scored.otio", "-H", "soundtrack_provider=local")
    script = (
        "import opentimelineio as otio; tl = otio.adapters.read_from_file('scored.otio');"
        "track = tl.tracks[-1]; print(track.name, track.kind, int(track.duration().value), len(list(tl.tracks)))"
    )
    assert run("-c", script).split() == ["Soundtrack", "Audio", "120", "2"]
    assert len(list((tmp_path / "scored.media").glob("*.wav"))) == 1
