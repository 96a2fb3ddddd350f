"""How parts write notes: in beats, with a player's small unevenness."""

from __future__ import annotations

from otio_soundtrack.composer.chance import Chance
from otio_soundtrack.composer.grid import Grid
from otio_soundtrack.composer.score import Note, Stem

_SHORTEST_S = 0.05


class Pen:
    """Collects the notes of one part."""

    def __init__(self, grid: Grid, stem: Stem, chance: Chance, *, loose_s: float = 0.0) -> None:
        """Begin a part.

        Args:
            grid: where beats lie.
            stem: group the notes belong to.
            chance: for timing.
            loose_s: how far notes may lie from the beat, seconds.
        """
        self._grid = grid
        self._stem = stem
        self._chance = chance
        self._loose_s = loose_s
        self.notes: list[Note] = []

    def write(self, voice: str, beat: float, beats: float, pitch: int, velocity: float, *, exact: bool = False) -> None:
        """Write a note; what lies outside the cue is left out or cut.

        Args:
            voice: who plays.
            beat: beat number at which it starts.
            beats: its length.
            pitch: MIDI number.
            velocity: 0–1, limited to it.
            exact: whether it lies on its beat without unevenness.
        """
        loose = 0.0 if exact else self._chance.between(-self._loose_s, self._loose_s)
        at = self._grid.time(beat)
        if at >= self._grid.seconds or beats <= 0:
            return
        start = max(0.0, at + (loose if at > self._loose_s else 0.0))
        seconds = max(_SHORTEST_S, min(self._grid.time(beat + beats), self._grid.seconds) - start)
        self.notes.append(Note(self._stem, voice, start, seconds, pitch, min(1.0, max(0.02, velocity))))
