"""A gallery of everything that the composer can be asked for: every mood, in every palette, over the same kind of edit.

Writes a folder with one page, and for each piece its sound, its picture and what is heard in it. ``make listen``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from enum import Enum
from html import escape
from pathlib import Path
from typing import get_args

import numpy as np

from benchmarks.edits import FPS, film
from benchmarks.listening import Played, played
from otio_soundtrack.audio.spectra import MOMENTS_HZ, spectra
from otio_soundtrack.model.plan import Mood
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.report.hearing import sentences
from otio_soundtrack.report.music_plot import plot_music
from otio_soundtrack.report.style import STYLE
from otio_soundtrack.settings import SpottingAsk, Wishes
from otio_soundtrack.spotting.spots import spots
from otio_soundtrack.tools.files import write_text
from otio_soundtrack.tools.waveform import read_wav

FOLDER = Path("build") / "listen"
SECONDS = 30
WORKERS = 2
BASS_HZ, AIR_HZ = 120.0, 6000.0
"""Below is bass, above is air."""
SPECTRUM = 1 << 15
"""Samples of a spectrum for the balance: 0.7 s."""
STRUCK = 4.0
"""A moment that rises by so many times the usual is an attack."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A line of the gallery."""

    name: str
    played: Played
    bass: float
    """Share of the power below 120 Hz, 0–1."""
    air: float
    """Share above 6 kHz."""
    attacks: float
    """Clear attacks a second."""
    width: float
    """Correlation of left and right: 1 is mono."""


def palettes() -> tuple[str | None, ...]:
    """Return the palettes that can be asked for; where there are none yet, one that is none."""
    field = Wishes.model_fields.get("palette")
    kinds = [] if field is None else [kind for kind in get_args(field.annotation) if isinstance(kind, type)]
    names = [one.value for kind in kinds if issubclass(kind, Enum) for one in kind]
    return tuple(names) or (None,)


def piece(mood: Mood, palette: str | None, folder: Path) -> Piece:
    """Play one piece into the folder, with its picture."""
    # the same edit for all palettes of a mood
    cuts, seen, frames = film(100 + list(Mood).index(mood), SECONDS, acts=True)
    asked = {"mood": mood, "seed": 1} if palette is None else {"mood": mood, "palette": palette, "seed": 1}
    made = plan(spots(cuts, seen, SpottingAsk())[0], cuts, seen, Wishes.model_validate(asked))
    name = mood.value if palette is None else f"{mood.value}-{palette}"
    path = folder / f"{name}.wav"
    heard = played(made, frames, path)
    samples, rate = read_wav(path)
    plot_music(samples, made, heard.facts, folder / f"{name}.png", cuts=frames)
    bass, air = _balance(samples, rate)
    return Piece(
        name=name,
        played=heard,
        bass=bass,
        air=air,
        attacks=_attacks(path),
        width=float(np.corrcoef(samples[:, 0], samples[:, 1])[0, 1]),
    )


def _balance(samples: np.ndarray, rate: int) -> tuple[float, float]:
    """Return the shares of power in the bass and in the air."""
    mid = samples.mean(axis=1)
    windows = mid[: len(mid) // SPECTRUM * SPECTRUM].reshape(-1, SPECTRUM) * np.hanning(SPECTRUM)
    power = (np.abs(np.fft.rfft(windows, axis=1)) ** 2).sum(axis=0)
    hz = np.fft.rfftfreq(SPECTRUM, 1 / rate)
    return float(power[hz < BASS_HZ].sum() / power.sum()), float(power[hz > AIR_HZ].sum() / power.sum())


def _attacks(path: Path) -> float:
    """Return the clear attacks a second."""
    onset = spectra(path).onset
    peaks = (onset[1:-1] > onset[:-2]) & (onset[1:-1] >= onset[2:]) & (onset[1:-1] > STRUCK * np.median(onset))
    return float(peaks.sum() * MOMENTS_HZ / len(onset))


def _figures(one: Piece) -> Iterator[tuple[str, str]]:
    heard, facts = one.played.heard, one.played.facts
    loud = [section.lufs for section in heard.sections if section.lufs is not None]
    yield "cuts heard, z", "-" if heard.cuts is None else f"{heard.cuts.z:.1f}"
    yield "keys as meant", f"{sum(part.key_rank == 1 for part in heard.sections)}/{len(heard.sections)}"
    yield "sections, LUFS", " ".join(f"{value:.0f}" for value in loud)
    yield "bright : calm", "-" if heard.brightness_ratio is None else f"{heard.brightness_ratio:.2f}"
    yield "centroid, Hz", " ".join(f"{part.centroid_hz:.0f}" for part in heard.sections if part.centroid_hz is not None)
    yield "bass / air", f"{one.bass:.0%} / {one.air:.2%}"
    yield "attacks a second", f"{one.attacks:.1f}"
    yield "left to right", f"{one.width:.2f}"
    yield "peak", "-" if facts.true_peak_dbtp is None else f"{facts.true_peak_dbtp:.1f} dBTP"
    yield "tempo", f"{one.played.plan.sections[0].tempo_bpm:.0f}"


def page(pieces: Sequence[Piece]) -> str:
    """Return the gallery as HTML: a table of all figures, then each piece."""
    heads = "".join(f"<th>{escape(name)}</th>" for name, _ in _figures(pieces[0]))
    rows = "".join(
        f'<tr><td><a href="#{one.name}">{one.name}</a></td>' + "".join(f"<td>{escape(value)}</td>" for _, value in _figures(one))
        for one in pieces
    )
    shown = "".join(
        f'<section id="{one.name}"><h2>{one.name}</h2><audio controls preload="none" src="{one.name}.wav"></audio>'
        f'<figure><img loading="lazy" alt="{one.name}" src="{one.name}.png"></figure><ul>'
        + "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences(one.played.heard))
        + "</ul></section>"
        for one in pieces
    )
    head = f'<meta charset="utf-8"><title>Gallery</title><style>{STYLE}</style>'
    title = f"Gallery: {len(pieces)} pieces of {SECONDS} s at {FPS} frames per second"
    table = f"<table><thead><tr><th>piece</th>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    body = f"<main><h1>{title}</h1>{table}{shown}</main>"
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body>{body}</body></html>\n'


def main(folder: Path = FOLDER) -> int:
    """Write the gallery, print its table, and return the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = [(mood, palette) for mood in Mood for palette in palettes()]
    with ProcessPoolExecutor(WORKERS) as crew:
        pieces = list(crew.map(piece, *zip(*asked, strict=True), [folder] * len(asked)))
    write_text(folder / "index.html", page(pieces))
    for one in pieces:
        print(f"{one.name:24s}" + " · ".join(f"{name} {value}" for name, value in _figures(one)))
    print(folder / "index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
