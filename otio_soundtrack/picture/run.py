"""One pass over the cut: sound in the calling thread, pictures in the workers, then the file (room picture)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from otio_soundtrack.model.cut import CutList
from otio_soundtrack.picture.crew import Whistle, worked_off, worker_count
from otio_soundtrack.picture.meters import FrameMeter, Rows, SoundMeter
from otio_soundtrack.picture.mix import limited, windows
from otio_soundtrack.picture.plan import Cluster, ExportPlan
from otio_soundtrack.picture.scratch import Scratch
from otio_soundtrack.picture.segments import Made, StoredPacket
from otio_soundtrack.picture.size import FileFormat
from otio_soundtrack.picture.task import Halves, Tally, Task, workbench
from otio_soundtrack.picture.workshop import do_job
from otio_soundtrack.progress import Progress
from otio_soundtrack.tools.files import store_errors
from otio_soundtrack.tools.media.encoder import EncodedPacket, PictureFormat, SoundEncoder
from otio_soundtrack.tools.media.writer import write_movie

_SOUND_SHARE = 0.1
"""Share of the whole work that the sound takes, for the progress."""


@dataclass(frozen=True, kw_only=True)
class ExportStats:
    """What an export cost."""

    decoded: int
    """Frames of picture that came out of decoders."""
    opened: int
    """Files opened for decoding pictures."""
    plan: ExportPlan
    """What was done."""
    warnings: tuple[str, ...] = ()
    """What was damaged and passed over, a sentence a clip."""


class Run:
    """One pass over the cut: sound in the calling thread, pictures in the workers, then the file."""

    def __init__(
        self,
        cuts: CutList,
        plan: ExportPlan,
        *,
        shape: PictureFormat,
        form: FileFormat | None,
        frame_meter: FrameMeter | None,
        sound_meter: SoundMeter | None,
        scratch: Scratch,
        progress: Progress,
    ) -> None:
        self._cuts = cuts
        self._plan = plan
        self._form = form
        self._frame_meter = frame_meter
        self._sound_meter = sound_meter
        self._progress = progress
        self._step = "measuring" if form is None else "exporting"
        self._sound: list[StoredPacket] = []
        self._heard = 0.0
        self._whistle = Whistle()
        self._made: dict[int, Made] = {}
        self._task = Task(
            plan=plan,
            size=(shape.width, shape.height),
            form=None if form is None else form.picture,
            meter=frame_meter,
            scratch=scratch,
            whistle=self._whistle,
            tally=Tally(),
            halves=Halves(),
        )

    @property
    def stats(self) -> ExportStats:
        """What the pass cost."""
        tally = self._task.tally
        warnings = tuple(
            f"{clip} is damaged: packets that did not decode and were passed over: {packets}."
            for clip, packets in sorted(tally.damaged.items())
        )
        return ExportStats(decoded=tally.decoded, opened=tally.opened, plan=self._plan, warnings=warnings)

    def work(self) -> None:
        """Decode, encode and measure everything."""
        self._tell()
        sound = self._sound_steps()
        if self._form is not None or self._frame_meter is not None:
            self._work_pictures(sound)
        for _ in sound:
            self._tell()
        if self._frame_meter is not None:
            self._frame_meter.finish(self._table(self._frame_meter))
        self._progress(self._step, 1.0)

    def write(self, path: Path) -> None:
        """Join the segments and write the file."""
        if self._form is None:
            raise ValueError("a pass that only measured has nothing to write")
        with store_errors(path):
            write_movie(
                path,
                self._form.picture,
                self._joined(),
                map(partial(self._loaded, offset=0), self._sound),
                samples=self._cuts.samples,
                sound_bit_rate=self._form.sound_bit_rate,
            )

    def _work_pictures(self, sound: Iterator[None]) -> None:
        """Let the workers make all segments; between their results the sound goes on."""

        def meanwhile() -> None:
            next(sound, None)
            self._tell()

        waves: list[Sequence[Cluster | int]] = [self._plan.drawn, *self._plan.waves]
        for jobs in waves:
            set_up = partial(workbench, self._task)
            for made in worked_off(jobs, set_up, do_job, self._whistle, meanwhile, workers=worker_count()):
                self._made.update(made)

    def _sound_steps(self) -> Iterator[None]:
        """Mix, hear and encode the sound, a window at each step."""
        if self._form is None and self._sound_meter is None:
            return
        encoder = None if self._form is None else SoundEncoder(self._form.sound_bit_rate)
        done = 0
        for window in windows(self._cuts, self._task.tally.pass_over):
            if self._sound_meter is not None:
                self._sound_meter.hear(window)
            if encoder is not None:
                self._keep(encoder.put(limited(window)))
            done += len(window)
            self._heard = done / self._cuts.samples
            yield
        if encoder is not None:
            self._keep(encoder.finish())

    def _keep(self, packets: Iterator[EncodedPacket]) -> None:
        for packet in packets:
            place = self._task.scratch.keep(packet.payload)
            self._sound.append(StoredPacket(stamp=packet.stamp, is_key=packet.is_key, place=place))

    def _joined(self) -> Iterator[EncodedPacket]:
        """Give the packets of all segments in record order, stamps counted from the head of the cut."""
        at = 0
        for number in self._plan.order:
            for packet in self._made[number].packets:
                yield self._loaded(packet, offset=at)
            at += self._plan.segments[number].frames

    def _loaded(self, packet: StoredPacket, *, offset: int) -> EncodedPacket:
        return EncodedPacket(packet.stamp + offset, packet.is_key, self._task.scratch.fetch(packet.place))

    def _table(self, meter: FrameMeter) -> Rows:
        """Lay the rows of all segments in record order; the first row of each is measured again against the true frame before."""
        rows = []
        before = None
        for number in self._plan.order:
            made = self._made[number]
            if made.rows is None or made.head is None or made.tail is None:
                raise AssertionError(f"segment {number} was not measured")
            first = made.rows[:1] if before is None else meter.measure(made.head[None], before)
            rows += [first, made.rows[1:]]
            before = made.tail
        return np.concatenate(rows)

    def _tell(self) -> None:
        seen = self._task.tally.made / max(1, sum(segment.frames for segment in self._plan.segments))
        self._progress(self._step, min(1.0, seen * (1 - _SOUND_SHARE) + self._heard * _SOUND_SHARE))
