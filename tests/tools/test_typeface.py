"""Typefaces: who draws a text, and how large."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import get_data_path

from otio_soundtrack.errors import SettingsError
from otio_soundtrack.tools.titles import Writing, written
from otio_soundtrack.tools.typeface import Face, face_for, fitted

DEJAVU = Path(get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


@pytest.mark.parametrize("text", ["Night Shift", "Ночная смена", "Νύχτα", "Überfahrt — Øst", "وردية الليل", "לילה"])
def test_scripts_of_europe_and_the_near_east_are_drawn_everywhere(text: str) -> None:
    """Both fonts come in wheels."""
    face = face_for(text)
    assert (face.text, face.missing) == (text, ())
    drawn = written(Writing(lines=(face.text,), letter=40, font=face.file))
    assert drawn[..., 3].max() == 255


def test_what_no_font_draws_is_left_out_and_named() -> None:
    """A row of boxes is no title; cuneiform is in none of the fonts that are looked for."""
    assert face_for("Ni𒀀ght 𒁀𒀀") == Face(None, "Night", ("𒀀", "𒁀"))


def test_characters_that_cannot_be_seen_are_no_letters() -> None:
    """Line breaks and controls become spaces, spaces are drawn once."""
    assert face_for(" a\n\tb\x00\u200bc ").text in ("a b c", "a b \u200bc")


def test_a_font_of_the_user_comes_first_and_must_be_one(tmp_path: Path) -> None:
    """A named face is used for what it has."""
    assert face_for("Night", DEJAVU).file == DEJAVU
    (tmp_path / "no.ttf").write_bytes(b"not a font")
    for file in (tmp_path / "no.ttf", tmp_path / "absent.ttf"):
        with pytest.raises(SettingsError, match=file.name):
            face_for("Night", file)


@given(text=st.text(st.sampled_from("abc WiЖ—é"), max_size=120), width=st.integers(80, 600), lines=st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_lines_are_never_wider_than_their_box_nor_more_than_asked(text: str, width: int, lines: int) -> None:
    """Measured on what is drawn; letters may hang over by a hair."""
    face = Face(DEJAVU, " ".join(text.split()), ())
    fit = fitted(face, width=width, height=200, lines=lines, largest=48, smallest=16)
    assert 16 <= fit.letter <= 48
    assert 1 <= len(fit.lines) <= lines
    if not face.text:
        return
    ink = written(Writing(lines=fit.lines, letter=fit.letter, font=DEJAVU))[..., 3].any(axis=0).nonzero()[0]
    assert ink[-1] - ink[0] <= width + fit.letter / 8
    assert fit.whole == ("".join(fit.lines).replace(" ", "") == face.text.replace(" ", ""))


def test_text_without_spaces_breaks_anywhere_and_what_does_not_fit_ends_in_an_ellipsis() -> None:
    """Chinese has no spaces; nothing is cut without a sign."""
    whole = fitted(Face(DEJAVU, "m" * 30, ()), width=400, height=200, lines=3, largest=40, smallest=20)
    assert whole.whole
    assert len(whole.lines) > 1
    cut = fitted(Face(DEJAVU, "m" * 300, ()), width=400, height=200, lines=3, largest=40, smallest=20)
    assert not cut.whole
    assert cut.lines[-1].endswith("…")


def test_nothing_of_a_drawn_text_is_cut_at_its_edges() -> None:
    """The library cuts what hangs below the last line; there is room for it."""
    alpha = written(Writing(lines=("Ågjp,", "gjpqy"), letter=60, font=DEJAVU))[..., 3]
    for edge in (alpha[0], alpha[-1], alpha[:, 0], alpha[:, -1]):
        assert edge.max() == 0
