"""A worker for the tests of the crew: it does what the task says."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from otio_soundtrack.tools.crew import serve


def do(task: bytes) -> bytes:
    """Do it."""
    word, _, rest = task.partition(b" ")
    if word == b"die":
        os._exit(1)
    if word == b"print":
        sys.stdout.write("not an answer\n")
        sys.stdout.flush()
    if word == b"work":
        mark = Path(rest.decode())
        mark.write_text(str(os.getpid()), encoding="utf-8")
        try:
            time.sleep(60)
        finally:
            mark.unlink()
    return b"%d %s" % (os.getpid(), rest)


def main() -> None:
    """Be a worker."""
    serve(do)
