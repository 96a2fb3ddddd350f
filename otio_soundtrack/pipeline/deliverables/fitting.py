"""Any music → a file of exactly the wanted length."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from otio_soundtrack.audio.acceptance import faults
from otio_soundtrack.audio.facts import analyse_music
from otio_soundtrack.audio.fit import render_fit
from otio_soundtrack.audio.fit_plan import plan_fit
from otio_soundtrack.audio.joins import join_reports
from otio_soundtrack.audio.listen import listen
from otio_soundtrack.audio.rest import at_rest
from otio_soundtrack.audio.spoken import IS_SPEECH, SPOKEN_SHARE, speech_share
from otio_soundtrack.audio.takes import LONGEST_S, decoded
from otio_soundtrack.errors import FitError, SettingsError
from otio_soundtrack.model.cue import SeamReport, TakeFacts
from otio_soundtrack.model.fit import FitPlan
from otio_soundtrack.model.sound import Samples
from otio_soundtrack.pipeline.laying.reporting import check_report, write_fit_report
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.times import SAMPLE_RATE_HZ, exact_rate, frame_seconds, parse_frame, samples_at
from otio_soundtrack.tools.files import require_writable
from otio_soundtrack.tools.waveform import WaveFile, write_wav

DEFAULT_RATE = 24.0
"""Frames a second in which times and errors of hits are counted where no rate is given: cinema."""

_FULL = 10 ** (-0.1 / 20)
"""Largest sample of music that went beyond full scale: a tenth of a decibel below, so that nothing of it counts as clipped."""

_SECONDS = re.compile(r"^\d+(?:\.\d+)?s?$")


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """Music that was fitted."""

    audio: Path
    """48 kHz, 24 bits, stereo."""
    plan: FitPlan
    facts: TakeFacts
    """What was measured on the written file: the figures of every take."""
    joins: tuple[SeamReport, ...]
    """The joins of the plan, with what was measured at them."""
    report: Path | None
    """The page that shows it, None where none was asked for."""
    rate: float
    """Frames a second in which errors are told."""
    warnings: tuple[str, ...]


def fit(
    audio: str | os.PathLike[str],
    duration: str | float,
    output: str | os.PathLike[str],
    *,
    hits: Sequence[str | float] = (),
    rate: float = DEFAULT_RATE,
    report: bool = False,
    progress: Progress = silent,
) -> Fitted:
    """Write music with exactly the wanted length: its beginning and ending are its own, what is between is re-arranged.

    Args:
        audio: mp3, wav, m4a, ogg, flac, a video … of any length and rate.
        duration: seconds (``94.72``), frames (``300f``) or timecode (``00:01:34:17``).
        output: WAV file to write.
        hits: times of the result at which something should begin.
        rate: frames a second of frames, timecode and the errors that are told.
        report: whether ``<output stem>.report.html`` is written beside the output: a picture of the fit and of every join.
        progress: told what is being done.

    Raises:
        SettingsError: a time that is none, an output that is no ``.wav`` or the very input.
        UnusableTakeError: the music does not decode.
        FitError: it is silent, or speech.
        StoreError: the file cannot be written.
    """
    source, target = Path(audio), Path(output)
    samples = _samples(duration, rate, "--duration")
    wanted = [_seconds(hit, rate, "--hit") for hit in hits]
    if not 0 < samples <= LONGEST_S * samples_at(Fraction(1)):
        raise SettingsError(f"--duration {duration} is no length.", hint=f"From a sample to {LONGEST_S / 60:g} minutes.")
    outside = [str(typed) for typed, hit in zip(hits, wanted, strict=True) if not 0 <= samples_at(hit) < samples]
    if outside:
        raise SettingsError(
            f"--hit {', '.join(outside)}: not within the result.",
            hint=f"It runs from 0 to {samples / SAMPLE_RATE_HZ:.3f} s, and ends there: nothing begins on its end.",
        )
    if target.suffix.lower() != ".wav":
        raise SettingsError(f"{target} is no WAV file.", hint="Fitted music is written as .wav: name one.")
    if target.exists() and source.exists() and target.samefile(source):
        raise SettingsError(f"{target} is the music itself.", hint="Name another file.")
    page = target.with_name(f"{target.stem}.report.html") if report else None
    if page is not None:
        check_report(page)
    require_writable(target.parent)
    with TemporaryDirectory(prefix="otio-soundtrack-") as scratch:
        progress("listening to the music", 0.0)
        sound = decoded(source, Path(scratch))
        facts = analyse_music(sound)
        if speech_share(facts.sound) >= SPOKEN_SHARE:
            raise FitError(f"{source.name} {IS_SPEECH}.", hint="Give music, or cut speech by hand.")
        progress("fitting it", 0.5)
        plan = plan_fit(facts, samples, hits=[float(hit) for hit in wanted])
        laid, warnings = _unclipped(at_rest(render_fit(plan, sound)))
        write_wav(target, laid)
        joins = join_reports(plan, WaveFile(target), sound)
    heard = listen(target)
    told = (*plan.notes, *warnings, *(f"Listen to it: {one}." for one in faults(heard, samples=samples, ceiling_dbtp=None)))
    if page is not None:
        write_fit_report(page, source=source, audio=target, plan=plan, facts=heard, joins=joins, rate=rate, warnings=told)
    progress("fitting it", 1.0)
    return Fitted(audio=target, plan=plan, facts=heard, joins=joins, rate=rate, report=page, warnings=told)


def _samples(time: str | float, rate: float, flag: str) -> int:
    return samples_at(_seconds(time, rate, flag))


def _seconds(time: str | float, rate: float, flag: str) -> Fraction:
    """Return exact seconds: what is given in seconds is not rounded to frames."""
    text = str(time).strip()
    if _SECONDS.match(text):
        return Fraction(text.rstrip("s"))
    try:
        return frame_seconds(parse_frame(text, rate, None), exact_rate(rate))
    except SettingsError as error:
        raise SettingsError(f"{flag}: {error.message}", hint=error.hint) from error


def _unclipped(laid: Samples) -> tuple[Samples, tuple[str, ...]]:
    """Return sound that a file of whole numbers holds, changed in place: lossy codecs go beyond full scale."""
    peak = max(float(laid.max()), -float(laid.min()))
    if peak <= 1:
        return laid, ()
    gain = _FULL / peak
    laid *= np.float32(gain)
    return laid, (f"The music goes beyond full scale: it was made {-20 * np.log10(gain):.1f} dB softer.",)
