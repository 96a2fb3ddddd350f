"""What the library says of itself as a provider."""

from __future__ import annotations

from otio_soundtrack.provider.declaration import Declaration

NAME = "library"
DECLARATION = Declaration(
    name=NAME,
    title="Your own library",
    model="index 1",
    capabilities=frozenset({"match"}),
    voice=True,
    ai="unknown",
    licence="Each track has its own terms: what its file says of them goes into the record, and nothing else.",
    licensed_by_track=True,
)
