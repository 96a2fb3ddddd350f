"""The hook script: unasked it is not there, asked it scores once, and it never touches the caller's object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from otio_soundtrack.hooks import scoring

from otio_soundtrack.errors import MissingMediaError, SettingsError, SoundtrackError
from tests.footage import edit

ASKED = {"soundtrack_provider": "local"}


@pytest.fixture
def cut(footage: Path) -> otio.schema.Timeline:
    """The small cut as an object; its media are found from everywhere."""
    timeline = otio.adapters.read_from_file(str(footage / "small.otio"))
    for shot in timeline.find_clips():
        shot.media_reference.target_url = (footage / shot.media_reference.target_url).as_uri()
    return timeline


def asked(footage: Path, **more: Any) -> dict[str, Any]:
    """Return hook arguments that find the media."""
    return {"soundtrack_media_root": str(footage), **{f"soundtrack_{name}": value for name, value in more.items()}}


def test_unasked_the_hook_returns_the_very_object() -> None:
    """No copy, no work."""
    timeline = otio.schema.Timeline("t")
    assert otio.hooks.run("pre_adapter_write", timeline, {"adapter_arguments": {}}) is timeline
    assert otio.hooks.run("pre_adapter_write", timeline, None) is timeline


def test_unasked_a_written_file_is_byte_identical(footage: Path, cut: otio.schema.Timeline, tmp_path: Path) -> None:
    """With the plug-in installed, everybody else's files are what they were."""
    otio.adapters.write_to_file(cut, str(tmp_path / "out.otio"))
    cut.to_json_file(str(tmp_path / "expected.otio"))  # this way of writing runs no hooks
    assert (tmp_path / "out.otio").read_bytes() == (tmp_path / "expected.otio").read_bytes()


def test_asked_the_written_file_has_a_music_track_and_the_callers_object_has_not(
    footage: Path, cut: otio.schema.Timeline, tmp_path: Path
) -> None:
    """The hook works on a copy."""
    before = cut.to_json_string()
    otio.adapters.write_to_file(cut, str(tmp_path / "out.otio"), hook_function_argument_map=asked(footage))
    assert cut.to_json_string() == before
    written = otio.adapters.read_from_file(str(tmp_path / "out.otio"))
    assert [track.name for track in written.tracks] == ["V1", "Soundtrack"]
    (music,) = list(written.tracks[-1])
    assert music.source_range.duration == otio.opentime.RationalTime(200, 24)
    assert (tmp_path / "out.media" / music.name).is_file()


@pytest.mark.parametrize("name", ["out.edl", "out.xml", "out.otio", "out.aaf"])
def test_music_is_made_once_however_often_otio_calls_the_hook(
    name: str, footage: Path, cut: otio.schema.Timeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For adapters that write strings OTIO runs ``pre_adapter_write`` twice."""
    calls = []
    real = scoring.score
    monkeypatch.setattr(scoring, "score", lambda *given, **options: calls.append(1) or real(*given, **options))
    arguments: dict[str, Any] = {"use_empty_mob_ids": True} if name.endswith("aaf") else {}
    with pytest.warns() if name.endswith("edl") else _no_check():
        otio.adapters.write_to_file(cut, str(tmp_path / name), hook_function_argument_map=asked(footage), **arguments)
    assert len(calls) == 1
    assert len(list((tmp_path / "out.media").glob("*.wav"))) == 1


def test_an_adapter_that_hands_all_arguments_to_both_calls_does_not_score_twice(
    footage: Path, cut: otio.schema.Timeline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Adapters with hooks of their own get the full argument map on the second call too."""
    arguments = {**asked(footage), "_filepath": str(tmp_path / "out.xyz")}
    first = otio.hooks.run("pre_adapter_write", cut, dict(arguments))
    monkeypatch.setattr(scoring, "score", lambda *_given, **_options: pytest.fail("scored again"))
    assert otio.hooks.run("pre_adapter_write", first, dict(arguments)) is first


def test_a_timeline_inside_a_collection_is_scored_in_a_copy_of_the_collection(
    footage: Path, cut: otio.schema.Timeline, tmp_path: Path
) -> None:
    """FCP X and FCP 7 readers give collections."""
    collection = otio.schema.SerializableCollection(children=[cut])
    result = otio.hooks.run("pre_adapter_write", collection, {**asked(footage), "_filepath": str(tmp_path / "out.otio")})
    assert [track.name for track in result[0].tracks] == ["V1", "Soundtrack"]
    assert len(list(collection[0].tracks)) == 1


def test_asked_and_failed_it_raises_one_of_our_errors_and_writes_nothing(tmp_path: Path) -> None:
    """A missing file under ``missing=fail`` stops the write; OTIO shows the last line."""
    timeline = edit(("nowhere.mp4", 0, 10))
    arguments = {**asked(tmp_path), "soundtrack_missing": "fail"}
    with pytest.raises(MissingMediaError, match=r"nowhere\.mp4"):
        otio.adapters.write_to_file(timeline, str(tmp_path / "out.otio"), hook_function_argument_map=arguments)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["(1, 3)", "1s 3s", "1, 3", "24f,72f"])
def test_a_range_is_understood_however_otioconvert_hands_it_over(
    given: str, footage: Path, cut: otio.schema.Timeline, tmp_path: Path
) -> None:
    """``-H`` values are Python literals where they can be read as such, else text."""
    literal = eval(given) if given.startswith("(") else given  # noqa: S307  # what otioconvert does with -H
    arguments = {**asked(footage, range=literal, hit=2.5), "_filepath": str(tmp_path / "out.otio")}
    track = otio.hooks.run("pre_adapter_write", cut, arguments).tracks[-1]
    assert [int(item.duration().value) for item in track] == [24, 48]
    assert any(marker.metadata["otio_soundtrack"].get("origin") == "user" for marker in track[1].markers)


def test_relative_urls_count_from_the_file_that_is_written(footage: Path, cut: otio.schema.Timeline, tmp_path: Path) -> None:
    """The music lies in a folder beside it."""
    arguments = {**asked(footage, url_style="relative"), "_filepath": str(tmp_path / "out.otio")}
    (music,) = list(otio.hooks.run("pre_adapter_write", cut, arguments).tracks[-1])
    assert (tmp_path / music.media_reference.target_url).is_file()


def test_an_unknown_argument_is_an_error_with_its_name(cut: otio.schema.Timeline, tmp_path: Path) -> None:
    """A typing mistake in ``-H`` must not be ignored."""
    with pytest.raises(SettingsError, match="promt"):
        otio.hooks.run("pre_adapter_write", cut, {"soundtrack_promt": "x", "_filepath": str(tmp_path / "out.otio")})


@pytest.fixture
def attached(tmp_path: Path) -> Iterator[Any]:
    """Attach a studio's script to the hook point; everything is as before afterwards."""
    manifest = otio.plugins.ActiveManifest()

    def attach(code: str) -> None:
        script = tmp_path / "studio.py"
        script.write_text(code)
        manifest.hook_scripts.append(otio.hooks.HookScript("studio", str(script)))
        manifest.hooks["soundtrack_pre_request"] = ["studio"]

    yield attach
    manifest.hooks["soundtrack_pre_request"] = []
    for script in [one for one in manifest.hook_scripts if one.name == "studio"]:
        manifest.hook_scripts.remove(script)


def test_a_studio_changes_the_brief_before_anything_is_asked(
    footage: Path, cut: otio.schema.Timeline, tmp_path: Path, attached: Any
) -> None:
    """What the script writes into the brief is what the music is made from."""
    attached(
        "def hook_function(in_timeline, argument_map=None):\n"
        "    argument_map['brief']['prompt'] = 'by the studio'\n"
        "    return in_timeline\n"
    )
    result = otio.hooks.run("pre_adapter_write", cut, {**asked(footage), "_filepath": str(tmp_path / "out.otio")})
    record = json.loads(otio.core.serialize_json_to_string(result.tracks[-1][0].metadata["otio_soundtrack"]))
    assert record["brief"]["prompt"] == "by the studio"


def test_a_studio_vetoes_by_raising(footage: Path, cut: otio.schema.Timeline, tmp_path: Path, attached: Any) -> None:
    """Its own error arrives, and nothing was written."""
    attached("def hook_function(in_timeline, argument_map=None):\n    raise RuntimeError('not on this show')\n")
    target = tmp_path / "out" / "out.otio"
    with pytest.raises(RuntimeError, match="not on this show"):
        otio.hooks.run("pre_adapter_write", cut, {**asked(footage), "_filepath": str(target)})
    assert not target.parent.exists()


def test_a_brief_that_a_script_broke_is_named(footage: Path, cut: otio.schema.Timeline, tmp_path: Path, attached: Any) -> None:
    """The studio's mistake is told as theirs, with the field."""
    attached(
        "def hook_function(in_timeline, argument_map=None):\n"
        "    argument_map['brief'].update(seconds='long')\n"
        "    return in_timeline\n"
    )
    with pytest.raises(SoundtrackError, match="seconds"):
        otio.hooks.run("pre_adapter_write", cut, {**asked(footage), "_filepath": str(tmp_path / "out.otio")})


def _no_check() -> Any:
    """Return a context that checks nothing: only the EDL loses the track."""
    from contextlib import nullcontext

    return nullcontext()


def test_arguments_that_look_like_numbers_are_text_where_text_is_meant(
    footage: Path, cut: otio.schema.Timeline, tmp_path: Path
) -> None:
    """``-H soundtrack_track=7`` comes as a number, and several hits as one text."""
    given = asked(footage, prompt=12, track=7, genre=80.5, hit="2s, 3s 100f", media_dir=str(tmp_path / "2024"))
    otio.adapters.write_to_file(cut, str(tmp_path / "out.otio"), hook_function_argument_map=given)
    written = otio.adapters.read_from_file(str(tmp_path / "out.otio"))
    assert written.tracks[-1].name == "7"
    record = written.tracks[-1][0].metadata["otio_soundtrack"]
    assert record["brief"]["prompt"] == "12"
    assert [hit["at"] for hit in record["hits"] if hit["origin"] == "user"] == pytest.approx([2.0, 3.0, 100 / 24], abs=1e-5)
