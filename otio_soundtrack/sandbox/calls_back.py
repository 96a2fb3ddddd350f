"""Callbacks: results told to a receiver, on this machine only."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from otio_soundtrack.sandbox.state import World

Message = tuple[object, Mapping[str, str]]
"""Body, as JSON or as bytes that are sent as they are, and headers beside the content type."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PATIENCE_S = 15
"""Receivers answer within this (suno's sheet, section 7)."""
_TRIES = 3
_running: set[asyncio.Task[None]] = set()
"""The loop holds its tasks only weakly."""


def later(world: World, service: str, seconds: float, url: str, message: Callable[[], Message]) -> None:
    """Call back after a while.

    Receivers anywhere but on this machine are left alone: the sandbox sends nothing into a network.

    Args:
        world: of the sandbox.
        service: who calls.
        seconds: until then, on the sandbox's clock.
        url: the receiver.
        message: what is told, asked for when it is time.
    """
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        world.callbacks.append({"service": service, "url": url, "status": None, "why": "not on this machine"})
        return
    for _ in range(2 if world.holds("callbacks_doubled", service) else 1):
        task = asyncio.get_running_loop().create_task(_told(world, service, seconds, url, message))
        _running.add(task)
        task.add_done_callback(_running.discard)


async def _told(world: World, service: str, seconds: float, url: str, message: Callable[[], Message]) -> None:
    await asyncio.sleep(seconds / world.speed)
    body, headers = message()
    raw = body if isinstance(body, bytes) else json.dumps(body, separators=(",", ":")).encode()
    for attempt in range(1, _TRIES + 1):
        status = await asyncio.to_thread(_post, url, raw, headers)
        world.callbacks.append({"service": service, "url": url, "status": status, "attempt": attempt})
        if status == http.client.OK:
            return


def _post(url: str, raw: bytes, headers: Mapping[str, str]) -> int | None:
    """Return the receiver's status, None where it could not be reached."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_PATIENCE_S)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path or "/", raw, {"Content-Type": "application/json", **headers})
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()
