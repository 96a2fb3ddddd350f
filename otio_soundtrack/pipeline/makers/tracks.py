"""Tracks of the library as takes and as lines of a list, in the forms that services have."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from otio_soundtrack.audio.ears import Ears
from otio_soundtrack.audio.key import key_name
from otio_soundtrack.errors import UnusableTakeError
from otio_soundtrack.jobs.work import STORE
from otio_soundtrack.library.search import Ranked
from otio_soundtrack.library.words import described
from otio_soundtrack.model.track import NO_KEY, Track
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.provider.ask import Candidate, Offer
from otio_soundtrack.tools.files import sha256
from otio_soundtrack.tools.store import place


def offer(track: Track, folder: Path) -> Offer:
    """Return a track as a take, copied into the store and listened to: it is fitted from there, whatever becomes of its file.

    Raises:
        UnusableTakeError: its file is gone, has changed, or is no music that can be used.
        StoreError: no room for the copy.
    """
    kept = stored(track.path, track.sha256, folder)
    with TemporaryDirectory(prefix="otio-soundtrack-") as scratch:
        heard = Ears(Path(scratch)).hear(kept)
    file = Fetched(path=kept, sha256=track.sha256, size=track.size)
    return Offer(file=file, heard=heard, title=track.tags.rights.title)


def stored(path: Path, digest: str, folder: Path) -> Path:
    """Return the copy of a track in the store, made where it is not there.

    Raises:
        UnusableTakeError: its file is gone, or has changed.
        StoreError: no room for the copy.
    """
    if not path.is_file():
        raise UnusableTakeError(f"{path} is not there any more.", hint="Run `otio-soundtrack library add` again.")
    kept = folder / STORE / f"{digest}{path.suffix.lower()}"
    if not kept.is_file() or sha256(kept) != digest:
        if sha256(path) != digest:
            raise UnusableTakeError(f"{path} has changed since it was heard.", hint="Run `library add` again.")
        place(path, kept)
    return kept


def candidate(rank: int, one: Ranked) -> Candidate:
    """Return a ranked track as services list theirs."""
    track, heard = one.track, one.track.heard
    return Candidate(
        rank=rank,
        track_id=str(track.number),
        title=track.title,
        artist=track.tags.artist,
        seconds=round(heard.seconds, 2),
        tempo_bpm=round(heard.tempo_bpm, 1),
        key="" if heard.tonic == NO_KEY else key_name(heard.tonic, minor=heard.minor),
        mood=described(heard),
        vocals="voice likely" if one.sings else "",
        path=str(track.path),
        score=one.score,
        reasons=one.reasons,
        rights=track.tags.rights.told(),
    )
