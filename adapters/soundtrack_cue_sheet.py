"""Write the music cue sheet of a timeline (suffix cues): CSV.

``otioconvert -i scored.otio -o show.cues -A production="Night Shift" -A episode_number=7`` lists the music of the timeline: what
our records describe, and what is tagged. Arguments: ``media_root`` and the fields of the header (``production``, ``series``,
``episode``, ``company``, ``broadcaster``, ``prepared_by`` … as in ``otio-soundtrack cue-sheet --help``).
"""

from __future__ import annotations


def write_to_file(input_otio, filepath, **arguments):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
    """Write the cue sheet and return the path; OTIO calls it with the timeline, the output path and the ``-A`` arguments.

    Raises:
        NothingToScoreError: what is being written is no timeline.
        SoundtrackError: as for :func:`otio_soundtrack.cue_sheet`.
    """
    from opentimelineio.schema import Timeline

    from otio_soundtrack import cue_sheet
    from otio_soundtrack.errors import NothingToScoreError

    if not isinstance(input_otio, Timeline):
        raise NothingToScoreError(
            f"a {type(input_otio).__name__} is being written, not a timeline.", hint="Write the timeline that holds it."
        )

    cue_sheet(input_otio, filepath, **arguments)
    return filepath
