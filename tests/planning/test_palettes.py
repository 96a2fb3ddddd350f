"""Which band plays, and that the plan says so and obeys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from otio_soundtrack.cli.flags import options
from otio_soundtrack.cli.parser import build_parser
from otio_soundtrack.model.plan import Mood, Palette, Plan
from otio_soundtrack.planning.brief import BANDS, brief
from otio_soundtrack.planning.palettes import MOOD_PALETTES, PALETTE_WORDS, palette_of
from otio_soundtrack.planning.plan import plan
from otio_soundtrack.planning.plan_file import read_plan, write_plan
from otio_soundtrack.settings import SpottingAsk, Wishes
from otio_soundtrack.spotting.spots import spots
from tests.planning.cases import scene


def planned(**wishes: object) -> Plan:
    """Return the plan of half a minute of ordinary pictures."""
    cuts, seen = scene((30.0, {}))
    return plan(spots(cuts, seen, SpottingAsk())[0], cuts, seen, Wishes.model_validate(wishes))


@pytest.mark.parametrize(
    ("text", "palette"),
    [
        ("a warm orchestral piece", Palette.ORCHESTRAL),
        ("Solo PIANO, slow", Palette.CHAMBER),
        ("fingerpicking guitar around a campfire", Palette.ACOUSTIC),
        ("80s synthwave", Palette.ELECTRONIC),
        ("acoustic guitars, no synths", Palette.ACOUSTIC),
        ("hybrid trailer", Palette.HYBRID),
    ],
)
def test_a_band_is_heard_in_the_words(text: str, palette: Palette) -> None:
    """The word that decided it is told."""
    found, word = palette_of(Mood.CALM, text)
    assert found is palette
    assert word
    assert word in text.casefold()


def test_without_words_the_mood_has_its_usual_band() -> None:
    """And no word is told; a band that is spoken against does not play."""
    assert palette_of(Mood.HEROIC, "", "") == (MOOD_PALETTES[Mood.HEROIC], "")
    assert palette_of(Mood.EPIC, "something grand") == (Palette.HYBRID, "")
    assert palette_of(Mood.SAD, "no piano")[0] is not Palette.CHAMBER


def test_no_word_names_two_bands() -> None:
    """Else the order of a table would decide."""
    words = [word for listed in PALETTE_WORDS.values() for word in listed.split()]
    assert len(words) == len(set(words))


def test_the_plan_has_its_palette_and_says_why() -> None:
    """From the prompt, from the genre, or as the user asked: that wins over words."""
    for wishes, palette, why in (
        ({"prompt": "string quartet"}, Palette.CHAMBER, "the words say 'quartet'"),
        ({"genre": "techno"}, Palette.ELECTRONIC, "the words say 'techno'"),
        ({"palette": "acoustic", "prompt": "orchestral"}, Palette.ACOUSTIC, "the user asked for it"),
        ({"mood": "romantic"}, Palette.ORCHESTRAL, "usual for romantic music"),
    ):
        made = planned(**wishes)
        assert {section.palette for section in made.sections} == {palette}
        assert f"The palette is {palette.value}: {why}." in made.notes


def test_a_plan_file_from_before_palettes_still_reads(tmp_path: Path) -> None:
    """It is played by the hybrid band, as it was."""
    write_plan([planned(palette="electronic")], tmp_path / "plan.json")
    text = (tmp_path / "plan.json").read_text(encoding="utf-8")
    assert '"palette": "electronic"' in text
    old = re.sub(r',\s*"palette": "electronic"', "", text)
    assert '"palette"' not in old
    (tmp_path / "old.json").write_text(old, encoding="utf-8")
    assert {section.palette for section in read_plan(tmp_path / "old.json")[0].sections} == {Palette.HYBRID}


def test_services_are_told_the_band_in_words() -> None:
    """The brief made from the analysis names it."""
    cuts, seen = scene((30.0, {}))
    spot = spots(cuts, seen, SpottingAsk())[0]
    wishes = Wishes(palette=Palette.ELECTRONIC)
    assert BANDS[Palette.ELECTRONIC] in brief(spot, plan(spot, cuts, seen, wishes), seen, wishes).prompt


def test_the_command_line_takes_palettes() -> None:
    """``--palette`` with one of the names, nothing else."""
    asked = build_parser().parse_args(["score", "cut.otio", "-o", "out.otio", "--palette", "chamber"])
    assert options(asked)["palette"] == "chamber"
