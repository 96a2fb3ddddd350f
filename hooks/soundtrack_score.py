"""Hook script on ``pre_adapter_write``: score the timeline that is being written, if it was asked for.

Does nothing unless the argument map holds a key that begins with ``soundtrack_``: the flags of ``otio-soundtrack score`` with
underscores. ``otioconvert -i cut.edl -o scored.otio -H soundtrack_provider=local -H soundtrack_media_root=footage``
"""

from __future__ import annotations


def hook_function(in_timeline, argument_map=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the timeline as it is, or a scored copy of it."""
    # every OTIO program in this environment runs this line on each write: one look at the argument map, nothing else
    if not argument_map or not any(str(key).startswith("soundtrack_") for key in argument_map):
        return in_timeline
    from otio_soundtrack.hooks import scoring

    return scoring.scored(in_timeline, argument_map)
