"""A process that listens to music files for the library: a path a line in, what is known of it a line out.

``python -m otio_soundtrack.pipeline.library.describing`` is started by ``library add``, one on each core. A file that brings a
decoder down takes this process with it and nothing else. It ends when its input is closed, also by the death of whoever started
it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from otio_soundtrack.audio.describe import describe
from otio_soundtrack.audio.takes import decoded
from otio_soundtrack.errors import SoundtrackError, StoreError
from otio_soundtrack.model.track import Descriptors, Rights, Tags, Track
from otio_soundtrack.tools.files import sha256, store_errors
from otio_soundtrack.tools.media.tags import read_tags


def told(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of a file, JSON types.

    Args:
        asked: ``path``; ``known``, hashes of music that need not be listened to again; ``scratch``, a folder for what is decoded.

    Returns:
        ``track``; or ``same``: it is music that is known; or ``error``, why it is no music; or ``full`` and ``hint``: no room.
    """
    path = Path(asked["path"])
    try:
        state = path.stat()
        digest = sha256(path)
        where = {"size": state.st_size, "modified_ns": state.st_mtime_ns, "sha256": digest}
        if digest in asked["known"]:
            return {"same": where}
        tags = read_tags(path)
        with store_errors(Path(asked["scratch"])):
            scratch = TemporaryDirectory(dir=asked["scratch"])
        with scratch as folder:
            heard = describe(decoded(path, Path(folder)))
    except StoreError as error:
        return {"full": error.message, "hint": error.hint}
    except (SoundtrackError, OSError) as error:
        return {"error": error.message if isinstance(error, SoundtrackError) else f"{error.strerror or error}."}
    return {"track": {**where, "rights": tags.rights.model_dump(), "artist": tags.artist, "words": tags.words} | asdict(heard)}


def track_of(path: Path, said: dict[str, Any]) -> Track:
    """Return the track of an answer."""
    fields = dict(said)
    tags = Tags(rights=Rights(**fields.pop("rights")), artist=fields.pop("artist"), words=tuple(fields.pop("words")))
    where = {name: fields.pop(name) for name in ("size", "modified_ns", "sha256")}
    heard = Descriptors(**fields | {name: tuple(fields[name]) for name in ("curve", "sections")})
    return Track(path=path, tags=tags, heard=heard, **where)


def main() -> None:
    """Answer until the input ends."""
    for line in sys.stdin:
        print(json.dumps(told(json.loads(line))), flush=True)  # noqa: T201  # its output is what it is for


if __name__ == "__main__":
    main()
