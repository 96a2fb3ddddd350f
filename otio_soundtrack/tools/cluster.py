"""A Dask cluster of the studio's: tasks go to its scheduler, which hands them to workers (floor 2)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.tools.crew import WorkerLostError

PATIENCE_SECONDS = 10
"""Until a scheduler that does not answer is taken for absent."""


class Cluster:
    """The workers behind a scheduler."""

    def __init__(self, address: str, work: Callable[[bytes], bytes]) -> None:
        """Make ready.

        Args:
            address: of the scheduler, ``tcp://host:8786``.
            work: what workers do with a task; every one of them must be able to import it.
        """
        self._address, self._work = address, work
        self._client: Any = None

    async def __aenter__(self) -> Cluster:
        try:
            from distributed import Client  # late: an extra
        except ImportError as error:
            raise SettingsError("--scheduler needs Dask.", hint="pip install 'otio-soundtrack[dask]'") from error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what is lost is told by us, in one line
        try:
            client: Any = Client
            self._client = await client(self._address, asynchronous=True, timeout=PATIENCE_SECONDS, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SettingsError(
                f"no Dask scheduler answers at {self._address}.", hint="An address looks like tcp://host:8786."
            ) from error
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._client.close()

    async def do(self, task: bytes) -> bytes:
        """Let a worker do a task, and return its answer.

        Raises:
            WorkerLostError: several died over it.
        """
        from distributed import KilledWorker

        # a key of chance: a name made from the task would be shown on the dashboard, and the same task is never the same work
        future = self._client.submit(self._work, task, pure=False, key=f"otio-soundtrack-{uuid.uuid4().hex}")
        try:
            answer: bytes = await future
        except KilledWorker as error:
            raise WorkerLostError from error
        return answer
