"""Write the cut of a timeline as a picture file (mp4, mov).

``otioconvert -i cut.fcpxml -o cut.mp4 -A height=720 -A media_root=footage`` shows what an assistant editor would see in the
record monitor: the top-most picture of every frame and the sound of all audio tracks. Arguments: ``height``, ``max_bytes``,
``range`` (in and out), ``media_root``, ``missing`` (``slate`` or ``fail``).
"""

from __future__ import annotations


def write_to_file(input_otio, filepath, **arguments):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
    """Write the cut and return the path; OTIO calls it with the timeline, the output path and the ``-A`` arguments.

    Raises:
        NothingToScoreError: what is being written is no timeline.
        SoundtrackError: as for :func:`otio_soundtrack.export_cut`.
    """
    from opentimelineio.schema import Timeline

    from otio_soundtrack import export_cut
    from otio_soundtrack.errors import NothingToScoreError

    if not isinstance(input_otio, Timeline):
        raise NothingToScoreError(
            f"a {type(input_otio).__name__} is being written, not a timeline.", hint="Write the timeline that holds it."
        )

    export_cut(input_otio, filepath, **arguments)
    return filepath
