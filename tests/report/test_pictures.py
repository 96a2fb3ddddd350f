"""Pictures of the cut and of the music: they are drawn for anything, and show what they should."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from opentimelineio.opentime import RationalTime
from PIL import Image

from otio_soundtrack.errors import StoreError
from otio_soundtrack.model.cue import TakeFacts
from otio_soundtrack.model.cut import Cut, CutList
from otio_soundtrack.model.features import Curve, Features, PictureChange, Region
from otio_soundtrack.model.plan import Anchor, HitPoint, Instrument, Mood, Plan, Section
from otio_soundtrack.report.axes import clock
from otio_soundtrack.report.bars import bar_lines, beat_times
from otio_soundtrack.report.cut_plot import draw_features, features_png, palette, plot_features
from otio_soundtrack.report.music_plot import draw_music, music_png, plot_music
from otio_soundtrack.report.spectrum import BANDS, band_levels, envelope

RATE = 25.0


def seen(frames: int = 1500, *, curves: bool = True) -> Features:
    """Return features of a cut with everything in it, or with nothing."""
    bins = -(-frames * 5 // 25)

    def curve(value: float) -> Curve:
        return Curve(unit="0-1", hz=5.0, values=(value,) * bins if curves else ())

    return Features(
        rate=RATE,
        frames=frames,
        changes=tuple(
            PictureChange(frame=frame, origin="edit" if frame % 200 else "detected", strength=0.5)
            for frame in range(100, frames, 100)
        )
        if curves
        else (),
        pace=curve(15.0),
        motion=curve(0.2),
        brightness=curve(0.4),
        saturation=curve(0.3),
        warmth=curve(0.4),
        speech=(Region(start=0, end=frames // 3),) if curves else (),
        loudness=Curve(unit="LUFS", hz=10.0, values=(-23.0,) * (2 * bins) if curves else ()),
        integrated_lufs=-23.0 if curves else None,
    )


def cut_list(name: str, frames: int = 1500) -> CutList:
    """Return a cut list with a name and an hour of start timecode."""
    return CutList(
        name=name, rate=RATE, frames=frames, start_time=RationalTime(90_000, RATE), cuts=(Cut(start=0, frames=frames),)
    )


def plan(frames: int = 1500, sections: int = 3) -> Plan:
    """Return a plan of equal sections at 120 beats a minute with a bar line on the first frame."""
    edges = [frames * number // sections for number in range(sections + 1)]
    return Plan(
        cue_id="1m01",
        rate=RATE,
        frames=frames,
        timecode="01:00:00:00",
        first_beat=0.0,
        sections=tuple(
            Section(
                start=start,
                end=end,
                mood=list(Mood)[number % 8],
                energy=0.3 + 0.2 * (number % 3),
                key="D minor",
                tempo_bpm=120,
                instruments=(Instrument.PAD,),
            )
            for number, (start, end) in enumerate(pairwise(edges))
        ),
        hits=(HitPoint(frame=frames // 2, weight=1.0, label="door $x$ 扉", origin="user"),),
        keep_clear=(Region(start=0, end=max(1, frames // 10)),),
    )


def facts(samples: int) -> TakeFacts:
    """Return what was measured on a take."""
    return TakeFacts(
        samples=samples,
        sample_rate=48_000,
        channels=2,
        integrated_lufs=-16.0 if samples else None,
        true_peak_dbtp=-1.0 if samples else None,
        clipped_samples=0,
        longest_silence=0.0,
        head_silence=0.0,
        tail_silence=0.0,
        ends=True,
        sha256="0" * 64,
    )


def colours(png: bytes) -> int:
    """Return how many colours a PNG has; a blank one has one."""
    dots = np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(np.int64)
    return len(np.unique(dots @ np.array([1, 256, 65536])))


@pytest.mark.parametrize("name", ["Film", "", "$5 & <b>", "映画", "a" * 300], ids=["plain", "none", "signs", "script", "long"])
def test_a_cut_is_drawn_whatever_it_is_called(name: str) -> None:
    """No name is read as a formula, no missing glyph is a failure; the picture is not blank."""
    assert colours(features_png(seen(), cut_list(name))) > 50


@pytest.mark.parametrize(("frames", "curves"), [(1, True), (1, False), (3, True), (1500, False), (250_000, True)])
def test_a_cut_of_any_length_is_drawn(frames: int, curves: bool) -> None:
    """One frame to nearly three hours, looked at or not."""
    assert colours(features_png(seen(frames, curves=curves), None)) > 5


def test_the_picture_of_the_cut_says_what_it_is() -> None:
    """Name, length, cuts and rows stand in it as text."""
    drawn = draw_features(seen(), cut_list("Harbour"))
    words = " ".join(text.get_text() for owner in (drawn, *drawn.axes) for text in owner.texts)
    for part in (
        "Harbour",
        "60.0 s",
        "25 fps",
        "7 cuts in the edit, 7 seen inside clips",
        "speech 33%",
        "-23.0 LUFS",
        "pace",
        "motion",
    ):
        assert part in words


def test_the_time_axis_carries_timecode() -> None:
    """Seconds for everybody, record timecode for editors."""
    labels = [label.get_text() for label in draw_features(seen(), cut_list("x")).axes[-1].get_xticklabels()]
    assert labels[0] == "0:00\n01:00:00:00"
    assert labels[1] == "0:05\n01:00:05:00"


def test_warm_light_is_drawn_warm_and_dark_is_drawn_dark() -> None:
    """The strip of light and colour may be crude, but it must not lie."""
    warm, dark = (
        palette(seen())[0],
        palette(seen().model_copy(update={"brightness": Curve(unit="0-1", hz=5, values=(0.05,) * 300)}))[0],
    )
    assert warm[0] > warm[2]
    assert dark.max() < warm.max() / 2


def test_the_same_features_give_the_same_bytes() -> None:
    """No date and no version in the file."""
    assert features_png(seen(), cut_list("x")) == features_png(seen(), cut_list("x"))


def test_pictures_are_written_whole(tmp_path: Path) -> None:
    """A PNG on disk, nothing else beside it; a folder that cannot be made is a store error."""
    plot_features(seen(), None, tmp_path / "cut.png")
    plot_music(np.zeros((4800, 2), np.float32), plan(), facts(4800), tmp_path / "music.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.png", "music.png"]
    with Image.open(tmp_path / "cut.png") as picture:
        assert picture.size == (1430, 880)
    with pytest.raises(StoreError):
        plot_features(seen(), None, tmp_path / "cut.png" / "no.png")


@pytest.mark.parametrize("samples", [0, 1, 100, 48_000 * 5])
def test_music_of_any_length_is_drawn(samples: int) -> None:
    """Nothing, one sample, and some seconds."""
    sound = np.sin(np.arange(samples) * 0.06).astype(np.float32)[:, np.newaxis].repeat(2, axis=1)
    assert colours(music_png(sound, plan(max(1, samples // 1920), 1), facts(samples))) > 20


def test_the_picture_of_the_music_says_what_it_is() -> None:
    """Cue, place, tempo, loudness and how it ends."""
    drawn = draw_music(np.zeros((48_000, 2), np.float32), plan(), facts(48_000))
    words = " ".join(text.get_text() for owner in (drawn, *drawn.axes) for text in owner.texts)
    for part in ("1M01 at 01:00:00:00", "120.0 BPM", "-16.0 LUFS", "ends at rest", "1 hit points", "silence", "calm"):
        assert part in words


def test_a_tone_is_drawn_at_its_pitch() -> None:
    """1 kHz lies in the band that holds 1 kHz, and nothing else is within 40 dB of it far away."""
    tone = np.sin(2 * np.pi * 1000 * np.arange(48_000) / 48_000).astype(np.float32)[:, np.newaxis]
    levels = band_levels(tone, 10, 40.0, 16_000.0)
    edges = np.geomspace(40, 16_000, BANDS + 1)
    band = int(np.searchsorted(edges, 1000)) - 1
    assert levels.shape == (BANDS, 10)
    assert abs(int(levels[:, 5].argmax()) - band) <= 1
    assert levels[: band - 20, 5].max() < -40
    assert levels[band + 20 :, 5].max() < -40


def test_the_envelope_keeps_every_peak() -> None:
    """A single loud sample is seen at any width."""
    sound = np.zeros((10_000, 2), np.float32)
    sound[7_777, 1] = -0.9
    lows, highs, mean = envelope(sound, 100)
    assert lows.min() == pytest.approx(-0.9)
    assert int(lows.argmin()) == 77
    assert highs.max() == 0
    assert (mean > 0).sum() == 1


def test_bar_lines_run_on_and_are_counted_anew_in_each_section() -> None:
    """120 beats a minute, four to the bar: lines each two seconds; a section that begins a beat late shifts them by a beat."""
    made = plan(500, 1)
    assert bar_lines(made) == pytest.approx([0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
    sections = (made.sections[0].model_copy(update={"end": 238}), made.sections[0].model_copy(update={"start": 238}))
    split = made.model_copy(update={"sections": sections})
    assert bar_lines(split) == pytest.approx([0, 2, 4, 6, 8, 9.5, 11.5, 13.5, 15.5, 17.5, 19.5])


def test_bar_lines_follow_the_anchors() -> None:
    """Beats 4 and 10 lie on 2.2 and 5.2 s, the second begins a section: lines on the first frame, there and 16 beats on."""
    made = plan(500, 1)
    sections = (made.sections[0].model_copy(update={"end": 130}), made.sections[0].model_copy(update={"start": 130}))
    anchors = tuple(
        Anchor(frame=frame, beat=beat, kind=kind)
        for frame, beat, kind in ((55, 4, "cut"), (130, 10, "section"), (330, 26, "end"))
    )
    lines = bar_lines(made.model_copy(update={"sections": sections, "anchors": anchors}))
    assert lines[:2] == pytest.approx([0.0, 2.2])
    assert 5.2 in [round(line, 9) for line in lines]
    assert 13.2 in [round(line, 9) for line in lines]
    assert len(lines) == 11


def test_beats_run_through_steady_and_bending_plans() -> None:
    """120 beats a minute: one each half second; with an anchor that stretches the first bar, one on the anchor."""
    made = plan(250, 1)
    assert beat_times(made) == pytest.approx([0.5 * number for number in range(20)])
    bent = made.model_copy(update={"anchors": (Anchor(frame=55, beat=4, kind="cut"),)})
    assert 2.2 in [round(beat, 9) for beat in beat_times(bent)]
    assert len(beat_times(bent)) == 20


def test_cuts_are_drawn_where_they_are() -> None:
    """A mark above the waveform for each cut inside the cue, none for those outside."""
    drawn = draw_music(np.zeros((48_000 * 60, 2), np.float32), plan(), facts(48_000 * 60), cuts=(-5, 0, 250, 500, 1500))
    offsets = [np.asarray(one.get_offsets()) for one in drawn.axes[2].collections]
    (marks,) = [one for one in offsets if len(one) == 2]
    assert marks[:, 0] == pytest.approx([10.0, 20.0])


@pytest.mark.parametrize(
    ("seconds", "step", "expected"), [(0.4, 0.2, "0.4 s"), (67, 1, "1:07"), (3750, 60, "1:02:30"), (59.9999, 5, "1:00")]
)
def test_clock_reads_as_people_say_it(seconds: float, step: float, expected: str) -> None:
    """Tenths on short axes, hours on long ones."""
    assert clock(seconds, step) == expected
