"""The ranking of tracks whose character is known, through the index on disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from otio_soundtrack.library import search, shelf
from otio_soundtrack.library.search import Ranked, ranked
from otio_soundtrack.library.shelf import Library
from otio_soundtrack.library.wanted import Wanted
from otio_soundtrack.model.track import Rights, Track
from tests.library.test_rhythm import on_beats
from tests.library.tracks import FALLING, RISING, cut, heard, track


@pytest.fixture(autouse=True)
def _words_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a sentence model is on this machine must not change these tests."""
    for module in (search, shelf):
        monkeypatch.setattr(module, "installed_model", lambda: None)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Return an empty library."""
    with Library(tmp_path) as opened:
        yield opened


def best(library: Library, wanted: Wanted, *tracks: Track) -> list[Ranked]:
    """Put tracks into a library and rank them for a cut."""
    for one in tracks:
        library.put(one)
    return ranked(library, wanted, len(tracks))


def names(listed: list[Ranked]) -> list[str]:
    """Return the names of ranked tracks."""
    return [one.track.path.stem for one in listed]


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        (cut(energy=0.9), ["war", "walk", "rest"]),
        (cut(energy=0.5), ["walk", "war", "rest"]),
        (cut(energy=0.1), ["rest", "walk", "war"]),
    ],
)
def test_tracks_come_in_order_of_how_much_is_going_on(library: Library, wanted: Wanted, order: list[str]) -> None:
    """What the cut asks first."""
    listed = best(library, wanted, track("rest", energy=0.08), track("walk", energy=0.5), track("war", energy=0.85))
    assert names(listed) == order
    assert any("as much going on" in reason for reason in listed[0].reasons)


def test_a_tempo_on_the_cuts_wins_over_one_beside_them_also_at_double_time(library: Library) -> None:
    """Of tracks that are the same but for their tempo; the reason names it."""
    wanted = cut(cuts=on_beats(100.0, beats=2))
    listed = best(
        library, wanted, track("beside", tempo_bpm=91.0), track("double", tempo_bpm=200.0), track("on", tempo_bpm=100.0)
    )
    assert set(names(listed)[:2]) == {"on", "double"}
    assert any("BPM: the cuts are whole" in reason for reason in listed[0].reasons)
    assert any("no better than by chance" in reason for reason in listed[2].reasons)


def test_a_curve_like_the_pictures_wins(library: Library) -> None:
    """Rising to a rising cut, falling to a falling one."""
    for wanted, first in ((cut(curve=RISING), "up"), (cut(curve=FALLING), "down")):
        listed = best(library, wanted, track("up", curve=RISING), track("down", curve=FALLING), track("level"))
        assert names(listed)[0] == first
        assert any("rises and falls with the picture" in reason for reason in listed[0].reasons)


def test_mood_and_light_of_the_picture_count(library: Library) -> None:
    """Dark pictures get dark music."""
    bright, dark = track("day", valence=0.7, brightness=0.8), track("night", valence=-0.7, brightness=0.2)
    assert names(best(library, cut(valence=-0.6, light=-0.8), bright, dark)) == ["night", "day"]
    assert names(best(library, cut(valence=0.7, light=0.6), bright, dark)) == ["day", "night"]


def test_words_of_the_prompt_are_found_in_titles_and_tags_by_their_stems(library: Library) -> None:
    """Told in the reason; a word that is denied is not looked for."""
    storm = track("a", rights=Rights(title="Storms at Sea"), words=("nautical", "strings"))
    drums = track("b", rights=Rights(title="Parade"), words=("drums",))
    listed = best(library, cut(prompt="a storm over the seas, no drums"), drums, storm)
    assert names(listed) == ["a", "b"]
    assert "its title says “Storms”, “Sea”" in listed[0].reasons
    assert "drums" not in " ".join(listed[1].reasons)


def test_a_title_or_tag_that_says_what_is_asked_comes_first_though_others_suit_the_picture_better(library: Library) -> None:
    """The title before the tags, the tags before a related word, that before a track that only suits; and each says where."""
    wanted = cut(prompt="sad solo piano", energy=0.9, named=True, related=("sad", "sorrow", "mournful"))
    titled = track("one", rights=Rights(title="Sad Piano"), energy=0.1)
    tagged = track("two", words=("solo piano", "mournful and sad"), energy=0.4)
    related = track("three", words=("sorrow",), energy=0.7)
    others = [track(f"plain {number}", energy=0.9) for number in range(9)]
    listed = best(library, wanted, *others, related, tagged, titled)
    assert names(listed)[:3] == ["one", "two", "three"]
    assert "its title says “Sad”, “Piano”" in listed[0].reasons
    assert "its tags say “solo”, “piano”, “mournful”, “sad”" in listed[1].reasons


def test_a_prompt_that_no_track_answers_changes_no_rank(library: Library) -> None:
    """Neither by its own words nor by those of the mood that the picture has."""
    tracks = [track(f"{number}", energy=number / 9, words=("ominous",) if number == 2 else ()) for number in range(9)]
    plain = names(best(library, cut(energy=0.6), *tracks))
    assert names(ranked(library, cut(energy=0.6, prompt="quarterly tax report", related=("ominous", "dread")), 9)) == plain


def test_a_voice_is_put_last_where_none_is_wanted_and_first_where_one_is(library: Library) -> None:
    """Likely singing, by what the voice detector heard."""
    song, bed = track("song", voice=0.4), track("bed")
    assert names(best(library, cut(), song, bed)) == ["bed", "song"]
    listed = best(library, cut(instrumental=False), song, bed)
    assert names(listed) == ["song", "bed"]
    assert "no voice is heard in it, and one is wanted" in listed[1].reasons


def test_a_track_that_is_too_short_gives_way(library: Library) -> None:
    """Ten seconds for a minute would be a loop."""
    listed = best(library, cut(), track("short", seconds=10.0), track("whole", seconds=90.0))
    assert names(listed) == ["whole", "short"]
    assert any("parts of it come again" in reason for reason in listed[1].reasons)


@pytest.mark.parametrize(("asked", "first"), [(120.0, "half"), (90.0, "own")])
def test_an_asked_tempo_is_met_also_by_half_of_it(library: Library, asked: float, first: str) -> None:
    """Sixty is felt as a hundred and twenty."""
    assert names(best(library, cut(tempo_bpm=asked), track("own", tempo_bpm=90.0), track("half", tempo_bpm=60.0)))[0] == first


def test_the_key_of_a_reference_counts(library: Library) -> None:
    """A minor is the scale of C major, F sharp is at the other end of the circle."""
    wanted = cut(reference=heard(tonic=0, minor=False))
    listed = best(library, wanted, track("far", tonic=6, minor=False), track("relative", tonic=9, minor=True))
    assert names(listed) == ["relative", "far"]
    assert any("in the same scale as the reference" in reason for reason in listed[0].reasons)


def test_a_copy_of_a_track_is_listed_once(library: Library) -> None:
    """Two folders, one piece of music."""
    one = track("piece")
    copy = Track(**vars(one) | {"path": Path("/nowhere/Backup/piece.wav")})
    assert len(best(library, cut(), one, copy)) == 1


def test_a_changed_file_is_searched_by_its_new_words_only_and_a_removed_one_not_at_all(library: Library) -> None:
    """The index of words goes with the tracks."""
    number = library.put(track("a", words=("harvest",)))
    assert library.put(track("a", words=("winter",))) == number
    columns = library.columns()
    assert library.word_scores(columns, ["harvest"]).tolist() == [0.0]
    assert library.word_scores(columns, ["winters"])[0] > 0
    library.remove(library.files())
    assert (len(library), library.columns().numbers.tolist()) == (0, [])


def test_files_are_found_by_folder_and_not_by_the_beginning_of_its_name(library: Library) -> None:
    """``/music/Dr`` is not the parent of ``/music/Drones``; no character of a name is a pattern."""
    for folder in ("/m/Drones", "/m/Drones/Low", "/m/Dr", "/m/Dr%"):
        library.put(Track(**vars(track(folder)) | {"path": Path(folder) / "x.wav"}))
    assert [str(one.path.parent) for one in library.files(Path("/m/Drones"))] == ["/m/Drones", "/m/Drones/Low"]
    assert [str(one.path.parent) for one in library.files(Path("/m/Dr%"))] == ["/m/Dr%"]
    assert len(library.files(Path("/m/Dr/x.wav"))) == 1


def test_meaning_is_kept_by_track_and_forgotten_when_it_changes(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """A model that knows three words stands for the real one."""

    class Toy:
        def vectors(self, texts: list[str]) -> np.ndarray:
            found = np.zeros((len(texts), 384), np.float32)
            for row, text in enumerate(texts):
                found[row, :3] = [word in text.lower() for word in ("rain", "sun", "track")]
            return found

    monkeypatch.setattr(shelf, "installed_model", Toy)
    numbers = [library.put(track("one", words=("rain",))), library.put(track("two", words=("sun",)))]
    assert library.without_meaning() == numbers
    assert list(library.give_meaning(numbers)) == [2]
    scores = library.meaning_scores(library.columns(), "sun")
    assert scores is not None
    assert scores.tolist() == [0.0, 1.0]
    library.put(track("two", words=("snow",)))
    assert library.without_meaning() == [numbers[1]]
