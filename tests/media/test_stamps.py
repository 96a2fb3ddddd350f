"""Sound whose time stamps are not those of its samples."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from otio_soundtrack.tools.media.sound import SoundReader

RATE = 44_100
FRAME = 64
"""Samples of a packet: fewer than the 147 after which 44.1 kHz and 48 kHz meet again."""


def stamped(path: Path, shifts: np.ndarray) -> None:
    """Write a tone in packets whose stamps are wrong by so many samples each."""
    moments = np.arange(len(shifts) * FRAME) / RATE
    sound = (8_000 * np.sin(2 * np.pi * 440 * moments)).astype(np.int16)
    with av.open(str(path), "w", format="nut") as file:
        stream = file.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for number, shift in enumerate(shifts.tolist()):
            packet = av.Packet(sound[number * FRAME : (number + 1) * FRAME].tobytes())
            packet.stream, packet.time_base = stream, Fraction(1, RATE)
            packet.pts = packet.dts = number * FRAME + shift
            file.mux(packet)


def written(path: Path) -> list[tuple[int, np.ndarray]]:
    """Return the pieces of a sound file."""
    reader = SoundReader(path)
    try:
        return list(reader.pieces())
    finally:
        reader.close()


def test_stamps_that_wander_and_come_back_leave_no_holes_in_music(tmp_path: Path) -> None:
    """As in some Ogg files: by 25 ms, for a second. Players go by the count of samples."""
    steady = np.zeros(3 * RATE // FRAME, int)
    wandering = steady.copy()
    wandering[RATE // FRAME : 2 * RATE // FRAME] = (
        np.minimum(np.arange(RATE // FRAME), RATE // FRAME - np.arange(RATE // FRAME)) * 4
    )
    wandering = np.minimum(wandering, RATE // 40)
    stamped(tmp_path / "right.nut", steady)
    stamped(tmp_path / "wandering.nut", wandering)
    right, wandered = (
        np.concatenate([piece for _, piece in written(tmp_path / name)]) for name in ("right.nut", "wandering.nut")
    )
    places = [at for at, _ in written(tmp_path / "wandering.nut")]
    assert np.array_equal(right, wandered)
    assert places == sorted(places)


def test_sound_goes_on_where_its_stamps_fell_behind_and_came_back(tmp_path: Path) -> None:
    """By more than can be passed over, and at packets that are too short to begin on: what follows lies where its stamps say."""
    steady = np.zeros(3 * RATE // FRAME, int)
    behind = steady.copy()
    behind[RATE // FRAME : RATE // FRAME + 80] = -(FRAME - 1) * np.arange(80)
    stamped(tmp_path / "right.nut", steady)
    stamped(tmp_path / "behind.nut", behind)
    sounds = []
    for name in ("right.nut", "behind.nut"):
        reader = SoundReader(tmp_path / name)
        sounds.append(reader.read(2 * 48_000, 40_000))
        reader.close()
    assert len(written(tmp_path / "behind.nut")) > RATE // FRAME
    assert np.corrcoef(sounds[0][:, 0], sounds[1][:, 0])[0, 1] > 0.999
