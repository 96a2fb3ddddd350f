"""The sandbox as a whole: its sockets, its one server in a thread, its state."""

from __future__ import annotations

import json
import tempfile
import threading
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.sandbox import aimi, musicapi, slipstream, soundverse, suno
from otio_soundtrack.sandbox.connection import protocol
from otio_soundtrack.sandbox.environment import DESKS, SERVICES, environment, listening
from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.situations import switches
from otio_soundtrack.sandbox.state import Account, World

DEFAULT_SPEED = 50.0
DEFAULT_CREDITS = 1000.0
"""Of each service, in its own unit: enough for a day of trying."""
_START_S = 10.0
"""After this long a server that has not started will not."""
_STOP_S = 10


class Sandbox:
    """All five services on this machine, from ``with`` to its end.

    Example::

        with Sandbox(speed=200, situations=["rate_limited@suno"]) as box:
            os.environ.update(box.environment)
            ...
            assert len(box.state()["services"]["suno"]["submissions"]) == 1
    """

    def __init__(
        self,
        *,
        port: int = 0,
        speed: float = DEFAULT_SPEED,
        situations: Iterable[str] = (),
        credits: float = DEFAULT_CREDITS,  # noqa: A002  # the word of all services
        lengths: tuple[float, float] | None = None,
        folder: Path | None = None,
    ) -> None:
        """Prepare a sandbox; nothing is opened before it is entered.

        Args:
            port: of the first service, the others follow; 0 for free ones.
            speed: how many times faster than the real services it works.
            situations: what goes wrong from the beginning, by name; ``NAME@SERVICE`` at one service only.
            credits: of each account.
            lengths: seconds of the two takes of a new song; None: as the services' fact sheets show them.
            folder: where made music is kept between sandboxes; None: gone with this one.

        Raises:
            SettingsError: an unknown situation, or a speed that is none.
        """
        if not 0.1 <= speed <= 10_000:
            raise SettingsError(f"--speed {speed:g} is not between 0.1 and 10000.", hint="50 is fifty times faster than life.")
        self._port = port
        self._speed = speed
        self._switches = switches(situations)
        self._credits = credits
        self._lengths = lengths
        self._kept = folder
        self._scratch: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Sandbox:
        """Open the ports and start; calls are answered when this returns.

        Raises:
            SettingsError: a port is taken.
        """
        self.addresses, sockets = listening(self._port)
        self.environment = environment(self.addresses, self._speed)
        if self._kept is None:
            self._scratch = tempfile.TemporaryDirectory(prefix="otio-soundtrack-sandbox-")
        folder = self._kept or Path(self._scratch.name if self._scratch else "")
        world = World(
            addresses=self.addresses,
            speed=self._speed,
            switches=self._switches,
            accounts={name: Account(credits=self._credits) for name in SERVICES},
            lengths=self._lengths,
        )
        self.shelf = Shelf(world, folder)
        self._server = uvicorn.Server(
            uvicorn.Config(
                _Switchboard(world, self.shelf),
                http=protocol(world),
                log_config=None,
                log_level="critical",
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=1,
                server_header=False,
            )
        )
        self._thread = threading.Thread(target=self._server.run, args=(sockets,), name="sandbox", daemon=True)
        self._thread.start()
        self._wait_until_started()
        return self

    def __exit__(self, _type: type[BaseException] | None, _error: BaseException | None, _traceback: TracebackType | None) -> None:
        """Stop; open connections are closed."""
        self._server.should_exit = True
        self._thread.join(_STOP_S)
        if self._scratch is not None:
            self._scratch.cleanup()

    def state(self) -> dict[str, Any]:
        """Return what the sandbox was asked, began, charged and handed out."""
        found: dict[str, Any] = self._asked("state")
        return found

    def turn(self, situation: str, **how: bool | str | int | None) -> None:
        """Turn a situation on or off while it runs.

        Args:
            situation: its name.
            how: ``on``, ``service``, ``times`` and ``after`` as in :meth:`.situations.Switches.turn`.
        """
        self._asked("situation", {"name": situation, **how})

    def _asked(self, what: str, body: object = None) -> Any:  # noqa: ANN401  # JSON
        request = urllib.request.Request(  # noqa: S310  # our own origin
            f"{self.addresses.origin('media')}/_sandbox/{what}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=_START_S) as answer:
            return json.loads(answer.read())

    def _wait_until_started(self) -> None:
        for _ in range(int(_START_S / 0.01)):
            if self._server.started or not self._thread.is_alive():
                break
            self._thread.join(0.01)
        if not self._server.started:
            raise SettingsError("the sandbox did not start.", hint="Is uvicorn complete? pip install 'otio-soundtrack[web]'")


class _Switchboard:
    """One application for all ports: the port that was called decides who answers."""

    def __init__(self, world: World, shelf: Shelf) -> None:
        self._world = world
        own = [
            Route("/_sandbox/state", self._state, methods=["GET"]),
            Route("/_sandbox/situation", self._situation, methods=["POST"]),
        ]
        desks: dict[str, Starlette] = {
            "aimi": aimi.application(world, shelf, own),
            "musicapi": musicapi.application(world, shelf, own),
            "slipstream": slipstream.application(world, shelf, own),
            "soundverse": soundverse.application(world, shelf, own),
            "suno": suno.application(world, shelf, own, dialect="kie"),
            "sunoapi": suno.application(world, shelf, own, dialect="sunoapi"),
            "media": Starlette(routes=[*own, *shelf.routes()]),
        }
        self._desks: dict[str, ASGIApp] = {name: desks.get(name, self._trap) for name in DESKS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._desks[self._world.addresses.desk(scope["server"][1])](scope, receive, send)

    async def _state(self, _request: Request) -> Response:
        return JSONResponse(self._world.shown())

    async def _situation(self, request: Request) -> Response:
        asked = await request.json()
        try:
            self._world.switches.turn(
                str(asked["name"]),
                on=bool(asked.get("on", True)),
                service=asked.get("service"),
                times=asked.get("times"),
                after=int(asked.get("after", 0)),
            )
        except SettingsError as error:
            return JSONResponse({"error": error.message, "hint": error.hint}, 400)
        return JSONResponse({"situations": self._world.switches.named()})

    async def _trap(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._world.trapped.append(f"{scope['method']} {scope['path']}")
        await Response("caught", 200)(scope, receive, send)
