"""What a user may ask for: the one source of names, defaults and validation for all doors (floor 1)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.features import Frozen
from otio_soundtrack.model.plan import FASTEST_BPM, SLOWEST_BPM, Mood

DEFAULT_HEIGHT = 360
"""Lines of the exported cut: enough for every service and for a proxy, small enough to upload."""
DEFAULT_MAX_BYTES = 60_000_000
"""Largest exported cut: the smallest upload limit among the services (Slipstream, 60 MB)."""
DEFAULT_LUFS = -16.0
"""Integrated loudness of the music file: web and podcast practice; a mix brings it to its own target."""
CEILING_DBTP = -1.0
"""True peak that no music file of ours exceeds (EBU R 128)."""

UrlStyle = Literal["file", "relative", "path"]
Missing = Literal["slate", "fail"]


class Wishes(Frozen):
    """What the user asks of the music; None or empty leaves it to the analysis."""

    prompt: str = ""
    mood: Mood | None = None
    genre: str = ""
    tempo: Annotated[float, Field(ge=SLOWEST_BPM, le=FASTEST_BPM)] | None = None
    """Beats a minute; an elastic grid bends around it."""
    grid: Literal["elastic", "constant"] = "elastic"
    """Whether the tempo may bend a little so that cuts lie on beats and sections begin with a bar."""
    energy: Annotated[float, Field(ge=0.0, le=1.0)] | None = None
    instrumental: bool = True
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1


class SpottingAsk(Frozen):
    """Which part of the cut is scored and what it should hit. Times are text as a person types them (``times.parse_frame``)."""

    cues: Literal["whole", "markers", "tagged"] = "whole"
    range: tuple[str, str] | None = None
    """In and out (exclusive) of the scored part."""
    hit: tuple[str, ...] = ()
    """Hit points of the user."""
    hits: Literal["cuts", "markers", "none"] | None = None
    """``cuts`` the strongest cuts only, ``markers`` markers only, ``none`` only those of the user; None: markers, then cuts."""

    @field_validator("hit", "range", mode="before")
    @classmethod
    def _as_typed(cls, value: object) -> object:
        """Take numbers for text: hook arguments come as Python literals, and one hit may come without its list."""
        many = value if isinstance(value, (list, tuple)) else () if value is None else (value,)
        return None if value is None else tuple(str(one) if isinstance(one, (int, float)) else one for one in many)


class ScoreOptions(Frozen):
    """All options of ``score``: flags with underscores."""

    provider: str = "local"
    wishes: Wishes = Wishes()
    spotting: SpottingAsk = SpottingAsk()
    takes: Annotated[int, Field(ge=1, le=10)] = 1
    """Takes kept as alternative media references of the one clip; ten at most, as with the service that gives most."""
    media_dir: Path | None = None
    """Folder for the audio; None: ``<OUT stem>.media/`` beside the written timeline."""
    url_style: UrlStyle = "file"
    track: Annotated[str, Field(min_length=1)] = "Soundtrack"
    loudness: Annotated[float, Field(ge=-40.0, le=-6.0)] = DEFAULT_LUFS
    """Integrated loudness of the music, LUFS."""
    plan: Path | None = None
    dry_run: bool = False
    yes: bool = False
    max_cost: Annotated[float, Field(ge=0.0)] | None = None
    """Most credits that this run may spend."""
    intent: Literal["temp", "final"] | None = None
    """None: ``temp`` where a machine wrote the music."""
    fresh: bool = False
    media_root: Path | None = None
    """Where relative media of the timeline are looked for; None: the timeline's folder."""
    missing: Missing = "slate"


_NESTED = dict.fromkeys(Wishes.model_fields, "wishes") | dict.fromkeys(SpottingAsk.model_fields, "spotting")
OPTION_NAMES = frozenset(_NESTED) | (frozenset(ScoreOptions.model_fields) - {"wishes", "spotting"})
"""Every name that :func:`score_options` takes."""


def score_options(**given: object) -> ScoreOptions:
    """Return validated options from flat names, as flags, hook arguments and keyword arguments come.

    Args:
        given: option names of ``score`` with underscores; None means not given.

    Raises:
        SettingsError: an unknown name or a value out of its range, with the name and what is allowed.
    """
    tree: dict[str, Any] = {"wishes": {}, "spotting": {}}
    for name, value in given.items():
        if name not in OPTION_NAMES:
            raise SettingsError(f"unknown option {name!r}.", hint=f"Known options: {', '.join(sorted(OPTION_NAMES))}.")
        if value is not None:
            (tree[_NESTED[name]] if name in _NESTED else tree)[name] = value
    return validated(ScoreOptions, tree)


def first_fault(error: ValidationError) -> str:
    """Return the first thing that is wrong, as ``place: reason``."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def validated(model: type[ScoreOptions], tree: dict[str, Any]) -> ScoreOptions:
    """Return the model, or raise one :class:`SettingsError` that names the option."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][-1]) if first["loc"] else "options"
        names = [str(part) for part in first["loc"] if str(part) in OPTION_NAMES]
        option = "--" + (names[-1] if names else name).replace("_", "-")
        raise SettingsError(f"{option}: {first['msg']} (got {first['input']!r}).") from error


def home() -> Path:
    """Return the folder of the store: ``OTIO_SOUNDTRACK_HOME`` or the platform's user data folder."""
    if given := os.environ.get("OTIO_SOUNDTRACK_HOME"):
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("otio-soundtrack", appauthor=False)
