"""What the embedded engine says of itself as a provider."""

from __future__ import annotations

from otio_soundtrack.provider.declaration import Declaration

DECLARATION = Declaration(
    name="local",
    title="Embedded composer",
    model="otio-soundtrack composer 1",
    capabilities=frozenset({"generate", "stems", "wav", "plan"}),
    ai="full",
    licence="Made by otio-soundtrack on this machine, from no recording and no training data: yours to use for any purpose.",
)
