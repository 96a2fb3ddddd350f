"""Stretches of the timeline that get music (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from otio_soundtrack.errors import NothingToScoreError, SettingsError
from otio_soundtrack.model.cut import CutList, CutMarker
from otio_soundtrack.spotting.grammar import Statement, Word, statements
from otio_soundtrack.times import timecode

SHORTEST_PIECE = 0.5
"""Seconds: what a ``SILENCE`` marker leaves of a cue beyond this is scored; less is no music."""


POINT_FRAMES = 1
"""Frames: a marker this short marks a moment. FCP XML, EDL and Premiere write a frame where OTIO's own markers have none."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """A cue before it becomes a spot, in frames of the timeline."""

    start: int
    end: int
    prompt: str = ""
    cue_id: str = ""
    """Empty: the next free number."""
    asked_by: str = ""
    """What in the timeline asks for it, for messages: ``marker 'chase'``."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """A marker and what it says."""

    marker: CutMarker
    said: tuple[Statement, ...]

    def says(self, word: Word) -> Statement | None:
        """Return the first statement about a word, None where there is none."""
        return next((statement for statement in self.said if statement.word is word), None)

    @property
    def spanned(self) -> bool:
        """Whether the marker has a length, instead of marking a moment."""
        return self.marker.frames > POINT_FRAMES

    @property
    def name(self) -> str:
        """What an editor would find it by, for messages."""
        return f"marker {self.marker.name or self.marker.comment or 'without a name'!r}"

    @property
    def span(self) -> tuple[int, int]:
        """First frame and frame after."""
        return self.marker.start, self.marker.start + self.marker.frames


def read_markers(cuts: CutList) -> tuple[Read, ...]:
    """Return all markers with what they say, in order of time."""
    return tuple(Read(marker=marker, said=statements(marker)) for marker in sorted(cuts.markers, key=lambda one: one.start))


def whole(cuts: CutList) -> list[Stretch]:
    """Return the whole cut as one cue."""
    return [Stretch(start=0, end=cuts.frames)]


def tagged(cuts: CutList) -> list[Stretch]:
    """Return the clips that an editor tagged as cues.

    Raises:
        NothingToScoreError: there is none.
    """
    if not cuts.tagged:
        raise NothingToScoreError(
            "no clip of the timeline is tagged as a cue.",
            hint="Lay a clip or gap named 'MUSIC: warm strings' on an audio track where music should be, or use --cues whole.",
        )
    found = [
        Stretch(start=cue.start, end=cue.start + cue.frames, prompt=cue.prompt, asked_by=f"tagged clip {cue.prompt!r}")
        for cue in cuts.tagged
    ]
    return sorted(found, key=lambda stretch: stretch.start)


def marked(cuts: CutList, read: tuple[Read, ...]) -> list[Stretch]:
    """Return the cues that markers ask for.

    Raises:
        NothingToScoreError: no marker asks for one.
        SettingsError: an IN without OUT, an OUT without IN, or an OUT that is not after its IN.
    """
    found = [*_spanned(read), *_paired(cuts, read)]
    if not found:
        raise NothingToScoreError(
            "no marker of the timeline asks for music.",
            hint="Name a pair of markers 'MX 1M1 IN' and 'MX 1M1 OUT', or give one marker a length, or use --cues whole.",
        )
    return sorted(found, key=lambda stretch: stretch.start)


def _spanned(read: Iterable[Read]) -> list[Stretch]:
    found = []
    for one in read:
        start, end = one.span
        if not one.spanned or any(one.says(word) for word in (Word.HIT, Word.SILENCE, Word.DUCK, Word.IN, Word.OUT)):
            continue
        cue, sting = one.says(Word.CUE), one.says(Word.STING)
        notes = [statement.text for statement in one.said if statement.word in (Word.NOTE, Word.CUE, Word.STING)]
        if cue or sting or notes or not one.said:
            words = (["short sting"] if sting else []) + [text for text in notes if text]
            number = cue.cue_id if cue else ""
            found.append(Stretch(start=start, end=end, prompt=", ".join(words), cue_id=number, asked_by=one.name))
    return found


def _paired(cuts: CutList, read: Iterable[Read]) -> list[Stretch]:
    found: list[Stretch] = []
    running: dict[str, Stretch] = {}
    # a cue may end on the frame or in the marker in which the next begins: the OUT comes first
    for one in sorted(read, key=lambda one: (one.marker.start, one.says(Word.OUT) is None)):
        at = one.marker.start
        if gate := one.says(Word.OUT):
            found.append(_closed(cuts, running, gate, at))
        if gate := one.says(Word.IN):
            if gate.cue_id in running:
                raise _unpaired(cuts, "IN", gate.cue_id, running[gate.cue_id].start)
            notes = [gate.text, *(statement.text for statement in one.said if statement.word is Word.NOTE)]
            prompt = ", ".join(note for note in notes if note)
            running[gate.cue_id] = Stretch(start=at, end=at, prompt=prompt, cue_id=gate.cue_id, asked_by=one.name)
    for left in running.values():
        raise _unpaired(cuts, "IN", left.cue_id, left.start)
    return found


def _closed(cuts: CutList, running: dict[str, Stretch], gate: Statement, at: int) -> Stretch:
    # an OUT without a number closes the only cue that runs
    key = next(iter(running)) if not gate.cue_id and len(running) == 1 else gate.cue_id
    begun = running.pop(key, None)
    if begun is None:
        raise _unpaired(cuts, "OUT", gate.cue_id, at)
    if at <= begun.start:
        raise SettingsError(
            f"marker 'MX {begun.cue_id.upper()} OUT' at {_named(cuts, at)} is not after its IN.".replace("  ", " "),
            hint="Move the OUT marker to the first frame without music.",
        )
    return replace(begun, end=at)


def _unpaired(cuts: CutList, gate: str, cue: str, at: int) -> SettingsError:
    other = "OUT" if gate == "IN" else "IN"
    name = " ".join(part for part in ("MX", cue.upper(), gate) if part)
    return SettingsError(
        f"marker '{name}' at {_named(cuts, at)} has no {other}.",
        hint=f"Add a marker '{name.removesuffix(gate)}{other}' or give one marker the length of the cue.",
    )


def _named(cuts: CutList, frame: int) -> str:
    return timecode(frame, cuts.rate, cuts.start_time)


def silenced(stretches: Iterable[Stretch], silences: Iterable[tuple[int, int]], shortest: int) -> list[Stretch]:
    """Return stretches without the silences in them; a cue that is split gives its letters to the parts (``1m02a``, ``1m02b``).

    Args:
        stretches: cues.
        silences: first frame and frame after, of each.
        shortest: frames below which a piece left by a silence is dropped.
    """
    gaps = sorted(silences)
    kept: list[Stretch] = []
    for stretch in stretches:
        whole_piece = (stretch.start, stretch.end)
        pieces = [piece for piece in _between(whole_piece, gaps) if piece == whole_piece or piece[1] - piece[0] >= shortest]
        for number, (start, end) in enumerate(pieces):
            letter = chr(ord("a") + number) if stretch.cue_id and len(pieces) > 1 else ""
            kept.append(replace(stretch, start=start, end=end, cue_id=stretch.cue_id + letter))
    return kept


def _between(piece: tuple[int, int], gaps: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what gaps, in order, leave of a piece."""
    at, end = piece
    left: list[tuple[int, int]] = []
    for first, after in gaps:
        if first < end and after > at:
            left += [(at, first)] if first > at else []
            at = after
    return [*left, (at, end)] if at < end else left
