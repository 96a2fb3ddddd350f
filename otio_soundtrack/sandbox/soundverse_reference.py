"""The reference of a remix, fetched and measured where it lies on this machine (section 3)."""

from __future__ import annotations

import http.client
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from otio_soundtrack.errors import UnreadableMediaError
from otio_soundtrack.sandbox.calls_back import LOOPBACK
from otio_soundtrack.tools.waveform import wave_shape

MOST_BYTES = 10_485_760
LEAST_S, MOST_S = 10.0, 350.0
_PATIENCE_S = 20


class ReferenceError_(Exception):  # noqa: N801, N818  # Python has another ReferenceError
    """The reference cannot be used; says why in the service's words."""


def reference_seconds(url: str) -> float | None:
    """Return the length of a reference, None where it lies in a network: there the sandbox fetches nothing.

    Raises:
        ReferenceError_: it cannot be fetched, or is too large, too short or too long.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ReferenceError_("Could not download file")
    if parts.hostname not in LOOPBACK or parts.scheme != "http":
        return None
    content = _fetched(url)
    if len(content) > MOST_BYTES:
        raise ReferenceError_(f"File too large: {len(content)} bytes (max: {MOST_BYTES})")
    with tempfile.TemporaryDirectory(prefix="otio-soundtrack-sandbox-") as folder:
        path = Path(folder) / "reference"
        path.write_bytes(content)
        try:
            shape = wave_shape(path)
        except UnreadableMediaError as error:
            raise ReferenceError_("Not an audio file") from error
    seconds = shape.samples / shape.sample_rate
    if not LEAST_S <= seconds <= MOST_S:
        raise ReferenceError_(f"Duration {seconds:.1f} s is outside {LEAST_S:g}-{MOST_S:g} s")
    return seconds


def _fetched(url: str) -> bytes:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=_PATIENCE_S)
    try:
        connection.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""))
        answer = connection.getresponse()
        if answer.status != http.client.OK:
            raise ReferenceError_("Could not download file")
        return answer.read(MOST_BYTES * 2)
    except (OSError, http.client.HTTPException) as error:
        raise ReferenceError_("Could not download file") from error
    finally:
        connection.close()
