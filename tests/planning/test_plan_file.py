"""The plan as a file that a person edits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from otio_soundtrack.errors import SettingsError, StoreError
from otio_soundtrack.model.plan import HitPoint, Plan, Spot
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.planning.plan_file import read_plan, write_plan
from otio_soundtrack.settings import Wishes
from tests.planning.cases import scene


def plans() -> tuple[Plan, Plan]:
    """Return plans of two cues."""
    cuts, features = scene((30, {"light": 0.7}), (30, {"motion": 0.7, "pace": 40.0}))
    hits = (HitPoint(frame=100, weight=1.0, origin="user", label="Tür"),)
    spots = (Spot(cue_id="1m01", start=0, frames=1000, hits=hits), Spot(cue_id="1m02", start=1000, frames=500))
    return plan(spots[0], cuts, features, Wishes()), plan(spots[1], cuts, features, Wishes())


def edited(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Return a plan file after a person changed it."""
    path = folder / "plan.json"
    write_plan(plans(), path)
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    """The same plans, in JSON that a person reads: words as they are, a list of cues."""
    write_plan(plans(), tmp_path / "plan.json")
    assert read_plan(tmp_path / "plan.json") == plans()
    assert "Tür" in (tmp_path / "plan.json").read_text(encoding="utf-8")


def test_an_edit_is_obeyed(tmp_path: Path) -> None:
    """Mood, energy and tempo of a section as the person wrote them."""

    def change(document: dict[str, Any]) -> None:
        document["cues"][0]["sections"][0].update(mood="sad", energy=0.9, tempo_bpm=63.5, key="Bb minor")

    section = read_plan(edited(tmp_path, change))[0].sections[0]
    assert (section.mood.value, section.energy, section.tempo_bpm, section.key) == ("sad", 0.9, 63.5, "Bb minor")


def first_section(**fields: object) -> Callable[[dict[str, Any]], object]:
    """Return an edit of the first section of the first cue."""
    return lambda document: document["cues"][0]["sections"][0].update(fields)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda document: document["cues"][0]["anchors"][0].update(kind="drop"), ["cue 1m01, anchor 1, kind", "'drop'"]),
        (lambda document: document["cues"][0]["anchors"][1].update(frame=0), ["cue 1m01", "does not come after"]),
        (first_section(mood="angry"), ["cue 1m01, section 1, mood", "'angry'"]),
        (first_section(energy=1.5), ["cue 1m01, section 1, energy", "1.5"]),
        (first_section(tempo_bpm=1000), ["section 1, tempo_bpm"]),
        (first_section(key="H dur"), ["section 1, key", "'H dur'"]),
        (first_section(instruments=["kazoo"]), ["section 1, instrument 1", "'kazoo'"]),
        (first_section(colour="red"), ["section 1, colour"]),
        (first_section(start="soon"), ["section 1, start"]),
        (lambda document: document["cues"][1]["sections"][-1].update(end=9000), ["cue 1m02", "ends at frame 9000", "500"]),
        (lambda document: document["cues"][0]["sections"][0].update(end=0), ["section 1", "not after its start"]),
        (lambda document: document["cues"][0].update(sections=[]), ["cue 1m01, sections"]),
        (lambda document: document["cues"][0]["hits"][0].update(frame=5000), ["cue 1m01, hit 1", "5000"]),
        (lambda document: document["cues"][0].update(keep_clear=[{"start": 9, "end": 4}]), ["cue 1m01, keep_clear region 1"]),
        (lambda document: document["cues"][1].update(cue_id="1m01"), ["two cues are called 1m01"]),
        (lambda document: document["cues"][1].update(start=900), ["1m02 starts at frame 900", "1000"]),
        (lambda document: document["cues"][0].update(first_beat=1e9), ["cue 1m01", "first_beat is 1e+09 s"]),
        (lambda document: document["cues"][0].update(first_beat=-1e9), ["cue 1m01", "first_beat is -1e+09 s"]),
        (lambda document: document["cues"][0].update(first_beat=float("inf")), ["Infinity is not a number"]),
        (lambda document: document["cues"][0].update(frames="1000"), ["cue 1m01, frames", "'1000'"]),
        (first_section(energy="0.5"), ["section 1, energy", "'0.5'"]),
        (first_section(start=True), ["section 1, start"]),
        (lambda document: document.update(cues=[]), ["cues"]),
        (lambda document: document.update(schema_version=9), ["schema_version"]),
        (lambda document: document.pop("cues"), ["cues"]),
    ],
)
def test_a_plan_that_cannot_be_obeyed_is_refused_with_its_place(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], said: list[str]
) -> None:
    """File, cue, section and field."""
    path = edited(tmp_path, change)
    with pytest.raises(SettingsError) as failed:
        read_plan(path)
    for part in [str(path), *said]:
        assert part in failed.value.message


@pytest.mark.parametrize(
    "content", [b"", b"not json", b"\xff\xfe\x00", b"[" * 100_000, b"[]", b"null", b'{"cues": 3}', b'{"cues": [NaN]}']
)
def test_a_file_that_is_no_plan_is_refused(tmp_path: Path, content: bytes) -> None:
    """Whatever it holds."""
    path = tmp_path / "plan.json"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"plan\.json"):
        read_plan(path)


def test_a_number_too_large_for_a_float_is_refused(tmp_path: Path) -> None:
    """``1e999`` is JSON, and infinity to Python."""
    path = tmp_path / "plan.json"
    write_plan(plans(), path)
    path.write_text(re.sub(r'"rate": [\d.]+', '"rate": 1e999', path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    with pytest.raises(SettingsError, match="cue 1m01, rate"):
        read_plan(path)


def test_a_plan_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    """As editors on Windows save it."""
    path = tmp_path / "plan.json"
    write_plan(plans(), path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_plan(path) == plans()


def test_a_plan_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    """No such file, or a folder."""
    for path in (tmp_path / "no.json", tmp_path):
        with pytest.raises(SettingsError, match="cannot read the plan"):
            read_plan(path)


def test_a_folder_that_cannot_be_written_is_a_store_error(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "here").write_text("", encoding="utf-8")
    with pytest.raises(StoreError):
        write_plan(plans(), tmp_path / "here" / "plan.json")
