"""The door for Python: the same way with objects, with or without a running event loop."""

from __future__ import annotations

import asyncio
from pathlib import Path

import opentimelineio as otio
import pytest

import otio_soundtrack
from otio_soundtrack.errors import SettingsError, SoundtrackError
from otio_soundtrack.tools.files import sha256


@pytest.fixture
def cut(footage: Path) -> otio.schema.Timeline:
    """The small cut as an object."""
    return otio.adapters.read_from_file(str(footage / "small.otio"))


def test_score_gives_a_new_timeline_and_leaves_the_object_alone(cut: otio.schema.Timeline, footage: Path, tmp_path: Path) -> None:
    """As the public contract shows it."""
    before = cut.to_json_string()
    result = otio_soundtrack.score(cut, provider="local", prompt="slow, warm strings", media_dir=tmp_path, media_root=footage)
    assert cut.to_json_string() == before
    assert result.timeline is not cut
    assert result.cues[0].audio.is_file()
    assert result.timeline.tracks[-1].name == "Soundtrack"


def test_the_same_request_gives_the_same_bytes_from_the_store_and_anew(
    cut: otio.schema.Timeline, footage: Path, tmp_path: Path
) -> None:
    """Stored or composed again, the file is the same; the second run adds no version."""
    digests = set()
    for fresh in (False, False, True):
        result = otio_soundtrack.score(cut, media_dir=tmp_path, media_root=footage, fresh=fresh)
        digests.add(sha256(result.cues[0].audio))
    assert len(digests) == 1
    assert len(list(tmp_path.glob("*.wav"))) == 1


def test_another_request_is_another_version_beside_the_first(cut: otio.schema.Timeline, footage: Path, tmp_path: Path) -> None:
    """A delivered version is never overwritten."""
    first = otio_soundtrack.score(cut, media_dir=tmp_path, media_root=footage, seed=1).cues[0].audio
    kept = sha256(first)
    second = otio_soundtrack.score(cut, media_dir=tmp_path, media_root=footage, seed=2).cues[0].audio
    assert "_v001_" in first.name
    assert "_v002_" in second.name
    assert sha256(first) == kept != sha256(second)


def test_it_works_inside_a_running_event_loop(cut: otio.schema.Timeline, footage: Path, tmp_path: Path) -> None:
    """Hosts and notebooks have one."""

    async def inside() -> Path:
        return otio_soundtrack.score(cut, media_dir=tmp_path, media_root=footage).cues[0].audio

    assert asyncio.run(inside()).is_file()


def test_without_a_place_for_the_audio_it_says_so(cut: otio.schema.Timeline) -> None:
    """An object has no folder."""
    with pytest.raises(SettingsError, match="media_dir"):
        otio_soundtrack.score(cut)


def test_an_unknown_option_is_an_error_with_its_name(cut: otio.schema.Timeline, tmp_path: Path) -> None:
    """Not a TypeError from the depths."""
    with pytest.raises(SettingsError, match="promt"):
        otio_soundtrack.score(cut, media_dir=tmp_path, promt="x")


def test_all_our_errors_are_otio_errors() -> None:
    """A host that catches OTIO's errors catches ours."""
    assert issubclass(SoundtrackError, otio.exceptions.OTIOError)


def test_audio_that_is_laid_and_a_timeline_that_cannot_be_written_leave_nothing(
    cut: otio.schema.Timeline, footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write of the timeline is the last step; when it fails, the audio of this run is taken away again."""
    from otio_soundtrack.errors import StoreError
    from otio_soundtrack.pipeline.scoring import finishing

    def refused(*_given: object, **_options: object) -> tuple[str, ...]:
        raise StoreError("the disk went away.")

    monkeypatch.setattr(finishing, "save_timeline", refused)
    with pytest.raises(StoreError):
        otio_soundtrack.score(cut, tmp_path / "out" / "out.otio", media_root=footage)
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").rglob("*.*"))


def test_tagged_clips_are_scored_each_as_long_as_it_is_with_the_brief_it_carries(
    cut: otio.schema.Timeline, footage: Path, tmp_path: Path
) -> None:
    """An editor lays a clip named MUSIC where music should be; a brief in its metadata goes before the analysis."""
    from opentimelineio.opentime import RationalTime, TimeRange

    def stretch(frames: int) -> TimeRange:
        return TimeRange(RationalTime(0, 24), RationalTime(frames, 24))

    track = otio.schema.Track("MUSIC", kind="Audio")
    tagged = otio.schema.Clip("MUSIC: sparse piano", source_range=stretch(60))
    tagged.metadata["otio_soundtrack"] = {"brief": {"mood": "wonder", "tempo": 90.0}}
    track.extend([otio.schema.Gap(source_range=stretch(48)), tagged, otio.schema.Gap(source_range=stretch(12))])
    track.append(otio.schema.Gap(name="MUSIC: tense", source_range=stretch(80)))
    cut.tracks.append(track)
    result = otio_soundtrack.score(cut, media_dir=tmp_path, media_root=footage, cues="tagged")
    assert [(cue.spot.start, cue.spot.frames) for cue in result.cues] == [(48, 60), (120, 80)]
    first = result.cues[0].active_take.record
    assert first.brief.prompt == "sparse piano"
    assert {section.mood.value for section in first.brief.plan.sections} == {"wonder"}
    assert {section.tempo_bpm for section in first.brief.plan.sections} == {90.0}
    assert result.timeline.tracks[-2].to_json_string() == track.to_json_string()


def test_marked_cues_are_scored_where_the_markers_say(cut: otio.schema.Timeline, footage: Path, tmp_path: Path) -> None:
    """A marker with a span is a cue; HIT inside it is a hit point, told with its error."""
    from opentimelineio.opentime import RationalTime, TimeRange

    for name, start, frames in (("1M2 chase", 60, 100), ("HIT the door", 100, 0)):
        cut.tracks.markers.append(otio.schema.Marker(name, TimeRange(RationalTime(start, 24), RationalTime(frames, 24))))
    result = otio_soundtrack.score(cut, media_dir=tmp_path, media_root=footage, cues="markers")
    (cue,) = result.cues
    assert (cue.spot.cue_id, cue.spot.start, cue.spot.frames) == ("1m02", 60, 100)
    assert [round(hit.at * 24) for hit in cue.active_take.record.hits if hit.origin == "marker"] == [40]


@pytest.mark.parametrize("given", [None, 3, b"cut.otio", otio.schema.Track("V1")])
def test_what_is_no_timeline_is_the_callers_bug(given: object, tmp_path: Path) -> None:
    """A ``TypeError`` that says what was given, from every function."""
    for call in (
        lambda: otio_soundtrack.score(given, media_dir=tmp_path),  # type: ignore[arg-type]
        lambda: otio_soundtrack.export_cut(given, tmp_path / "cut.mp4"),  # type: ignore[arg-type]
        lambda: otio_soundtrack.analyze(given),  # type: ignore[arg-type]
        lambda: otio_soundtrack.plan(given),  # type: ignore[arg-type]
    ):
        with pytest.raises(TypeError, match=f"not {type(given).__name__}"):
            call()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"height": "abc"}, "--height.*'abc'"),
        ({"height": 0}, "--height"),
        ({"height": 90.5}, "--height"),
        ({"nonsense": 3}, "nonsense.*height"),
        ({"max_bytes": "small"}, "--max-bytes"),
        ({"range": "1s"}, "--range"),
        ({"missing": "ignore"}, "--missing"),
    ],
)
def test_wrong_adapter_arguments_are_refused_by_name(
    cut: otio.schema.Timeline, tmp_path: Path, arguments: dict[str, object], said: str
) -> None:
    """``otioconvert -A height=abc``: one of our errors, and no file."""
    with pytest.raises(SettingsError, match=said):
        otio.adapters.write_to_file(cut, str(tmp_path / "cut.mp4"), **arguments)
    assert not list(tmp_path.iterdir())


def test_adapter_arguments_come_as_text_too(cut: otio.schema.Timeline, footage: Path, tmp_path: Path) -> None:
    """A range as one word of the shell, a height as digits."""
    arguments = {"height": "36", "range": "1s 2s", "media_root": str(footage)}
    otio.adapters.write_to_file(cut, str(tmp_path / "cut.mp4"), **arguments)
    assert (tmp_path / "cut.mp4").is_file()


def test_the_adapter_refuses_what_is_no_timeline(tmp_path: Path) -> None:
    """A collection has no cut of its own."""
    with pytest.raises(SoundtrackError, match="SerializableCollection"):
        otio.adapters.write_to_file(otio.schema.SerializableCollection(), str(tmp_path / "cut.mp4"))
