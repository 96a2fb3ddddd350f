"""Image sequences, generators and slates."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from opentimelineio import opentime, schema

from otio_soundtrack.errors import MissingMediaError
from otio_soundtrack.model.cut import Layer, MediaFacts, SourceKind
from otio_soundtrack.timeline.cut_list import cut_list
from tests.timeline.builders import span, timeline, track

_STILL = MediaFacts(has_picture=True, has_sound=False, is_still=True)


def _sequence(folder: Path, used: opentime.TimeRange, available: opentime.TimeRange | None, **fields: object) -> schema.Clip:
    """Return a clip of files ``shot.0010.exr`` and following."""
    settings = {"name_prefix": "shot.", "name_suffix": ".exr", "start_frame": 10, "frame_zero_padding": 4, "rate": 24.0, **fields}
    reference = schema.ImageSequenceReference(target_url_base=str(folder), available_range=available, **settings)
    return schema.Clip("seq", reference, used)


def _touch(folder: Path, *numbers: int) -> None:
    for number in numbers:
        (folder / f"shot.{number:04d}.exr").touch()


def _layer(item: schema.Clip) -> Layer:
    return cut_list(timeline(track(item)), probe=lambda _: _STILL).cuts[0].layers[0]


def _numbers(layer: Layer) -> list[int]:
    return [int(file.name.split(".")[1]) for file in layer.source.files]


def test_sequence_gives_a_file_for_each_frame(tmp_path: Path) -> None:
    """The available range says which media time the first file is."""
    _touch(tmp_path, *range(10, 16))
    layer = _layer(_sequence(tmp_path, span(102, 3), span(100, 6)))
    assert (layer.source.kind, layer.source.rate, layer.at * 24) == (SourceKind.SEQUENCE, 24, 2)
    assert _numbers(layer) == [10, 11, 12, 13, 14, 15]


def test_missing_files_of_a_sequence_repeat_the_one_before(tmp_path: Path) -> None:
    """Before the first, the first that is there stands in; a warning says so."""
    _touch(tmp_path, 11, 14)
    cuts = cut_list(timeline(track(_sequence(tmp_path, span(0, 6), span(0, 6)))), probe=lambda _: _STILL)
    assert _numbers(cuts.cuts[0].layers[0]) == [11, 11, 11, 11, 14, 14]
    assert any("the one before" in warning for warning in cuts.warnings)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_placeholder_rate_of_a_sequence_is_replaced_by_that_of_its_range(rate: float, tmp_path: Path) -> None:
    """Real files hold 0.0 and 1.0."""
    _touch(tmp_path, *range(10, 16))
    assert _layer(_sequence(tmp_path, span(0, 6, 25.0), span(0, 6, 25.0), rate=rate)).source.rate == 25


def test_every_second_file_lasts_two_frames(tmp_path: Path) -> None:
    """frame_step counts file numbers, not files."""
    _touch(tmp_path, 10, 12, 14)
    layer = _layer(_sequence(tmp_path, span(0, 6), span(0, 6), frame_step=2))
    assert (_numbers(layer), layer.source.rate) == ([10, 12, 14], 12)


def test_sequence_without_available_range_takes_the_files_that_lie_there(tmp_path: Path) -> None:
    """A clip that counts by file numbers starts at its first file."""
    _touch(tmp_path, *range(10, 20))
    layer = _layer(_sequence(tmp_path, span(12, 4), None))
    assert (_numbers(layer), layer.at * 24) == (list(range(10, 20)), 2)


def test_sequence_that_is_not_there_is_a_slate_or_an_error(tmp_path: Path) -> None:
    """The first file is named."""
    item = _sequence(tmp_path, span(0, 6), span(0, 6))
    assert "shot.0010.exr" in _layer(item).source.reason
    with pytest.raises(MissingMediaError, match=r"shot\.0010\.exr"):
        cut_list(timeline(track(item)), missing="fail")


def test_toucan_time_warp_uses_its_pictures_as_its_own_renderer_does(shared_timelines: Path) -> None:
    """Counter.0–9 at double and at half speed: pictures 0 2 4, then 0 0 1 1 2 2 3 3."""
    from otio_soundtrack.timeline.read import read_timeline

    folder = shared_timelines / "toucan"
    cuts = cut_list(read_timeline(folder / "LinearTimeWarp.otio"), media_root=folder, probe=lambda _: _STILL)
    shown = []
    for cut in cuts.cuts:
        layer = cut.layers[0]
        for frame in range(cut.frames):
            second = layer.at + Fraction(frame, 24) * layer.speed
            shown.append(layer.source.files[int(second * 24)].name)
    assert shown == [f"Counter.{number}.png" for number in (0, 2, 4, 0, 0, 1, 1, 2, 2, 3, 3)]


@pytest.mark.parametrize(
    ("name", "kind", "parameters", "colour"),
    [
        ("Color", "toucan:Fill", {"color": [0.0, 0.0, 1.0, 1.0]}, (0, 0, 255)),
        ("Dark Blue", "SolidColor", {"color": "0x2a3158ff"}, (0x2A, 0x31, 0x58)),
        ("Blue Matte", "Color", {}, (0, 0, 255)),
        ("Black Video", "Slug", {}, (0, 0, 0)),
        ("", "black", {}, (0, 0, 0)),
    ],
)
def test_generators_of_one_colour_show_it(
    name: str, kind: str, parameters: dict[str, object], colour: tuple[int, int, int]
) -> None:
    """As real writers name and parametrise them."""
    item = schema.Clip(name, schema.GeneratorReference(name, kind, span(0, 10), parameters), span(0, 10))
    layer = cut_list(timeline(track(item))).cuts[0].layers[0]
    assert (layer.source.kind, layer.source.colour) == (SourceKind.COLOUR, colour)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("C", "SMPTEBars"),
        ("Universal Counting Leader", "Slug"),
        ("Gradient", "toucan:Gradient"),
        ("Blackbird", "Footage"),
        ("x", ""),
    ],
)
def test_other_generators_are_slates_with_a_warning(name: str, kind: str) -> None:
    """We do not draw them; a missing media file they are not."""
    item = schema.Clip(name, schema.GeneratorReference(name, kind, span(0, 10)), span(0, 10))
    cuts = cut_list(timeline(track(item)), missing="fail")
    assert cuts.cuts[0].layers[0].source.kind is SourceKind.SLATE
    assert any("cannot be drawn" in warning for warning in cuts.warnings)


def test_transparent_generator_shows_what_is_beneath() -> None:
    """Premiere's transparent video."""
    item = schema.Clip("Transparent Video", schema.GeneratorReference("Transparent Video", "Slug"), span(0, 10))
    assert cut_list(timeline(track(item))).cuts[0].layers == ()
