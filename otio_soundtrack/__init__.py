"""Music sized to the cut, for OpenTimelineIO.

>>> import otio_soundtrack
>>> result = otio_soundtrack.score(timeline, prompt="slow, warm strings", media_dir="music")  # doctest: +SKIP
>>> result.timeline  # a new timeline; the one passed in is untouched  # doctest: +SKIP

Importing this package imports nothing but the standard library: every OpenTimelineIO program in the environment does it to find
our plug-ins. The public functions are fetched when they are first used.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
from pathlib import Path
from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "analyze", "cue_sheet", "export_cut", "fit", "mix", "plan", "plugin_manifest", "score", "visualize"]

_here = Path(__file__).resolve().parent
if not (_here / "adapters").is_dir() and (_here.parent / "adapters").is_dir():
    # a source checkout without an install: adapters/ and hooks/ lie beside this package instead of in it
    __path__.append(str(_here.parent))

_MODULES = {
    "analyze": "pipeline.cut.cutting",
    "cue_sheet": "pipeline.deliverables.cuesheets",
    "export_cut": "pipeline.cut.cutting",
    "fit": "pipeline.deliverables.fitting",
    "mix": "pipeline.deliverables.mixing",
    "plan": "pipeline.cut.musicplan",
    "score": "pipeline.scoring.whole_way",
    "visualize": "pipeline.deliverables.visualizing",
}
"""Where the public functions are."""

_ADAPTERS = {
    "soundtrack_cut": ("adapters.soundtrack_cut", ["mp4", "mov"]),
    "soundtrack_cue_sheet": ("adapters.soundtrack_cue_sheet", ["cues"]),
}
_HOOK_SCRIPTS = {"soundtrack_score": "hooks.soundtrack_score"}
_MEDIA_LINKERS = {"soundtrack_linker": "hooks.soundtrack_linker"}
_HOOKS: dict[str, list[str]] = {"pre_adapter_write": ["soundtrack_score"], "soundtrack_pre_request": []}


def __getattr__(name: str) -> Any:  # noqa: ANN401  # the type depends on the name
    """Fetch a public function of the pipeline when it is first used."""
    if name in _MODULES:
        return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def plugin_manifest() -> Any:  # noqa: ANN401  # OTIO's Manifest is created by its own deserialiser
    """Return the OpenTimelineIO plug-in manifest; called by OTIO through the entry point ``opentimelineio.plugins``.

    File paths are absolute, because in an editable install the plug-in files do not lie beside this module.

    Raises:
        RuntimeError: the installation is incomplete. (OTIO would take an ``AttributeError`` for "has no manifest".)
    """
    from opentimelineio import core, plugins  # noqa: F401  # plugins registers the schema of the manifest

    try:
        return core.deserialize_json_from_string(json.dumps(_manifest()))
    except AttributeError as error:
        raise RuntimeError(f"the otio-soundtrack installation is incomplete: {error}") from error


def _manifest() -> dict[str, object]:
    """Return the manifest as JSON types."""
    return {
        "OTIO_SCHEMA": "PluginManifest.1",
        "adapters": [
            {"OTIO_SCHEMA": "Adapter.1", "name": name, "filepath": _file_of(module), "suffixes": suffixes}
            for name, (module, suffixes) in _ADAPTERS.items()
        ],
        "media_linkers": [
            {"OTIO_SCHEMA": "MediaLinker.1", "name": name, "filepath": _file_of(module)}
            for name, module in _MEDIA_LINKERS.items()
        ],
        "hook_scripts": [
            {"OTIO_SCHEMA": "HookScript.1", "name": name, "filepath": _file_of(module)} for name, module in _HOOK_SCRIPTS.items()
        ],
        "hooks": _HOOKS,
    }


def _file_of(module: str) -> str:
    """Return the absolute path of one of our plug-in files, wherever the installation put it."""
    spec = importlib.util.find_spec(f"{__name__}.{module}")
    if spec is None or spec.origin is None:
        raise RuntimeError(f"the otio-soundtrack installation is incomplete: {module} is missing")
    return spec.origin
