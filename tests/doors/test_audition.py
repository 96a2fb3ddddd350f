"""The audition page in a real browser: heard in sync, picked by keyboard, nothing leaves this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import opentimelineio as otio
import pytest

import otio_soundtrack
from otio_soundtrack.cli.main import main
from otio_soundtrack.pipeline.scoring.auditioning import Audition
from otio_soundtrack.progress import silent
from otio_soundtrack.web.page_server import page as audition_page
from otio_soundtrack.web.stage import Stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HOSTILE = "<img src=x onerror=\"document.title='owned'\">_1M01_MX_v001_tk02_48k24_24_TEMP.wav"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (Debian: chromium)")


@pytest.fixture(scope="module")
def scored(footage: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a scored timeline with three takes."""
    path = tmp_path_factory.mktemp("audition") / "scored.otio"
    otio_soundtrack.score(footage / "small.otio", path, takes=3)
    return path


@contextmanager
def playing(timeline: Path, scratch: Path) -> Iterator[str]:
    """Give the link of a page that shows a timeline; picks go into the timeline itself."""
    with Audition(path=timeline, output=timeline) as audition:
        stage = Stage(audition=audition, scratch=scratch)
        stage.prepare(silent)
        link, server = audition_page(stage)
        with server:
            yield link


@pytest.fixture
def copied(scored: Path, tmp_path: Path) -> Path:
    """Return a copy of the scored timeline, to be changed."""
    return Path(shutil.copy(scored, tmp_path / "copy.otio"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give a headless Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


def active(path: Path) -> str:
    """Return the key of the take that plays."""
    (clip,) = otio.core.SerializableObject.from_json_file(str(path)).tracks[-1].find_clips()
    return str(clip.active_media_reference_key)


def played(page: Tab, seconds: float) -> None:
    """Wait until the picture has passed a moment."""
    for _ in range(200):
        if page.evaluate("document.getElementById('picture').currentTime") > seconds:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"the picture did not come to {seconds} s")


def test_a_take_is_picked_by_keyboard_alone(copied: Path, tmp_path: Path, browser: Browser) -> None:
    """Play, hear take 3, put it into the timeline: four keys, and the file says so."""
    before = otio.core.SerializableObject.from_json_file(str(copied))
    asked: list[str] = []
    with playing(copied, tmp_path) as link:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("request", lambda one: asked.append(one.url))
        page.goto(link)
        page.wait_for_selector(".take >> nth=2")
        page.keyboard.press("Space")
        played(page, 0.3)
        page.keyboard.press("3")
        page.wait_for_selector(".take[data-heard='true'] >> text=tk03")
        page.keyboard.press("p")
        page.wait_for_selector(".take[data-chosen='true'] >> text=tk03")
        page.close()
    assert active(copied) == "take-3"
    assert all(url.startswith(link.split("/?")[0]) for url in asked if not url.startswith("blob:")), asked
    after = otio.core.SerializableObject.from_json_file(str(copied))
    for one, other in zip(list(before.tracks)[:-1], list(after.tracks)[:-1], strict=True):
        assert one.to_json_string() == other.to_json_string()


def test_the_take_that_is_heard_runs_with_the_picture(copied: Path, tmp_path: Path, browser: Browser) -> None:
    """After a start, a jump and a change of take it is within two frames, and it alone is not muted."""
    with playing(copied, tmp_path) as link:
        page = browser.new_page()
        page.add_init_script(
            "const Own = Audio; window.sounds = []; window.Audio = class extends Own { constructor(u) "
            "{ super(u); window.sounds.push(this); } }"
        )
        page.goto(link)
        page.wait_for_selector(".take >> nth=2")
        page.keyboard.press("Space")
        played(page, 0.3)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("2")
        played(page, 2.5)
        apart, heard = page.evaluate("""() => { const now = document.getElementById('picture').currentTime;
            return [Math.abs(sounds[1].currentTime - now), sounds.map((one) => !one.muted && !one.paused)] }""")
        page.close()
    assert apart < 2 / 24
    assert heard == [False, True, False]


def test_names_of_takes_are_text_whatever_they_say(copied: Path, tmp_path: Path, browser: Browser) -> None:
    """A name with markup is shown to the letter and does nothing."""
    timeline = otio.core.SerializableObject.from_json_file(str(copied))
    (clip,) = timeline.tracks[-1].find_clips()
    references = clip.media_references()
    references["take-2"].name = HOSTILE
    clip.set_media_references(references, "take-1")
    timeline.name = "<script>document.title='owned'</script>"
    timeline.to_json_file(str(copied))
    with playing(copied, tmp_path) as link:
        page = browser.new_page()
        page.goto(link)
        page.wait_for_selector(".take >> nth=2")
        assert page.inner_text(".take >> nth=1 >> .name") == HOSTILE
        assert "owned" not in page.title().replace("'owned'", "")
        assert page.locator("img").count() == 0
        page.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits_its_window(copied: Path, tmp_path: Path, browser: Browser, width: int) -> None:
    """Nothing is cut off at the side, and every button can be touched."""
    with playing(copied, tmp_path) as link:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(link)
        page.wait_for_selector(".take >> nth=2")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        heights = page.eval_on_selector_all("button", "all => all.map((one) => one.getBoundingClientRect().height)")
        page.close()
    assert min(heights) >= 36


def test_a_timeline_without_music_says_what_to_do(footage: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, the right exit code, nothing opened."""
    assert main(["audition", str(footage / "small.otio"), "--no-browser", "--quiet"]) == 3
    assert "Score it first" in capsys.readouterr().err


def test_a_format_that_holds_one_take_is_refused(copied: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Picks in an EDL would be lost."""
    assert main(["audition", str(copied), "-o", str(tmp_path / "picked.edl"), "--no-browser"]) == 2
    assert "several takes" in capsys.readouterr().err
