"""A wire that is cut after so many bytes: it stands before a service, lets everything through, and breaks one paid call."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

BLOCK_BYTES = 1 << 16
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Cut:
    """Where the wire breaks."""

    call: int
    """Which paid call since the wire was last counted from, 0 is the first."""
    where: Literal["request", "reply"]
    after: int
    """Bytes that come through."""


@dataclass
class Cutter:
    """The wire."""

    target: int
    """Port of the service."""
    paid: re.Pattern[bytes]
    """What the request line of a paid call looks like."""
    port: int = 0
    cut: Cut | None = None
    calls: list[tuple[int, int]] = field(default_factory=list)
    """Bytes of request and reply of each paid call, as far as they came."""
    done: bool = False
    """Whether the cut was made."""

    def count_anew(self, cut: Cut | None) -> None:
        """Forget what came, and make another cut."""
        self.calls, self.cut, self.done = [], cut, False

    def serve(self, client: socket.socket) -> None:
        """Pass one request and its reply on; the connection ends with it."""
        with client, socket.create_connection(("127.0.0.1", self.target)) as service, suppress(OSError):
            request = _request(client)
            if not request:
                return
            paid = self.paid.match(request) is not None
            cut = self.cut if paid and self.cut is not None and self.cut.call == len(self.calls) else None
            number = len(self.calls)
            if paid:
                self.calls.append((len(request), 0))
            if cut is not None and cut.where == "request":
                service.sendall(request[: cut.after])
                self._break(client, service, cut)
                return
            service.sendall(request)
            came = 0
            while block := service.recv(BLOCK_BYTES):
                if cut is not None and came + len(block) >= cut.after:
                    client.sendall(block[: cut.after - came])
                    self._break(client, service, cut)
                    return
                client.sendall(block)
                came += len(block)
                if paid:
                    self.calls[number] = (len(request), came)

    def _break(self, client: socket.socket, service: socket.socket, cut: Cut) -> None:
        """End both connections, in turn by a reset and as if all had been said."""
        self.done = True
        if cut.after % 2:
            for one in (client, service):  # to linger zero seconds means: reset
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
        service.close()


@contextmanager
def wire(target: int, paid: str) -> Iterator[Cutter]:
    """Open a wire to a port of this machine."""
    cutter = Cutter(target=target, paid=re.compile(paid.encode()))
    with socket.create_server(("127.0.0.1", 0)) as door:
        cutter.port = door.getsockname()[1]

        def accept() -> None:
            with suppress(OSError):  # the door was closed
                while True:
                    client, _ = door.accept()
                    threading.Thread(target=cutter.serve, args=(client,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield cutter
        door.shutdown(socket.SHUT_RDWR)


def _request(client: socket.socket) -> bytes:
    """Return a whole request that asks for no second one on its connection."""
    text = b""
    while b"\r\n\r\n" not in text:
        block = client.recv(BLOCK_BYTES)
        if not block:
            return b""
        text += block
    head, _, body = text.partition(b"\r\n\r\n")
    found = _LENGTH.search(head)
    length = int(found[1]) if found else 0
    parts = [body]
    have = len(body)
    while have < length:
        parts.append(client.recv(BLOCK_BYTES))
        have += len(parts[-1])
    return head + b"\r\nConnection: close\r\n\r\n" + b"".join(parts)
