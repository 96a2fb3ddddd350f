"""A sandbox for each test, and music that is made once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from otio_soundtrack.sandbox.server import Sandbox

SPEED = 400.0
"""A job of two minutes takes a third of a second."""
SHORT = (6.0, 7.2)
"""Seconds of the takes: music enough to look at."""

Open = Callable[..., Sandbox]


@pytest.fixture(scope="session")
def music(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder where made music is kept for the whole run."""
    return tmp_path_factory.mktemp("music")


@pytest.fixture
def opened(music: Path) -> Iterator[Open]:
    """Return what opens a sandbox that is closed after the test."""
    with ExitStack() as stack:

        def start(*situations: str, **more: Any) -> Sandbox:
            settings = {"speed": SPEED, "lengths": SHORT, "folder": music, **more}
            return stack.enter_context(Sandbox(situations=situations, **settings))

        yield start
