"""What services send instead of music, through the runner: each job ends in a typed error, and nothing is begun again for it."""

from __future__ import annotations

import hashlib
import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from otio_soundtrack.audio.ears import Ears
from otio_soundtrack.errors import SoundtrackError, UnusableTakeError
from otio_soundtrack.jobs import Consent, Order, Result, run
from otio_soundtrack.model.wire import Fetched
from otio_soundtrack.pipeline.services.wiring import JobEars
from otio_soundtrack.provider.ask import Delivery, Offer
from otio_soundtrack.provider.steps import Course, Fetch, Hear, Heard, Unpack, done
from otio_soundtrack.tools.waveform import write_wav
from tests.jobs.toy import CREATE, HeldTime, Shop, ShopWire, Toy, open_shop
from tests.providers.briefs import ask

CUTS, FLIPS = 40, 15


class Packed(Toy):
    """A service that delivers archives."""

    def score(self, _ask: Any, /) -> Course[Delivery]:
        """Create, download, unpack, listen."""
        task = yield from done(self._paid("create", "create ", CREATE))
        file: Fetched = yield Fetch(label="file", url=f"https://files.example/{task}", kind="archive")
        parts: tuple[Fetched, ...] = yield Unpack(label="parts", file=file)
        sound: Heard = yield Hear(label="sound", file=parts[0])
        return Delivery(offers=(Offer(file=parts[0], heard=sound),))


def given(home: Path, content: bytes, shop: Shop, toy: Toy, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Do an order whose file is this, with the real ears, and once more; return how the second ended."""
    suffix = ".zip" if isinstance(toy, Packed) else ".wav"

    async def download(_wire: ShopWire, _url: str, folder: Path, /, **_how: Any) -> Fetched:
        digest = hashlib.sha256(content).hexdigest()
        (folder / f"{digest}{suffix}").write_bytes(content)
        return Fetched(path=folder / f"{digest}{suffix}", sha256=digest, size=len(content))

    monkeypatch.setattr(ShopWire, "download", download)
    orders, ears = [Order(service=toy, ask=ask())], JobEars(Ears(home / "decoded"))
    for _ in range(2):
        (result,) = run(orders, home=home, open_wire=open_shop(shop), ears=ears, consent=Consent(yes=True),
                        clock=HeldTime().clock())  # fmt: skip
    return result


@pytest.fixture(scope="module")
def music(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three seconds of hiss as a WAV file."""
    path = tmp_path_factory.mktemp("music") / "hiss.wav"
    write_wav(path, np.random.default_rng(1).uniform(-0.2, 0.2, (3 * 48_000, 2)).astype(np.float32))
    return path.read_bytes()


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    """Return a ZIP file."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in entries:
            opened.writestr(name, content)
    return held.getvalue()


def link() -> zipfile.ZipInfo:
    """Return an entry that is a symbolic link."""
    info = zipfile.ZipInfo("mix.wav")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def bad_archives(music: bytes) -> Iterator[bytes]:
    """Yield archives that are damaged, bombs, empty, or lead elsewhere."""
    whole = archive(("mix.wav", music))
    yield from (b"", whole[:-10], whole[: len(whole) // 2], whole[:60] + bytes(200) + whole[260:], b"PK\x03\x04" + bytes(500))
    yield from (b"<html>expired</html>", whole.replace(b"PK\x01\x02", b"PK\x01\x03"), whole[:40] + b"\xff" * 30 + whole[70:])
    yield from (archive(), archive(("readme.txt", b"no music")), archive((link(), b"/etc/passwd")))
    yield archive(*((f"{number}.wav", b"") for number in range(201)))
    yield archive(("mix.wav", music[:44]), ("../../escape.wav", b"no music either"))
    yield archive(("mix.wav", bytes(80_000_000)))
    yield archive(("inner.zip", archive(("mix.wav", music))))


def test_no_archive_ends_in_anything_but_a_typed_error(music: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifteen of them; one that is good passes, also where its names lead elsewhere. Nothing lies outside the store."""
    for number, content in enumerate(bad_archives(music)):
        shop, home = Shop(), tmp_path / f"{number}"
        result = given(home, content, shop, Packed(), monkeypatch)
        assert isinstance(result.error, UnusableTakeError), number
        assert (result.state, shop.begun) == ("failed", ["create "]), number
        assert {path.parent.name for path in (home / "store").rglob("*")} <= {"store"}, number
    assert number + 1 >= 15
    good = given(tmp_path / "good", archive(("../../mix.wav", music)), Shop(), Packed(), monkeypatch)
    assert good.state == "done"
    assert list(tmp_path.rglob("mix.wav")) == []


def test_no_file_that_is_damaged_is_taken_for_music(music: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut at many places, other types, whatever noise makes of its head: a typed error or a take that decodes, paid once."""
    cut = [music[: len(music) * number // CUTS] for number in range(CUTS)]
    other = [b"", b"\0" * 5000, b"<html>gone</html>" * 50, b'{"error": "gone"}' * 50, b"ID3\x04" + bytes(4000), b"RIFF" * 900]
    chance = np.random.default_rng(2)
    noisy = []
    for _ in range(FLIPS):
        bent = np.frombuffer(music, np.uint8).copy()
        bent[chance.integers(0, 60, 8)] = chance.integers(0, 256, 8)
        noisy.append(bent.tobytes())
    silent = music[:44] + bytes(len(music) - 44)
    for number, content in enumerate([*cut, *other, silent, *noisy]):
        shop = Shop()
        result = given(tmp_path / f"{number}", content, shop, Toy(extends=0), monkeypatch)
        refused = isinstance(result.error, SoundtrackError) and result.state == "failed"
        assert refused or (number >= len(cut) + len(other) + 1 and result.state == "done"), number
        assert shop.begun == ["create "], number
