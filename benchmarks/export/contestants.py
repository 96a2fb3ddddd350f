"""The ways to export the cut that are compared.

Each runs in a process of its own: ``python -m benchmarks.export.contestants NAME OUT``.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

from benchmarks.export.cut import RATE, Content, Taken, as_cut_list, dissolve_weight, forty_shots
from benchmarks.export.material import SHOTS

WIDTH, HEIGHT = 640, 360
CRF = "26"
_INSIDE = 0.002
"""Seconds by which moviepy is asked later than a frame's start, so that its rounding does not land on the frame before."""


def ours(pieces: list[Content], out: Path) -> None:
    """Our export, as a user calls it."""
    from otio_soundtrack.picture.export import export_cut

    export_cut(as_cut_list(pieces), out, height=HEIGHT)


def decoding(pieces: list[Content], _out: Path) -> None:
    """Decode what is needed, in record order, from the key frame before each clip, and do nothing with it."""
    import av

    opened = {}
    for taken, frames in pieces:
        for one in taken:
            if one.shot not in opened:
                container = av.open(str(SHOTS[one.shot].path))
                container.streams.video[0].thread_type = "AUTO"
                opened[one.shot] = container
            container = opened[one.shot]
            stream = container.streams.video[0]
            base = stream.time_base or Fraction(1)
            container.seek(floor(one.at / base), stream=stream)
            last = one.at + Fraction(frames - 1, RATE) * one.speed
            for frame in container.decode(stream):
                if (frame.pts or 0) * base >= last:
                    break


def moviepy_careful(pieces: list[Content], out: Path) -> None:
    """Use moviepy as somebody does who has read its manual: decoding at the target size, x264 veryfast, two threads."""
    _moviepy(pieces, out, careful=True)


def moviepy_usual(pieces: list[Content], out: Path) -> None:
    """Use moviepy as most people write it: open, cut, resize, join, write."""
    _moviepy(pieces, out, careful=False)


def _moviepy(pieces: list[Content], out: Path, *, careful: bool) -> None:
    from moviepy import AudioFileClip, ColorClip, CompositeAudioClip, CompositeVideoClip, concatenate_videoclips, vfx

    clips, sounds, start = [], [], 0
    for taken, frames in pieces:
        seconds = frames / RATE
        if not taken:
            clips.append(ColorClip((WIDTH, HEIGHT), color=(0, 0, 0), duration=seconds))
        elif len(taken) == 2:
            under, over = (_moviepy_clip(one, frames, careful) for one in taken)
            clips.append(CompositeVideoClip([under, over.with_effects([vfx.CrossFadeIn(seconds)])]).with_duration(seconds))
        else:
            clips.append(_moviepy_clip(taken[0], frames, careful))
        if len(taken) == 1 and taken[0].speed == 1:
            sound = AudioFileClip(str(SHOTS[taken[0].shot].path))
            begin = float(taken[0].at)
            sounds.append(sound.subclipped(begin, min(sound.duration, begin + seconds)).with_start(start / RATE))
        start += frames
    movie = concatenate_videoclips(clips, method="chain").with_audio(CompositeAudioClip(sounds)).with_duration(start / RATE)
    more = {"preset": "veryfast", "threads": 2, "ffmpeg_params": ["-crf", CRF]} if careful else {}
    temporary = str(out.with_suffix(".m4a"))
    movie.write_videofile(str(out), fps=RATE, codec="libx264", audio_codec="aac", logger=None, temp_audiofile=temporary, **more)


def _moviepy_clip(one: Taken, frames: int, careful: bool) -> Any:  # noqa: ANN401  # moviepy has no types
    from moviepy import ImageClip, VideoFileClip, vfx

    more = {"target_resolution": (WIDTH, HEIGHT)} if careful else {}
    clip = VideoFileClip(str(SHOTS[one.shot].path), audio=False, **more)
    at = float(one.at) + _INSIDE
    if one.speed == 0:
        return ImageClip(clip.get_frame(at)).resized((WIDTH, HEIGHT)).with_duration(frames / RATE)
    part = clip.subclipped(at, min(clip.duration, at + frames / RATE * float(one.speed)))
    if one.speed != 1:
        part = part.with_effects([vfx.MultiplySpeed(float(one.speed))])
    part = part.with_duration(frames / RATE)
    return part if careful else part.resized((WIDTH, HEIGHT))


def one_graph(pieces: list[Content], out: Path) -> None:
    """Run one ffmpeg with one filter graph: every source split, trimmed, joined."""
    import imageio_ffmpeg

    chains: list[str] = []
    heads: dict[int, list[str]] = {shot.number: [] for shot in SHOTS}
    joined: list[str] = []
    for number, (taken, frames) in enumerate(pieces):
        label = f"p{number}"
        if not taken:
            chains.append(f"color=black:s={WIDTH}x{HEIGHT}:r={RATE},trim=end_frame={frames},format=yuv420p[{label}]")
        for side, one in enumerate(taken):
            heads[one.shot].append(f"s{number}_{side}")
            end = f"{label}{'ab'[side]}" if len(taken) == 2 else label
            chains.append(f"[s{number}_{side}]{_graph_clip(one, frames)}[{end}]")
        if len(taken) == 2:
            mix = f"blend=all_expr='A*(1-(N+0.5)/{frames})+B*(N+0.5)/{frames}'"
            chains.append(f"[{label}a][{label}b]{mix},trim=end_frame={frames}[{label}]")
        joined.append(f"[{label}]")
    chains.append(f"{''.join(joined)}concat=n={len(joined)}:v=1:a=0,setpts=N/{RATE}/TB[v]")
    sounds = _graph_sounds(pieces, chains)
    for source, labels in heads.items():
        chains.append(f"[{source}:v]split={len(labels)}{''.join(f'[{label}]' for label in labels)}")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-y", "-v", "error", "-nostdin"]
    for shot in SHOTS:
        command += ["-i", str(shot.path)]
    command += ["-filter_complex", ";".join(chains), "-map", "[v]", "-map", sounds, "-c:v", "libx264", "-preset", "veryfast"]
    command += ["-crf", CRF, "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", str(out)]
    subprocess.run(command, check=True)


def _graph_clip(one: Taken, frames: int) -> str:
    """Return the chain of a clip: cut a little before the frame, scaled, at the record rate from exactly its start."""
    rate = SHOTS[one.shot].rate
    first = float(one.at - Fraction(1, 4) / rate)
    size = f"scale={WIDTH}:{HEIGHT}:flags=bilinear,setsar=1,format=yuv420p"
    if one.speed == 0:
        held = f"loop=loop={frames}:size=1,setpts=N/{RATE}/TB,fps={RATE},trim=end_frame={frames}"
        return f"trim=start={first:.6f},trim=end_frame=1,{size},{held}"
    last = float(one.at + Fraction(frames + 2, RATE) * one.speed)
    stamps = f"setpts='(PTS-STARTPTS-{0.001:.6f}/TB)/{float(one.speed):g}'"
    at_rate = f"fps={RATE}:round=up:start_time=0"
    return f"trim=start={first:.6f}:end={last:.6f},{stamps},{at_rate},{size},trim=end_frame={frames},setpts=N/{RATE}/TB"


def _graph_sounds(pieces: list[Content], chains: list[str]) -> str:
    """Add the chains of the sound; return the label of the mix."""
    labels = []
    per_frame = 48_000 // RATE
    for number, (taken, frames) in enumerate(pieces):
        shape = f"aformat=sample_fmts=fltp:sample_rates=48000:channel_layouts=stereo,apad,atrim=end_sample={frames * per_frame}"
        if len(taken) == 1 and taken[0].speed == 1:
            chains.append(f"[{taken[0].shot}:a]atrim=start={float(taken[0].at):.6f},asetpts=PTS-STARTPTS,{shape}[t{number}]")
        else:
            chains.append(f"anullsrc=r=48000:cl=stereo,{shape}[t{number}]")
        labels.append(f"[t{number}]")
    chains.append(f"{''.join(labels)}concat=n={len(labels)}:v=0:a=1[a]")
    return "[a]"


CONTESTANTS: dict[str, Callable[[list[Content], Path], None]] = {
    "ours": ours,
    "decoding": decoding,
    "one graph": one_graph,
    "moviepy, careful": moviepy_careful,
    "moviepy, usual": moviepy_usual,
}
assert dissolve_weight(0, 1) == 0.5, "the graph's expression and the cut list mean the same dissolve"

if __name__ == "__main__":
    CONTESTANTS[sys.argv[1]](forty_shots(), Path(sys.argv[2]))
