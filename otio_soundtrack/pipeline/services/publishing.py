"""A local file put where a service can fetch it: by the user's uploader or into the user's storage."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from otio_soundtrack.errors import SettingsError, UnavailableError
from otio_soundtrack.pipeline.services.roster import SERVICES
from otio_soundtrack.pipeline.services.storage import FOLDER, storage, stored

VARIABLE = "OTIO_SOUNDTRACK_UPLOADER"
"""Command that uploads the file named by its last argument and prints the URL at which everybody can fetch it."""
LONGEST_S = 600.0
"""A reference has 10 MB at most."""
_SHOWN = 200


def published(path: Path) -> str:
    """Return the URL of a file after the user's uploader has put it there, or after it was put into the user's storage.

    The command is split as a shell would, but no shell runs it: the path is its last argument, whatever its name.

    Raises:
        SettingsError: neither is set, or the uploader is no command.
        UnavailableError: it failed, or printed no URL.
        RefusedError: the storage does not take it.
    """
    words = shlex.split(os.environ.get(VARIABLE, ""))
    if not words and (where := storage()) is not None:
        return stored(path, where)
    if not words:
        raise SettingsError(
            "the service fetches the reference from the internet, and nothing says where it lies.",
            hint=f"Give --reference-url URL, or set {FOLDER} (storage) or {VARIABLE} (a command): see docs/services.md.",
        )
    try:
        ran = subprocess.run(  # noqa: S603  # the user's own command
            [*words, str(path)], capture_output=True, text=True, timeout=LONGEST_S, check=False, env=_without_keys()
        )
    except (OSError, ValueError) as error:
        raise SettingsError(f"{VARIABLE} cannot be run: {words[0]}.", hint="Is it installed and executable?") from error
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(f"the uploader took longer than {LONGEST_S:g} s.") from error
    if ran.returncode != 0:
        told = " ".join(ran.stderr.split())[-_SHOWN:]
        raise UnavailableError(f"the uploader ended with {ran.returncode}: {told}", hint="Try it by hand.")
    lines = [line.strip() for line in ran.stdout.splitlines() if line.strip()]
    if not lines or urlsplit(lines[-1]).scheme not in ("https", "http"):
        raise UnavailableError("the uploader printed no URL in its last line.", hint="It should print https://… at its end.")
    return lines[-1]


def _without_keys() -> dict[str, str]:
    """Return the environment for a program of others: the keys of services are none of its business."""
    keys = {service.declaration.key_variable for service in SERVICES.values()}
    return {name: value for name, value in os.environ.items() if name not in keys}
