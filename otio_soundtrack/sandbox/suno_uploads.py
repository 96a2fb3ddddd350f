"""The gateway's file host: files of the user's made public for three days (sheet, section 4.6)."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from pathlib import Path, PurePosixPath
from uuid import uuid4

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from otio_soundtrack.sandbox.desk import Desk
from otio_soundtrack.sandbox.files import Shelf
from otio_soundtrack.sandbox.state import World, json_or_none, stamp

MOST_STREAM, MOST_BASE64 = 100_000_000, 10_000_000
"""Bytes (assumed by the sheet)."""


class Uploads:
    """The three ways to put a file there."""

    def __init__(self, world: World, shelf: Shelf) -> None:
        self._world = world
        self._shelf = shelf

    def routes(self, desk: Desk) -> list[BaseRoute]:
        """Return the paths of the file host."""
        return [
            desk.route("POST", "/api/file-stream-upload", self._stream),
            desk.route("POST", "/api/file-url-upload", self._address),
            desk.route("POST", "/api/file-base64-upload", self._base64),
        ]

    async def _stream(self, request: Request) -> Response:
        async with request.form() as form:
            file = form.get("file")
            if not isinstance(file, UploadFile) or not form.get("uploadPath"):
                return _refused("file and uploadPath are required")
            content = await file.read()
            name = str(form.get("fileName") or file.filename or "upload")
            return self._stored(str(form["uploadPath"]), name, content, most=MOST_STREAM)

    async def _base64(self, request: Request) -> Response:
        body = json_or_none(await request.body())
        if not isinstance(body, dict) or not body.get("base64Data") or not body.get("uploadPath"):
            return _refused("base64Data and uploadPath are required")
        try:
            content = base64.b64decode(str(body["base64Data"]).rsplit(",", 1)[-1], validate=True)
        except binascii.Error:
            return _refused("base64Data is not base64")
        return self._stored(str(body["uploadPath"]), str(body.get("fileName") or "upload"), content, most=MOST_BASE64)

    async def _address(self, _request: Request) -> Response:
        """Refuse: the sandbox fetches nothing from a network (U-E42)."""
        return _refused("File could not be fetched")

    def _stored(self, folder: str, name: str, content: bytes, *, most: int) -> Response:
        if len(content) > most:
            return _refused(f"File must be at most {most} bytes")
        shown = PurePosixPath(name).name
        kept = self._shelf.folder / f"upload-{uuid4().hex}"
        kept.write_bytes(content)
        media_type = mimetypes.guess_type(shown)[0] or "application/octet-stream"
        url = self._shelf.link("suno", f"{kept.name}-{shown}", lambda: Path(kept), media_type=media_type)
        data = {
            "fileName": shown,
            "filePath": f"{folder}/{shown}",
            "downloadUrl": url,
            "fileSize": len(content),
            "mimeType": media_type,
            "uploadedAt": f"{stamp(self._world, self._world.now()):%Y-%m-%dT%H:%M:%S.000Z}",
        }
        return JSONResponse({"success": True, "code": 200, "msg": "File uploaded", "data": data})


def _refused(message: str) -> Response:
    return JSONResponse({"success": False, "code": 400, "msg": message, "data": None})
