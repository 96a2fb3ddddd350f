"""Write the cut of a timeline as a picture file (mp4, mov).

``otioconvert -i cut.fcpxml -o cut.mp4 -A height=720 -A media_root=footage`` shows what an assistant editor would see in the
record monitor: the top-most picture of every frame and the sound of all audio tracks. Arguments: ``height``, ``max_bytes``,
``range`` (in and out), ``media_root``, ``missing`` (``slate`` or ``fail``).
"""

from __future__ import annotations


def write_to_file(input_otio, filepath, **arguments):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
    """Write the cut and return the path; OTIO calls it with the timeline, the output path and the ``-A`` arguments."""
    from otio_soundtrack import export_cut

    export_cut(input_otio, filepath, **arguments)
    return filepath
