"""Notes are made ahead by another thread, and nobody can hear that."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from otio_soundtrack.composer.ahead import played
from otio_soundtrack.composer.score import Note, Score, Stem
from otio_soundtrack.composer.voices import Played


def scored() -> Score:
    """Return 40 notes that are not in the order of their start."""
    notes = tuple(
        Note(stem=Stem.HARMONY, voice="any", start=(number * 7 % 40) / 4, seconds=1.0, pitch=60, velocity=0.5)
        for number in range(40)
    )
    return Score(notes=notes, beats=(), final=9.0, fade=0.5)


def test_every_note_comes_once_in_order_of_its_start_with_its_own_sound() -> None:
    """The number says which note it was in the score, whatever the order."""
    score = scored()

    def player(note: Note, /, *, number: int) -> Played:
        return Played(np.full((1, 2), number, np.float32), 0.0)

    came = [(note, int(sound.samples[0, 0])) for note, sound in played(score, player)]
    assert [number for _, number in came] == sorted(range(len(score.notes)), key=lambda number: score.notes[number].start)
    assert all(score.notes[number] is note for note, number in came)


def test_a_player_is_never_asked_by_two_threads() -> None:
    """Players keep sounds for reuse without a lock."""
    threads = set()

    def player(_note: Note, /, *, number: int) -> Played:
        threads.add(threading.get_ident())
        return Played(np.zeros((1, 2), np.float32), 0.0)

    assert sum(1 for _ in played(scored(), player)) > 10
    assert len(threads) == 1
    assert threading.get_ident() not in threads


def test_what_goes_wrong_with_a_note_is_told_where_it_is_laid() -> None:
    """The error of the player, and no thread is left behind."""

    def player(_note: Note, /, *, number: int) -> Played:
        raise ArithmeticError("no such sound")

    before = threading.active_count()
    with pytest.raises(ArithmeticError, match="no such sound"):
        list(played(scored(), player))
    assert threading.active_count() == before


def test_a_mix_that_is_broken_off_leaves_no_thread() -> None:
    """^C in the middle."""

    def player(_note: Note, /, *, number: int) -> Played:
        return Played(np.zeros((1, 2), np.float32), 0.0)

    before = threading.active_count()
    notes = played(scored(), player)
    next(notes)
    notes.close()
    assert threading.active_count() == before


def test_an_empty_score_has_no_notes() -> None:
    """Nothing to play is no error."""

    def player(_note: Note, /, *, number: int) -> Played:
        raise AssertionError("nobody is asked")

    assert list(played(Score(notes=(), beats=(), final=0.0, fade=0.1), player)) == []
