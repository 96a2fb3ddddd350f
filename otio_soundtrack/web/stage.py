"""What the page is told, and what it may ask for: plain JSON and files, nothing of the machine's paths."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from otio_soundtrack.errors import SoundtrackError
from otio_soundtrack.pipeline.makers.matching import Matched
from otio_soundtrack.pipeline.scoring.auditioning import Audition
from otio_soundtrack.pipeline.services.errands import Found
from otio_soundtrack.progress import Progress
from otio_soundtrack.timeline.takes import LaidTake

_FACTS = (
    ("provider", "{}"),
    ("tempo_bpm", "{:.1f} BPM"),
    ("key", "{}"),
    ("integrated_lufs", "{:.1f} LUFS"),
    ("ending", "ending {}"),
)
"""What is shown of a take, and how; measured when it was made."""


@dataclass
class Stage:
    """An audition as the page sees it. Calls come from several threads."""

    audition: Audition
    scratch: Path
    """Folder that is gone with the page: the picture, previews."""
    found: tuple[Found | Matched, ...] = ()
    told: list[str] = field(default_factory=list)
    """What the person should know, sentences, the newest last."""
    work: tuple[str, float] | None = None
    """Step and share of what is being done."""
    _fetched: dict[str, Path] = field(default_factory=dict, repr=False)
    _fetching: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _busy: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def shown(self) -> dict[str, Any]:
        """Return everything that the page draws, times in seconds."""
        cut = self.audition.cut
        start = cut.start_time
        return {
            "name": cut.name or self.audition.path.stem,
            "file": self.audition.output.name,
            "seconds": float(cut.seconds),
            "rate": cut.rate,
            "frames": cut.frames,
            "first_frame": 0 if start is None else round(start.rescaled_to(cut.rate).value),
            "shots": [{"at": float(shot.start), "name": shot.name} for shot in self.audition.shots],
            "cues": [
                {
                    "id": cue.cue_id,
                    "at": float(cue.start),
                    "seconds": float(cue.seconds),
                    "offset": float(cue.offset),
                    "active": [take.key for take in cue.takes].index(cue.active),
                    "takes": [_shown_take(take) for take in cue.takes],
                }
                for cue in self.audition.cues
            ],
            "found": [
                {"cue": one.cue_id, "tracks": [_shown_track(track.model_dump(mode="json")) for track in one.candidates]}
                for one in self.found
            ],
            "work": None if self.work is None else {"step": self.work[0], "share": self.work[1]},
            "told": self.told,
        }

    @property
    def picture(self) -> Path:
        """Return the cut as a picture file."""
        return self.scratch / "cut.mp4"

    def prepare(self, progress: Progress) -> None:
        """Export the cut, and look for tracks where that was asked.

        Raises:
            SoundtrackError: the reason.
        """
        self.audition.picture(self.picture, progress)
        self.found = self.audition.tracks(progress)

    def preview(self, cue: int, rank: int) -> Path:
        """Return a file that lets a found track be heard.

        Raises:
            IndexError: there is no such track.
            SoundtrackError: it could not be fetched.
        """
        track = next((one for one in self.found[cue].candidates if one.rank == rank), None)
        if track is None:
            raise IndexError
        folder = self.scratch / "previews"
        folder.mkdir(exist_ok=True)
        with self._fetching:  # browsers ask for a sound in several pieces at once
            if track.track_id not in self._fetched:
                self._fetched[track.track_id] = self.audition.preview(track, folder)
        return self._fetched[track.track_id]

    def choose(self, cue: int, take: int) -> None:
        """Let a take play in the written timeline.

        Raises:
            IndexError: there is no such take.
            SoundtrackError: it could not be written, or something else is being done.
        """
        with _alone(self._busy):
            self.told += self.audition.choose(cue, take)

    def take_up(self, rank: int) -> None:
        """Have a track fitted and written, in a thread of its own; :attr:`work` tells how far it is.

        Raises:
            SoundtrackError: something else is being done.
        """
        if not any(track.rank == rank for one in self.found for track in one.candidates):
            raise IndexError
        self._beside(lambda: self.audition.take_up(rank, self._progress), f"Track {rank} is fitted and written.")

    def _beside(self, work: Callable[[], tuple[str, ...]], done: str) -> None:
        alone = _alone(self._busy)
        alone.__enter__()

        def run() -> None:
            try:
                self.told += [*work(), done]
            except SoundtrackError as error:
                self.told.append(str(error))
            finally:
                self.work = None
                alone.__exit__()

        self.work = ("starting", 0.0)
        threading.Thread(target=run, name="audition", daemon=True).start()

    def _progress(self, step: str, share: float, /) -> None:
        self.work = (step, share)


class _alone:  # noqa: N801  # reads as a word: with _alone(lock)
    """One change at a time; who comes second is told so instead of kept waiting."""

    def __init__(self, lock: threading.Lock) -> None:
        self._lock = lock

    def __enter__(self) -> None:
        if not self._lock.acquire(blocking=False):
            raise SoundtrackError("something else is being written.", hint="Wait until it is done.")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def _shown_take(take: LaidTake) -> dict[str, Any]:
    said = take.said
    return {
        "name": take.name,
        "there": take.path is not None,
        "facts": [how.format(said[name]) for name, how in _FACTS if _sayable(said.get(name), how)],
        "hits": [
            {"at": hit["at"], "label": str(hit.get("label") or hit.get("origin") or "hit"), "error": hit.get("error_frames")}
            for hit in _listed(said.get("hits"))
            if isinstance(hit.get("at"), int | float)
        ],
        "joins": [join["at"] for join in _listed(said.get("seams")) if isinstance(join.get("at"), int | float)],
    }


def _sayable(value: object, how: str) -> bool:
    """Return whether a value of a record, which anybody may have edited, is of the kind that is shown."""
    return isinstance(value, int | float) if ":" in how else isinstance(value, str) and bool(value)


def _listed(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _shown_track(track: Mapping[str, Any]) -> dict[str, Any]:
    facts = [
        track.get("artist"),
        f"{track['seconds']:.0f} s" if track.get("seconds") else "",
        f"{track['tempo_bpm']:.0f} BPM" if track.get("tempo_bpm") else "",
        *(track.get(name) for name in ("key", "genre", "mood", "vocals")),
        "restricted" if track.get("restricted") else "",
        *track.get("reasons", ()),
    ]
    return {"rank": track["rank"], "name": track["title"], "facts": [str(fact) for fact in facts if fact]}
