"""Media references to sources: which file, which second of it, or why a slate stands there instead."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from opentimelineio import schema

from otio_soundtrack.errors import MissingMediaError, UnreadableMediaError
from otio_soundtrack.model.cut import MediaFacts, Source, SourceKind
from otio_soundtrack.timeline.clocks import ZERO
from otio_soundtrack.timeline.generators import colour_of
from otio_soundtrack.timeline.layout import available_range
from otio_soundtrack.timeline.nodes import Media
from otio_soundtrack.timeline.notes import Notes
from otio_soundtrack.timeline.sequences import sequence_files, sequence_length, sequence_rate, sequence_start
from otio_soundtrack.timeline.urls import local_path

Probe = Callable[[Path], MediaFacts]
"""Reads what a media file says of itself; raises UnreadableMediaError."""


@dataclass(frozen=True)
class Found:
    """What stands for a clip's media."""

    source: Source
    origin: Fraction = ZERO
    """Media time of the source's first frame: what source timecode starts with."""
    timeless: bool = False
    """Whether every moment of it looks the same."""


@dataclass
class Sources:
    """Finds the sources of one timeline; every file is probed once, every clip is looked at once."""

    root: Path | None
    missing: Literal["slate", "fail"]
    probe: Probe
    notes: Notes
    _paths: dict[str, Path | str] = field(default_factory=dict)
    _probed: dict[Path, MediaFacts | UnreadableMediaError] = field(default_factory=dict)
    _pictures: dict[Media, Found] = field(default_factory=dict)

    def picture(self, media: Media) -> Found:
        """Return what shows a clip's picture.

        Raises:
            MissingMediaError: media are missing, and missing media shall fail.
            UnreadableMediaError: media cannot be read, and missing media shall fail.
        """
        if media not in self._pictures:
            self._pictures[media] = self._picture(media)
        return self._pictures[media]

    def sound(self, media: Media) -> Found | None:
        """Return where a clip's sound comes from, None where it has none.

        Raises:
            MissingMediaError: media are missing, and missing media shall fail.
            UnreadableMediaError: media cannot be read, and missing media shall fail.
        """
        reference = media.clip.media_reference
        if isinstance(reference, schema.GeneratorReference):
            return None
        path = self._path(media)
        if isinstance(path, str):
            self._refuse(media, path, "not heard")
            return None
        facts = self._facts(media, path, "not heard")
        if not isinstance(facts, MediaFacts):
            return None
        if not facts.has_sound:
            self.notes.add(media.name, "not heard", f"{path.name} has no sound")
            return None
        source = Source(kind=SourceKind.MOVIE, name=path.name, path=path)
        return Found(source, self._origin(media, facts.start_timecode, facts.duration))

    def length(self, clip: schema.Clip) -> Fraction | None:
        """Return the seconds of media of a clip that has no range, None where its media cannot tell."""
        reference = clip.media_reference
        if isinstance(reference, schema.ImageSequenceReference):
            return sequence_length(clip, self.root)
        if not isinstance(reference, schema.ExternalReference):
            return None
        path = local_path(reference.target_url, self.root)
        if path is None or not path.exists():
            return None
        facts = self._probe(path)
        return facts.duration if isinstance(facts, MediaFacts) else None

    def _picture(self, media: Media) -> Found:
        reference = media.clip.media_reference
        if isinstance(reference, schema.GeneratorReference):
            return self._generator(media, reference)
        if isinstance(reference, schema.ImageSequenceReference):
            return self._sequence(media)
        path = self._path(media)
        return self._slate(media, path) if isinstance(path, str) else self._file(media, path)

    def _file(self, media: Media, path: Path) -> Found:
        facts = self._facts(media, path, "shown as a slate")
        if not isinstance(facts, MediaFacts):
            return self._slate(media, facts, told=True)
        if not facts.has_picture and not facts.is_still:
            return self._slate(media, f"{path.name} has no picture")
        if facts.is_still:
            return Found(Source(kind=SourceKind.STILL, name=path.name, path=path), timeless=True)
        source = Source(kind=SourceKind.MOVIE, name=path.name, path=path)
        return Found(source, self._origin(media, facts.start_timecode, facts.duration))

    def _generator(self, media: Media, reference: schema.GeneratorReference) -> Found:
        colour = colour_of(reference, media.clip.name)
        if colour is not None:
            return Found(
                Source(kind=SourceKind.COLOUR, name="colour #{:02x}{:02x}{:02x}".format(*colour), colour=colour), timeless=True
            )
        kind = reference.generator_kind or "without a kind"
        where = " where nothing else is seen" if media.overlay else ""
        self.notes.add(media.name, f"shown as a slate{where}", f"generator {kind} cannot be drawn")
        return Found(_slate_source(media, f"generator {kind}"), media.used[0])

    def _sequence(self, media: Media) -> Found:
        files, first = sequence_files(media.clip, self.root)
        if not files:
            return self._slate(media, "is not a local file" if first is None else f"{first} is missing")
        if any(file == other for file, other in itertools.pairwise(files)):
            self.notes.add(media.name, "shown with repeated pictures", "files are missing, and the one before stands for each")
        facts = self._facts(media, files[0], "shown as a slate")
        if not isinstance(facts, MediaFacts):
            return self._slate(media, facts, told=True)
        rate = sequence_rate(media.clip)
        source = Source(kind=SourceKind.SEQUENCE, name=files[0].name, path=files[0], files=files, rate=rate)
        return Found(source, self._origin(media, sequence_start(media.clip), len(files) / rate))

    def _path(self, media: Media) -> Path | str:
        """Return the file of a clip, or why there is none."""
        reference = media.clip.media_reference
        if not isinstance(reference, schema.ExternalReference):
            return "has no media"
        url = reference.target_url
        if url not in self._paths:
            path = local_path(url, self.root)
            if path is None:
                self._paths[url] = f"is not a local file ({url or 'empty URL'})"
            else:
                self._paths[url] = path if path.exists() else f"{path} is missing"
        return self._paths[url]

    def _facts(self, media: Media, path: Path, instead: str) -> MediaFacts | str:
        """Return what a file says of itself, or why it does not."""
        facts = self._probe(path)
        if isinstance(facts, MediaFacts):
            return facts
        if self.missing == "fail":
            raise UnreadableMediaError(f"clip {media.name!r}: {facts.message}", hint=facts.hint) from facts
        self.notes.add(media.name, instead, facts.message)
        return f"{path.name} cannot be read"

    def _probe(self, path: Path) -> MediaFacts | UnreadableMediaError:
        if path not in self._probed:
            try:
                self._probed[path] = self.probe(path)
            except UnreadableMediaError as error:
                self._probed[path] = error
        return self._probed[path]

    def _slate(self, media: Media, reason: str, *, told: bool = False) -> Found:
        if not told:
            self._refuse(media, reason, "shown as a slate")
        span = available_range(media.clip)
        return Found(_slate_source(media, reason), span[0] if span is not None else ZERO)

    def _refuse(self, media: Media, reason: str, instead: str) -> None:
        """Fail over media that are not there, or say what is done instead."""
        if self.missing == "fail":
            raise MissingMediaError(
                f"media of clip {media.name!r}: {reason}.",
                hint="Relink the clip, say where its media lie (--media-root), or allow slates (--missing slate).",
            )
        self.notes.add(media.name, instead, reason)

    def _origin(self, media: Media, timecode: Fraction | None, duration: Fraction | None) -> Fraction:
        """Return the media time of the first frame of a clip's file.

        The available range says it; where it is null, a clip that starts at or after the file's own timecode counts by that
        timecode, any other from 0. A clip that uses nothing of what its available range names is read by the same rule.
        """
        first, last = media.used
        span = available_range(media.clip)
        if span is not None and (first < span[0] + span[1] and (last > span[0] or last == first >= span[0])):
            return span[0]
        if timecode is not None and first >= timecode and (duration is None or first < timecode + duration):
            return timecode
        if first >= 0 and (duration is None or first < duration):
            return ZERO
        self.notes.add(
            media.name, "played from its first frame", f"it starts at {float(first):.3f} s, where its file has nothing"
        )
        return first


def _slate_source(media: Media, reason: str) -> Source:
    return Source(kind=SourceKind.SLATE, name=media.name, reason=reason)
