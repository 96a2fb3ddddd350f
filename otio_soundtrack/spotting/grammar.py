"""What an editor writes into markers, in words of the trade (pure).

A marker longer than one frame is spanned, a shorter one marks a moment. Case does not matter. A marker's name and comment are
read statement by statement (a statement ends at a line break or ``;``):

============================  =======================================================================
``MX 1M2 IN``                 cue 1M2 begins on this frame; the number may be left out (``MX IN``)
``MX 1M2 OUT``                cue 1M2 ends before this frame
``MX 1M2``, spanned           the marker is the whole cue, as is any spanned marker that says nothing else of this table
``MUSIC IN``, ``MUSIC OUT``   the same as ``MX IN`` and ``MX OUT``
``MUSIC: calm``, spanned      a cue with a prompt, spelled as on a tagged clip
``HIT``, ``HIT downbeat``     the music hits this frame; ``downbeat`` makes it matter most; more words are its label
``STING``                     a hit that matters most; spanned: a short cue of its own
``SILENCE``, spanned          no music here
``DUCK``, ``DUCK -12``        spanned: the music stays out of the way here (how far has no place yet)
``USAGE VI``                  the cue sheet says so of the music that is heard here (:mod:`otio_soundtrack.model.cue_sheet`)
``REF …``                     for temp tracks: read, so that it does not become words of a prompt; not used
============================  =======================================================================

Anything else is a note: of a spanned marker it becomes the prompt of its cue, of another it is not ours. Colours mean different
things in each program and are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from otio_soundtrack.model.cut import CutMarker


class Word(Enum):
    """What a statement is about."""

    CUE = "cue"
    IN = "in"
    OUT = "out"
    HIT = "hit"
    STING = "sting"
    SILENCE = "silence"
    DUCK = "duck"
    USAGE = "usage"
    IGNORED = "ignored"
    NOTE = "note"


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a marker."""

    word: Word
    cue_id: str = ""
    """Like ``1m02``, empty where the editor gave no number."""
    text: str = ""
    """The rest, in the editor's own spelling."""


_CUE_ID = r"(?P<reel>\d{1,2})\s?M\s?(?P<number>\d{1,3})(?P<part>[A-Z]?)"
_MUSIC = re.compile(
    rf"^(?:MX\b|MX(?=\d))[\s:_-]*(?:{_CUE_ID}\b)?[\s:,_-]*(?P<gate>IN|OUT|START|END)?\b[\s:,-]*(?P<rest>.*)$", re.I | re.S
)
_NUMBERED = re.compile(rf"^{_CUE_ID}\b[\s:,_-]*(?P<gate>IN|OUT|START|END)?\b[\s:,-]*(?P<rest>.*)$", re.I | re.S)
_SPELLED_OUT = re.compile(r"^MUSIC(?:[\s_-]+(?P<gate>IN|OUT|START|END)(?:\s*[:,-]\s*|$)|\s*:\s*)(?P<rest>.*)$", re.I | re.S)
"""``MUSIC`` is also a word of notes: ``music in the background`` is no gate."""
_OTHER = re.compile(r"^(?P<word>HIT|STING|SILENCE|DUCK|USAGE|REF)\b[\s:,]*(?P<rest>.*)$", re.I | re.S)
_GATES = {"IN": Word.IN, "START": Word.IN, "OUT": Word.OUT, "END": Word.OUT}
_WORDS = {"HIT": Word.HIT, "STING": Word.STING, "SILENCE": Word.SILENCE, "DUCK": Word.DUCK, "USAGE": Word.USAGE}


def statements(marker: CutMarker) -> tuple[Statement, ...]:
    """Return what a marker says, its name first; an unnamed one without comment says nothing."""
    parts = re.split(r"[\n\r;]+", f"{marker.name}\n{marker.comment}")
    return tuple(statement(part) for part in parts if part.strip())


def statement(text: str) -> Statement:
    """Return one statement."""
    text = " ".join(text.split())
    for pattern in (_MUSIC, _NUMBERED):
        if match := pattern.match(text):
            cue = cue_id(int(match["reel"]), int(match["number"]), match["part"]) if match["reel"] else ""
            word = _GATES[match["gate"].upper()] if match["gate"] else Word.CUE
            return Statement(word=word, cue_id=cue, text=match["rest"].strip())
    if match := _SPELLED_OUT.match(text):
        return Statement(word=_GATES[match["gate"].upper()] if match["gate"] else Word.CUE, text=match["rest"].strip())
    if match := _OTHER.match(text):
        return Statement(word=_WORDS.get(match["word"].upper(), Word.IGNORED), text=match["rest"].strip())
    return Statement(word=Word.NOTE, text=text)


def cue_id(reel: int, number: int, part: str = "") -> str:
    """Return a cue id as we write it: ``1m02``, with a small letter for a part of a cue."""
    return f"{reel}m{number:02d}{part.lower()}"
