"""From what was seen and heard to the features of the cut (pure)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from otio_soundtrack.analysis import curves
from otio_soundtrack.analysis.frames import LUMA, MOTION, SATURATION, WARMTH, FrameTable
from otio_soundtrack.analysis.shots import detected_cuts
from otio_soundtrack.analysis.sound import SoundMeter
from otio_soundtrack.analysis.strengths import change_strengths
from otio_soundtrack.model.cut import Cut, CutList, SourceKind
from otio_soundtrack.model.features import Curve, Features, PictureChange, Region
from otio_soundtrack.times import frames_at

EDIT_GUARD = 0.25
"""Seconds around an edit in which nothing is detected: the edit itself is seen there."""
LOUDNESS_HZ = 10.0
"""Momentary loudness comes each 100 ms (EBU Tech 3341)."""
UNSEEN_STRENGTH = 0.5
"""Strength of an edit point whose pictures were not looked at."""
FULL_MOTION = 0.08
"""Mean luma change from frame to frame at 25 per second that counts as the most movement: a whip pan, a hand-held chase."""
REFERENCE_RATE = 25.0
"""Frames per second at which :data:`FULL_MOTION` was read: at higher rates the same movement makes smaller steps."""


def features(cuts: CutList, table: FrameTable | None, sound: SoundMeter | None) -> Features:
    """Return the features of a cut.

    Args:
        cuts: the cut.
        table: measures of all its frames; None: the picture was not looked at, its curves are empty and each edit point
            counts as middling strong.
        sound: what was heard of it; None: no speech, empty loudness.

    Raises:
        ValueError: the table has another length than the cut.
    """
    rows = None if table is None else table.table
    if rows is not None and len(rows) != cuts.frames:
        raise ValueError(f"the frame table has {len(rows)} rows, the cut has {cuts.frames} frames")
    rows = None if rows is None else _without_slates(cuts, rows)
    changes = picture_changes(cuts, rows)
    motion, luma, saturation, warmth = _picture_curves(cuts, rows, changes)
    loudness = None if sound is None else sound.loudness()
    return Features(
        rate=cuts.rate,
        frames=cuts.frames,
        changes=changes,
        pace=curves.pace(tuple(change.frame for change in changes), cuts.frames, cuts.exact_rate),
        motion=motion,
        brightness=luma,
        saturation=saturation,
        warmth=warmth,
        speech=() if sound is None else _regions(sound, cuts),
        loudness=Curve(unit="LUFS", hz=LOUDNESS_HZ, values=() if loudness is None else curves.rounded(loudness.momentary)),
        integrated_lufs=None if loudness is None else loudness.integrated_lufs,
    )


def picture_changes(cuts: CutList, rows: NDArray[np.float32] | None) -> tuple[PictureChange, ...]:
    """Return the edit points, and what was detected inside clips, each with its strength.

    Args:
        cuts: the cut.
        rows: the frame table [shape=(frames, COLUMNS)], None where the picture was not looked at.
    """
    edits = cuts.edit_points
    if rows is None:
        return tuple(PictureChange(frame=frame, origin="edit", strength=UNSEEN_STRENGTH) for frame in edits)
    guard = max(2, round(EDIT_GUARD * cuts.rate))
    quiet = np.zeros(cuts.frames + 1, bool)
    # the inside of a dissolve is no place for a cut either: both its sides are already edit points or run on
    for first, end in [(frame, frame + 1) for frame in edits] + _blended(cuts):
        quiet[max(0, first - guard) : end + guard] = True
    seen = [frame for frame in detected_cuts(rows, cuts.rate) if not quiet[frame]]
    frames = sorted({*edits, *seen})
    strengths = change_strengths(cuts, rows, frames)
    known, slated = set(edits), slated_frames(cuts)
    return tuple(
        PictureChange(
            frame=frame,
            origin="edit" if frame in known else "detected",
            strength=UNSEEN_STRENGTH if slated[frame - 1] or slated[frame] else strength,
        )
        for frame, strength in zip(frames, strengths, strict=True)
    )


def slated_frames(cuts: CutList) -> NDArray[np.bool_]:
    """Return for each frame whether a slate stands in it for a picture that nobody has seen [shape=(frames,)]."""
    return _frames_that(cuts, lambda cut: any(layer.source.kind is SourceKind.SLATE for layer in cut.layers))


def _without_slates(cuts: CutList, rows: NDArray[np.float32]) -> NDArray[np.float32] | None:
    """Return the table with slates as ordinary as the pictures of the cut, None where there are slates and no picture.

    A grey card says nothing about the film: it must make the music neither sad nor still.
    """
    slated = slated_frames(cuts)
    if not slated.any():
        return rows
    pictured = _frames_that(cuts, lambda cut: bool(cut.layers)) & ~slated
    if not pictured.any():
        return None
    seen = rows.copy()
    for column in (LUMA, SATURATION, WARMTH, MOTION):
        seen[slated, column] = rows[pictured, column].mean()
    return seen


def _frames_that(cuts: CutList, holds: Callable[[Cut], bool]) -> NDArray[np.bool_]:
    found = np.zeros(cuts.frames, bool)
    for cut in cuts.cuts:
        found[cut.start : cut.end] = holds(cut)
    return found


def _blended(cuts: CutList) -> list[tuple[int, int]]:
    return [(cut.start, cut.end) for cut in cuts.cuts if any(layer.weights is not None for layer in cut.layers)]


def _picture_curves(
    cuts: CutList, rows: NDArray[np.float32] | None, changes: tuple[PictureChange, ...]
) -> tuple[Curve, Curve, Curve, Curve]:
    """Return motion, brightness, saturation and warmth."""
    if rows is None:
        empty = [Curve(unit=unit, hz=curves.HZ, values=()) for unit in ("0-1", "0-1", "0-1", "-1..1")]
        return empty[0], empty[1], empty[2], empty[3]
    inside = np.ones(cuts.frames, bool)
    inside[[0, *(change.frame for change in changes)]] = False
    scale = cuts.rate / REFERENCE_RATE / FULL_MOTION
    moved = np.clip(rows[:, MOTION].astype(np.float64) * scale, 0, 1)
    return (
        curves.binned(moved, cuts.exact_rate, unit="0-1", only=inside),
        curves.binned(rows[:, LUMA], cuts.exact_rate, unit="0-1"),
        curves.binned(rows[:, SATURATION], cuts.exact_rate, unit="0-1"),
        curves.binned(rows[:, WARMTH], cuts.exact_rate, unit="-1..1"),
    )


def _regions(sound: SoundMeter, cuts: CutList) -> tuple[Region, ...]:
    """Return the speech in frames: every frame in which somebody speaks, cut at the end of the picture."""
    found: list[Region] = []
    for start, end in sound.speech():
        first = frames_at(curves.exact(start), cuts.exact_rate)
        last = min(cuts.frames, max(first + 1, frames_at(curves.exact(end), cuts.exact_rate)))
        if found and first <= found[-1].end:
            found[-1] = Region(start=found[-1].start, end=max(last, found[-1].end))
        elif first < last:
            found.append(Region(start=first, end=last))
    return tuple(found)
