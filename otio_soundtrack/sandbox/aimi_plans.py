"""The plan document of Aimi: made for a video, edited by people, played (section 5; every key of a section is invented there)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard
from uuid import uuid4

from otio_soundtrack.model.plan import FASTEST_BPM, SECONDS_A_MINUTE, SLOWEST_BPM

FLAGS = (
    *("with_vocals", "with_voiceover", "with_instrument"),
    *("original_audio", "original_audio_voiceover", "no_ducking", "multitrack"),
)
GENRES = ("deep", "house", "chill")
_TEMPO_BPM = 100.0
_BEATS_A_BAR = 4
_KEYS = ("A minor", "C major")


def plan_for(seconds: float, flags: Mapping[str, bool], genre: str | None) -> dict[str, Any]:
    """Return a plan that lasts exactly as long as a video: whole bars, at the tempo near 100 at which they fit.

    Args:
        seconds: of the video.
        flags: each of :data:`FLAGS`.
        genre: None: the service chooses.
    """
    bars = max(1, round(seconds * _TEMPO_BPM / SECONDS_A_MINUTE / _BEATS_A_BAR))
    tempo = bars * _BEATS_A_BAR * SECONDS_A_MINUTE / seconds
    first = bars // 2
    sections = [
        {"index": index, "beats": count * _BEATS_A_BAR, "tempo": tempo, "key": _KEYS[index], **_parts(flags)}
        for index, count in enumerate(one for one in (first, bars - first) if one)
    ]
    return {
        "fxstyle": "chill",
        "id": str(uuid4()),
        "masterGain": 70,
        "parameterPresets": [{"id": 0, "trackname": "musictracks", "value": 0}, {"id": 1, "trackname": "utiltracks", "value": 0}],
        "sections": sections,
        "soundsets": [genre or GENRES[0]],
        "x_unknown": {"kept": ["as", 1, 2.50, None]},
        "zipped": flags["multitrack"],
    }


def _parts(flags: Mapping[str, bool]) -> dict[str, Any]:
    names = [("Bass", "House"), ("Melody", "Deep House"), *([("Vocals", "House")] if flags["with_vocals"] else [])]
    detail = {"detail": "harp"} if flags["with_instrument"] else {}
    voices = [{"text": "Morning at the pier.", "startBeat": 4}] if flags["with_voiceover"] else []
    return {"instruments": [{"name": name, "soundset": sounds, **detail} for name, sounds in names], "voiceovers": voices}


def valid(plan: object) -> TypeGuard[dict[str, Any]]:
    """Return whether something is a plan that can be played."""
    sections = plan.get("sections") if isinstance(plan, dict) else None
    return isinstance(sections, list) and bool(sections) and all(isinstance(one, dict) and _playable(one) for one in sections)


def _playable(section: Mapping[str, Any]) -> bool:
    beats, tempo = section.get("beats"), section.get("tempo")
    return all(isinstance(one, (int, float)) and not isinstance(one, bool) and one > 0 for one in (beats, tempo))


def length(plan: Mapping[str, Any]) -> float:
    """Return the seconds of a valid plan."""
    return float(sum(one["beats"] * SECONDS_A_MINUTE / one["tempo"] for one in plan["sections"]))


def words(plan: Mapping[str, Any]) -> str:
    """Return a valid plan in words for the composer."""
    tempo = min(max(float(plan["sections"][0]["tempo"]), SLOWEST_BPM), FASTEST_BPM)
    return f"{plan.get('fxstyle', '')} {' '.join(map(str, plan.get('soundsets', [])))} {tempo:.2f} bpm"
