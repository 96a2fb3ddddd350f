"""The report of a fit, joins on the page of a score, and what became of an earlier cut."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from otio_soundtrack.model.conform import Conformed, Moved, ShotChange
from otio_soundtrack.model.cue import CueRecord, HitReport, SeamReport
from otio_soundtrack.model.fit import FitPlan, HitMoved, Segment
from otio_soundtrack.report.fit_page import FitReport, fit_page
from otio_soundtrack.report.join_plot import fit_png, join_png
from otio_soundtrack.report.joins import missed, to_listen
from otio_soundtrack.report.page import Report, page
from tests.audio.test_joins import seam as laid
from tests.report.test_page import EVIL, Outline, cue, record
from tests.report.test_pictures import facts

RATE = 48_000
NOISE = np.random.default_rng(1).normal(0, 0.1, (10 * RATE, 2)).astype(np.float32)


def join(at: float, **figures: object) -> SeamReport:
    """Return an ordinary join with some figures of its own."""
    ordinary = {"percentile": 50.0, "on_metre": True, "fade_ms": 12.0, "flux_ratio": 1.0}
    return SeamReport.model_validate({"at": at, "from_": 58.9, "to": 12.1, **ordinary, **figures})


def plan(**more: object) -> FitPlan:
    """Return a fit of ten seconds with a join in the middle."""
    half = 5 * RATE
    segments = (Segment(start=0, stop=half), Segment(start=2 * half, stop=3 * half))
    given = {"samples": 2 * half, "segments": segments, "seams": (laid(5.0, 5.0, 10.0),), "keep_first": 2 * half, "keep_last": 0}
    return FitPlan.model_validate(
        {**given, "stretch_cents": 0.0, "ending": "kept", "ring": 0, "rise": 0, "tempo_bpm": 120.0, **more}
    )


def test_the_worst_join_is_named_first_with_its_reason() -> None:
    """Ordinary ones are not named; of several reasons all are."""
    told = to_listen([join(10.0), join(61.2, percentile=93.0), join(70.0, on_metre=False, flux_ratio=1.9)])
    assert [one.split(":")[0] for one in told] == ["Join 3 at 1", "Join 2 at 1"]
    assert "another beat" in told[0]
    assert "1.9 ×" in told[0]
    assert "93 %" in told[1]
    (calm,) = to_listen([join(10.0), join(20.0, percentile=60.0)])
    assert calm == "No join stands out by its figures; the boldest is join 2 at 0:20.0."


def test_a_join_is_written_with_from_and_to_and_read_again() -> None:
    """As the public contract names them; records of earlier versions spelled the first one otherwise."""
    made = record().model_copy(update={"seams": (join(5.0),)})
    written = made.metadata()
    assert written["seams"] == [
        {"at": 5.0, "from": 58.9, "to": 12.1, "percentile": 50.0, "on_metre": True, "fade_ms": 12.0, "flux_ratio": 1.0}
    ]
    assert CueRecord.read(written) == made
    assert CueRecord.read({**written, "seams": [join(5.0).model_dump()]}) == made


def test_missed_hits_are_told_the_worst_first() -> None:
    """Within a frame a hit is met."""
    told = missed([(1.0, "", 0.4), (20.0, "door", -3.4), (30.0, "", None)])
    assert told == (
        "Hit at 0:30.0: missed, nothing in the music was near.",
        "Hit door at 0:20.0: the music is 3.4 frames early.",
    )


@pytest.mark.parametrize("at", [0.0, 0.5, 5.0, 9.9, 10.0])
def test_a_join_is_drawn_wherever_it_lies(at: float) -> None:
    """Also where there are no two seconds on one side, and over silence."""
    for sound in (NOISE, np.zeros_like(NOISE)):
        with Image.open(BytesIO(join_png(sound, join(at), 1))) as image:
            assert image.size[0] > image.size[1] > 300


def test_the_page_of_a_fit_tells_all_that_the_plan_holds() -> None:
    """Figures, joins with pictures, hits, the second choice; names of files are text, never markup."""
    early = laid(5.0, 5.0, 10.0).model_copy(update={"early": 7200})
    made = plan(
        seams=(early,),
        hits=(HitMoved(at=4.0, error=None, strength=0.0), HitMoved(at=6.0, error=0.01, strength=0.5)),
        runner_up=EVIL,
    )
    report = FitReport(
        source=EVIL,
        audio="fitted.wav",
        plan=made,
        facts=facts(2 * RATE),
        joins=[join(5.0)],
        rate=24.0,
        picture=fit_png(NOISE, made, 24.0),
        pictures=[join_png(NOISE, join(5.0), 1)],
        warnings=[EVIL],
    )
    seen = Outline(fit_page(report))
    for part in ("fitted.wav", "the take's own", "cut short by 150 ms", "Join", "same", "12 ms", "missed", "+0.2 frames", EVIL):
        assert part in seen.text
    assert seen.tags.count("img") == 2
    assert "script" not in seen.tags


def test_a_fit_without_a_join_says_so() -> None:
    """And is drawn."""
    whole = plan(segments=(Segment(start=0, stop=10 * RATE),), seams=())
    report = FitReport(
        source="a", audio="b", plan=whole, facts=facts(RATE), joins=(), rate=24.0, picture=fit_png(NOISE, whole, 24.0)
    )
    assert "There is no join." in Outline(fit_page(report)).text


def test_the_page_of_a_score_shows_joins_and_what_changed_since_the_earlier_cut() -> None:
    """Hits of people in the table, hits on cuts as a number."""
    became = Conformed(
        how="refitted",
        earlier_sha256="0" * 64,
        frames_before=200,
        frames_after=180,
        shots=(ShotChange(kind="removed", name=EVIL, before="01:00:02:12", after=None, frames_before=40, frames_after=None),),
        music=(Moved(what="hit", label="door", before=6.0, after=4.5), Moved(what="hit", label="cut", before=1.0, after=None)),
    )
    hits = (HitReport(at=20.0, origin="user", label="door", error_frames=2.5),)
    one = cue(
        conformed=became,
        joins=[join_png(NOISE, join(5.0), 1)],
        record=record(hits=hits).model_copy(update={"seams": (join(5.0),)}),
    )
    seen = Outline(page(Report(title="Film", summary=[], cues=[one])))
    for part in ("20 frames shorter (200 to 180)", "1 removed", "01:00:02:12", "-1.50 s", "1 gone", "Hit door at 0:20.0"):
        assert part in seen.text
    unknown = became.model_copy(update={"shots": None, "how": "composed", "frames_before": 180})
    assert "not on file" in Outline(page(Report(title="Film", summary=[], cues=[cue(conformed=unknown)]))).text
