"""The report page."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from otio_soundtrack.model.cue import CueRecord, HitReport
from otio_soundtrack.model.plan import Brief
from otio_soundtrack.report.page import CueReport, Report, page, write_report
from tests.report.test_pictures import facts, plan

EVIL = "<script>alert(\"1\")</script> & 'x'"


def record(prompt: str = "slow, warm strings", hits: tuple[HitReport, ...] = ()) -> CueRecord:
    """Return the record of a take."""
    return CueRecord(
        cue_id="1m01",
        provider="local",
        model="composer 1",
        brief=Brief(prompt=prompt, seconds=60.0, plan=plan()),
        intent="temp",
        tempo_bpm=120.0,
        key="D minor",
        hits=hits,
        ending="kept",
        integrated_lufs=-16.0,
        true_peak_dbtp=-1.0,
        samples=2_880_000,
        sample_rate=48_000,
        sha256="0" * 64,
        licence=EVIL,
        ai="full",
        source_sha256="0" * 64,
        created="2026-01-01T00:00:00Z",
    )


def cue(**changes: object) -> CueReport:
    """Return a cue of the report."""
    return CueReport(**{"plan": plan(), "record": record(), "facts": facts(2_880_000), "audio": "film_1M01.wav", **changes})  # type: ignore[arg-type]


class Outline(HTMLParser):
    """Collects the tags of a page and checks that they nest."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that opens."""
        self.tags.append(tag)
        if tag not in {"meta", "img"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that the tag that opened last is the one that closes."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Collect text."""
        self.text += data


def test_the_page_tells_what_was_made() -> None:
    """Numbers, sections and hits of each cue, and why."""
    hits = (
        HitReport(at=12.48, origin="user", label="door", error_frames=0.24),
        HitReport(at=67.4, origin="cut", error_frames=-3.0),
    )
    seen = Outline(page(Report(title="Film", summary=[("length", "60 s")], cues=[cue(record=record(hits=hits))])))
    for part in ("Film", "1M01", "01:00:00:00", "-16.0 LUFS", "-1.0 dBTP", "2880000 samples", "D minor", "slow, warm strings"):
        assert part in seen.text
    for part in ("1 of 2 hit points", "0:12.5", "0.2 frames late", "1:07.4", "3.0 frames early", "door", "film_1M01.wav"):
        assert part in seen.text
    assert seen.tags.count("table") == 2


def test_text_from_outside_is_escaped_everywhere() -> None:
    """Names, prompts, warnings and labels come from files of other people."""
    hits = (HitReport(at=1.0, origin="user", label=EVIL, error_frames=0.0),)
    wild = cue(plan=plan().model_copy(update={"notes": (EVIL,)}), record=record(EVIL, hits), audio=EVIL)
    html = page(Report(title=EVIL, summary=[(EVIL, EVIL)], cues=[wild], warnings=[EVIL]))
    assert "<script" not in html
    assert "script" not in Outline(html).tags
    assert Outline(html).text.count(EVIL) >= 8


def test_pictures_are_inside_the_file() -> None:
    """No second file, no network: data URLs only."""
    html = page(Report(title="Film", summary=[], cues=[cue(picture=b"\x89PNG2")], picture=b"\x89PNG1"))
    assert html.count("data:image/png;base64,") == 2
    assert "http" not in html


def test_a_page_without_cues_and_pictures_is_a_page() -> None:
    """A dry run, or features that nobody analysed."""
    seen = Outline(page(Report(title="", summary=[], cues=[])))
    assert "Timeline" in seen.text
    assert "img" not in seen.tags


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, 1), (500, 200)])
def test_long_lists_of_hits_are_shortened(count: int, shown: int) -> None:
    """A feature film has thousands."""
    hits = tuple(HitReport(at=float(at), origin="cut", error_frames=0.0) for at in range(count))
    seen = Outline(page(Report(title="x", summary=[], cues=[cue(record=record(hits=hits))])))
    assert seen.tags.count("tr") == (1 + 3) + (1 + shown if shown else 0)
    assert ("300 more" in seen.text) == (count == 500)


def test_the_page_is_written_whole(tmp_path: Path) -> None:
    """UTF-8 on disk, with nothing beside it."""
    write_report(tmp_path / "media" / "report.html", Report(title="Tür", summary=[], cues=[cue()]))
    assert "Tür" in (tmp_path / "media" / "report.html").read_text(encoding="utf-8")
    assert [path.name for path in (tmp_path / "media").iterdir()] == ["report.html"]


def test_cells_carry_their_column_for_narrow_screens() -> None:
    """Below 40 rem rows become cards; each cell says what it is."""
    html = page(Report(title="x", summary=[], cues=[cue()]))
    assert 'data-name="energy"' in html
    assert "max-width:40rem" in html


def test_the_music_can_be_played_from_the_page() -> None:
    """The player names the file beside the page, and nothing else."""
    assert 'src="film_1M01.wav"' in page(Report(title="t", summary=[], cues=[cue()]))
    assert 'src="a%20%22b%22.wav"' in page(Report(title="t", summary=[], cues=[cue(audio='a "b".wav')]))


def test_on_a_narrow_screen_pictures_keep_their_size_and_scroll() -> None:
    """A picture of 1430 pixels shrunk to 390 has letters that nobody reads; the page itself stays as wide as the screen."""
    html = page(Report(title="Film", summary=[], cues=[cue(picture=b"png")]))
    narrow = html[html.index("@media (max-width:60rem)") : html.index("</style>")]
    assert "img{width:auto;max-width:none}" in narrow
    assert "overflow-x:auto" in html
    assert '<figure tabindex="0"><img' in html  # the keyboard scrolls it too
