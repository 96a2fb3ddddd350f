"""Archives of a take: the mix, its stems, a video where the service puts one in."""

from __future__ import annotations

import zipfile
from pathlib import Path

from otio_soundtrack.sandbox.music import Take, file_of, identity, stems
from otio_soundtrack.sandbox.visual import visual
from otio_soundtrack.tools.files import written_whole
from otio_soundtrack.tools.waveform import write_wav


def zipped(wanted: Take, folder: Path, *, video: bool = False, mp3: bool = False) -> Path:
    """Return the archive of a take, made on the first call: ``audio.wav``, ``stems/NAME.wav``, and more.

    Args:
        wanted: the music.
        folder: where it is kept.
        video: whether ``video.mp4`` is in it.
        mp3: whether ``audio.mp3`` is in it.

    Raises:
        StoreError: it cannot be written.
    """
    path = folder / f"{identity(wanted)}{'-video' if video else ''}{'-mp3' if mp3 else ''}.zip"
    if path.exists():
        return path
    parts = {"audio.wav": file_of(wanted, "wav", folder)}
    if mp3:
        parts["audio.mp3"] = file_of(wanted, "mp3", folder)
    if video:
        parts["video.mp4"] = visual(wanted, ("Aimi Sync",), folder)
    for name, sound in stems(wanted).items():
        parts[f"stems/{name}.wav"] = folder / f"{identity(wanted)}-{name}.wav"
        write_wav(parts[f"stems/{name}.wav"], sound)
    with written_whole(path) as scratch, zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.write(part, name)
    return path
