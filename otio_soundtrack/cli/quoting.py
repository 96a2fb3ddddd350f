"""What ``--dry-run`` tells: the plan, the words of the service, and the quote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from otio_soundtrack.model.plan import Plan
    from otio_soundtrack.pipeline.services.estimating import Estimate
    from otio_soundtrack.provider.ask import Quote


@dataclass(frozen=True)
class Composed:
    """What the local engine would do: nothing is asked of anybody."""

    provider: str
    plans: tuple[Plan, ...]

    def text(self) -> str:
        """Return the plans, a line a section."""
        lines = [line for plan in self.plans for line in plan_lines(plan)]
        return "\n".join([*lines, f"{self.provider}: 0 calls, 0 credits; nothing was sent or written."])

    def json(self) -> object:
        """Return plans and quote."""
        quote = {"provider": self.provider, "calls": 0, "credits": 0}
        return {"cues": [plan.model_dump(mode="json") for plan in self.plans], "quote": quote}


@dataclass(frozen=True)
class Asked:
    """What a service would be asked, and for how much."""

    provider: str
    estimates: tuple[Estimate, ...]
    conformed: tuple[str, ...] = ()
    """Ids of cues whose stored takes would be fitted to the changed cut: nobody is asked for them."""

    def text(self) -> str:
        """Return plans, words and prices."""
        lines = [f"{cue}  its stored take would be fitted to this cut: 0 calls" for cue in self.conformed]
        for one in self.estimates:
            lines += plan_lines(one.cue.plan)
            lines += [f"  {one.title} would be sent, at {one.to}:"]
            lines += [f"    {sentence}" for sentence in one.files]
            lines += [f"    {name}: {value}" for name, value in one.wording.sent.items()]
            lines += [f"  left out: {sentence}" for sentence in one.wording.left_out]
            lines += [f"  {line}" for line in quote_lines(one.quote)]
        lines.append(f"{self.provider}: {_total(self.estimates)}; nothing was sent or written.")
        return "\n".join([*lines, _onward(self.estimates)])

    def json(self) -> object:
        """Return plans, words and quote."""
        return {
            "cues": [one.cue.plan.model_dump(mode="json") for one in self.estimates],
            "asked": [
                {"sent": one.wording.sent, "files": list(one.files), "to": one.to, "left_out": list(one.wording.left_out)}
                for one in self.estimates
            ],
            "conformed": list(self.conformed),
            "quote": {
                "provider": self.provider,
                "calls": sum(line.most for one in self.estimates for line in one.quote.lines),
                "credits": _sum([one.quote.most for one in self.estimates]),
                "credits_at_least": _sum([one.quote.least for one in self.estimates]),
                "lines": [vars(line) | {"cue": one.cue.plan.cue_id} for one in self.estimates for line in one.quote.lines],
                "notes": list(dict.fromkeys(note for one in self.estimates for note in one.quote.notes)),
            },
        }


def plan_lines(plan: Plan) -> list[str]:
    """Return a plan for people, a line a section."""
    head = f"{plan.cue_id}  {plan.timecode}  {plan.frames} frames, {plan.ending.value} ending, seed {plan.seed}"
    sections = [
        f"  frames {one.start}-{one.end}: {one.mood.value}, energy {one.energy:.2f}, {one.tempo_bpm:g} BPM, {one.key}, "
        f"{', '.join(part.value for part in one.instruments)}"
        for one in plan.sections
    ]
    return [head, *sections, *(f"  {note}" for note in plan.notes)]


def quote_lines(quote: Quote) -> list[str]:
    """Return a quote for people: a line a kind of call, then what is to be known."""
    lines = []
    for line in (line for line in quote.lines if line.most > 0):
        times = f"{line.least}" if line.least == line.most else f"{line.least} to {line.most}"
        price = "price not published" if line.credits is None else f"{line.credits:g} credits each"
        lines.append(f"{times} × {line.what}, {price}{f' ({line.why})' if line.why else ''}")
    return [*lines, *quote.notes]


def _total(estimates: tuple[Estimate, ...]) -> str:
    least, most = (_sum([getattr(one.quote, side) for one in estimates]) for side in ("least", "most"))
    if least is None or most is None:
        calls = sum(line.most for one in estimates for line in one.quote.lines)
        return f"{calls} paid call{'' if calls == 1 else 's'} at most, for a price that is not published"
    return f"{most:g} credits" if least == most else f"{least:g} to {most:g} credits"


def _onward(estimates: tuple[Estimate, ...]) -> str:
    """Return how one goes on from here."""
    most = _sum([one.quote.most for one in estimates])
    if most == 0:
        return "Nothing has a price: the same command with -o OUT and without --dry-run has it made."
    consent = "--yes" if most is None else f"--max-cost {most:g}"
    return f"The same command with -o OUT and {consent} instead of --dry-run has it made; without that nothing is paid."


def _sum(parts: list[float | None]) -> float | None:
    return None if None in parts else sum(part for part in parts if part is not None)
