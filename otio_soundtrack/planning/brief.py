"""The brief: what a composer, of flesh or not, is told (pure)."""

from __future__ import annotations

from otio_soundtrack.model.features import Features
from otio_soundtrack.model.plan import Brief, Ending, Instrument, Palette, Plan, Section, Spot
from otio_soundtrack.planning.look import Looks
from otio_soundtrack.planning.notes import listed, look_words
from otio_soundtrack.settings import Wishes
from otio_soundtrack.times import exact_rate, frame_seconds

SPOKEN = {
    Instrument.PAD: "sustained strings and pads",
    Instrument.BASS: "soft bass",
    Instrument.PLUCK: "plucked arpeggios",
    Instrument.MELODY: "a simple melody",
    Instrument.PERCUSSION: "percussion",
    Instrument.BELL: "bells on arrivals",
}
BANDS = {
    Palette.HYBRID: "modern hybrid film music",
    Palette.ORCHESTRAL: "a symphony orchestra",
    Palette.CHAMBER: "piano and a few solo instruments",
    Palette.ACOUSTIC: "acoustic guitars and light percussion",
    Palette.ELECTRONIC: "synthesizers and drum machine",
}
ENDINGS = {
    Ending.RING: "End on a final chord that rings out by itself before the last frame, no fade.",
    Ending.BUTTON: "End with a short final hit.",
    Ending.SOFT: "Let the last chord thin out softly.",
}
LEVELS = ((0.25, "very sparse"), (0.45, "restrained"), (0.65, "moving"), (0.8, "full"), (1.01, "at full strength"))
"""Words for energies below each limit."""
MOST_PARTS = 6
"""Sections that are told one by one; a prompt is read by people and by services with a limit on its length."""
STEP_SHARE = 0.08
"""Energies nearer than this are the same to a reader."""


def brief(spot: Spot, plan: Plan, features: Features, wishes: Wishes) -> Brief:
    """Return the brief of a cue: the user's words where there are any, else words made from the analysis.

    Args:
        spot: the cue.
        plan: its plan.
        features: what was seen and heard in the cut.
        wishes: what the user asks.
    """
    words = ". ".join(part.strip().rstrip(".") for part in (wishes.prompt, spot.prompt) if part.strip())
    return Brief(
        prompt=words or described(spot, plan, features, wishes),
        seconds=float(frame_seconds(plan.frames, exact_rate(plan.rate))),
        instrumental=wishes.instrumental,
        genre=wishes.genre,
        seed=plan.seed,
        plan=plan,
    )


def described(spot: Spot, plan: Plan, features: Features, wishes: Wishes) -> str:
    """Return what a composer would be told about a cue that nobody has described."""
    seconds = float(frame_seconds(plan.frames, exact_rate(plan.rate)))
    home = _home(plan.sections)
    genre = f"{wishes.genre} " if wishes.genre else ""
    looks = listed(look_words(Looks(features).at(spot.start, spot.end)))
    picture = f" for pictures that are {looks}" if looks else ""
    sentences = [
        f"{home.mood.value.capitalize()} {genre}underscore of {seconds:.1f} seconds{picture}",
        f"{home.tempo_bpm:.0f} BPM, {home.key}, with {listed(_parts(plan))}",
        f"In the manner of {BANDS[home.palette]}",
        *_course(plan),
    ]
    if plan.keep_clear:
        sentences.append("Stay under the dialogue: thin and low where somebody speaks")
    if not wishes.instrumental:
        sentences.append("Vocals are welcome")
    return ". ".join(sentences) + ". " + ENDINGS[plan.ending]


def _home(sections: tuple[Section, ...]) -> Section:
    """Return the longest of the sections whose mood covers most of the cue."""
    share: dict[str, int] = {}
    for section in sections:
        share[section.mood.value] = share.get(section.mood.value, 0) + section.end - section.start
    home = max(share, key=lambda mood: share[mood])
    return max((section for section in sections if section.mood.value == home), key=lambda section: section.end - section.start)


def _parts(plan: Plan) -> list[str]:
    playing = {part for section in plan.sections for part in section.instruments}
    return [SPOKEN[part] for part in Instrument if part in playing]


def _course(plan: Plan) -> list[str]:
    """Return how the cue runs, section by section."""
    if len(plan.sections) == 1:
        return [f"{_level(plan.sections[0].energy).capitalize()} throughout"]
    told = [f"Begins {_level(plan.sections[0].energy)}"]
    rate = exact_rate(plan.rate)
    before = plan.sections[0]
    for section in plan.sections[1:]:
        step = section.energy - before.energy
        if abs(step) < STEP_SHARE and section.mood is before.mood:
            continue
        move = "rises" if step >= STEP_SHARE else "falls back" if step <= -STEP_SHARE else "turns"
        mood = f" to something {section.mood.value}" if section.mood is not before.mood else ""
        told.append(f"{move} at {_clock(float(frame_seconds(section.start, rate)))}{mood}, {_level(section.energy)}")
        before = section
    shown = told[:MOST_PARTS] + (["and so on with the picture"] if len(told) > MOST_PARTS else [])
    return ["; ".join(shown)]


def _level(energy: float) -> str:
    return next(word for limit, word in LEVELS if energy < limit)


def _clock(seconds: float) -> str:
    """Return minutes and seconds, ``1:07``."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
