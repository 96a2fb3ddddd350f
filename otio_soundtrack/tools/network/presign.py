"""Addresses that say who allows what for how long: AWS Signature Version 4, for S3 and storage like it (pure).

Described in the Amazon S3 API reference, "Authenticating Requests: Using Query Parameters", whose example our tests hold. It is
forty lines of hashing; a library for it would bring a hundred times as much.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import quote, unquote, urlsplit

from otio_soundtrack.access import Secret

ALGORITHM = "AWS4-HMAC-SHA256"
LONGEST_S = 7 * 24 * 3600
"""Seconds for which an address may hold at most, by the reference."""


@dataclass(frozen=True, kw_only=True)
class StorageKey:
    """Who signs."""

    identity: str
    """Access key id."""
    secret: Secret
    session: Secret | None = None
    """Token of keys that hold for a while."""
    region: str = "us-east-1"


def presigned(method: str, url: str, key: StorageKey, *, seconds: int, now: datetime) -> str:
    """Return an address at which whoever has it may do one thing with one object.

    Args:
        method: ``GET``, ``PUT`` …
        url: of the object, host and path in any style, no query.
        key: who allows it.
        seconds: for how long, 1 to :data:`LONGEST_S`.
        now: from when on.
    """
    if not 1 <= seconds <= LONGEST_S:
        raise ValueError(f"an address holds for 1 to {LONGEST_S} seconds, not {seconds}")
    parts, at = urlsplit(url), now.astimezone(timezone.utc)
    moment, scope = f"{at:%Y%m%dT%H%M%SZ}", f"{at:%Y%m%d}/{key.region}/s3/aws4_request"
    path = quote(unquote(parts.path), safe="/~") or "/"
    query = {
        "X-Amz-Algorithm": ALGORITHM,
        "X-Amz-Credential": f"{key.identity}/{scope}",
        "X-Amz-Date": moment,
        "X-Amz-Expires": str(seconds),
        "X-Amz-SignedHeaders": "host",
    }
    if key.session is not None:
        query["X-Amz-Security-Token"] = key.session.reveal()
    asked = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(query.items()))
    request = "\n".join((method, path, asked, f"host:{parts.netloc}", "", "host", "UNSIGNED-PAYLOAD"))
    text = "\n".join((ALGORITHM, moment, scope, hashlib.sha256(request.encode()).hexdigest()))
    signing = f"AWS4{key.secret.reveal()}".encode()
    for part in scope.split("/"):
        signing = _hmac(signing, part)
    return f"{parts.scheme}://{parts.netloc}{path}?{asked}&X-Amz-Signature={_hmac(signing, text).hex()}"


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
