"""What a user may ask for: the one source of names, defaults and validation for all doors (floor 1)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, ValidationError

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.model.features import Frozen
from otio_soundtrack.model.lane import DUCK_PRESETS
from otio_soundtrack.model.plan import FASTEST_BPM, SLOWEST_BPM, Mood, Palette

DEFAULT_HEIGHT = 360
"""Lines of the exported cut: enough for every service and for a proxy, small enough to upload."""
DEFAULT_MAX_BYTES = 60_000_000
"""Largest exported cut: the smallest upload limit among the services (Slipstream, 60 MB)."""
DEFAULT_LUFS = -16.0
"""Integrated loudness of the music file: web and podcast practice; a mix brings it to its own target."""
CEILING_DBTP = -1.0
"""True peak that no music file of ours exceeds (EBU R 128)."""

LEAST_HEIGHT, MOST_HEIGHT = 2, 4096
"""Lines of an exported picture: one row of 4:2:0 colour; what the encoder's 16384 pixels a side leave to a shape of 4:1."""

MOST_RANKED = 100
"""Ranked tracks that can be picked from: a page of the service that gives most."""

EMBEDDED_VOICES = "voices"
"""What ``sound`` says for the sounds that come with us."""

MOST_SHOWN = 50
"""Characters of a signature and of a watermark on a video: what the service allows that draws them too."""

Aspect = Literal["1:1", "9:16", "16:9"]
"""Shape of a branded video, width to height."""
UrlStyle = Literal["file", "relative", "path"]
Missing = Literal["slate", "fail"]


def _as_text(value: object) -> object:
    """Take numbers for text: hook, linker and adapter arguments come as Python literals, ``2024`` as well as ``footage``."""
    return str(value) if isinstance(value, (int, float)) else value


def _as_times(value: object) -> object:
    """Return times as a tuple of text: one may come without its list, and several as one text, ``2s 3s`` or ``2s, 3s``."""
    if value is None:
        return None
    found: list[object] = []
    for one in value if isinstance(value, (list, tuple)) else (value,):
        text = _as_text(one)
        # an empty text stays one: it is no time, and its reader says so
        found += (text.replace(",", " ").split() or [text]) if isinstance(text, str) else [text]
    return tuple(found)


def _as_pairs(value: object) -> object:
    """Return ``NAME=VALUE`` texts as a tuple: one may come without its list, and from Python a mapping."""
    if isinstance(value, Mapping):
        return tuple(f"{name}={one}" for name, one in value.items())
    return (value,) if isinstance(value, str) else value


def _as_preset(value: object) -> object:
    """Return the name of a ducking preset that is given by its depth: ``-8``, ``8``, ``-8dB``."""
    text = str(value).strip().lower().removesuffix("db").strip().lstrip("-−")
    return next((name for name, db in DUCK_PRESETS.items() if text in (f"{-db:g}", f"{-db:.1f}")), value)


Text = Annotated[str, BeforeValidator(_as_text)]
Name = Annotated[Text, Field(min_length=1)]
"""Text that is not empty."""
ShownText = Annotated[str, Field(max_length=MOST_SHOWN), BeforeValidator(_as_text)]
Place = Annotated[Path, BeforeValidator(_as_text)]
Times = Annotated[tuple[str, ...], BeforeValidator(_as_times)]
"""Times as a person types them (``times.parse_frame``)."""
Pairs = Annotated[tuple[str, ...], BeforeValidator(_as_pairs)]
"""``NAME=VALUE`` texts."""
Duck = Annotated[Literal["light", "medium", "strong", "deep", "off"], BeforeValidator(_as_preset)]
"""How far music goes down under speech (:data:`DUCK_PRESETS`)."""
Stretch = Annotated[tuple[str, str], BeforeValidator(_as_times)]
"""In and out (exclusive) as a person types times."""


class Wishes(Frozen):
    """What the user asks of the music; None or empty leaves it to the analysis."""

    prompt: Text = ""
    mood: Mood | None = None
    palette: Palette | None = None
    """Which band plays; None: from prompt, genre and mood."""
    genre: Text = ""
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
    range: Stretch | None = None
    """The scored part."""
    hit: Times = ()
    """Hit points of the user."""
    hits: Literal["cuts", "markers", "none"] | None = None
    """``cuts`` the strongest cuts only, ``markers`` markers only, ``none`` only those of the user; None: markers, then cuts."""


class ServiceAsk(Frozen):
    """What only services are told."""

    reference: Text = ""
    """Temp track: a music file, the name of a clip or track of the timeline, or a URL; empty for none."""
    reference_url: Text = ""
    """Where a service can fetch the reference; empty: nobody said."""
    pick: Annotated[int, Field(ge=1, le=MOST_RANKED)] = 1
    """Which of the ranked tracks, 1 for the best."""
    wav: bool = False
    """Whether a lossless file is worth its price."""
    keep_sound: bool = False
    """Whether the service is told of the production sound, so that its music leaves room for it."""
    most_calls: Annotated[int, Field(ge=0, le=20)] = 4
    """Paid calls beyond the first by which a take may be extended."""
    service_plan: Place | None = None
    """The service's own plan, edited by a person."""
    set: Pairs = ()
    """``NAME=VALUE``, by the names of the provider's options."""


class ScoreOptions(Frozen):
    """All options of ``score``: flags with underscores."""

    provider: Text = "local"
    wishes: Wishes = Wishes()
    spotting: SpottingAsk = SpottingAsk()
    service: ServiceAsk = ServiceAsk()
    takes: Annotated[int, Field(ge=1, le=10)] = 1
    """Takes kept as alternative media references of the one clip; ten at most, as with the service that gives most."""
    media_dir: Place | None = None
    """Folder for the audio; None: ``<OUT stem>.media/`` beside the written timeline."""
    url_style: UrlStyle = "file"
    track: Name = "Soundtrack"
    loudness: Annotated[float, Field(ge=-40.0, le=-6.0)] = DEFAULT_LUFS
    """Integrated loudness of the music, LUFS."""
    handles: Name = "0"
    """What each file holds beyond its cue at either end, a time as a person types it (``times.parse_frame``)."""
    bwf: bool = False
    """Whether the files are Broadcast Wave, stamped with their record time."""
    stems: bool = False
    """Whether the stems of the local engine are laid beside each take."""
    duck: Duck | None = None
    """Preset of a ducked file beside each clean one; None or ``off`` writes none."""
    sound: Name = EMBEDDED_VOICES
    """What the local engine plays on: ``voices``, or the path of a SoundFont (SF2, SF3)."""
    midi: Place | None = None
    """Standard MIDI File for the notes of the local engine; None writes none."""
    plan: Place | None = None
    dry_run: bool = False
    yes: bool = False
    max_cost: Annotated[float, Field(ge=0.0)] | None = None
    """Most credits that this run may spend."""
    intent: Literal["temp", "final"] | None = None
    """None: ``temp`` where a machine wrote the music."""
    fresh: bool = False
    media_root: Place | None = None
    """Where relative media of the timeline are looked for; None: the timeline's folder."""
    missing: Missing = "slate"


class ExportOptions(Frozen):
    """All options of ``export``: flags with underscores."""

    height: Annotated[int, Field(ge=LEAST_HEIGHT, le=MOST_HEIGHT)] = DEFAULT_HEIGHT
    """Lines of the picture; the width follows the sources."""
    max_bytes: Annotated[int, Field(ge=1)] = DEFAULT_MAX_BYTES
    """Size that the file stays below."""
    range: Stretch | None = None
    """The exported part; None: the whole cut."""
    media_root: Place | None = None
    """Where relative media of the timeline are looked for; None: the timeline's folder."""
    missing: Missing = "slate"


Options = TypeVar("Options", bound=Frozen)

_GROUPS: dict[str, type[Frozen]] = {"wishes": Wishes, "spotting": SpottingAsk, "service": ServiceAsk}
_NESTED = {name: group for group, model in _GROUPS.items() for name in model.model_fields}
OPTION_NAMES = frozenset(_NESTED) | (frozenset(ScoreOptions.model_fields) - set(_GROUPS))
"""Every name that :func:`score_options` takes."""


def score_options(**given: object) -> ScoreOptions:
    """Return validated options from flat names, as flags, hook arguments and keyword arguments come.

    Args:
        given: option names of ``score`` with underscores; None means not given.

    Raises:
        SettingsError: an unknown name or a value out of its range, with the name and what is allowed.
    """
    tree: dict[str, Any] = {group: {} for group in _GROUPS}
    for name, value in given.items():
        known(name, OPTION_NAMES)
        if value is not None:
            (tree[_NESTED[name]] if name in _NESTED else tree)[name] = value
    return validated(ScoreOptions, tree)


def said(options: ScoreOptions) -> dict[str, Any]:
    """Return what was given explicitly, by flat names, as JSON types."""
    whole = options.model_dump(mode="json", exclude_unset=True)
    for group in _GROUPS:
        whole |= whole.pop(group, {})
    return whole


def export_options(**given: object) -> ExportOptions:
    """Return validated options of ``export``; see :func:`flat_options`."""
    return flat_options(ExportOptions, given)


def flat_options(model: type[Options], given: Mapping[str, object]) -> Options:
    """Return validated options of a command, as flags, adapter arguments and keyword arguments come.

    Args:
        model: the command's options.
        given: option names with underscores; None means not given.

    Raises:
        SettingsError: an unknown name or a value out of its range, with the name and what is allowed.
    """
    for name in given:
        known(name, model.model_fields)
    return validated(model, {name: value for name, value in given.items() if value is not None})


def known(name: str, names: Iterable[str]) -> None:
    """Raise :class:`SettingsError` over the name of an option that nobody knows."""
    if name not in names:
        raise SettingsError(f"unknown option {name!r}.", hint=f"Known options: {', '.join(sorted(names))}.")


def first_fault(error: ValidationError) -> str:
    """Return the first thing that is wrong, as ``place: reason``."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else str(first["msg"])


def validated(model: type[Options], tree: dict[str, Any]) -> Options:
    """Return the model, or raise one :class:`SettingsError` that names the option."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][-1]) if first["loc"] else "options"
        names = [str(part) for part in first["loc"] if str(part) in OPTION_NAMES | set(model.model_fields)]
        option = "--" + (names[-1] if names else name).replace("_", "-")
        raise SettingsError(f"{option}: {first['msg']} (got {first['input']!r}).") from error


def home() -> Path:
    """Return the folder of the store: ``OTIO_SOUNDTRACK_HOME`` or the platform's user data folder."""
    if given := os.environ.get("OTIO_SOUNDTRACK_HOME"):
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("otio-soundtrack", appauthor=False)
