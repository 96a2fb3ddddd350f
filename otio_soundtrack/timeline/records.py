"""What is on file about a piece of music: in the metadata of clip and reference, and in the sidecar beside the file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from otio_soundtrack.timeline.marks import NAMESPACE, plain

SIDECAR_SUFFIX = ".soundtrack.json"
"""What the name of a file is followed by in the name of its sidecar."""


def sidecar_of(file: Path) -> Path:
    """Return where the record of a file lies: beside it."""
    return file.with_name(f"{file.name}{SIDECAR_SUFFIX}")


def record_beside(file: Path | None) -> dict[str, Any]:
    """Return what the sidecar of a file says, empty where there is none that can be read, or no file."""
    if file is None:
        return {}
    try:
        said = json.loads(sidecar_of(file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def record_on(thing: Any) -> dict[str, Any]:  # noqa: ANN401  # anything of OTIO that has metadata
    """Return our record on a clip or a media reference as JSON types, empty where there is none."""
    said = plain(thing.metadata[NAMESPACE]) if thing is not None and NAMESPACE in thing.metadata else None
    return said if isinstance(said, dict) else {}
