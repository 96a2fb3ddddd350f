"""What was heard, in words."""

from __future__ import annotations

import pytest

from otio_soundtrack.model.heard import CutsHeard, CutsOnBeats, Gap, Heard, SectionHeard
from otio_soundtrack.report.hearing import section_rows, sentences
from otio_soundtrack.report.page import Report, page
from tests.report.test_page import Outline, cue, record

SECTIONS = (
    SectionHeard(bar_error_ms=-3.0, key="D minor", key_rank=1, lufs=-21.04, centroid_hz=801.2),
    SectionHeard(bar_error_ms=None, key=None, key_rank=None, lufs=None, centroid_hz=None),
    SectionHeard(bar_error_ms=120.0, key="F major", key_rank=2, lufs=-14.0, centroid_hz=1700.0),
)
EVERYTHING = Heard(
    cuts=CutsHeard(cuts=38, percentile=0.9, z=5.21, p=0.002),
    beats=CutsOnBeats(cuts=38, within_frame=31 / 38, within_frame_chance=0.16, within_40_ms=0.8, within_40_ms_chance=0.15),
    sections=SECTIONS,
    loudness_follows=0.95,
    brightness_ratio=1.62,
    gaps=(Gap(at=12.0, seconds=0.6),),
    last_10_ms_dbfs=-74.2,
    last_attack=2.9,
)


def test_every_finding_is_a_sentence_with_its_figure() -> None:
    """What an editor reads."""
    told = " ".join(sentences(EVERYTHING))
    for part in (
        "The cuts are clearly heard",
        "5.2 σ above chance",
        "31 of 38 cuts lie within a frame of a beat",
        "by chance 6 would",
        "1 of 2 sections do not begin with a bar: up to 120 ms off",
        "as it was meant in 1 of 2 sections",
        "follows the energy",
        "1.62 ×",
        "0.6 s at 12.0 s",
        "rings for 2.9 s",
        "-74 dBFS",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("z", "words"), [(4.0, "are clearly heard"), (2.5, "are heard"), (0.1, "are not heard"), (-1.0, "below chance")]
)
def test_the_words_are_no_better_than_the_figure(z: float, words: str) -> None:
    """Chance is called chance."""
    heard = Heard(cuts=CutsHeard(cuts=20, percentile=0.5, z=z, p=0.5))
    assert words in sentences(heard)[0]


def test_what_could_not_be_measured_is_not_told() -> None:
    """Only what any file has: holes and its end."""
    assert sentences(Heard()) == ("There is no hole in the music.", "The last 10 ms are digital silence.")
    assert section_rows(SECTIONS)[1] == ("", "", "", "")


def test_the_page_shows_what_was_heard() -> None:
    """Sentences and a line for each section; a record of an older version shows nothing of it."""
    seen = Outline(page(Report(title="Film", summary=[], cues=[cue(record=record().model_copy(update={"heard": EVERYTHING}))])))
    for part in ("What is heard", "5.2 σ above chance", "F major (as meant: 2 of 24)", "-21.0 LUFS", "801 Hz"):
        assert part in seen.text
    assert "What is heard" not in Outline(page(Report(title="Film", summary=[], cues=[cue()]))).text
