"""Aimi Sync: looks at the cut, writes a plan for its music, and executes it as often as takes are wanted.

Service: Aimi Sync. Documentation: docs.api.aimi.fm/sync (wins), its endpoints, FAQ and plan guide, read 2026-11-20.

===================================  ========================================================================================
POST /sync_upload_init               a task for an upload
POST /sync_upload_chunk              a piece of the file (multipart); any order, several at once
POST /sync_upload_complete           how many pieces; it tells what is missing
POST /sync_video_analysis            the analysis, whose document is sent back later; asked again while it runs
POST /sync_audio_analysis            the same for the sound, where it is kept in the mix
POST /sync_generate                  analysis and flags (multipart, typed JSON parts) → plan
POST /sync_execute                   plan → execution; paid, up to 10 at once, other music each time
POST /sync_status                    pending, processing, finished, error, inactive; never asked within 5 s
===================================  ========================================================================================
"""

from __future__ import annotations

import json
from typing import Any

from otio_soundtrack.errors import JobFailedError, LimitError, ProviderError, SettingsError, SoundtrackError
from otio_soundtrack.model.wire import Fetched, Request
from otio_soundtrack.provider.ask import Ask, Delivery, LocalFile, Offer, Quote, QuoteLine, Wording
from otio_soundtrack.provider.declaration import Declaration, PictureLimits
from otio_soundtrack.provider.options import known
from otio_soundtrack.provider.reading import json_of, said, text_at
from otio_soundtrack.provider.steps import Call, Course, Fetch, Hear, Poll, Unpack, done, fetched, heard, together
from otio_soundtrack.provider.takes import FINAL
from otio_soundtrack.provider.verdict import sentence
from otio_soundtrack.provider.wording import title
from otio_soundtrack.providers import aimi_calls as calls

DECLARATION = Declaration(
    name="aimi",
    title="Aimi Sync",
    model="sync",
    capabilities=frozenset({"generate", "plan", "wav"}),
    key_variable="AIMI_API_KEY",
    base_url="https://api.sync.aimi.fm",
    paid=True,
    voice=True,
    ai="full",
    licence="By the terms of the account; the service's documentation tells none.",
    most_takes=calls.MOST_EXECUTIONS,
    picture=PictureLimits(most_bytes=calls.MOST_BYTES, needs_sound=False),
    options={"genre": "a genre of the service, like deep", **{name: f"yes: {told}" for name, (_, told) in calls.FLAGS.items()}},
)


class _LostError(Exception):
    """The service does not know the upload any more; raised and caught inside a course."""


class Aimi:
    """A service that scores a picture by a plan of its own."""

    declaration = DECLARATION

    def check(self, ask: Ask, /) -> None:
        """Check picture, takes, options and the plan; see :class:`~otio_soundtrack.provider.service.Service`."""
        known(DECLARATION, ask.options)
        calls.flags_of(ask)
        if ask.picture is not None:  # none before the cue is exported
            calls.picture_of(ask)
        if ask.takes > calls.MOST_EXECUTIONS:
            raise LimitError(f"Aimi executes {calls.MOST_EXECUTIONS} at once, not {ask.takes}.", hint="Ask for fewer takes.")
        if ask.service_plan is not None and not calls.is_plan(calls.unwrapped(ask.service_plan)):
            raise SettingsError("The plan is none of Aimi's: it has no list of sections.", hint="Edit one that Aimi wrote.")

    def wording(self, ask: Ask, /) -> Wording:
        """Return the flags, and what is left to the picture and to the plan."""
        told = "The brief's words, moods, tempo, sections and hit points are not sent: Aimi takes its own from the picture"
        return Wording(
            sent=calls.flags_of(ask), left_out=(f"{told}; its plan can be edited.",) if ask.service_plan is None else ()
        )

    def quote(self, ask: Ask, /) -> Quote:
        """Return how many executions are paid for."""
        line = QuoteLine(what="execute", credits=None, least=ask.takes, most=ask.takes, why="one for each take")
        return Quote(lines=(line,), notes=("Aimi publishes no prices; upload, analysis and plan are taken as free.",))

    def balance(self) -> Call[float] | None:
        """Return None: no call tells it."""
        return None

    def plan(self, ask: Ask, /) -> Course[Any]:
        """Return the course to the service's plan; see :class:`~otio_soundtrack.provider.service.Plans`."""
        _, _, plan = yield from self._planned(ask)
        return plan

    def score(self, ask: Ask, /) -> Course[Delivery]:
        """Return the course to as many executions of one plan as takes are wanted."""
        task, analysis, plan = yield from self._planned(ask)
        notes = ["The production sound is mixed into the takes."] if calls.flags_of(ask)[calls.SOUND_FLAG] else []
        executions = yield from self._executed(ask, task, plan, notes)
        offers: list[Offer] = []
        documents: dict[str, Any] = {"plan": plan, "analysis": json.loads(analysis)}
        first: SoundtrackError | None = None
        for take, execution in executions.items():
            try:
                offers.append((yield from _offer(ask, take, execution, documents)))
            except FINAL as error:  # noqa: PERF203  # each take stands for itself
                first = first or error
                notes.append(f"Take {take} was not used: {error.message}")
        if not offers:
            raise first or JobFailedError("Aimi executed nothing.", hint=" ".join(notes))
        return Delivery(offers=tuple(offers), notes=tuple(notes), documents=documents)

    def _planned(self, ask: Ask, tries: tuple[str, ...] = ("", " again")) -> Course[tuple[str, str, Any]]:
        """Return task, analysis as it was sent, and plan: the edited one where there is one."""
        flags = calls.flags_of(ask)
        for again in tries:
            try:
                task = yield from _uploaded(calls.picture_of(ask), again)
                analysis = yield from _known(calls.analysis(ask, f"video analysis{again}", calls.VIDEO_ANALYSIS, task))
                if flags[calls.SOUND_FLAG]:
                    yield from _known(calls.analysis(ask, f"audio analysis{again}", calls.AUDIO_ANALYSIS, task))
                plan = calls.unwrapped(ask.service_plan)
                if plan is None:
                    plan = yield from _known(calls.generate(f"plan{again}", task, analysis, flags))
            except _LostError:
                continue
            return task, analysis, plan
        raise JobFailedError("Aimi lost the upload of the cut.", hint="Nothing was paid for; try again later.")

    def _executed(self, ask: Ask, task: str, plan: Any, notes: list[str]) -> Course[dict[int, str]]:  # noqa: ANN401  # JSON
        """Start an execution for each take; return their ids by the number of the take."""
        executions: dict[int, str] = {}
        for take in range(1, ask.takes + 1):
            try:
                found = yield from done(calls.execute(f"execute {take}", task, plan))
                if found == calls.LOST:
                    asked = ask.model_copy(update={"service_plan": plan})
                    task, _, _ = yield from self._planned(asked, (f" for take {take}",))
                    found = yield from done(calls.execute(f"execute {take} again", task, plan))
                if found == calls.LOST:
                    raise JobFailedError("Aimi lost the upload of the cut twice.", hint="Nothing was begun for this take.")
            except FINAL as error:
                if not executions:
                    raise
                notes.append(f"Take {take} and later ones were not begun: {error.message}")
                break
            executions[take] = found
        return executions


def _known(step: Call[Any] | Poll[Any]) -> Course[Any]:
    result = yield from done(step)
    if result == calls.LOST:
        raise _LostError
    return result


def _uploaded(picture: LocalFile, again: str) -> Course[str]:
    """Upload the cut in pieces; a piece that was received is kept, so a job that is taken up sends only the others."""
    suffix = picture.path.suffix.lower() or ".mp4"
    facts = {"filename": f"cut{suffix}", "filesize": picture.size, "filetype": f"video/{suffix[1:]}"}
    task = yield from done(calls.begin(f"upload{again}", facts))
    count = max(1, -(-picture.size // calls.PIECE_BYTES))
    missing = list(range(count))
    for number in ("", " second time", " third time"):
        pieces = tuple(calls.piece(f"piece {index}{again}{number}", picture, task, index) for index in missing)
        if calls.LOST in (yield from together(pieces, at_once=calls.PIECES_AT_ONCE)):
            raise _LostError
        missing = yield from _known(calls.complete(f"upload complete{again}{number}", task, count))
        if not missing:
            return task
    raise JobFailedError("Aimi lacks pieces of the cut however often they are sent.", hint="Nothing was paid for.")


def _offer(ask: Ask, take: int, execution: str, documents: dict[str, Any]) -> Course[Offer]:
    """Wait for an execution and return its music; while the first is waited for, the others run."""
    first = calls.STATUS_FIRST_S if take == 1 else 0.0
    end = yield from done(calls.status(ask, f"status {take}", execution, first_seconds=first))
    if "url" not in end:
        report = yield from _document(f"report {take}", end["report"])
        told = said(text_at(report, "error", "message", "detail") or (json.dumps(report) if report else ""))
        failed = sentence(f"Aimi's execution failed: {told or end['message']}")
        raise JobFailedError(failed, hint="Another execution of the plan may do.")
    renew = calls.fresh_link(f"link {take}", execution)
    file = yield from fetched(Fetch(label=f"file {take}", url=end["url"], kind="media", or_archive=True, renew=renew))
    parts: tuple[Fetched, ...] = yield Unpack(label=f"music {take}", file=file)
    if not parts:
        raise JobFailedError("Aimi's archive holds no music.")
    sound = yield from heard(Hear(label=f"hearing {take}", file=parts[0]))
    if results := (yield from _document(f"results {take}", end["results"])):
        documents[f"results {take}"] = results
    stems = {f"part-{number}": part for number, part in enumerate(parts[1:], start=1)}
    return Offer(file=parts[0], heard=sound, title=title(ask.brief), service_ids=(execution,), stems=stems)


def _document(label: str, url: str) -> Course[Any]:
    """Return a document that the service refers to, None where it cannot be had: nothing depends on it."""
    if not url:
        return None
    request = Request(method="GET", path=url, with_key=False)
    try:
        return (yield from done(Call(label=label, request=request, read=calls.JUDGE.reading(json_of, "a document"))))
    except ProviderError:
        return None
