"""Why a track stands where it stands, in words: what speaks most for it first, then what speaks against it (pure)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from otio_soundtrack.library.ranking import Parts, key_nearness, shape_likeness
from otio_soundtrack.library.rhythm import HEARD_Z, LEVELS, rhythm
from otio_soundtrack.library.rows import Rows
from otio_soundtrack.library.wanted import Wanted
from otio_soundtrack.model.track import NO_KEY, Track

_ON = ("beats", "half bars", "bars", "eighths")
"""What LEVELS are to a listener."""
_WHERE = {
    "title": "its title says",
    "artist": "its artist is",
    "composer": "its composer is",
    "tags": "its tags say",
    "place": "its file or folder is called",
}
Said = Mapping[str, tuple[str, ...]]
"""Column of the index → words in it."""
_NEAR_ENERGY = 0.12
_LIKE_SHAPE, _UNLIKE_SHAPE = 0.35, -0.2
_NEAR_VALENCE = 0.4
_CLEAR = 0.1
_GOOD, _POOR = 0.6, 0.3


def reasons(wanted: Wanted, found: Parts, heard: Rows, place: int, track: Track, *, said: Said) -> tuple[str, ...]:
    """Return sentences about one track.

    Args:
        wanted: what the cut asks.
        found: how well the tracks suit.
        heard: the tracks.
        place: of this one among them.
        track: this one.
        said: what it says itself of what is searched for, by where it says it.
    """
    row = heard[place : place + 1]
    told = [
        ("words", _words(wanted, found, place, said)),
        ("energy", _energy(wanted, track)),
        ("shape", _shape(wanted, row) if found.weights["shape"] else ""),
        ("rhythm", _rhythm(wanted, found, place, track)),
        ("mood", _mood(wanted, track)),
        ("tempo", f"{track.heard.tempo_bpm:.0f} BPM, asked {wanted.tempo_bpm:.0f}" if wanted.tempo_bpm else ""),
        ("likeness", _likeness(wanted, row)),
        ("length", _length(wanted, track)),
    ]
    worth = {name: found.weights[name] * (float(found.values[name][place]) - 0.5) for name, _ in told}
    order = sorted((one for one in told if one[1]), key=lambda one: -worth[one[0]])
    return tuple(sentence for _, sentence in order) + _voice(wanted, found, place)


def _words(wanted: Wanted, found: Parts, place: int, said: Said) -> str:
    told, known = [], set[str]()
    for name, words in said.items():  # a title is mostly the name of the file, too
        if fresh := [f"“{word}”" for word in words if word.lower() not in known]:
            told.append(f"{_WHERE[name]} {', '.join(fresh)}")
        known.update(word.lower() for word in words)
    if told:
        return " and ".join(told)
    value = float(found.values["words"][place])
    if value >= _GOOD:
        return f"its words and its sound mean {'what the prompt says' if wanted.prompt else wanted.mood}"
    return "its words say nothing of the prompt" if wanted.prompt and value < _POOR else ""


def _energy(wanted: Wanted, track: Track) -> str:
    own, asked = track.heard.energy, wanted.energy
    if abs(own - asked) <= _NEAR_ENERGY:
        return f"as much going on as the cut asks ({own:.2f}, asked {asked:.2f})"
    return f"{'more' if own > asked else 'less'} going on than the cut asks ({own:.2f}, asked {asked:.2f})"


def _shape(wanted: Wanted, row: Rows) -> str:
    like = float(shape_likeness(wanted, row)[0])
    if like >= _LIKE_SHAPE:
        return f"rises and falls with the picture (correlation {like:.2f})"
    return f"rises where the picture falls (correlation {like:.2f})" if like <= _UNLIKE_SHAPE else ""


def _rhythm(wanted: Wanted, found: Parts, place: int, track: Track) -> str:
    level = int(found.level[place])
    known = rhythm(wanted.cuts)
    if not known.known or track.heard.pulse < _CLEAR:
        return f"no clear beat, about {track.heard.tempo_bpm:.0f} BPM" if track.heard.pulse < _CLEAR else ""
    speed, _ = LEVELS[level]
    z = float(known.z(np.array([track.heard.tempo_bpm]), speed)[0])
    if z < HEARD_Z:
        return f"{track.heard.tempo_bpm:.0f} BPM: its beats lie on the cuts no better than by chance"
    return f"{track.heard.tempo_bpm:.0f} BPM: the cuts are whole {_ON[level]} apart (z {z:.1f})"


def _mood(wanted: Wanted, track: Track) -> str:
    own = track.heard.valence
    colour = "dark" if own < -1 / 4 else "light" if own > 1 / 4 else "neither dark nor light"
    mode = "" if track.heard.tonic == NO_KEY else (", minor" if track.heard.minor else ", major")
    if abs(own - wanted.valence) <= _NEAR_VALENCE:
        return f"{colour}{mode}, as {wanted.mood or 'the picture'} asks"
    return f"{colour}{mode}, where {wanted.mood or 'the picture'} asks for {'lighter' if own < wanted.valence else 'darker'}"


def _likeness(wanted: Wanted, row: Rows) -> str:
    if wanted.reference is None:
        return ""
    near = float(key_nearness(wanted.reference, row)[0])
    key = "in the same scale" if near == 1 else "in a near key" if near > _GOOD else "in a distant key"
    return f"{key} as the reference" if near == 1 else f"{key} from the reference"


def _length(wanted: Wanted, track: Track) -> str:
    own = f"{int(track.heard.seconds) // 60}:{int(track.heard.seconds) % 60:02d}"
    if track.heard.seconds >= wanted.seconds:
        return f"{own}, long enough"
    return f"{own}, shorter than the cue: parts of it come again"


def _voice(wanted: Wanted, found: Parts, place: int) -> tuple[str, ...]:
    sings = bool(found.sings[place])
    if wanted.instrumental:
        return ("somebody seems to sing or speak, and no voice is wanted",) if sings else ()
    return () if sings else ("no voice is heard in it, and one is wanted",)
