"""A key is seen by nobody but its service: not in a file, an output, a log, or the process list."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest

from otio_soundtrack.sandbox.environment import SERVICES, key_of
from otio_soundtrack.sandbox.server import Sandbox
from otio_soundtrack.tools.waveform import write_wav

pytestmark = pytest.mark.xdist_group("services")

LOUD = """
import logging, sys
logging.basicConfig(level=0)
from otio_soundtrack.cli.main import main
sys.exit(main(sys.argv[1:]))
"""
"""The command with every log that there is."""
UPLOADER = """
import os, pathlib, sys
seen = pathlib.Path(sys.argv[1])
here = pathlib.Path("/proc")
own, parent = here / str(os.getpid()), here / str(os.getppid())
parts = [str(sorted(os.environ.items())).encode(), str(sys.argv).encode()]
parts += [path.read_bytes() for path in (own / "environ", own / "cmdline", parent / "cmdline") if path.exists()]
seen.write_bytes(b"\\n".join(parts))
print("https://files.example/temp.mp3")
"""
"""A program of others: it keeps all that it can see of its environment and of the process list."""


def test_a_key_is_in_no_file_output_log_or_process_list(footage: Path, tmp_path: Path) -> None:
    """A job with an uploader, all logs on."""
    (tmp_path / "uploader.py").write_text(UPLOADER)
    sound = np.random.default_rng(1).uniform(-0.1, 0.1, (12 * 48_000, 2)).astype(np.float32)
    write_wav(tmp_path / "temp.wav", sound)
    words = ["score", footage / "small.otio", "-o", tmp_path / "out.otio", "--provider", "soundverse", "--yes"]
    words += ["--reference", tmp_path / "temp.wav"]
    with Sandbox(speed=400.0, lengths=(11.0, 13.0), folder=tmp_path / "made") as box:
        environment = {**os.environ, **box.environment, "TMPDIR": str(tmp_path)}
        environment["OTIO_SOUNDTRACK_UPLOADER"] = f"{sys.executable} {tmp_path / 'uploader.py'} {tmp_path / 'seen'}"
        command = [sys.executable, "-c", LOUD, *map(str, words)]
        ran = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert (tmp_path / "seen").stat().st_size > 0
    (tmp_path / "told").write_bytes(ran.stdout + ran.stderr)
    keys = [key_of(name).encode() for name in SERVICES]
    shapes = [shape for key in keys for shape in (key, base64.b64encode(key).rstrip(b"="), quote(key, safe="").encode())]
    places = (tmp_path, Path(os.environ["OTIO_SOUNDTRACK_HOME"]))
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert any(path.name == "ledger.sqlite3" for path in files)
    assert [path for path in files if any(shape in path.read_bytes() for shape in shapes)] == []
