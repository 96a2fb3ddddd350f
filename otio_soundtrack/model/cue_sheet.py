"""The music cue sheet: what a production company files with the performing-rights societies (floor 1).

Empty text and None mean "not on file": nothing here is ever filled from a guess.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import Annotated, Literal

from opentimelineio import opentime
from pydantic import BeforeValidator, ConfigDict, Field

from otio_soundtrack.model.cue import AiStatus
from otio_soundtrack.model.features import Frozen
from otio_soundtrack.times import exact_rate, frame_seconds, timecode

Registrable = Literal["yes", "no", "ask"]
"""Whether ASCAP, BMI and SOCAN take the work: wholly machine-made works they do not; ``ask`` where the rights holder must say."""


class Usage(str, Enum):
    """How music is used, by the codes of cue sheets. "Visual" is heard or seen as a source in the scene."""

    MAIN_TITLE = "MT"
    END_TITLE = "ET"
    THEME = "T"
    BACKGROUND_INSTRUMENTAL = "BI"
    BACKGROUND_VOCAL = "BV"
    VISUAL_INSTRUMENTAL = "VI"
    VISUAL_VOCAL = "VV"
    LOGO = "L"
    FEATURE = "F"

    @property
    def words(self) -> str:
        """The name that goes with the code, like ``Background Instrumental``."""
        return self.name.replace("_", " ").title()

    @property
    def is_source(self) -> bool:
        """Whether the music is a source in the scene."""
        return self in (Usage.VISUAL_INSTRUMENTAL, Usage.VISUAL_VOCAL)


_OTHER_CODES = {"OT": Usage.MAIN_TITLE}
"""Opening title: another word for the main title."""


def usage_of(text: str) -> Usage | None:
    """Return the usage that a person wrote, as a code or by its name; None where it is neither."""
    said = " ".join(text.replace("_", " ").split())
    codes = {**{one.value: one for one in Usage}, **_OTHER_CODES}
    names = {one.words.upper(): one for one in Usage}
    return codes.get(said.upper()) or names.get(said.upper())


def _as_usage(value: object) -> object:
    return (usage_of(value) or value) if isinstance(value, str) and value else value


def _as_text(value: object) -> object:
    """Take whole numbers for text: an episode number or an IPI comes as ``7`` from a command's argument map."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_party(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


Text = Annotated[str, BeforeValidator(_as_text)]


class Party(Frozen):
    """A writer or a publisher."""

    name: Annotated[str, Field(min_length=1)]
    role: Text = ""
    """``C`` composer, ``A`` author, ``CA`` both, ``AR`` arranger; of publishers ``E`` original, ``SE`` sub-publisher."""
    society: Text = ""
    """Like ``PRS``, ``ASCAP``, ``GEMA``."""
    ipi: Text = ""
    """Interested-party number (CAE before), text because of its leading zeros."""
    share: Annotated[float, Field(ge=0, le=100)] | None = None
    """Per cent."""


Parties = tuple[Annotated[Party, BeforeValidator(_as_party)], ...]
"""Each may be given by its bare name."""


class OnFile(Frozen):
    """What is on file about a piece of music: ``metadata["otio_soundtrack"]["cue_sheet"]`` of a clip, or of a sidecar."""

    cue: Text = ""
    """Cue number, like ``1m02``."""
    title: Text = ""
    usage: Annotated[Usage, BeforeValidator(_as_usage)] | None = None
    writers: Parties = ()
    publishers: Parties = ()
    isrc: Text = ""
    iswc: Text = ""
    catalogue_number: Text = ""
    """Library or title code."""
    album: Text = ""
    label: Text = ""
    library: Text = ""
    ai: AiStatus | None = None
    """What the rights holder says; None: what our record says."""
    approval: Text = ""
    """Reference of the approval for final use, where machine-made music needs one."""
    notes: Text = ""
    """For the people of the production; not on the official sheet."""


class Production(Frozen):
    """The header of a cue sheet."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    production: Text = ""
    """Title of the production."""
    series: Text = ""
    episode: Text = ""
    """Title of the episode."""
    episode_number: Text = ""
    alternate_titles: Text = ""
    production_number: Text = ""
    revision: Literal["", "original", "revised"] = ""
    company: Text = ""
    """Production company."""
    broadcaster: Text = ""
    """Broadcaster or channel."""
    network_type: Text = ""
    country: Text = ""
    air_date: Text = ""
    """First air date, or the expected one."""
    identifier: Text = ""
    """EIDR or ISAN."""
    prepared_by: Text = ""
    prepared_date: Text = ""


class SheetCue(Frozen):
    """One line: music that is heard without a break."""

    number: int
    """Sequence number, from 1."""
    first: int
    """First frame on record on which it is heard."""
    end: int
    """First frame after it."""
    on_file: OnFile
    usage: Usage | None
    ai: AiStatus
    registrable: Registrable
    intent: Literal["", "temp", "final"] = ""
    licence: str = ""
    file: str = ""
    """Name of the music file on the timeline."""

    @property
    def frames(self) -> int:
        """How long it is heard."""
        return self.end - self.first

    @property
    def cue(self) -> str:
        """The cue number; ``s`` marks a source cue: ``1m02s``."""
        known = self.on_file.cue
        source = self.usage is not None and self.usage.is_source and known and not known.endswith("s")
        return f"{known}s" if source else known


class CueSheet(Frozen):
    """The cue sheet of a timeline."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    timeline: str
    """Name of the timeline."""
    production: Production
    rate: float
    """Frames per second of the picture, as the timeline holds it."""
    start_time: opentime.RationalTime | None
    """Label of frame 0; None is 00:00:00:00."""
    frames: int
    """Length of the programme."""
    cues: tuple[SheetCue, ...]
    warnings: tuple[str, ...] = ()

    @property
    def music_frames(self) -> int:
        """Total length of the music: all lines together."""
        return sum(cue.frames for cue in self.cues)

    def timecode(self, frame: int) -> str:
        """Return the record timecode of a frame, drop-frame with ``;`` where the rate has it."""
        return timecode(frame, self.rate, self.start_time)

    def seconds(self, frames: int) -> Fraction:
        """Return so many frames in seconds."""
        return frame_seconds(frames, exact_rate(self.rate))
