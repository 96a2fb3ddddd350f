"""From a spot, the features of the cut and the user's wishes to a music plan (pure, deterministic)."""

from __future__ import annotations

from dataclasses import dataclass

from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.features import Features
from otio_soundtrack.model.last_chord import last_chord_room
from otio_soundtrack.model.plan import Ending, Palette, Plan, Section, Spot
from otio_soundtrack.planning import keys, moods, notes
from otio_soundtrack.planning.beat import beat, points
from otio_soundtrack.planning.beat_notes import constant_reasons, elastic_reasons
from otio_soundtrack.planning.decision import Decision, decided
from otio_soundtrack.planning.elastic import TOLERANCE, Elastic, cut_points, elastic
from otio_soundtrack.planning.energy import energies
from otio_soundtrack.planning.instruments import instruments
from otio_soundtrack.planning.look import Look, Looks
from otio_soundtrack.planning.palettes import palette_of
from otio_soundtrack.planning.sections import boundaries, section_starts
from otio_soundtrack.settings import Wishes
from otio_soundtrack.times import exact_rate, frame_seconds, timecode

SHORTEST_RING = 5.0
"""Seconds: a cue up to this length ends with a button, because a chord that rings out would take half of it."""
BEATS_PER_BAR, WALTZ_BEATS = 4, 3


def plan(spot: Spot, cuts: CutList, features: Features, wishes: Wishes) -> Plan:
    """Return the music plan of a cue.

    Sections begin on picture changes. One mood is at home; another takes a section only where the picture is plainly
    different. Key and nominal tempo hold for the whole cue; the beat bends towards the cuts unless a constant one is
    asked. The same arguments give the same plan.

    Args:
        spot: the cue.
        cuts: the cut that it lies in.
        features: what was seen and heard in the cut; empty curves mean that nobody looked.
        wishes: what the user asks; what is None or empty is read from the picture and the spot's prompt.

    Raises:
        ValueError: the spot does not lie in the cut.
    """
    if not 0 <= spot.start < spot.end <= cuts.frames:
        raise ValueError(f"cue {spot.cue_id} (frames {spot.start} to {spot.end}) does not lie in the cut of {cuts.frames} frames")
    looks = Looks(features)
    places = boundaries(features.changes, looks, spot.start, spot.frames, cuts.rate)
    starts = section_starts(places, spot.frames, cuts.rate)
    ranges = tuple(zip(starts, [*starts[1:], spot.frames], strict=True))
    seen = _Seen(ranges=ranges, looks=tuple(looks.at(spot.start + start, spot.start + end) for start, end in ranges))
    chosen = decided(seen.looks, seen.lengths, spot.prompt, wishes)
    said, home, limits = chosen.said, chosen.home, chosen.tempo
    found, word = palette_of(home, wishes.prompt, spot.prompt, wishes.genre)
    palette = wishes.palette or found
    sections = _sections(seen, chosen, wishes, palette, sum(limits) / 2)
    ending = said.ending or (Ending.BUTTON if frame_seconds(spot.frames, cuts.exact_rate) <= SHORTEST_RING else Ending.RING)
    silent = Plan(
        cue_id=spot.cue_id,
        rate=cuts.rate,
        start=spot.start,
        frames=spot.frames,
        timecode=timecode(spot.start, cuts.rate, cuts.start_time),
        first_beat=0.0,
        beats_per_bar=WALTZ_BEATS if said.waltz else BEATS_PER_BAR,
        sections=sections,
        hits=spot.hits,
        keep_clear=spot.keep_clear,
        ending=ending,
        seed=wishes.seed,
    )
    beating, tempo_reasons = _beaten(silent, spot, features, limits, TOLERANCE[home] if wishes.grid == "elastic" else None)
    reasons = notes.notes(
        home=home,
        asked=chosen.why,
        told=chosen.told,
        whole=looks.at(spot.start, spot.end),
        looks=seen.looks,
        sections=sections,
        tempo=(notes.palette_reason(palette, home, word=word, asked=wishes.palette is not None), *tempo_reasons),
        rate=cuts.rate,
    )
    return beating.model_copy(update={"notes": reasons})


def _beaten(
    silent: Plan, spot: Spot, features: Features, limits: tuple[float, float], tolerance: float | None
) -> tuple[Plan, tuple[str, ...]]:
    """Return a plan with its beat and the reasons of that.

    Args:
        silent: the plan without a beat.
        spot: its cue.
        features: what was seen in the cut.
        limits: slowest and fastest tempo, beats a minute.
        tolerance: share by which the tempo may bend; None: not at all.
    """
    starts = [section.start for section in silent.sections]
    found = None if tolerance is None else _bent(silent, spot, features, limits, tolerance)
    if found is not None:
        plan = _at_tempo(silent, found.bpm, {"first_beat": found.first_beat, "anchors": found.anchors})
        return plan, elastic_reasons(found, plan)
    wanted = points(spot, features.changes, starts)
    pulse = beat(spot, wanted, starts, limits, silent.beats_per_bar, rate=exact_rate(silent.rate))
    plan = _at_tempo(silent, pulse.fit.bpm, {"first_beat": pulse.first_line})
    return plan, constant_reasons(pulse.fit, len(wanted), asked=tolerance is None)


def _bent(silent: Plan, spot: Spot, features: Features, limits: tuple[float, float], tolerance: float) -> Elastic | None:
    """Return the elastic beat of a plan, None where it is too short for one."""
    rate, last = exact_rate(silent.rate), silent.sections[-1]
    section_s, cue_s = (float(frame_seconds(frames, rate)) for frames in (last.end - last.start, silent.frames))
    starts = [section.start for section in silent.sections]
    return elastic(
        cut_points(spot, features.changes, starts, silent.rate),
        silent.frames,
        rate=rate,
        limits=limits,
        tolerance=tolerance,
        beats_per_bar=silent.beats_per_bar,
        room=last_chord_room(silent.ending, last.instruments, section_s, cue_s),
    )


def _at_tempo(silent: Plan, bpm: float, beat: dict[str, object]) -> Plan:
    """Return a plan whose sections have a tempo, validated."""
    sections = [section.model_copy(update={"tempo_bpm": bpm}) for section in silent.sections]
    return Plan.model_validate({**dict(silent), "sections": sections, **beat})


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """The sections before they have a character."""

    ranges: tuple[tuple[int, int], ...]
    """First frame and frame after, of the cue."""
    looks: tuple[Look, ...]

    @property
    def lengths(self) -> list[int]:
        """Frames of each section."""
        return [end - start for start, end in self.ranges]

    @property
    def middles(self) -> list[float]:
        """Where the middle of each section lies, 0–1 of the cue."""
        return [(start + end) / 2 / self.ranges[-1][1] for start, end in self.ranges]


def _sections(seen: _Seen, chosen: Decision, wishes: Wishes, palette: Palette, bpm: float) -> tuple[Section, ...]:
    levels = energies(seen.looks, seen.middles, level=wishes.energy, shift=chosen.said.energy, ranges=chosen.energies)
    signature = keys.signature(wishes.seed)
    return tuple(
        Section(
            start=start,
            end=end,
            mood=mood,
            energy=energy,
            key=keys.key_name(signature, moods.CHARACTERS[mood].mode),
            tempo_bpm=bpm,
            instruments=instruments(mood, energy, chosen.said),
            palette=palette,
        )
        for (start, end), mood, energy in zip(seen.ranges, chosen.moods, levels, strict=True)
    )
