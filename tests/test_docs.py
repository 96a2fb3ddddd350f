"""What the documents say is true: commands parse, names exist, every error and decision can be found."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import otio_soundtrack
from otio_soundtrack import errors
from otio_soundtrack.cli.parser import COMMANDS, build_parser

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def shown_commands() -> list[str]:
    """Return every line of a code block that calls us."""
    lines = [line for document in DOCUMENTS for line in document.read_text(encoding="utf-8").splitlines()]
    return [line.split("#")[0].strip() for line in lines if line.startswith("otio-soundtrack ")]


@pytest.mark.parametrize("line", shown_commands())
def test_a_command_shown_in_the_documents_parses(line: str) -> None:
    """People copy these lines."""
    build_parser().parse_args(shlex.split(line)[1:])


def test_every_command_is_in_the_readme() -> None:
    """The first page knows all doors."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for module in COMMANDS:
        command = module.__name__.rsplit(".", 1)[-1].replace("_", "-")
        assert f"otio-soundtrack {command}" in text or f"`{command}`" in text


def test_the_example_of_every_help_parses() -> None:
    """``--help`` shows lines that work."""
    parser = build_parser()
    for module in COMMANDS:
        for line in getattr(module, "_EXAMPLES", "").splitlines():
            if line.strip().startswith("otio-soundtrack"):
                parser.parse_args(shlex.split(line.split(">")[0])[1:])


def test_the_tree_drawn_in_the_errors_module_names_every_error() -> None:
    """The drawing is what people read."""
    named = set(re.findall(r"\w+Error", errors.__doc__ or ""))
    defined = {name for name in vars(errors) if name.endswith("Error") and name != "OTIOError"}
    assert defined <= named


def test_links_between_documents_lead_somewhere() -> None:
    """No link to a file that is not there."""
    for document in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_the_version_of_package_and_changelog_agree() -> None:
    """A release is described."""
    assert f"## {otio_soundtrack.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_committed_text_names_a_path_of_one_machine_or_a_package_host() -> None:
    """A new machine has neither."""
    suspicious = re.compile(r"(^|[^\w.])/(work|root|farm)/|pypi\.org|debian\.org|registry\.npmjs")
    for path in [*DOCUMENTS, *ROOT.glob("*.toml"), ROOT / "Makefile", *(ROOT / "otio_soundtrack").rglob("*.py")]:
        assert not suspicious.search(path.read_text(encoding="utf-8")), path
