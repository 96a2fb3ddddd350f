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
from otio_soundtrack.errors import SoundtrackError
from otio_soundtrack.model.track import Descriptors, Rights, Tags, Track
from otio_soundtrack.tools.files import sha256
from otio_soundtrack.tools.media.tags import read_tags


def told(asked: dict[str, Any]) -> dict[str, Any]:
    """Return what is known of a file, JSON types.

    Args:
        asked: ``path``, and ``sha256`` of the music that was there before, empty for none.

    Returns:
        ``track``; or ``same`` where it is the very music of before; or ``error``, why it is no music.
    """
    path = Path(asked["path"])
    try:
        state = path.stat()
        digest = sha256(path)
        where = {"size": state.st_size, "modified_ns": state.st_mtime_ns, "sha256": digest}
        if digest == asked["sha256"]:
            return {"same": where}
        tags = read_tags(path)
        with TemporaryDirectory(prefix="otio-soundtrack-") as scratch:
            heard = describe(decoded(path, Path(scratch)))
    except (SoundtrackError, OSError) as error:
        return {"error": error.message if isinstance(error, SoundtrackError) else str(error)}
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
