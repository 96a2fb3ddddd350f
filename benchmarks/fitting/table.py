"""The bars, from what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from benchmarks.fitting.hits import FRAME_S, NEAR_S
from benchmarks.fitting.lengths import OURS, WAYS, Run
from benchmarks.fitting.measures import Figures
from benchmarks.floors import Bar
from otio_soundtrack.audio.fit_plan import LONG_FACTOR

_HALF, _LONGER = 0.5, 1.6
_KEPT = 0.98
_LONG_ENOUGH_S = 20.0
_ROOM = 12 / 60
"""Minutes of a result in which five seconds at either end leave room for a join."""


def bars(found: list[Run]) -> list[Bar]:
    """Return the table of the issue for a set of tracks."""
    every = [one for run in found for one in run.figures[OURS]]
    mine = [one for run in found for share, one in _with_shares(run) if share <= LONG_FACTOR]
    usual = [one for run in found for share, one in _with_shares(run) if _HALF <= round(share, 3) <= _LONGER]
    places, fluxes = _all(mine, _percentiles), _all(mine, _fluxes)
    metre = _all(mine, lambda one: [float(same) for same in one.on_metre])
    cents = [one.cents for one in mine]
    asked = [one for run in found if run.hits for one in run.hits.asked]
    peaks = [one for run in found if run.hits for one in run.hits.peaks]
    told = [one for run in found if run.hits for one in run.hits.told]
    unasked = [one for run in found if run.hits for one in run.hits.unasked]
    long = [run for run in found if run.seconds > _LONG_ENOUGH_S]
    judged = [(one, end) for run in long for one, end in zip(run.figures[OURS], run.endings, strict=True) if one.minutes >= _ROOM]
    starts = [one.start_kept for one, _ in judged]
    ends = [one.end_kept for one, end in judged if end == "kept"]
    return [
        Bar(name="samples too many or too few, worst", found=max(one.samples_off for one in every), bar=0, at_most=True),
        Bar(name="seam percentile among the track's own beats, median", found=_median(places), bar=55, at_most=True),
        Bar(name="seams above percentile 99, share", found=_share(place > 99 for place in places), bar=0.10, at_most=True),
        Bar(name="stretch, cents, median", found=_median(cents), bar=0.6, at_most=True),
        Bar(name="stretch, cents, 95th percentile", found=float(np.percentile(cents, 95)), bar=3, at_most=True),
        Bar(name="joins a minute, half to 1.6 times the length", found=_joins_a_minute(usual), bar=0.8, at_most=True),
        Bar(name="joins on the same place of the bar, share", found=_mean(metre), bar=0.99),
        Bar(name="flux at a join against the same beat, median", found=_median(fluxes), bar=1.03, at_most=True),
        Bar(
            name="flux at a join against the same beat, 90th percentile",
            found=float(np.percentile(fluxes, 90)),
            bar=1.6,
            at_most=True,
        ),
        Bar(name="hits met within a frame, as the plan tells, share", found=_share(one <= FRAME_S for one in told), bar=0.50),
        Bar(name="hits met within 130 ms, as the plan tells, share", found=_share(one <= NEAR_S for one in told), bar=0.85),
        Bar(name="hits met within a frame, share", found=_share(one <= FRAME_S for one in asked), bar=0.50),
        Bar(name="hits met within 130 ms, share", found=_share(one <= NEAR_S for one in asked), bar=0.85),
        Bar(name="   … by the peak of a change, within a frame, share", found=_share(one <= FRAME_S for one in peaks), bar=0.50),
        Bar(name="   … by the peak of a change, within 130 ms, share", found=_share(one <= NEAR_S for one in peaks), bar=0.50),
        Bar(name="   … without asking", found=_share(one <= NEAR_S for one in unasked), bar=0.40, at_most=True),
        Bar(name="beginning found again, share", found=_share(one > _KEPT for one in starts), bar=1.0),
        Bar(name="ending found again where the take has one, share", found=_share(one > _KEPT for one in ends), bar=1.0),
        Bar(
            name="analysis, planning and rendering, times real time, median",
            found=_median([run.analysis_speed for run in found]),
            bar=25,
        ),
        Bar(
            name="planning of another length, times real time, median",
            found=_median([run.planning_speed for run in found]),
            bar=200,
        ),
    ]


def warned(found: list[Run]) -> str:
    """Return how many results are left to the warning that the take repeats audibly: of them only the length is judged."""
    shares = [(share, run.track.name) for run in found for share in run.shares]
    beyond = [f"{name} at {share:.1f} times its music" for share, name in shares if share > LONG_FACTOR]
    return f"warned about, and judged by their length alone: {len(beyond)} of {len(shares)} {', '.join(beyond)}"


def peers(found: list[Run]) -> str:
    """Return ours beside the peers; where one is better than ours, its figure has a star."""
    rows = {
        way: _row(*([one for run in found if run.ends or not only for one in run.figures[way]] for only in (False, True)))
        for way in WAYS
    }
    lines = [" " * 16 + "".join(f"{name:>15s}" for name, _, _ in _COLUMNS)]
    for way, row in rows.items():
        if row is None:
            lines.append(f"{way:16s} not to be had here")
            continue
        line = f"{way:16s}"
        for (_, most, digits), value, ours in zip(_COLUMNS, row, rows[OURS] or row, strict=True):
            better = round(value, digits) > round(ours, digits) if most else round(value, digits) < round(ours, digits)
            line += f"{value:14.{digits}f}" + ("*" if better else " ")
        lines.append(line)
    return "\n".join(lines)


_COLUMNS = (
    ("two beats", False, 0),
    ("a bar around", False, 0),
    ("… above 99", False, 2),
    ("same place", True, 2),
    ("flux", False, 2),
    ("flux p90", False, 2),
    ("joins/min", False, 2),
    ("start kept", True, 2),
    ("ending kept", True, 2),
)
"""Name, whether more is better, digits."""


def _row(mine: list[Figures], ended: list[Figures]) -> tuple[float, ...] | None:
    """Return the columns of one way; the percentiles are medians among the take's own neighbouring beats.

    Args:
        mine: all its results.
        ended: those of takes that have an ending.
    """
    if not mine:
        return None
    fluxes, around = _all(mine, _fluxes), _all(mine, _around)
    return (
        _median(_all(mine, _percentiles)),
        _median(around),
        _share(place > 99 for place in around),
        _mean(_all(mine, lambda one: [float(same) for same in one.on_metre])),
        _median(fluxes),
        float(np.percentile(fluxes, 90)),
        _joins_a_minute(mine),
        _share(one.start_kept > _KEPT for one in mine),
        _share(one.end_kept > _KEPT for one in ended),
    )


def _joins_a_minute(figures: list[Figures]) -> float:
    """Return all joins against all minutes, so that a join in ten seconds does not count as six."""
    return sum(len(one.fluxes) for one in figures) / max(sum(one.minutes for one in figures), 1e-9)


def _with_shares(run: Run) -> list[tuple[float, Figures]]:
    return list(zip(run.shares, run.figures[OURS], strict=True))


def _percentiles(one: Figures) -> Iterable[float]:
    return one.percentiles


def _around(one: Figures) -> Iterable[float]:
    return one.around


def _fluxes(one: Figures) -> Iterable[float]:
    return one.fluxes


def _all(figures: list[Figures], of: Callable[[Figures], Iterable[float]]) -> list[float]:
    return [value for one in figures for value in of(one)]


def _median(values: list[float]) -> float:
    return float(np.median(values)) if values else 0.0


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def _share(values: Iterable[bool]) -> float:
    return _mean([float(value) for value in values])
