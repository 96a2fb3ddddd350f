"""Files whose numbers are broken: a cut list or one typed error, never anything else."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from otio_soundtrack.errors import TimelineError
from otio_soundtrack.timeline.cut_list import cut_list
from otio_soundtrack.timeline.read import read_timeline
from tests.timeline.builders import Maker, no_media

_CASES = 80
_NUMBERS = (0, -1, 1, 7.3, 1e9, -1e9, 24, 48000, 1e-9, 1e18, 23.976)
_OTHERS = (None, "", "x", True, [], {}, "file:///x%00", "http://x", *_NUMBERS)


def _places(tree: object) -> list[tuple[dict[str, object] | list[object], str | int]]:
    """Return every place in a JSON tree where a value stands."""
    keys = list(tree) if isinstance(tree, dict) else list(range(len(tree))) if isinstance(tree, list) else []
    found = [(tree, key) for key in keys]
    for key in keys:
        found += _places(tree[key])
    return found


@pytest.mark.parametrize("only_numbers", [True, False])
def test_broken_values_give_a_cut_list_or_one_typed_error(only_numbers: bool, tmp_path: Path) -> None:
    """Random places of random edits hold random nonsense."""
    outcomes = {"read": 0, "refused": 0}
    for seed in range(_CASES):
        chance = random.Random(seed)
        tree = json.loads(Maker(seed).timeline().to_json_string())
        for _ in range(chance.randint(1, 4)):
            places = _places(tree)
            if only_numbers:
                places = [(owner, key) for owner, key in places if type(owner[key]) in (int, float)]
            owner, key = chance.choice(places)
            owner[key] = chance.choice(_NUMBERS if only_numbers else _OTHERS)
        path = tmp_path / "broken.otio"
        path.write_text(json.dumps(tree))
        try:
            cuts = cut_list(read_timeline(path), media_root=tmp_path, probe=no_media)
        except TimelineError:
            outcomes["refused"] += 1
        else:
            assert sum(cut.frames for cut in cuts.cuts) == cuts.frames, seed
            outcomes["read"] += 1
    assert min(outcomes.values()) > 0, outcomes
