"""The hook point ``soundtrack_pre_request``: a studio sees each brief before anything leaves."""

from __future__ import annotations

from typing import Any

import opentimelineio as otio

HOOK_POINT = "soundtrack_pre_request"


def seen_by_studio(timeline: otio.schema.Timeline, provider: str, brief: dict[str, Any]) -> dict[str, Any]:
    """Return the brief after all hook scripts of the studio have seen it.

    Each script is called as ``hook_function(in_timeline, argument_map)`` with a copy of the timeline and
    ``{"provider": name, "brief": {...}}``; it may change the brief in place or replace it, and vetoes by raising.

    Args:
        timeline: the timeline that is scored; scripts get a copy.
        provider: name of the provider that will be asked.
        brief: the brief as JSON types.

    Returns:
        the brief as the scripts left it; the same object where no script is attached.
    """
    if HOOK_POINT not in otio.hooks.names() or not otio.hooks.scripts_attached_to(HOOK_POINT):
        return brief
    arguments = {"provider": provider, "brief": brief}
    otio.hooks.run(HOOK_POINT, timeline.deepcopy(), arguments)
    return arguments["brief"]  # type: ignore[return-value]  # whatever the script left is validated by the caller
