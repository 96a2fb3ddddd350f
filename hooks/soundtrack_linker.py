"""Media linker for music cues whose audio is missing.

A clip that we wrote, or that an editor tagged (name ``MUSIC: …``, or ``metadata["otio_soundtrack"]["brief"]``), gets its music:
the stored take where there is one, else made by the local engine; by a paid service only with ``soundtrack_consent=True``. Every
other clip is left alone, or handed to another linker.

``otioconvert -i cut.otio -o linked.otio -m soundtrack_linker -M soundtrack_media_dir=music -M then=my_linker``
"""

from __future__ import annotations


def link_media_reference(in_clip, media_linker_argument_map=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return a reference to the music of a cue, or None to leave the clip unchanged."""
    from otio_soundtrack.hooks import linking

    return linking.linked(in_clip, dict(media_linker_argument_map or {}))
