"""What a user may ask of the videos that are made here: names, defaults and validation for all doors (floor 1)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from otio_soundtrack.model.features import Frozen
from otio_soundtrack.settings import MOST_HEIGHT, Aspect, Place, ShownText, Text, UrlStyle, flat_options


class VisualizeOptions(Frozen):
    """All options of ``visualize`` for videos that are made here: flags with underscores."""

    title: Text | None = None
    """None: what the music is called, else the name of the file."""
    author: ShownText = ""
    """Signature under the title."""
    domain_name: ShownText = ""
    """Watermark below."""
    cover: Place | None = None
    """Picture file; None: the track itself is drawn as a disc."""
    font: Place | None = None
    """Font file for all that is written; None: the face that comes with Pillow, or one that has the letters."""
    aspect: Aspect = "16:9"
    height: Annotated[int, Field(ge=240, le=MOST_HEIGHT)] | None = None
    """Lines of the picture: below 240 the writing cannot be read; None: 1080, upright 1920."""
    as_track: Place | None = None
    """Timeline to write, with the video on a new track; only for a timeline without picture."""
    url_style: UrlStyle = "file"
    media_root: Place | None = None
    """Where relative media of the timeline are looked for; None: the timeline's folder."""


def visualize_options(**given: object) -> VisualizeOptions:
    """Return validated options of ``visualize``; see :func:`otio_soundtrack.settings.flat_options`."""
    return flat_options(VisualizeOptions, given)
