"""Every error that otio-soundtrack raises on purpose (floor 0).

The tree::

    SoundtrackError (OTIOError)
    ├─ SettingsError
    ├─ TimelineError: NothingToScoreError, UnreadableTimelineError, UnsupportedTimingError, TempMusicError
    ├─ PictureError: MissingMediaError, UnreadableMediaError, ExportError
    ├─ ProviderError: KeyMissingError, ConsentError, LimitError (before sending), RefusedError, CreditsError,
    │                 RateLimitedError (retryable), UnavailableError (retryable), BadReplyError, JobFailedError,
    │                 JobOpenError (resumable), JobStateUnknownError
    ├─ AudioError: UnusableTakeError, FitError
    └─ StoreError

A message says what happened and to what; ``hint`` says what to do next. The exit code of the command line is an attribute of
the class, so that a new error cannot be forgotten there. A caller's bug is a plain ``ValueError`` or ``TypeError`` instead.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from opentimelineio.exceptions import OTIOError


class SoundtrackError(OTIOError):  # type: ignore[misc]  # OTIO ships no type information for its exceptions
    """Root of everything that can go wrong for a reason outside our code."""

    exit_code: ClassVar[int] = 1
    retryable: ClassVar[bool] = False
    """Whether the same call may succeed later without a change by the user."""
    usual_hint: ClassVar[str] = "OTIO_SOUNDTRACK_DEBUG=1 shows where it happened."
    """What to do next where nobody said it nearer to the case."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        """What happened, to what: one line."""
        self.hint = hint
        """What to do next: one line, or empty where only :attr:`usual_hint` is known."""
        self.jobs: tuple[str, ...] = ()
        """Ids of the jobs of services that it is about, as ``otio-soundtrack jobs`` lists them."""

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class SettingsError(SoundtrackError):
    """A flag, option, environment variable or plan file that cannot be obeyed."""

    exit_code = 2
    usual_hint = "`otio-soundtrack COMMAND --help` tells what can be said."


class TimelineError(SoundtrackError):
    """The edit timeline cannot be used."""

    exit_code = 3
    usual_hint = "Open the timeline in the program that wrote it, and export it again."


class NothingToScoreError(TimelineError):
    """The timeline holds no picture, or nothing in it was tagged or marked as a cue."""


class UnreadableTimelineError(TimelineError):
    """The timeline file is absent, damaged, of unknown format, or written by a newer OpenTimelineIO."""


class TempMusicError(TimelineError):
    """Temporary music in what shall be a final package."""


class UnsupportedTimingError(TimelineError):
    """A rate, range or retime that has no meaning on a picture timeline."""


class PictureError(SoundtrackError):
    """The picture of the cut could not be made."""

    exit_code = 4
    usual_hint = "Check the media that the timeline names; --media-root DIR tells where relative ones are."


class MissingMediaError(PictureError):
    """Media of the timeline is not where the timeline says (only with ``--missing fail``)."""


class UnreadableMediaError(PictureError):
    """A media file is there but does not decode."""

    def __init__(self, message: str, *, hint: str = "", path: Path | None = None) -> None:
        super().__init__(message, hint=hint)
        self.path = path
        """The file, None where it is not one file that is at fault."""


class ExportError(PictureError):
    """The cut could not be written as a picture file."""


class ProviderError(SoundtrackError):
    """A music service did not deliver."""

    exit_code = 5
    usual_hint = "`otio-soundtrack jobs` tells what services were asked, and what became of it."


class KeyMissingError(ProviderError):
    """The service needs a key and none is set."""


class ConsentError(ProviderError):
    """A paid call was about to be made without the user's consent."""


class LimitError(ProviderError):
    """The request is beyond a limit of the service; nothing was sent."""


class RefusedError(ProviderError):
    """The service refused the request."""


class CreditsError(ProviderError):
    """The account has no credits left."""


class RateLimitedError(ProviderError):
    """The service asks to slow down."""

    retryable = True


class UnavailableError(ProviderError):
    """The service cannot be reached."""

    retryable = True


class BadReplyError(ProviderError):
    """The service answered something that is not in its documentation."""


class JobFailedError(ProviderError):
    """The job ended without music."""


class JobOpenError(ProviderError):
    """The job still runs; it can be resumed."""

    exit_code = 7


class JobStateUnknownError(ProviderError):
    """It is not known whether the job was started."""

    exit_code = 7


class AudioError(SoundtrackError):
    """Music could not be used or written."""

    exit_code = 6
    usual_hint = "Choose other music, or ask for another take."


class UnusableTakeError(AudioError):
    """A take did not pass its acceptance test (silent, clipped, too short, no ending)."""


class FitError(AudioError):
    """Music could not be fitted to the wanted length."""


class StoreError(SoundtrackError):
    """A file of ours could not be read or written (folder not writable, disk full)."""

    exit_code = 6
    usual_hint = "Check permissions and free space of the folder."
