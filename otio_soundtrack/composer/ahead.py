"""Notes as sound, made on other processors while the mix is summed on this one."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from otio_soundtrack.composer.score import Note, Score
from otio_soundtrack.composer.voices import Played, Player

_AHEAD = 8
"""Notes that may wait to be laid: enough to keep both sides busy; each held note takes some megabytes."""


def played(score: Score, player: Player, *, at_once: int = 1) -> Iterator[tuple[Note, Played]]:
    """Yield the notes of a score by their start, each with its sound.

    Args:
        score: the notes.
        player: who plays them.
        at_once: threads that may ask the player together; one for players that keep sounds for reuse without a lock.
    """
    crew = ThreadPoolExecutor(at_once, thread_name_prefix="player")
    try:
        waiting: deque[tuple[Note, Future[Played]]] = deque()
        for number, note in sorted(enumerate(score.notes), key=lambda numbered: numbered[1].start):
            waiting.append((note, crew.submit(player, note, number=number)))
            if len(waiting) > _AHEAD:
                first, sound = waiting.popleft()
                yield first, sound.result()
        for first, sound in waiting:
            yield first, sound.result()
    finally:
        crew.shutdown(cancel_futures=True)
