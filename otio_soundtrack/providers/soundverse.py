"""Soundverse: makes a new song out of a temp track, told as a stream of events.

Service: Soundverse AI Remix v7. Documentation: help.soundverse.ai/enterprise-api/generate/ai-remix/ai-remix-v7 (wins), pages on
states and extension beside it, read 2026-11-20. HTTP statuses are documented nowhere: errors are judged by their bodies.

==============================  =============================================================================================
POST /v7/generate/remix         reference at a public URL, and words → server-sent events: validating, queued (``message_id``),
                                …, streaming (may hold at 90 for minutes), completed (``audio_url``); paid
GET /status/generation/{id}     the same fields, for a stream that broke; two older forms of the path are tried after it
POST /v6/extend/music           so many seconds more of a song, as JSON; paid; only with ``--set extend=yes``
==============================  =============================================================================================
"""

from __future__ import annotations

from otio_soundtrack.errors import AudioError, JobFailedError, LimitError, RefusedError, SoundtrackError, UnusableTakeError
from otio_soundtrack.provider.ask import Ask, Delivery, Offer, Quote, QuoteLine, Wording
from otio_soundtrack.provider.lengthening import Allowance, Extend, Studio, enough, lengthened, likely_rounds, policy
from otio_soundtrack.provider.options import known, one_of
from otio_soundtrack.provider.reading import Borne, said
from otio_soundtrack.provider.songs import reference_url
from otio_soundtrack.provider.steps import Broken, Call, Course, Poll, done, streamed
from otio_soundtrack.provider.takes import FINAL, Take, Track, listened
from otio_soundtrack.provider.wording import continuation, description, shortened, unsayable
from otio_soundtrack.providers import soundverse_calls as calls


class Soundverse:
    """A service that remixes a temp track."""

    declaration = calls.DECLARATION

    def check(self, ask: Ask, /) -> None:
        """Check reference and options; see :class:`~otio_soundtrack.provider.service.Service`."""
        known(calls.DECLARATION, ask.options)
        one_of(ask.options, "extend", ("yes", "no"), "no")
        calls.parameters_of(ask)
        file = ask.reference
        if file is None and not ask.reference_url:
            raise LimitError("Soundverse remixes a temp track, and there is none.", hint="Give one with --reference.")
        if file is not None and file.size > calls.REFERENCE.most_bytes:
            raise LimitError(f"The temp track has {file.size} bytes; Soundverse takes {calls.REFERENCE.most_bytes}.")
        if file is not None and not calls.REFERENCE.least_seconds <= file.seconds <= calls.REFERENCE.most_seconds:
            limits = f"{calls.REFERENCE.least_seconds:g} to {calls.REFERENCE.most_seconds:g} s"
            raise LimitError(f"The temp track lasts {file.seconds:.1f} s; Soundverse takes {limits}.")
        if ask.reference_url:
            calls.check_public(ask.reference_url)

    def wording(self, ask: Ask, /) -> Wording:
        """Return what is sent beside the reference."""
        words, left_out = shortened("description", description(ask.brief), calls.MOST_PROMPT)
        lyrics = {"lyrics": ask.options["lyrics"]} if ask.options.get("lyrics", "").strip() else {}
        voices = ("That nobody shall sing can only be said in words.",) if ask.brief.instrumental else ()
        length = "The length cannot be asked for: a remix is about as long as its reference, and the fit makes it exact."
        sent = {"prompt": words, **lyrics, "parameters": calls.parameters_of(ask)}
        return Wording(sent=sent, left_out=(*left_out, *voices, length, *unsayable(ask.brief)[1:]))

    def quote(self, ask: Ask, /) -> Quote:
        """Return how many remixes are paid for."""
        lines = [QuoteLine(what="remix", credits=None, least=ask.takes, most=ask.takes, why="one for each take")]
        notes = ["Soundverse publishes no prices."]
        if _extends(ask):
            least, most = likely_rounds(ask.brief.seconds, calls.EXTENSION)
            least, most = min(least * ask.takes, ask.most_calls), min(most * ask.takes, ask.most_calls)
            lines.append(QuoteLine(what="extend", credits=None, least=least, most=most, why="until a take is long enough"))
            notes += policy(ask.brief.seconds, ask.most_calls, calls.EXTENSION)
        else:
            notes.append("A remix is about as long as its reference; the fit repeats bars of a shorter one, or --set extend=yes.")
        return Quote(lines=tuple(lines), notes=tuple(notes))

    def balance(self) -> Call[float] | None:
        """Return None: no call tells it."""
        return None

    def score(self, ask: Ask, /) -> Course[Delivery]:
        """Return the course to as many remixes as takes are wanted, one after the other."""
        url = yield from reference_url(ask)
        allowance = Allowance(ask.most_calls if _extends(ask) else 0)
        offers: list[Offer] = []
        notes: list[str] = []
        first: SoundtrackError | None = None
        for number in range(1, ask.takes + 1):
            try:
                offers.append((yield from self._offer(ask, f"remix {number}", url, allowance, notes)))
            except FINAL as error:  # noqa: PERF203  # each remix stands for itself
                first = first or error
                notes.append(f"Remix {number} was not used: {error.message}")
                if not isinstance(error, JobFailedError | AudioError):
                    break
        if not offers:
            raise first or JobFailedError("Soundverse made nothing.")
        return Delivery(offers=tuple(offers), notes=tuple(notes))

    def _offer(self, ask: Ask, label: str, url: str, allowance: Allowance, notes: list[str]) -> Course[Offer]:
        body = {"song_reference_url": url, **self.wording(ask).sent}
        told: dict[str, str] | Broken = yield from streamed(calls.remix(label, body))
        if isinstance(told, Broken):
            told = yield from _recovered(label, told.job_id)
        elif not told["url"] and told["id"]:
            told = yield from _recovered(label, told["id"])
        if not told["url"]:
            raise JobFailedError(f"Soundverse completed {label} and told no link to it.", hint=f"Its id is {told['id']}.")
        renew = calls.fresh_link(f"{label} link", told["id"]) if told["id"] else None
        track = Track(task_id=told["id"], track_id=told["id"], url=told["url"], title=told["title"], renew=renew)
        parts, refused = yield from listened(label, (track,))
        if not parts:
            raise UnusableTakeError(" ".join(refused), hint="It is paid for; another remix is another take.")
        take = Take(file=parts[0].file, heard=parts[0].heard, parts=parts)
        if _extends(ask):
            studio = Studio(extend=_extender(ask), join=None, reach=calls.EXTENSION)
            take, more = yield from lengthened(label, take, ask.brief.seconds, studio, allowance)
            notes += more
        elif take.end < ask.brief.seconds:
            notes.append(f"{label} lasts {take.end:.1f} s and the cue {ask.brief.seconds:.1f} s: the fit repeats bars of it.")
        facts = {
            "remix_of": said(ask.reference_url) or (ask.reference.path.name if ask.reference else ""),
            "cover": told["cover"],
        }
        return Offer(
            file=take.file, heard=take.heard, title=told["title"], service_ids=(told["id"],), joins=take.joins, facts=facts
        )


def _recovered(label: str, job_id: str) -> Course[dict[str, str]]:
    """Ask for the state of a remix whose stream broke, by the forms of the path in turn, and then by the first again.

    It is paid for, so the last question ends only with an answer: without one the job stays open.
    """
    for number, form in enumerate(calls.STATES, start=1):
        try:
            return (yield from done(_asked(f"{label} state {number}", form, job_id, Borne(calls.UNKNOWN_BORNE))))
        except RefusedError:  # noqa: PERF203  # this form of the path is not the one, or the record is late
            continue
    return (yield from done(_asked(f"{label} state", calls.STATES[0], job_id, None)))


def _asked(label: str, form: tuple[str, str], job_id: str, borne: Borne | None) -> Poll[dict[str, str]]:
    request = calls.state(form, job_id)
    return Poll(label=label, request=request, read=calls.state_reader(job_id, borne), pace=calls.STATE_PACE)


def _extender(ask: Ask) -> Extend:
    def extend(label: str, track: Track, at: float, /, *, last: bool) -> Course[tuple[Track, ...]]:
        """Have a song extended at its end. Assumed: the answer is the whole song; its length and beginning are measured."""
        more = round(min(max(enough(ask.brief.seconds) - at, calls.EXTENSION.more[0]), calls.EXTENSION.more[1]))
        words, _ = shortened("prompt", continuation(ask.brief, last=last), calls.MOST_PROMPT)
        told = yield from done(calls.extension(label, track, words, more))
        return (Track(task_id=told["id"], track_id=told["id"], url=told["url"], title=told["title"]),)

    return extend


def _extends(ask: Ask) -> bool:
    return ask.options.get("extend") == "yes"
