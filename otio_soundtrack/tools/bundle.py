"""Media inside a bundle of OpenTimelineIO (``.otioz``), laid out so that they can be decoded (floor 2)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from otio_soundtrack.errors import UnreadableTimelineError
from otio_soundtrack.tools.files import store_errors

_MEDIA = "media/"
"""Folder of the media in a bundle (OpenTimelineIO, file bundles)."""


@contextmanager
def unpacked_media(bundle: Path) -> Iterator[Path]:
    """Give a temporary folder that holds the media of a bundle under the relative paths that its timeline uses.

    Raises:
        UnreadableTimelineError: the file is no bundle.
        StoreError: there is no room for the media in the folder for temporary files.
    """
    with TemporaryDirectory(prefix="otio-soundtrack-") as folder:
        try:
            with store_errors(Path(folder)), zipfile.ZipFile(bundle) as archive:
                for member in archive.infolist():
                    if member.filename.startswith(_MEDIA) and not member.is_dir():
                        archive.extract(member, folder)  # zipfile takes drive letters, leading slashes and ".." away
        except zipfile.BadZipFile as error:
            raise UnreadableTimelineError(f"{bundle} is no bundle of OpenTimelineIO: {error}.") from error
        yield Path(folder)
