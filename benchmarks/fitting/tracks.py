"""Real music for the benchmark, from packages of Debian: games of many genres. Fetched into a cache folder, never committed."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(os.environ.get("OTIO_SOUNDTRACK_BENCH_CACHE", Path.home() / ".cache" / "otio-soundtrack-bench"))
"""Where packages and tracks are kept."""
SUFFIXES = (".ogg", ".mp3", ".opus")

TUNED_ON = {
    "supertuxkart-data": "Battle_Theme_1 Lava Penguin_Party West bay celtic cocoa_river egypt farm garden "
    "hacienda klabauter_dance subsea",
    "supertux-data": "airship_remix arctic_breeze battle_theme chipdisko classic forest2 ghostforest jewels treeboss",
    "wesnoth-1.16-music": "loyalists wanderer breaking_the_chains heroes_rite legends_of_the_north northerners "
    "frantic elvish-theme",
    "flare-game": "boss_theme dungeon_theme town_theme safe_room_theme",
    "drascula-music": "track1 track11 track24",
}
"""Package → tracks that its makers looked at while the planner was made."""
HELD_OUT = {
    "singularity-music": "Awakening Coherence Through_Space Apex_Aleph",
    "hyperrogue-music": "hr3-desert hr3-graveyard hr3-hell hr3-jungle hr3-laboratory hr3-rlyeh hr-domina-mountain",
    "colobot-common-sounds": "Proton music002 music004 music006 music008 music010 music013",
    "openclonk-data": "@CrushedIceCocktail Cavern LucidDream Motorway Offshore UrbanBolero",
    "lincity-ng-data": "01_-_pronobozo_-_lincity 03_-_Robert_van_Herk_-_Architectural_Contemplations",
    "extremetuxracer-data": "calmrace-ks freezingpoint spunkyrace-ks start1-jt",
    "fillets-ng-data": "rybky01 rybky05 rybky07 rybky14",
    "warzone2100-music": "track3 track6 menu",
}
"""Package → tracks on which nothing was ever tuned."""


@dataclass(frozen=True)
class Track:
    """A piece of music."""

    package: str
    name: str
    path: Path


def tracks(wanted: dict[str, str]) -> list[Track]:
    """Return the tracks of packages, fetched where they are not there yet; packages that cannot be had are named and left out."""
    found = []
    for package, names in wanted.items():
        folder = _unpacked(package)
        if folder is None:
            print(f"{package}: cannot be fetched here; left out")
            continue
        known = {path.stem.replace(" ", "_"): path for path in sorted(folder.rglob("*")) if path.suffix in SUFFIXES}
        found += [Track(package, name, known[name]) for name in names.split() if name in known]
    return found


def _unpacked(package: str) -> Path | None:
    """Return the folder with the files of a package, None where there is no such package."""
    folder = CACHE / "tracks" / package
    if folder.is_dir():
        return folder
    apt, dpkg = shutil.which("apt-get"), shutil.which("dpkg-deb")
    if apt is None or dpkg is None:
        return None
    fetched = CACHE / "packages"
    fetched.mkdir(parents=True, exist_ok=True)
    if subprocess.run([apt, "download", "-qq", package], cwd=fetched, capture_output=True, check=False).returncode:
        return None
    archive = next(fetched.glob(f"{package}_*.deb"))
    whole = CACHE / "tracks" / f".{package}"
    subprocess.run([dpkg, "-x", archive, whole], check=True)
    archive.unlink()
    return whole.rename(folder)
