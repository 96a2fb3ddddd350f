"""A file of the user's put into storage of the user's, where a service can fetch it for a while: S3, or what speaks like it."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, urlsplit

from otio_soundtrack.access import LOOPBACK, Access, Secret, network_settings
from otio_soundtrack.errors import RefusedError, SettingsError, UnavailableError
from otio_soundtrack.model.wire import FilePiece, Reply, Request
from otio_soundtrack.tools.network.client import Network
from otio_soundtrack.tools.network.presign import StorageKey, presigned

FOLDER, PUBLIC = "OTIO_SOUNDTRACK_S3_URL", "OTIO_SOUNDTRACK_S3_PUBLIC_URL"
"""Address of a folder in a bucket, in either style; and where everybody reads that folder without a signature."""
PUT_S = 3600
"""For how long the upload is allowed: 10 MB on a slow line take minutes."""
GET_S = 24 * 3600
"""For how long the service may fetch it: ten remixes one after the other, and a job that is taken up in the morning."""
_CODE = re.compile(r"<Code>(\w{1,64})</Code>")
"""What is wrong, in an error of S3; the rest of it repeats what was signed and is shown to nobody."""


@dataclass(frozen=True, kw_only=True)
class Storage:
    """Where files are put."""

    folder: str
    """Address, without a slash at its end."""
    public: str
    """Where everybody reads it; empty: with a signature only."""
    key: StorageKey


def storage(environment: Mapping[str, str] = os.environ) -> Storage | None:
    """Return the storage that the environment names, None where it names none.

    Raises:
        SettingsError: it names one by halves.
    """
    folder, public = (environment.get(name, "").strip().rstrip("/") for name in (FOLDER, PUBLIC))
    if not folder:
        return None
    for name, url in ((FOLDER, folder), (PUBLIC, public)):
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        if url and (not safe or not parts.hostname or parts.username or parts.query or parts.fragment):
            raise SettingsError(f"{name} is no address of a folder.", hint="Write https://HOST/BUCKET/FOLDER, without a query.")
    identity, secret, session = (
        environment.get(f"AWS_{name}", "").strip() for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN")
    )
    if not identity or not secret:
        raise SettingsError(f"{FOLDER} is set, and no key for it.", hint="Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
    region = environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or StorageKey.region
    key = StorageKey(identity=identity, secret=Secret(secret), session=Secret(session) if session else None, region=region)
    return Storage(folder=folder, public=public, key=key)


def stored(path: Path, where: Storage) -> str:
    """Put a file into storage and return the address at which it can be fetched for :data:`GET_S`.

    Its name there is its hash, so the same file lies there once.

    Raises:
        RefusedError: the storage does not take it.
        UnavailableError: it is not reached.
    """
    url, now = f"{where.folder}/{quote(path.name)}", datetime.now(timezone.utc)
    reply = asyncio.run(_put(presigned("PUT", url, where.key, seconds=PUT_S, now=now), path))
    if not HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
        raise _no(reply)
    if where.public:
        return f"{where.public}/{quote(path.name)}"
    return presigned("GET", url, where.key, seconds=GET_S, now=now)


async def _put(url: str, path: Path) -> Reply:
    reached = Access(name="storage", base_url=url.partition("?")[0], key=None)
    async with Network(reached, network_settings()) as network:
        return await network.send(Request(method="PUT", path=url, file=FilePiece(path=path), accept="*/*"))


def _no(reply: Reply) -> RefusedError | UnavailableError:
    found = _CODE.search(reply.text)
    told = f"the storage at {urlsplit(reply.url).hostname} answered {reply.status}{f' ({found.group(1)})' if found else ''}"
    if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR or reply.status == HTTPStatus.TOO_MANY_REQUESTS:
        return UnavailableError(f"{told}: the reference was not stored.", hint="Try again later; nothing was paid.")
    hint = f"Check {FOLDER}, AWS_REGION and the rights of the key (s3:PutObject, s3:GetObject); nothing was paid."
    return RefusedError(f"{told}: the reference was not stored.", hint=hint)
