r"""Target URLs of real timelines to local paths, and back.

Nobody follows one rule: files in the wild hold ``file:///…`` with and without percent encoding, ``file://localhost/D%3a/…``,
``file://host/share/…``, plain ``/Users/…``, ``C:/…``, ``S:\…`` and bare relative names. So every reading that makes
sense is tried, and the one that exists wins. Relative names are resolved against the timeline's folder, as Resolve, Kdenlive and
RV do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

from otio_soundtrack.settings import UrlStyle

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.\-]+):")
"""A scheme has two letters at least: one letter before a colon is a drive of Windows."""
_DRIVE = re.compile(r"^/?([A-Za-z]):(?=[\\/])")


def local_path(url: str, root: Path | None) -> Path | None:
    """Return the local file that a target URL means.

    Args:
        url: ``target_url`` as found in the timeline.
        root: folder that relative names belong to, None for the working folder.

    Returns:
        An absolute path, so that no decoder can take it for a protocol or an option; of several readings (percent-encoded or
        plain, slashes of either kind) the first that exists, else the most regular one. None for what is not a local file
        (``http:`` and the like) and for an empty URL.
    """
    base = (root or Path.cwd()).absolute()
    readings = [base / text for text in _readings(url) if text and "\0" not in text]
    return next((path for path in readings if _exists(path)), _regular(url, readings))


def url_for(path: Path, style: UrlStyle, beside: Path | None) -> str:
    """Return the target URL under which the timeline shall know a file.

    Args:
        path: the media file.
        style: ``file`` a percent-encoded ``file://`` URL, ``relative`` a POSIX path from the folder of the timeline without
            ``./``, ``path`` the plain absolute path.
        beside: the timeline that is written, or its folder; needed for ``relative`` only.

    Raises:
        ValueError: ``relative`` without ``beside``, or from another drive.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100  # Path.absolute() keeps "..", which some hosts do not follow
    if style == "path":
        return whole.as_posix()
    if style == "file":
        return whole.as_uri()
    if beside is None:
        raise ValueError("a relative URL needs the place of the timeline")
    folder = beside if beside.is_dir() else beside.parent
    return Path(os.path.relpath(whole, Path(folder).absolute())).as_posix()


def _regular(url: str, readings: list[Path]) -> Path | None:
    """Return the reading to name when nothing exists: the first, unless the URL is of another scheme."""
    scheme = _SCHEME.match(url)
    foreign = scheme is not None and scheme[1].lower() != "file"
    return None if foreign or not readings else readings[0]


def _readings(url: str) -> Iterator[str]:
    """Yield what the URL may mean, the most regular reading first."""
    if url[:5].lower() != "file:":
        yield from _plain(url)
        if "%" in url:
            yield from _plain(_decoded(url))
        return
    rest = url[5:]
    texts = dict.fromkeys((_decoded(rest), rest, _decoded(re.split(r"[?#]", rest)[0])))
    for text in texts:
        if not text.startswith("//"):
            yield from _plain(text)
            continue
        host, _, path = text[2:].partition("/")
        if host.lower() in ("", "localhost"):
            yield from _plain("/" + path.lstrip("/") if _DRIVE.match("/" + path) else "/" + path)
        elif _DRIVE.match(host + "/"):
            yield from _plain(f"{host}/{path}")
        else:
            yield f"//{host}/{path}"
            # writers that forget a slash: file://Users/me/x.mov, file://media/x.mov
            yield f"/{host}/{path}"
            yield f"{host}/{path}"


def _plain(text: str) -> Iterator[str]:
    """Yield the readings of a path: as it is, and with the slashes of Windows turned."""
    turned = text.replace("\\", "/")
    drive = _DRIVE.match(turned)
    if drive is None:
        yield text
    elif os.name == "nt":
        yield turned[drive.start(1) :]
    else:
        # no drives here: an absolute path keeps the letter, and its colon cannot be taken for a protocol
        yield "/" + turned.lstrip("/")
        yield text
    if turned != text:
        yield turned


def _decoded(text: str) -> str:
    """Return the text with percent escapes resolved as the file system's own bytes."""
    return os.fsdecode(unquote_to_bytes(text))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # names that no file system can hold
        return False
