"""The local library at its size: 100,000 tracks with generated descriptors, titles and sentence vectors.

Prints what an index takes on disk beyond the vectors, and what a query takes from the open index to ranked tracks with reasons.
The vectors are random where the sentence model is not installed: they cost the same.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from otio_soundtrack.library.rows import packed
from otio_soundtrack.library.search import ranked
from otio_soundtrack.library.sentences import DIMENSIONS, installed_model
from otio_soundtrack.library.shelf import Library
from otio_soundtrack.library.vectors import FILE
from otio_soundtrack.library.wanted import Wanted
from otio_soundtrack.library.words import place_words
from otio_soundtrack.model.track import CURVE_POINTS, Descriptors, Rights, Tags
from otio_soundtrack.tools.catalogue import Catalogue, Entry

TRACKS = 100_000
MOST_MS, MOST_BYTES = 200.0, 1024.0
"""Of a query, CPU; of a track on disk, beyond its vector of 1536 bytes."""
LISTED, ROUNDS = 10, 5
FOLDER_TRACKS, ALBUM_TRACKS = 400, 12
AT_ONCE = 5_000
WORDS = 6_000
"""Different words in titles and tags; how often each comes follows Zipf's law, as in any language."""
MOOD_RANK = 5
"""The fifth, tenth … word by frequency is a mood: one stands in a third of the tracks, another in one of a hundred."""
MOODS = ("calm", "tense", "epic", "sad", "hopeful", "dark", "playful", "romantic", "mysterious", "battle")


def tracks(chance: np.random.Generator) -> list[tuple[Entry, bytes]]:
    """Return generated tracks as they are kept."""
    letters = np.array(list("abcdefghijklmnoprstuvw"))
    lengths = chance.integers(4, 10, WORDS)
    vocabulary = ["".join(chance.choice(letters, length)) for length in lengths]
    vocabulary[MOOD_RANK : MOOD_RANK * (len(MOODS) + 1) : MOOD_RANK] = MOODS
    spoken = np.minimum(chance.zipf(1.4, (TRACKS, 9)) - 1, len(vocabulary) - 1)
    found = []
    for number in range(TRACKS):
        words = [vocabulary[place] for place in spoken[number]]
        path = Path(f"/music/{words[8]} {number // FOLDER_TRACKS}") / f"{number:06d} {words[0]} {words[1]}.wav"
        rights = Rights(
            title=f"{words[0]} {words[1]} {words[2]}".title(),
            composer=f"{words[3]} {words[4]}".title(),
            publisher="Northern Production Music",
            isrc=f"DEA12{number:07d}",
            licence="Production licence 2026",
        )
        tags = Tags(rights=rights, artist=rights.composer, words=(f"{words[5]} {number // ALBUM_TRACKS}", words[6], words[7]))
        digest = f"{number:064x}"
        entry = Entry(
            number=0, path=path, size=number, modified_ns=10**18 + number, sha256=digest, tags=tags, place=place_words(path)
        )
        found.append((entry, packed(described(chance))))
    return found


def described(chance: np.random.Generator) -> Descriptors:
    """Return descriptors of no music at all."""
    share = chance.random(6).tolist()
    return Descriptors(
        seconds=float(chance.uniform(60, 300)),
        tempo_bpm=float(chance.uniform(60, 180)),
        pulse=share[0],
        tonic=int(chance.integers(12)),
        minor=bool(chance.integers(2)),
        clarity=share[1],
        energy=share[2],
        percussive=share[3],
        brightness=share[4],
        valence=2 * share[5] - 1,
        voice=float(chance.random() < 0.1),
        lufs=-14.0,
        curve=tuple(chance.random(CURVE_POINTS).tolist()),
        sections=tuple(np.sort(chance.uniform(5, 180, 8)).tolist()),
    )


def filled(home: Path) -> tuple[float, float]:
    """Make the index; return bytes a track beyond the vectors, and seconds a track."""
    chance = np.random.default_rng(1)
    made = tracks(chance)
    start = time.process_time()
    catalogue = Catalogue(home)
    for first, after in pairwise(range(0, TRACKS + 1, AT_ONCE)):
        catalogue.put_all(made[first:after])
    catalogue.close()
    spent = time.process_time() - start
    vectors = chance.standard_normal((TRACKS, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    folder = home / "library"
    size = sum(path.stat().st_size for path in folder.iterdir())
    vectors.tofile(folder / FILE)
    return size / TRACKS, spent / TRACKS


def asked() -> Wanted:
    """Return what a cut of 90 s with 40 cuts asks."""
    cuts = np.cumsum(np.random.default_rng(2).lognormal(0.7, 0.5, 40))
    curve = tuple(np.linspace(0.2, 0.9, CURVE_POINTS).tolist())
    prompt = "tense and dark, then an epic battle"
    return Wanted(
        seconds=90.0, cuts=tuple(cuts.tolist()), energy=0.6, curve=curve, valence=-0.4, light=-0.3, mood="tense", prompt=prompt
    )


def main() -> bool:
    """Print the figures; return whether the bars are held."""
    with TemporaryDirectory() as folder:
        size, put = filled(Path(folder))
        with Library(Path(folder)) as library:
            took, walls = [], []
            for number in range(ROUNDS):
                wanted = replace(asked(), seconds=90.0 + number)
                cpu, wall = time.process_time(), time.perf_counter()
                listed = ranked(library, wanted, LISTED)
                took.append(1000 * (time.process_time() - cpu))
                walls.append(1000 * (time.perf_counter() - wall))
    words = "with the sentence model" if installed_model() is not None else "words as they are written"
    query = float(np.median(took))
    print(f"{TRACKS:,} tracks: {size:.0f} bytes a track beyond the vector (bar {MOST_BYTES:.0f}), {1e6 * put:.0f} µs to keep one")
    print(
        f"a query ({words}): {query:.0f} ms CPU (bar {MOST_MS:.0f}; first {took[0]:.0f}), {float(np.median(walls)):.0f} ms wall, "
        f"{len(listed)} tracks with reasons"
    )
    return size < MOST_BYTES and query < MOST_MS


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
