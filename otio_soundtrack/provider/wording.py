"""A brief in words that services take: style words, a description, what to avoid, and what cannot be said (pure).

Nothing is cut silently: whoever shortens gets the sentence that says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from otio_soundtrack.model.plan import Brief, Ending, Instrument, Palette, Plan, Section

BANDS = {
    Palette.HYBRID: ("cinematic", "modern hybrid score"),
    Palette.ORCHESTRAL: ("cinematic", "orchestral"),
    Palette.CHAMBER: ("chamber", "piano and solo strings"),
    Palette.ACOUSTIC: ("acoustic", "guitar and light percussion"),
    Palette.ELECTRONIC: ("electronic", "synthesizers and drum machine"),
}
"""Style words of a band."""
PLAYERS = {
    Instrument.PAD: "sustained pads",
    Instrument.BASS: "soft bass",
    Instrument.PLUCK: "arpeggios",
    Instrument.MELODY: "simple melody",
    Instrument.PERCUSSION: "percussion",
    Instrument.BELL: "bells",
}
ENDINGS = {
    Ending.RING: ("final chord rings out", "End on a final chord that rings out, no fade."),
    Ending.BUTTON: ("short final hit", "End with a short final hit, no fade."),
    Ending.SOFT: ("soft ending", "Let the last chord thin out softly."),
}
"""How it ends: as style words, and as a sentence."""
VOICES = ("vocals", "singing", "lyrics", "spoken word", "rap")
"""What music without voices avoids."""
MOST_MOODS = 3
"""Moods that are named; more of them contradict each other to a service."""
STEP_SHARE = 0.15
"""Energies (0–1) nearer than this are the same to a listener."""
ELLIPSIS_FREE = " ,;:–-."
"""What a text that was shortened must not end in."""


def shortened(what: str, text: str, most: int) -> tuple[str, tuple[str, ...]]:
    """Return a text of so many characters at most, cut after a word, and what is to be said of it.

    Args:
        what: what the text is, like ``prompt``.
        text: the text.
        most: characters.
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text, ()
    room = text[: most + 1]
    kept = (room.rpartition(" ")[0] or text[:most]).rstrip(ELLIPSIS_FREE)
    return kept, (f"The {what} has {len(text)} characters and the service takes {most}; left out: “{text[len(kept) :].strip()}”",)


def listed(what: str, words: Sequence[str], most: int) -> tuple[str, tuple[str, ...]]:
    """Return words with commas between them, as many as fit, the first being the most important, and what did not fit."""
    kept: list[str] = []
    left: list[str] = []
    for word in dict.fromkeys(word.strip() for word in words if word.strip()):
        (left if left or len(", ".join([*kept, word])) > most else kept).append(word)
    if not left:
        return ", ".join(kept), ()
    return ", ".join(kept), (f"The service takes {most} characters of {what}; left out: {', '.join(left)}.",)


def style_words(brief: Brief) -> tuple[str, ...]:
    """Return style words of a brief, the most telling first: genre, moods, band, course, tempo, key, players, ending."""
    plan = brief.plan
    home = home_section(plan)
    players = {part for section in plan.sections for part in section.instruments}
    words = [
        brief.genre,
        *moods(plan),
        *BANDS[home.palette],
        course(plan),
        f"{home.tempo_bpm:.0f} BPM",
        home.key,
        *(PLAYERS[part] for part in Instrument if part in players),
        "instrumental" if brief.instrumental else "",
        "leaves room for dialogue" if plan.keep_clear else "",
        ENDINGS[plan.ending][0],
    ]
    return tuple(dict.fromkeys(word for word in words if word))


def description(brief: Brief) -> str:
    """Return the brief as a composer would be told: its words, and of the plan what they do not say already."""
    plan, home = brief.plan, home_section(brief.plan)
    words = " ".join(brief.prompt.split())
    said = words.casefold()
    sentences = [words or f"{home.mood.value.capitalize()} {brief.genre} underscore".replace("  ", " ")]
    if "bpm" not in said:
        sentences.append(f"{home.tempo_bpm:.0f} BPM, {home.key}")
    if course(plan) not in said and "begins " not in said:
        sentences.append(course(plan).capitalize())
    if brief.instrumental and not any(word in said for word in ("instrumental", "no vocal", "no voice")):
        sentences.append("Instrumental, no voices")
    if "chord" not in said and "final" not in said and "ending" not in said:
        sentences.append(ENDINGS[plan.ending][1])
    return ". ".join(sentence.rstrip(". ") for sentence in sentences) + "."


def continuation(brief: Brief, *, last: bool) -> str:
    """Return what is asked of a stretch that goes on from an earlier one.

    Args:
        brief: the brief.
        last: whether the music is expected to end in it.
    """
    going = "Keep the theme, the tempo and the instruments"
    return f"{going}, then come to rest. {ENDINGS[brief.plan.ending][1]}" if last else f"{going}, and go on without an ending."


def unwanted(brief: Brief) -> tuple[str, ...]:
    """Return what the music shall not have."""
    return VOICES if brief.instrumental else ()


def title(brief: Brief) -> str:
    """Return a title for the cue: its name and the moods of its music."""
    return " ".join((brief.plan.cue_id, *(mood.capitalize() for mood in moods(brief.plan)[:1]))).strip()


def unsayable(brief: Brief) -> tuple[str, ...]:
    """Return what of a brief no words can ask of a service that writes songs, a sentence each."""
    plan = brief.plan
    told = ["The exact length cannot be asked for: the take is made long enough, and the fit makes it exact."]
    if len(plan.sections) > 1:
        told.append(f"The times of the plan's {len(plan.sections)} sections cannot be asked for: only moods and course are told.")
    if plan.hits:
        told.append(f"{len(plan.hits)} hit points cannot be asked for: the fit lays bars on them where it can.")
    if plan.keep_clear:
        told.append("Where somebody speaks cannot be told: only that there is dialogue.")
    if plan.seed != 1:
        told.append("A seed cannot be given: another run of the same brief is another take.")
    return tuple(told)


def moods(plan: Plan) -> tuple[str, ...]:
    """Return the moods of a plan, the one that lasts longest first."""
    share: dict[str, int] = {}
    for section in plan.sections:
        share[section.mood.value] = share.get(section.mood.value, 0) + section.end - section.start
    return tuple(sorted(share, key=lambda mood: -share[mood]))[:MOST_MOODS]


def home_section(plan: Plan) -> Section:
    """Return the longest section of the mood that lasts longest: what most of the cue is like."""
    home = moods(plan)[0]
    return max((section for section in plan.sections if section.mood.value == home), key=lambda one: one.end - one.start)


def course(plan: Plan) -> str:
    """Return how the energy runs, in a few words."""
    energies = [section.energy for section in plan.sections]
    first, last, most = energies[0], energies[-1], max(energies)
    ups = sum(other - one >= STEP_SHARE for one, other in pairwise(energies))
    downs = sum(one - other >= STEP_SHARE for one, other in pairwise(energies))
    if not ups and not downs:
        return "even throughout"
    if ups > 1 and downs > 1:
        return "rises and falls several times"
    if most - first >= STEP_SHARE and most - last >= STEP_SHARE:
        peak = plan.sections[energies.index(most)]
        share = (peak.start + peak.end) / 2 / plan.frames
        where = "early" if share < 1 / 3 else "late" if share > 2 / 3 else "in the middle"
        return f"slow build to one peak {where}, then falls away"
    return "slow build to the end" if last > first else "falls away slowly" if last < first else "falls back, then returns"
