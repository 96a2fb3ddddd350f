"""What happens when something goes wrong: one clear error, nothing half-written, nobody left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from fractions import Fraction
from pathlib import Path

import pytest

from otio_soundtrack.errors import ExportError, SoundtrackError, StoreError, UnreadableMediaError
from otio_soundtrack.picture.export import export_cut
from otio_soundtrack.picture.trim import trimmed
from otio_soundtrack.tools.media.probe import probe
from tests.media.movies import numbered_movie
from tests.picture.cutting import codes, cut_list, layer, luma, sounding

ROOT = Path(__file__).resolve().parents[2]
PAL = Fraction(25)


def left_in(folder: Path) -> set[str]:
    """Return the names in a folder, hidden ones too."""
    return {path.name for path in folder.iterdir()}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A movie whose header is whole (index at the front) and whose frames are not."""
    folder = tmp_path_factory.mktemp("damaged")
    whole = numbered_movie(
        folder / "whole.mov", source=1, frames=100, rate=PAL, codec="prores_ks", pixels="yuv422p10le", options={}
    )
    content = bytearray(whole.read_bytes())
    # every frame of ProRes begins with its name; without it none decodes
    target = folder / "damaged.mov"
    target.write_bytes(bytes(content.replace(b"icpf", b"xxxx")))
    return target


def test_damage_is_told_with_the_name_of_the_clip(damaged: Path, tmp_path: Path) -> None:
    """A file that probes well and breaks off in decoding: one error with clip and file, no output, no thread left."""
    assert probe(damaged).has_picture
    before = threading.active_count()
    with pytest.raises(UnreadableMediaError, match=r"clip 'damaged'.*damaged\.mov"):
        export_cut(cut_list(25.0, (20, [layer(damaged, 1)])), tmp_path / "cut.mp4", height=36)
    assert left_in(tmp_path) == set()
    assert threading.active_count() == before


def test_missing_sound_is_told_with_the_name_of_the_clip(tmp_path: Path) -> None:
    """The same for sound."""
    cuts = cut_list(25.0, (20, []), audio=[sounding(tmp_path / "gone.wav", 0, 1, 0)])
    with pytest.raises(UnreadableMediaError, match=r"clip 'gone'.*gone\.wav is not there"):
        export_cut(cuts, tmp_path / "cut.mp4", height=36)
    assert left_in(tmp_path) == set()


def test_an_error_leaves_the_file_that_was_there(damaged: Path, tmp_path: Path) -> None:
    """The old export survives a failed new one."""
    (tmp_path / "cut.mp4").write_bytes(b"the old one")
    with pytest.raises(UnreadableMediaError):
        export_cut(cut_list(25.0, (20, [layer(damaged, 1)])), tmp_path / "cut.mp4", height=36)
    assert (tmp_path / "cut.mp4").read_bytes() == b"the old one"
    assert left_in(tmp_path) == {"cut.mp4"}


@pytest.mark.parametrize(
    "name", ["concat:a|b.mp4", "-i.mp4", "http:__x.mp4", "%d.mp4", "a%03d.png", "näme 'q' \"z\".mp4", "pipe:0.mp4", "*.png"]
)
def test_odd_names_are_plain_files(tmp_path: Path, name: str) -> None:
    """No name is read as a protocol, an option or a pattern; neither as a source nor as the target."""
    source = numbered_movie(tmp_path / "plain.mp4", source=1, frames=10, rate=PAL)
    odd = source.rename(tmp_path / name)
    target = tmp_path / f"out {name}.mp4"
    export_cut(cut_list(25.0, (5, [layer(odd, "0.2")])), target, height=180)
    assert codes(target) == [(1, 5 + k) for k in range(5)]


def test_a_relative_path_is_a_file_too(footage: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A target without a folder lands in the working folder."""
    monkeypatch.chdir(tmp_path)
    file = export_cut(cut_list(25.0, (5, [layer(footage["pal"], 0)])), Path("cut.mp4"), height=36)
    assert file is not None
    assert left_in(tmp_path) == {"cut.mp4"}


def test_a_play_list_opens_no_other_file(tmp_path: Path, footage: dict[str, Path]) -> None:
    """Text that FFmpeg would follow (HLS, concat) is not media, whatever its name."""
    texts = {
        "list.mp4": f"ffconcat version 1.0\nfile '{footage['pal']}'\n",
        "list.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{footage['pal']}\n#EXT-X-ENDLIST\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        with pytest.raises(UnreadableMediaError):
            probe(tmp_path / name)


def test_the_size_limit_is_kept(tmp_path: Path) -> None:
    """Noise that would take megabytes stays under the limit, smaller if it must, and the file says so."""
    noisy = numbered_movie(tmp_path / "noisy.mp4", source=1, frames=150, rate=PAL, size=(640, 360), key_every=30, grain=60)
    cuts = cut_list(25.0, *((25, [layer(noisy, k)]) for k in range(6)))
    free = export_cut(cuts, tmp_path / "free.mp4", height=360)
    tight = export_cut(cuts, tmp_path / "tight.mp4", height=360, max_bytes=150_000)
    assert free is not None
    assert tight is not None
    assert tight.size_bytes == (tmp_path / "tight.mp4").stat().st_size <= 150_000 < free.size_bytes
    assert any("lines instead of 360" in warning for warning in tight.warnings)
    assert len(list(luma(tmp_path / "tight.mp4"))) == 150


def test_an_impossible_size_is_an_error(footage: dict[str, Path], tmp_path: Path) -> None:
    """Forty seconds do not fit into 20 kB."""
    with pytest.raises(ExportError, match="do not fit"):
        export_cut(cut_list(25.0, (1000, [layer(footage["pal"], 0)])), tmp_path / "cut.mp4", max_bytes=20_000)
    assert left_in(tmp_path) == set()


@pytest.mark.parametrize("only", [(0, 0), (5, 3), (-1, 4), (0, 31)])
def test_a_range_without_meaning_is_a_mistake_of_the_caller(footage: dict[str, Path], only: tuple[int, int]) -> None:
    """Empty, backwards, before the head, past the end."""
    with pytest.raises(ValueError, match="range"):
        trimmed(cut_list(25.0, (30, [layer(footage["pal"], 0)])), only)


def run_child(body: str, *arguments: str) -> subprocess.Popen[str]:
    """Start Python with the package and the test builders on its path."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [ROOT, ROOT / "tests", ROOT / "tests" / "picture"]))}
    command = [sys.executable, "-c", textwrap.dedent(body), *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
def test_interrupt_leaves_neither_file_nor_thread(footage: dict[str, Path], tmp_path: Path) -> None:
    """^C in the middle of an export ends within seconds, and the folder is empty."""
    child = run_child(
        """
        import sys, threading
        from pathlib import Path
        from cutting import cut_list, layer
        from otio_soundtrack.picture.export import export_cut
        pal, folder = Path(sys.argv[1]), Path(sys.argv[2])
        cuts = cut_list(25.0, *((1000, [layer(pal, k / 1000)]) for k in range(40)))
        def tell(step, share):
            if share > 0.01:
                print("running", flush=True)
        try:
            export_cut(cuts, folder / "cut.mp4", progress=tell)
        except KeyboardInterrupt:
            print("threads", threading.active_count(), flush=True)
        """,
        str(footage["pal"]),
        str(tmp_path),
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "running\n"
    began = time.monotonic()
    child.send_signal(signal.SIGINT)
    out, error = child.communicate(timeout=30)
    assert out.splitlines()[-1] == "threads 1", error
    assert time.monotonic() - began < 10
    assert left_in(tmp_path) == set()


@pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
@pytest.mark.parametrize("limit", [30_000, 200_000])
def test_a_full_disk_is_an_error_and_leaves_nothing(footage: dict[str, Path], tmp_path: Path, limit: int) -> None:
    """No file may grow beyond a limit, as on a full disk: a typed error, no half file."""
    child = run_child(
        """
        import resource, signal, sys
        from pathlib import Path
        from cutting import cut_list, layer
        from otio_soundtrack.errors import SoundtrackError
        from otio_soundtrack.picture.export import export_cut
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
        try:
            export_cut(cut_list(25.0, (1000, [layer(Path(sys.argv[1]), 0)])), Path(sys.argv[2]) / "cut.mp4")
        except SoundtrackError as error:
            print(type(error).__name__, error)
        """,
        str(footage["pal"]),
        str(tmp_path),
        str(limit),
    )
    out, error = child.communicate(timeout=60)
    assert out.startswith(("StoreError could not write", "ExportError")), (out, error)
    assert left_in(tmp_path) == set()


def test_a_folder_that_cannot_be_written_is_a_store_error(footage: dict[str, Path], tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(StoreError):
        export_cut(cut_list(25.0, (5, [layer(footage["pal"], 0)])), tmp_path / "folder" / "cut.mp4", height=36)


def test_progress_rises_to_one_and_its_error_ends_the_export(footage: dict[str, Path], tmp_path: Path) -> None:
    """Progress comes from the calling thread, in order, up to 1; whoever raises in it stops the work."""
    told: list[tuple[str, float, str]] = []
    cuts = cut_list(25.0, (200, [layer(footage["pal"], 0)]), audio=[sounding(footage["pal"], 0, 8, 0)])
    export_cut(
        cuts,
        tmp_path / "a.mp4",
        height=36,
        progress=lambda step, share: told.append((step, share, threading.current_thread().name)),
    )
    shares = [share for _, share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert {(step, thread) for step, _, thread in told} == {("exporting", threading.current_thread().name)}

    def stop(_step: str, _share: float, /) -> None:
        raise SoundtrackError("enough")

    with pytest.raises(SoundtrackError, match="enough"):
        export_cut(cuts, tmp_path / "b.mp4", height=36, progress=stop)
    assert left_in(tmp_path) == {"a.mp4"}
