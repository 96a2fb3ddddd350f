"""Importing the package, and OTIO with the plug-in installed, must cost nothing."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("numpy", "scipy", "av", "pydantic", "httpx", "matplotlib", "soundfile", "opentimelineio", "asyncio")


def loaded_after(code: str) -> set[str]:
    """Return the top-level modules that are loaded after a piece of code ran in a new interpreter."""
    script = f"{code}\nimport sys\nprint(' '.join(sorted({{name.split('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    """Every OTIO program in the environment imports us to find our plug-ins."""
    assert not loaded_after("import otio_soundtrack") & set(HEAVY)


def test_an_otio_write_that_does_not_ask_us_loads_nothing_of_ours_but_the_hook() -> None:
    """The hook script is loaded by OTIO; it must not drag the pipeline in."""
    code = (
        "import opentimelineio as otio\n"
        "otio.adapters.write_to_string(otio.schema.Timeline('t'), 'otio_json')\n"
        "assert 'soundtrack_score' in otio.hooks.scripts_attached_to('pre_adapter_write')\n"
        "assert 'otio_soundtrack.pipeline' not in __import__('sys').modules"
    )
    assert not loaded_after(code) & {"numpy", "scipy", "av", "pydantic", "httpx", "matplotlib", "soundfile"}


def test_public_names_are_there_and_others_are_not() -> None:
    """``__all__`` tells the truth, and a wrong name is an AttributeError as everywhere in Python."""
    code = (
        "import otio_soundtrack as package\n"
        "for name in package.__all__: getattr(package, name)\n"
        "assert not hasattr(package, 'no_such_name')"
    )
    loaded_after(code)


def test_a_process_that_listens_for_the_library_loads_neither_what_draws_nor_what_calls() -> None:
    """One is started on each core, and one more for each that died."""
    assert not loaded_after("import otio_soundtrack.pipeline.library.describing") & {"matplotlib", "httpx"}


def test_who_lists_the_providers_waits_for_nothing_that_hears_or_sees() -> None:
    """Neither pictures nor sound are opened for it."""
    code = "from otio_soundtrack.cli.main import main\nassert main(['providers']) == 0"
    assert not loaded_after(code) & {"scipy", "av", "soundfile", "matplotlib", "httpx"}
