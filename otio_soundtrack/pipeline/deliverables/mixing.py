"""Scored timeline → one video: picture, production sound and music, ducked, at its loudness."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from otio_soundtrack.audio.deliver import BIT_RATE, Delivered, Measured, Wanted, deliver, measured_file
from otio_soundtrack.errors import ExportError, NothingToScoreError, SettingsError
from otio_soundtrack.model.cut import CutList
from otio_soundtrack.model.delivery import LoudnessTarget, loudness_target
from otio_soundtrack.model.mixing import MixOptions, mix_options
from otio_soundtrack.picture.export import export_counted
from otio_soundtrack.picture.whole import whole_file
from otio_soundtrack.pipeline.cut.cutting import Opened, TimelineOrPath, opened, refuse_own, with_broken_slated
from otio_soundtrack.pipeline.deliverables.mixed import Mixed, lanes_beside
from otio_soundtrack.pipeline.deliverables.sounding import Desk, on_the_desk
from otio_soundtrack.progress import Progress, silent
from otio_soundtrack.timeline.playing import PlayingMusic, playing_music
from otio_soundtrack.timeline.records import sidecar_of
from otio_soundtrack.tools.files import require_writable, sha256, store_errors, written_whole
from otio_soundtrack.tools.media.aac import aac_packets
from otio_soundtrack.tools.media.encoder import FINAL_CRF
from otio_soundtrack.tools.media.remux import write_with_sound
from otio_soundtrack.tools.media.writer import counted_frames

SUFFIXES = (".mp4", ".mov", ".m4v")
_DIALOGUE_SHARE = 0.15
"""Share of the programme below which its dialogue does not stand for it: dialogue-gated meters fall back to the whole there."""
_ANY_BYTES = 1 << 62
"""A final video may be as large as it is."""
_NOTED_LU = 0.5
"""A loudness that misses its target by more is told."""
_NOTED_LIMITING_DB = 6.0
"""Limiting that is heard."""


def mix(timeline: TimelineOrPath, output: Path | str, *, progress: Progress = silent, **options: object) -> Mixed:
    """Write picture, production sound and music of a scored timeline into one video.

    Where the cut is one file from its first to its last frame, its pictures are taken over as they are. The music goes down under
    speech, by keyframes that a person has edited or by a preset. Loudness and true peak are those of the written file, decoded.

    Args:
        timeline: a scored OTIO timeline, which stays untouched, or the path of any file that OTIO reads.
        output: the video to write, ``.mp4``, ``.mov`` or ``.m4v``; its record lies beside it.
        progress: is told how far the work is.
        options: the flags of ``otio-soundtrack mix`` with underscores (:class:`otio_soundtrack.model.mixing.MixOptions`).

    Raises:
        SettingsError: an option or a lane that cannot be obeyed.
        NothingToScoreError: no music of ours on the timeline.
        TimelineError, PictureError, StoreError: the reason; nothing was written.
    """
    asked, output = mix_options(**options), Path(output)
    target = loudness_target(asked.target)
    if output.suffix.lower() not in SUFFIXES:
        raise SettingsError(f"the mix cannot be written as {output.name}.", hint="Use a name that ends in .mp4.")
    require_writable(output.absolute().parent)
    with opened(timeline, media_root=asked.media_root, missing=asked.missing) as source:
        refuse_own(source, output)
        music = playing_music(source.timeline, source.cut, source.root)
        _check(music, source, output)
        order = _Order(asked=asked, target=target, output=output, music=music, progress=progress)

        def work(cut: CutList) -> tuple[Mixed, Mixed]:
            made = order.done(cut)
            return made, made

        return with_broken_slated(source, work)[1]


def _check(music: Sequence[PlayingMusic], source: Opened, output: Path) -> None:
    if not music:
        raise NothingToScoreError(
            f"timeline {source.cut.name!r} holds no music of ours that plays.",
            hint="Score it first: otio-soundtrack score TIMELINE -o scored.otio.",
        )
    if any(output.resolve() == one.path.resolve() for one in music):
        raise SettingsError(f"{output} is music of the timeline.", hint="Give another name for the output.")


@dataclass(frozen=True, kw_only=True)
class _Picture:
    """The pictures of the mix, in a file."""

    path: Path
    width: int
    height: int
    copied: bool
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Order:
    """One mix as it was ordered."""

    asked: MixOptions
    target: LoudnessTarget
    output: Path
    music: tuple[PlayingMusic, ...]
    progress: Progress

    def done(self, cut: CutList) -> Mixed:
        """Write the video of a cut and its record, both or neither."""
        with _bench(self.output) as bench:
            sound = bench / "mix.m4a"
            with on_the_desk(cut, self.music, self.asked, lanes_beside(self.output), self.progress) as desk:
                wanted = self._wanted(desk, cut)
                delivered = deliver(desk.bus, sound, wanted, desk.speech, self.progress)
            picture = self._picture(cut, bench)
            with written_whole(sidecar_of(self.output)) as record, written_whole(self.output) as video:
                with store_errors(self.output):
                    packets = aac_packets(sound)
                    write_with_sound(video, picture.path, packets, samples=cut.samples, sound_bit_rate=BIT_RATE)
                found = self._read_back(video, cut, desk)
                mixed = _told(
                    self, cut, desk, wanted=wanted, delivered=delivered, picture=picture, found=found, digest=sha256(video)
                )
                record.write_text(mixed.record(), encoding="utf-8")
        return mixed

    def _wanted(self, desk: Desk, cut: CutList) -> Wanted:
        """Return what the sound is brought to: a target for dialogue holds where there is enough of it."""
        target = self.target
        by_dialogue = target.full_programme_lufs is not None and desk.speech_seconds >= _DIALOGUE_SHARE * cut.seconds
        whole = target.lufs if target.full_programme_lufs is None else target.full_programme_lufs
        return Wanted(lufs=target.lufs if by_dialogue else whole, true_peak_dbtp=target.true_peak_dbtp, by_dialogue=by_dialogue)

    def _picture(self, cut: CutList, bench: Path) -> _Picture:
        """Return the pictures: those of the only file of the cut, else encoded, without sound that anybody will hear."""
        whole = whole_file(cut, self.asked.height)
        if whole is not None:
            return _Picture(path=whole.path, width=whole.width, height=whole.height, copied=True)
        path = bench / "picture.mp4"
        silent_cut = replace(cut, audio=())
        made, stats = export_counted(
            silent_cut, path, height=self.asked.height, max_bytes=_ANY_BYTES, crf=FINAL_CRF, progress=self.progress
        )
        if made is None:
            raise AssertionError("an export to a path gives a file")
        return _Picture(path=path, width=made.width, height=made.height, copied=False, warnings=stats.warnings)

    def _read_back(self, video: Path, cut: CutList, desk: Desk) -> Measured:
        """Return what is heard in the written file, after a look at its pictures: a disk that lies must not pass."""
        frames = counted_frames(video)
        if frames != cut.frames:
            raise ExportError(f"the mix holds {frames} frames instead of {cut.frames}.", hint="Is the disk full or failing?")
        return measured_file(video, cut.samples, desk.speech)


def _told(
    order: _Order,
    cut: CutList,
    desk: Desk,
    *,
    wanted: Wanted,
    delivered: Delivered,
    picture: _Picture,
    found: Measured,
    digest: str,
) -> Mixed:
    """Return what is told of a mix."""
    mixed = Mixed(
        path=order.output,
        width=picture.width,
        height=picture.height,
        frames=cut.frames,
        rate=cut.rate,
        seconds=float(cut.seconds),
        copied_from=picture.path if picture.copied else None,
        target=order.target,
        by_dialogue=wanted.by_dialogue,
        wanted_lufs=wanted.lufs,
        measured=found,
        passes=delivered.passes,
        reduction_db=delivered.chosen.reduction_db,
        music_gain_db=desk.music_gain_db,
        speech_seconds=desk.speech_seconds,
        speech_over_music_db=desk.speech_over_music_db,
        music=desk.music,
        sha256=digest,
    )
    told = (*cut.warnings, *desk.warnings, *picture.warnings, *_shortfalls(mixed))
    return replace(mixed, warnings=tuple(dict.fromkeys(told)))


def _shortfalls(mixed: Mixed) -> Iterator[str]:
    """Yield in what the mix is not what was asked for, sentences."""
    found, target = mixed.loudness_lufs, mixed.target
    if target.full_programme_lufs is not None and not mixed.by_dialogue:
        yield f"There is too little dialogue for {target.name}: the whole is brought to {mixed.wanted_lufs:g} LUFS."
    if found is None:
        yield "The mix is silent, or too short to have a loudness."
    elif abs(found - mixed.wanted_lufs) > _NOTED_LU:
        yield f"The mix has {found:.1f} LUFS instead of {mixed.wanted_lufs:g}: only hard limiting would bring it nearer."
    if mixed.reduction_db > _NOTED_LIMITING_DB:
        yield f"The limiter takes up to {mixed.reduction_db:.0f} dB from the peaks: a softer --target would sound more open."


@contextmanager
def _bench(output: Path) -> Iterator[Path]:
    """Give a folder beside the output for what is half done; it is gone afterwards, whatever happens."""
    parent = output.absolute().parent
    with store_errors(output):
        parent.mkdir(parents=True, exist_ok=True)
        folder = TemporaryDirectory(prefix=f".{output.stem}.", dir=parent)
    with folder as name:
        yield Path(name)
