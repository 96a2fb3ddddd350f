"""Beats: what the drums play in a bar, growing with energy. A band may play other strokes than those named here.

Each beat has several patterns of one character, so that two cues of a mood do not have the same drums.
"""

from __future__ import annotations

from collections.abc import Mapping

from otio_soundtrack.composer.manners import Beat

Hit = tuple[float, str, float, float]
"""Beat in the bar, stroke, loudness 0–1, energy from which it is played."""
Pattern = tuple[Hit, ...]
"""A bar of four beats."""


def _row(stroke: str, loudness: float, least: float, *beats: float) -> Pattern:
    return tuple((beat, stroke, loudness, least) for beat in beats)


BEATS: Mapping[Beat, tuple[Pattern, ...]] = {
    Beat.BIG: (
        (
            (0.0, "taiko", 0.95, 0.0),
            (1.0, "frame", 0.4, 0.3),
            (2.0, "low tom", 0.75, 0.4),
            (2.75, "low tom", 0.5, 0.6),
            (3.0, "frame", 0.5, 0.35),
            (3.5, "low tom", 0.6, 0.65),
            (1.5, "taiko", 0.6, 0.75),
            *_row("shaker", 0.5, 0.5, 0.5, 1.5, 2.5),
        ),
        (
            (0.0, "taiko", 0.95, 0.0),
            (0.75, "low tom", 0.5, 0.6),
            (1.5, "low tom", 0.75, 0.4),
            (2.0, "frame", 0.4, 0.3),
            (2.5, "taiko", 0.65, 0.55),
            (3.25, "low tom", 0.55, 0.65),
            (3.5, "frame", 0.5, 0.35),
            *_row("shaker", 0.5, 0.5, 1.0, 2.0, 3.0),
        ),
    ),
    Beat.PRESSING: (
        (
            (0.0, "taiko", 0.8, 0.3),
            (0.0, "frame", 0.5, 0.0),
            (0.75, "click", 0.5, 0.2),
            (1.5, "frame", 0.6, 0.25),
            (2.25, "click", 0.45, 0.2),
            (2.5, "low tom", 0.6, 0.5),
            (3.0, "frame", 0.55, 0.0),
            (3.5, "click", 0.6, 0.3),
            (3.75, "frame", 0.35, 0.6),
        ),
        (
            (0.0, "taiko", 0.8, 0.3),
            (0.0, "frame", 0.5, 0.0),
            (0.5, "click", 0.5, 0.2),
            (1.25, "frame", 0.6, 0.25),
            (1.75, "frame", 0.35, 0.6),
            (2.0, "frame", 0.55, 0.0),
            (2.75, "low tom", 0.6, 0.5),
            *_row("click", 0.5, 0.2, 1.5, 3.25),
        ),
        (
            (0.0, "taiko", 0.8, 0.3),
            (0.0, "frame", 0.5, 0.0),
            (1.0, "click", 0.5, 0.2),
            (1.75, "frame", 0.6, 0.0),
            (2.0, "low tom", 0.6, 0.5),
            (2.5, "frame", 0.55, 0.25),
            (3.25, "frame", 0.4, 0.6),
            *_row("click", 0.45, 0.3, 2.75, 3.5),
        ),
    ),
    Beat.LIGHT: (
        (
            (0.0, "kick", 0.7, 0.25),
            (2.0, "kick", 0.6, 0.35),
            (2.5, "kick", 0.4, 0.6),
            *_row("brush", 0.58, 0.35, 1.0, 3.0),
            *_row("shaker", 0.65, 0.0, 0.0, 1.0, 2.0, 3.0),
            *_row("shaker", 0.4, 0.0, 0.5, 1.5, 2.5, 3.5),
            (1.75, "click", 0.4, 0.55),
            (3.25, "click", 0.35, 0.55),
        ),
        (
            (0.0, "kick", 0.7, 0.25),
            (1.5, "kick", 0.5, 0.35),
            (2.75, "kick", 0.4, 0.6),
            *_row("brush", 0.58, 0.35, 1.0, 3.0),
            *_row("shaker", 0.65, 0.0, 0.0, 1.0, 2.0, 3.0),
            *_row("shaker", 0.4, 0.0, 0.75, 1.75, 2.75, 3.75),
            (2.25, "click", 0.4, 0.55),
        ),
        (
            (0.0, "kick", 0.7, 0.25),
            (2.75, "kick", 0.6, 0.35),
            (3.5, "kick", 0.4, 0.6),
            *_row("brush", 0.58, 0.35, 2.0),
            *_row("shaker", 0.6, 0.0, 0.0, 0.5, 1.5, 2.0, 3.0, 3.5),
            *_row("click", 0.4, 0.5, 1.25, 3.25),
        ),
    ),
    Beat.SOFT: (
        (
            (0.0, "frame", 0.6, 0.0),
            (2.5, "frame", 0.4, 0.2),
            (1.0, "shaker", 0.4, 0.25),
            (2.0, "shaker", 0.5, 0.25),
            (3.0, "shaker", 0.4, 0.0),
            (0.0, "kick", 0.6, 0.5),
            (3.5, "frame", 0.3, 0.5),
        ),
        (
            (0.0, "frame", 0.6, 0.0),
            (1.5, "frame", 0.4, 0.2),
            *_row("shaker", 0.45, 0.25, 0.5, 2.5),
            (2.0, "shaker", 0.4, 0.0),
            (0.0, "kick", 0.6, 0.5),
            (3.0, "frame", 0.35, 0.5),
        ),
        (
            (0.0, "frame", 0.6, 0.0),
            (3.0, "frame", 0.45, 0.2),
            *_row("shaker", 0.4, 0.25, 1.5, 3.5),
            (2.0, "shaker", 0.5, 0.0),
            (0.0, "kick", 0.6, 0.5),
            (2.5, "kick", 0.4, 0.5),
        ),
    ),
    Beat.MARCH: (
        (
            (0.0, "low tom", 0.8, 0.0),
            (2.0, "low tom", 0.6, 0.3),
            *_row("snare", 0.6, 0.2, 1.0, 3.0),
            *_row("snare", 0.32, 0.4, 0.75, 2.75),
            *_row("snare", 0.36, 0.6, 1.5, 3.25, 3.5, 3.75),
            (0.0, "taiko", 0.7, 0.65),
        ),
        (
            (0.0, "low tom", 0.8, 0.0),
            (2.5, "low tom", 0.6, 0.3),
            *_row("snare", 0.6, 0.2, 1.0, 3.0),
            *_row("snare", 0.32, 0.4, 1.75, 3.75),
            *_row("snare", 0.36, 0.6, 0.5, 2.0, 2.25),
            (0.0, "taiko", 0.7, 0.65),
        ),
        (
            (0.0, "low tom", 0.8, 0.0),
            (1.5, "low tom", 0.5, 0.3),
            *_row("snare", 0.6, 0.2, 2.0),
            *_row("snare", 0.4, 0.3, 0.75, 3.0),
            *_row("snare", 0.36, 0.6, 1.0, 2.5, 2.75, 3.5),
            (0.0, "taiko", 0.7, 0.65),
        ),
    ),
    Beat.HALTING: (
        (
            (0.0, "kick", 0.55, 0.3),
            *_row("click", 0.55, 0.0, 1.0, 2.5),
            (3.0, "brush", 0.6, 0.3),
            (1.75, "click", 0.4, 0.45),
            (3.5, "click", 0.45, 0.5),
            (0.5, "brush", 0.35, 0.6),
        ),
        (
            (0.0, "kick", 0.55, 0.0),
            *_row("click", 0.55, 0.0, 1.5, 3.0),
            (2.5, "brush", 0.6, 0.3),
            (0.75, "click", 0.4, 0.45),
            (3.75, "click", 0.45, 0.5),
            (2.0, "brush", 0.35, 0.6),
        ),
        (
            (0.0, "click", 0.55, 0.0),
            (2.0, "click", 0.5, 0.0),
            (0.75, "kick", 0.5, 0.3),
            (1.5, "brush", 0.6, 0.3),
            (2.75, "click", 0.4, 0.45),
            (3.5, "brush", 0.45, 0.5),
        ),
    ),
    Beat.DISTANT: (
        ((0.0, "taiko", 0.6, 0.0), (0.75, "taiko", 0.35, 0.3), (2.5, "low tom", 0.4, 0.5), (3.5, "click", 0.3, 0.6)),
        ((0.0, "taiko", 0.6, 0.0), (1.5, "taiko", 0.35, 0.3), (3.0, "low tom", 0.4, 0.5), (2.25, "click", 0.3, 0.6)),
        ((0.0, "taiko", 0.6, 0.0), (3.25, "taiko", 0.35, 0.3), (2.0, "low tom", 0.4, 0.5), (1.0, "click", 0.3, 0.6)),
    ),
    Beat.FOUR: (
        (
            *_row("kick", 0.75, 0.0, 0.0, 2.0),
            *_row("kick", 0.75, 0.35, 1.0, 3.0),
            *_row("shaker", 0.55, 0.25, 0.5, 1.5, 2.5, 3.5),
            *_row("brush", 0.6, 0.45, 1.0, 3.0),
            *_row("shaker", 0.35, 0.6, 0.25, 0.75, 1.25, 1.75, 2.25, 2.75, 3.25, 3.75),
        ),
        (
            *_row("kick", 0.75, 0.0, 0.0, 2.0),
            *_row("kick", 0.75, 0.35, 1.0, 3.0),
            *_row("shaker", 0.55, 0.25, 0.5, 1.25, 1.5, 2.5, 3.25, 3.5),
            (3.0, "brush", 0.6, 0.45),
            *_row("brush", 0.4, 0.6, 1.75, 2.75),
        ),
    ),
    Beat.SWAYING: (
        (
            *_row("kick", 0.7, 0.0, 0.0, 2.5),
            (1.5, "kick", 0.45, 0.4),
            *_row("brush", 0.6, 0.3, 1.0, 3.0),
            *_row("shaker", 0.5, 0.25, 0.0, 0.75, 1.5, 2.0, 2.75, 3.5),
            (3.75, "brush", 0.35, 0.55),
            (0.75, "frame", 0.35, 0.5),
        ),
        (
            *_row("kick", 0.7, 0.0, 0.0, 1.5),
            (3.0, "kick", 0.45, 0.4),
            *_row("brush", 0.6, 0.3, 1.0, 2.5),
            *_row("shaker", 0.5, 0.25, 0.0, 0.5, 1.25, 2.0, 3.0, 3.5),
            (2.75, "brush", 0.35, 0.55),
            (2.25, "frame", 0.35, 0.5),
        ),
    ),
    Beat.BROKEN: (
        (
            *_row("kick", 0.75, 0.0, 0.0, 2.5),
            (0.75, "kick", 0.5, 0.4),
            *_row("brush", 0.65, 0.3, 1.0, 3.0),
            *_row("shaker", 0.5, 0.2, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5),
            *_row("shaker", 0.35, 0.55, 1.75, 2.25, 3.75),
            (2.25, "click", 0.4, 0.5),
        ),
        (
            *_row("kick", 0.75, 0.0, 0.0, 1.75),
            (2.75, "kick", 0.5, 0.4),
            *_row("brush", 0.65, 0.3, 1.0, 3.0),
            *_row("shaker", 0.5, 0.2, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5),
            *_row("shaker", 0.35, 0.55, 0.75, 1.25, 3.25),
            (3.5, "click", 0.4, 0.5),
        ),
    ),
}
"""Patterns of each beat; shorter bars play their beginning."""
