"""What a user may ask of the local mix: names, defaults and validation for all doors (floor 1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from otio_soundtrack.model.features import Frozen
from otio_soundtrack.settings import LEAST_HEIGHT, MOST_HEIGHT, Duck, Missing, Place, Text, flat_options

DEFAULT_TARGET = "streaming"
"""An MP4 file is for screens, not for a broadcaster's desk."""
Volume = Annotated[float, Field(ge=0.0, le=1.0)]
"""Linear gain, 1 leaves the sound as it is."""


class MixOptions(Frozen):
    """All options of the local ``mix``: flags with underscores."""

    height: Annotated[int, Field(ge=LEAST_HEIGHT, le=MOST_HEIGHT)] | None = None
    """Lines of the picture; None: as the sources have them."""
    duck: Duck | None = None
    """How far the music goes down under speech; None: as the timeline says, else the default preset. Lanes that a person has
    edited are obeyed under every preset but ``off``."""
    target: Text = DEFAULT_TARGET
    """Loudness of the whole, by name or in LUFS (:func:`otio_soundtrack.model.delivery.loudness_target`)."""
    video_volume: Volume = 1.0
    """Of the production sound."""
    track_volume: Volume | None = None
    """Of the music; None: 1, or as much lower as lines need to be understood."""
    track_start: Annotated[float, Field(ge=0.0)] = 0.0
    """Seconds into the music file at which it begins to play."""
    media_root: Place | None = None
    """Where relative media of the timeline are looked for; None: the timeline's folder."""
    missing: Missing = "slate"


def mix_options(**given: object) -> MixOptions:
    """Return validated options of the local ``mix``; see :func:`otio_soundtrack.settings.flat_options`."""
    return flat_options(MixOptions, given)
