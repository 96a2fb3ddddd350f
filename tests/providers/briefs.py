"""Briefs and asks for the tests of services."""

from __future__ import annotations

from typing import Any

from otio_soundtrack.model.features import Region
from otio_soundtrack.model.plan import Brief, Ending, HitPoint, Instrument, Mood, Palette, Plan, Section
from otio_soundtrack.provider.ask import Ask

RATE = 25.0


def brief(
    seconds: float = 60.0,
    *,
    prompt: str = "",
    genre: str = "",
    instrumental: bool = True,
    sections: tuple[tuple[Mood, float], ...] = ((Mood.HOPEFUL, 0.4),),
    ending: Ending = Ending.RING,
    hits: int = 0,
    speech: bool = False,
    palette: Palette = Palette.ORCHESTRAL,
) -> Brief:
    """Return a brief whose sections, mood and energy each, are equally long."""
    frames = round(seconds * RATE)
    ends = [round(frames * number / len(sections)) for number in range(len(sections) + 1)]
    plan = Plan(
        cue_id="1m01",
        rate=RATE,
        frames=frames,
        first_beat=0.0,
        sections=tuple(
            Section(
                start=start,
                end=end,
                mood=mood,
                energy=energy,
                key="D minor",
                tempo_bpm=92.0,
                instruments=(Instrument.PAD, Instrument.MELODY),
                palette=palette,
            )
            for (mood, energy), start, end in zip(sections, ends, ends[1:], strict=False)
        ),
        hits=tuple(HitPoint(frame=number * 10, weight=1.0, origin="user") for number in range(hits)),
        keep_clear=(Region(start=0, end=frames // 2),) if speech else (),
        ending=ending,
    )
    return Brief(prompt=prompt, seconds=frames / RATE, instrumental=instrumental, genre=genre, plan=plan)


def ask(seconds: float = 60.0, *, options: dict[str, str] | None = None, **fields: Any) -> Ask:
    """Return an ask for a cue; fields of the brief are told from those of the ask by their names."""
    of_ask = {name: fields.pop(name) for name in list(fields) if name in Ask.model_fields}
    return Ask(brief=of_ask.pop("brief", None) or brief(seconds, **fields), options=options or {}, **of_ask)
