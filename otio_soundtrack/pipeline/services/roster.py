"""The services by name."""

from __future__ import annotations

import os
from collections.abc import Mapping

from otio_soundtrack.provider.service import Service
from otio_soundtrack.providers.aimi import Aimi
from otio_soundtrack.providers.musicapi import MusicApi
from otio_soundtrack.providers.slipstream import Slipstream
from otio_soundtrack.providers.soundverse import Soundverse
from otio_soundtrack.providers.suno import BASE_URL, Suno

_ALL: tuple[Service, ...] = (Slipstream(), Aimi(), MusicApi(), Soundverse(), Suno(os.environ.get("SUNO_BASE_URL", BASE_URL)))
SERVICES: Mapping[str, Service] = {one.declaration.name: one for one in _ALL}
"""Every service that this version drives, by the name that ``--provider`` takes."""
