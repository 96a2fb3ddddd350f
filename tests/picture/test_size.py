"""Size and bit rates follow from the shape of the sources and the allowed bytes."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otio_soundtrack.errors import ExportError
from otio_soundtrack.model.cut import Source, SourceKind
from otio_soundtrack.picture.size import file_format, majority_aspect, picture_format, reduced
from otio_soundtrack.tools.media.index import PictureIndex
from tests.picture.cutting import cut_list, layer

WIDE = Fraction(16, 9)
BLACK = Source(kind=SourceKind.COLOUR, name="black")


def test_a_cut_without_shape_is_wide() -> None:
    """Slates and colours have no shape of their own."""
    assert majority_aspect(cut_list(25.0, (10, [layer(BLACK, 0)])), {}) == WIDE


def test_a_damaged_shape_is_bounded() -> None:
    """A header that claims a picture of a thousand to one is not obeyed."""
    source = Source(kind=SourceKind.MOVIE, name="odd")
    odd = PictureIndex(keys=(), rate=Fraction(25), aspect=Fraction(1000), pixels=1)
    assert majority_aspect(cut_list(25.0, (10, [layer(source, 0)])), {source: odd}) == 4


@given(st.fractions(Fraction(1, 4), Fraction(4), max_denominator=1000), st.integers(2, 2160))
def test_dimensions_are_even(aspect: Fraction, height: int) -> None:
    """Law: H.264 with quarter colour wants even numbers, whatever is asked."""
    form = picture_format(aspect, height, Fraction(25))
    assert form.width % 2 == form.height % 2 == 0
    assert form.width >= 2
    assert form.height >= 2


def test_sixty_megabytes_hold_a_quarter_of_an_hour_untouched() -> None:
    """The figure of the facts: 360 lines, 128 kbit/s of sound, no warning."""
    form = file_format(cut_list(25.0, (15 * 60 * 25, [])), WIDE, 360, 60_000_000)
    assert (form.picture.width, form.picture.height, form.sound_bit_rate, form.warnings) == (640, 360, 128_000, ())


@pytest.mark.parametrize("minutes", [1, 15, 30, 60, 90])
def test_planned_bits_fit(minutes: int) -> None:
    """Bit rates × duration stay under the limit for films of any length."""
    cuts = cut_list(25.0, (minutes * 60 * 25, []))
    form = file_format(cuts, WIDE, 360, 60_000_000)
    assert form.picture.max_bit_rate is not None
    assert (form.picture.max_bit_rate + form.sound_bit_rate) * cuts.seconds / 8 < 60_000_000


def test_a_feature_film_gets_smaller_and_says_so() -> None:
    """Ninety minutes in 60 MB: fewer lines and a lower rate for the sound, a sentence for each."""
    form = file_format(cut_list(25.0, (90 * 60 * 25, [])), WIDE, 360, 60_000_000)
    assert form.picture.height < 360
    assert form.sound_bit_rate < 128_000
    assert len(form.warnings) == 2


def test_what_cannot_fit_is_refused() -> None:
    """An hour in a megabyte."""
    with pytest.raises(ExportError, match="do not fit"):
        file_format(cut_list(25.0, (60 * 60 * 25, [])), WIDE, 360, 1_000_000)


def test_the_second_try_aims_lower() -> None:
    """A file 10 % too large: the rate falls by more than that."""
    form = file_format(cut_list(25.0, (30 * 60 * 25, [])), WIDE, 360, 60_000_000)
    again = reduced(form, 66_000_000, 60_000_000)
    assert form.picture.max_bit_rate is not None
    assert again.picture.max_bit_rate is not None
    assert again.picture.max_bit_rate < form.picture.max_bit_rate * 60 / 66
