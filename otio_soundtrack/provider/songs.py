"""The course of a service that writes songs: made, listened to, extended until long enough, lossless where wanted (pure)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from otio_soundtrack.errors import JobFailedError, LimitError, SoundtrackError, UnusableTakeError
from otio_soundtrack.model.wire import Fetched, Reply, Request
from otio_soundtrack.provider.ask import Ask, Delivery, Offer, Quote, QuoteLine
from otio_soundtrack.provider.declaration import Declaration
from otio_soundtrack.provider.lengthening import Allowance, Reach, Studio, enough, lengthened, likely_rounds, policy
from otio_soundtrack.provider.options import known
from otio_soundtrack.provider.reading import said
from otio_soundtrack.provider.steps import Call, Course, Hear, Join, Pending, Price, Publish, done, fetched, heard
from otio_soundtrack.provider.takes import FINAL, Part, Take, Track, listened

SONGS_A_CREATE = 2
"""Both services make two at once, for one price (sheets)."""
LOSSLESS_WITHIN_S = 1.0
"""How far the length of a lossless file may be from that of the file it replaces: encoder padding, no other music."""

Suffices = Callable[[float], bool]
"""Whether a clip of so many seconds needs no waiting for the others."""


def never(_: float) -> bool:
    """Return that all clips are waited for."""
    return False


class Made(Protocol):
    """Waits for the clips of a task."""

    def __call__(self, label: str, task_id: str, suffices: Suffices, /) -> Course[tuple[Track, ...]]:
        """Return the course to its clips: all that succeeded, or those that are ready as soon as they suffice."""


@dataclass(frozen=True, kw_only=True)
class Prices:
    """Credits of each kind of call, None where no price is published."""

    create: float | None = None
    cover: float | None = None
    extend: float | None = None
    join: float | None = None
    wav: float | None = None
    upload: float | None = None
    joins: bool = False
    """Whether the service joins a song and its continuation."""
    uploads: bool = False
    """Whether a reference is uploaded by a call of its own."""


@dataclass(frozen=True, kw_only=True)
class Writer:
    """How a service writes a song."""

    create: Callable[[str], Course[str]]
    """Label → id of the task, paid."""
    made: Made
    studio: Studio
    lossless: Callable[[str, Track], Course[Fetched]]
    """Label and clip → its lossless file."""


def check_song(ask: Ask, service: Declaration) -> None:
    """Check options, number of takes and reference against what a service takes.

    Raises:
        LimitError: more takes than one run may ask for, or a reference that is too short, too long or too large.
        SettingsError: an option that the service does not know.
    """
    known(service, ask.options)
    if ask.takes > service.most_takes:
        raise LimitError(f"{ask.takes} takes are asked for; {service.title} makes {service.most_takes} in one run.")
    given, limits = ask.reference, service.reference
    if given is None or limits is None:
        return
    if not limits.least_seconds <= given.seconds <= limits.most_seconds:
        span = f"{limits.least_seconds:g} to {limits.most_seconds:g} s"
        raise LimitError(f"The reference lasts {given.seconds:.1f} s; {service.title} takes {span}.")
    if given.size > limits.most_bytes:
        raise LimitError(f"The reference has {given.size} bytes; {service.title} takes {limits.most_bytes}.")


def creates(ask: Ask) -> int:
    """Return how many creates the wanted takes need."""
    return -(-ask.takes // SONGS_A_CREATE)


def scored(ask: Ask, writer: Writer) -> Course[Delivery]:
    """Return the course from an ask to takes that are long enough.

    Raises:
        JobFailedError, RefusedError, CreditsError …: not one song was made.
        UnusableTakeError: songs were made, and not one of them can be used.
    """
    seconds = ask.brief.seconds
    tasks, notes = yield from _created(ask, writer)
    parts: list[Part] = []
    failure: SoundtrackError | None = None
    for number, task_id in enumerate(tasks, start=1):
        try:
            found, told = yield from _listened(f"song {number}", task_id, ask.takes - len(parts), seconds, writer)
        except FINAL as error:  # noqa: PERF203  # each order stands for itself
            failure = error
            notes.append(f"Create {number} of {len(tasks)} made nothing: {error.message}")
        else:
            parts += found
            notes += told
    if not parts:
        raise failure or UnusableTakeError(
            "the service made songs, and not one of them can be used.", hint=f"{' '.join(notes)} Ask for another take.".strip()
        )
    allowance = Allowance(ask.most_calls)
    offers: list[Offer] = []
    for number, part in enumerate(sorted(parts, key=lambda one: _rank(one, seconds))[: ask.takes], start=1):
        label = f"take {number}"
        take, told = yield from lengthened(
            label, Take(file=part.file, heard=part.heard, parts=(part,)), seconds, writer.studio, allowance
        )
        notes += told
        if ask.wav:
            take, told = yield from _lossless(label, take, writer)
            notes += told
        offers.append(_offer(take))
    if len(offers) < ask.takes:
        notes.append(f"{ask.takes} takes were wanted and {len(offers)} could be used.")
    offers.sort(key=lambda offer: min(offer.heard.sounding_until, offer.heard.seconds) < seconds)
    return Delivery(offers=tuple(offers), notes=tuple(notes))


def reference_url(ask: Ask) -> Course[str]:
    """Return the course to a URL at which the service can fetch the reference, empty where none is wanted."""
    if ask.reference_url or ask.reference is None:
        return ask.reference_url
    url: str = yield Publish(label="reference", path=ask.reference.path)
    return url


def quoted(ask: Ask, prices: Prices, reach: Reach, *notes: str, first: tuple[float, float] | None = None) -> Quote:
    """Return what a job would cost.

    Args:
        ask: the ask.
        prices: of the service.
        reach: how long the model's songs are.
        notes: what is to be known of the prices.
        first: seconds of a first song where they are asked for, None for the model's own.
    """
    number, wavs = creates(ask), ask.takes if ask.wav else 0
    rounds = likely_rounds(ask.brief.seconds, reach, first)
    least, most = (min(some * ask.takes, ask.most_calls) for some in rounds)
    cover = wants_reference(ask)
    what, price = ("cover", prices.cover) if cover else ("create", prices.create)
    lines = [
        QuoteLine(what=what, credits=price, least=number, most=number, why=f"{SONGS_A_CREATE} songs each"),
        QuoteLine(what="extend", credits=prices.extend, least=least, most=most, why="until a take is as long as the cue"),
    ]
    if cover and prices.uploads and prices.upload is None:
        notes = (*notes, "The price of fetching a reference is not published: --yes consents to it.")
    if cover and prices.uploads:
        lines.insert(0, QuoteLine(what="upload", credits=prices.upload, least=1, most=1, why="the reference, for all songs"))
    if prices.joins and most:
        why = f"where the service sends the new part only; with the extensions {ask.most_calls} at most"
        lines.append(QuoteLine(what="concat", credits=prices.join, least=0, most=min(most, ask.most_calls // 2), why=why))
    if wavs:
        lines.append(
            QuoteLine(what="wav", credits=prices.wav, least=wavs, most=wavs + most, why="lossless file of a take's parts")
        )
    return Quote(lines=tuple(lines), notes=(*notes, *policy(ask.brief.seconds, ask.most_calls, reach)))


def wants_reference(ask: Ask) -> bool:
    """Return whether the song shall be in the manner of a reference."""
    return bool(ask.reference_url) or ask.reference is not None


def settled(
    task_id: str, states: Sequence[str], clips: list[dict[str, Any]], failed: int, suffices: Suffices
) -> Pending | list[dict[str, Any]] | None:
    """Return the clips that are ready once they suffice or all are final; None where all have failed.

    Args:
        task_id: of the task.
        states: of all its clips, in the service's words.
        clips: those that are ready, see :func:`~otio_soundtrack.provider.takes.clip`.
        failed: how many failed.
        suffices: whether a ready one needs no waiting for the others.
    """
    final = bool(states) and len(clips) + failed == len(states)
    if clips and (final or any(suffices(one["seconds"] or 0.0) for one in clips)):
        return clips
    return None if final else Pending(stage=said(", ".join(states)) or "working", job_id=task_id)


class Orders:
    """The paid calls of one job that are answered with the id of a task."""

    def __init__(self, read: Callable[[Reply], str], id_of: Callable[[Any], str]) -> None:
        """Take what reads an answer, and what finds the task's id in a callback."""
        self._read = read
        self._id_of = id_of
        self._begun: set[str] = set()

    def order(self, label: str, path: str, body: dict[str, Any], price: float | None) -> Course[str]:
        """Return the course of one call to the id of its task."""
        call = Call(
            label=label,
            request=Request(method="POST", path=path, json=body),
            read=self._read,
            price=Price(credits=price),
            called_back=self._called_back,
        )
        task_id = yield from done(call)
        self._begun.add(task_id)
        return task_id

    def _called_back(self, told: object) -> str | None:
        """Return the task that a callback is about, where no earlier call of this job began it."""
        found = self._id_of(told)
        return found if found and found not in self._begun else None


def _created(ask: Ask, writer: Writer) -> Course[tuple[list[str], list[str]]]:
    """Order all songs; where a later order is refused, the earlier ones are still good."""
    tasks: list[str] = []
    for number in range(1, creates(ask) + 1):
        try:
            task = yield from writer.create(f"create {number}")
        except FINAL as error:
            if not tasks:
                raise
            return tasks, [f"Create {number} of {creates(ask)} was not made: {error.message}"]
        tasks.append(task)
    return tasks, []


def _listened(
    label: str, task_id: str, wanted: int, seconds: float, writer: Writer
) -> Course[tuple[tuple[Part, ...], tuple[str, ...]]]:
    """Listen to the clips of one task.

    The second is not waited for where one is wanted and the first says that it is long enough; where that was not true, or the
    first cannot be used, the second is listened to before anything more is paid for.
    """

    def suffices(said_seconds: float) -> bool:
        return wanted == 1 and said_seconds >= enough(seconds)

    tracks = yield from writer.made(f"{label} ready", task_id, suffices)
    parts, notes = yield from listened(label, tracks)
    if len(tracks) < SONGS_A_CREATE and not any(part.end >= enough(seconds) for part in parts):
        seen = {track.track_id for track in tracks}
        rest = yield from writer.made(f"{label} all ready", task_id, never)
        more, told = yield from listened(f"{label} rest", tuple(one for one in rest if one.track_id not in seen))
        return (*parts, *more), (*notes, *told)
    return parts, notes


def _rank(part: Part, seconds: float) -> tuple[bool, bool, float]:
    """Long enough first, of these the one that comes to rest and has the least to be cut away; of the others the longest."""
    if part.end >= enough(seconds):
        return False, not part.heard.ends, part.end
    return True, False, -part.end


def _lossless(label: str, take: Take, writer: Writer) -> Course[tuple[Take, tuple[str, ...]]]:
    """Replace a take's file by a lossless one; the old one stays where that fails."""
    try:
        whole: Fetched | None = None
        for number, part in enumerate(take.parts, start=1):
            name = f"{label} wav {number} {part.track.track_id}"  # the id: after a cap was raised a take may have other parts
            file = yield from writer.lossless(name, part.track)
            if whole is not None:
                file = yield from fetched(Join(label=f"{name} joined here", first=whole, at_seconds=part.starts_at, second=file))
            whole = file
        if whole is None:
            raise JobFailedError(f"{label} has no parts.")
        sound = yield from heard(Hear(label=f"{label} wav sound", file=whole))
    except FINAL as error:
        return take, (f"{label} stays in the service's compressed form: {error.message}",)
    if abs(sound.seconds - take.heard.seconds) > LOSSLESS_WITHIN_S:
        return take, (
            f"The lossless file of {label} lasts {sound.seconds:.1f} s and the take {take.heard.seconds:.1f} s: not used.",
        )
    return Take(file=whole, heard=sound, parts=take.parts, joins=take.joins), ()


def _offer(take: Take) -> Offer:
    last: dict[str, Any] = take.parts[-1].track.facts
    ids = tuple(one for part in take.parts for one in (part.track.task_id, part.track.track_id))
    return Offer(file=take.file, heard=take.heard, title=take.parts[0].track.title, service_ids=ids, joins=take.joins, facts=last)
