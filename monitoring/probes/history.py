# ruff: noqa: S608 — statements are put together from names of columns and from integers
"""Readers of the roll-ups: uptime, bars, latency. Time, never beats: uptime = time up or slow / time measured, without
maintenance.

Every moment is counted from exactly one bucket: whole days of the team's zone from buckets of days as far as they are folded,
the rest from hours, and what is not folded into hours yet from minutes (arms.py). A service was down as long as the one of its probes
that was down longest, day by day (or hour by hour where hours are asked for).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection

from monitoring.catalogue.histories import Slice, Step, Total, Wanted, total
from monitoring.probes.arms import Arm, Span, hours_until
from monitoring.probes.engine.tally import TIMES
from monitoring.probes.models import Size
from monitoring.probes.together import joined
from opsconsole.lib import clock
from opsconsole.lib.histograms import Histogram, decode
from opsconsole.lib.once import once
from opsconsole.lib.periods import Period


def service_history(wanted: Wanted) -> list[Slice]:
    """For the catalogue: each service and hour, or day of the team's zone, at most once, in order of service and start."""
    span = Span.of(wanted.start, wanted.end, wanted.step)
    return list(_slices("p.service_id", wanted.service_ids, span, wanted.latency))


def probe_history(wanted: Wanted) -> list[Slice]:
    """The same of probes: `service_ids` are ids of probes here, and so is `service_id` of each slice."""
    span = Span.of(wanted.start, wanted.end, wanted.step)
    return list(_slices("p.id", wanted.service_ids, span, wanted.latency))


def services_uptime(service_ids: Collection[int], period: Period, now: datetime) -> dict[int, Total]:
    """Each service over the part of the period behind us: `.uptime` 0–1 or None, `.coverage` 0–1, `.down` seconds."""
    past = period.until(now)
    grouped: dict[int, list[Slice]] = {one: [] for one in service_ids}
    for piece in service_history(Wanted(service_ids, past.start, past.end, "day")):
        grouped[piece.service_id].append(piece)
    return {one: total(pieces, past.seconds) for one, pieces in grouped.items()}


@dataclass(frozen=True)
class Runs:
    """How often a probe asked, how often the answer was a failure, and milliseconds of known state and of faults of our own."""

    asked: int = 0
    failed: int = 0
    known: int = 0
    unknown: int = 0

    def __add__(self, other: "Runs") -> "Runs":
        return Runs(
            self.asked + other.asked,
            self.failed + other.failed,
            self.known + other.known,
            self.unknown + other.unknown,
        )


def runs(probe_ids: Collection[int], period: Period) -> dict[int, Runs]:
    """By probe; those that were not asked are absent."""
    span = Span.of(period.start, period.end, "day")
    arms = [*span.whole, *span.rest] if probe_ids else []
    if not arms:
        return {}
    columns = "SUM(runs) AS runs, SUM(failures) AS failures, SUM(up + degraded + down) AS known, SUM(unknown) AS unknown"
    pieces = " UNION ALL ".join(_pieces(arm, "p.id", probe_ids, columns, grouped=True) for arm in arms)
    sums = "SUM(runs), SUM(failures), SUM(known), SUM(unknown)"
    rows = run(f"SELECT owner, {sums} FROM ({pieces}) pieces GROUP BY owner")
    return {one: Runs(*(int(n) for n in numbers)) for one, *numbers in rows}


@dataclass(frozen=True)
class Everybody:
    """All probes together: their runs, and how fast they answered."""

    runs: Runs
    answers: Histogram


def everybody(period: Period) -> Everybody:
    """From hours as they are added up in advance, and the minutes that are not folded yet."""
    rows = run(f"SELECT 0, {_SUMS}, {joined('histogram')} FROM ({_everybodys(period)}) pieces")
    return _everybody(rows[0])


def every_hour(period: Period) -> dict[int, Everybody]:
    """The same of each hour of the period by itself, by its start in seconds since 1970; an hour without any run is absent."""
    pieces = _everybodys(period)
    rows = run(f"SELECT hour, {_SUMS}, {joined('histogram')} FROM ({pieces}) pieces GROUP BY hour")
    return {int(row[0]): _everybody(row) for row in rows}


_SUMS = "SUM(runs), SUM(failures), SUM(measured), SUM(unknown)"


def _everybodys(period: Period) -> str:
    low, high = clock.epoch(period.start), clock.epoch(period.end)
    folded = hours_until(low)
    return (
        "SELECT start AS hour, runs, failures, measured, unknown, histogram FROM probes_hour"
        f" WHERE start >= {low} AND start < {high}"
        " UNION ALL SELECT b.start - b.start % 3600, b.runs, b.failures, b.up + b.degraded + b.down, b.unknown, b.histogram"
        " FROM probes_probe p CROSS JOIN probes_bucket b WHERE b.probe_id = p.id AND b.size = 60"
        f" AND b.start >= {folded} AND b.start < {high} AND {folded} < {high}"
    )


def _everybody(row: tuple[Any, ...]) -> Everybody:
    _, *numbers, text = row
    return Everybody(Runs(*(int(n or 0) for n in numbers)), decode(text or ""))


def answer_times(probe_id: int, period: Period, step: Step) -> list[int]:
    """Sums over a probe's good answers, in milliseconds: the whole, and what name, connection, TLS and the first byte took of it."""
    span = Span.of(period.start, period.end, step)
    arms = [*span.whole, *span.rest]
    if not arms:
        return [0] * len(TIMES)
    columns = ", ".join(f"SUM({name}) AS {name}" for name in TIMES)
    pieces = " UNION ALL ".join(_pieces(arm, "p.id", [probe_id], columns, grouped=True) for arm in arms)
    sums = ", ".join(f"SUM({name})" for name in TIMES)
    return [int(n or 0) for n in run(f"SELECT {sums} FROM ({pieces}) pieces")[0]]


def _slices(owner: str, ids: Collection[int], span: Span, with_latency: bool) -> Iterator[Slice]:
    rows = run(slices_sql(owner, ids, span, with_latency)) if ids and span.start < span.end else []
    when = lru_cache(None)(lambda start: (clock.moment(start), span.length(start)))
    for one, start, measured, down, slow, spared, texts in rows:
        if measured or spared or texts:  # time is settled by the next result; the answer itself was there
            up = int(measured) - int(down)
            latency = (texts,) if texts else ()
            yield Slice(
                one,
                *when(start),
                up / 1000,
                min(int(slow), up) / 1000,
                int(down) / 1000,
                latency,
                int(spared) / 1000,
            )


def slices_sql(owner: str, ids: Collection[int], span: Span, with_latency: bool) -> str:
    """One row for each owner and slice: the longest of its probes' times, their histograms joined.

    A probe has one bucket for a folded day or hour, so only the rest is summed up first, that hours and minutes count together.
    Of a folded day in which all was well, any part was, and its hours need not be read.
    """
    latency, texts = ("histogram", joined("histogram")) if with_latency else ("NULL", "NULL")
    whole = f"up + degraded AS up, degraded AS slow, down, maintenance, {latency} AS histogram"
    summed = (
        "SUM(up + degraded) AS up, SUM(degraded) AS slow, SUM(down) AS down, SUM(maintenance) AS maintenance,"
        f" {texts} AS histogram"
    )
    kept = owner == "p.service_id" and not with_latency
    parts = [
        (_kept_days if kept and arm.size == Size.DAY else _pieces)(arm, owner, ids, whole)
        for arm in span.whole
    ]
    parts += [_well(arm, ids) for arm in span.rest if kept and arm.day and arm.size == Size.HOUR]
    if span.rest:
        rest = " UNION ALL ".join(
            _pieces(arm, owner, ids, summed, grouped=True, but_well=kept) for arm in span.rest
        )
        parts.append(
            "SELECT owner, probe, slice, SUM(up) AS up, SUM(slow) AS slow, SUM(down) AS down, SUM(maintenance) AS maintenance,"
            f" {texts} AS histogram FROM ({rest}) pieces GROUP BY owner, probe, slice"
        )
    return (
        "SELECT owner, slice, MAX(up + down) AS measured, MAX(down) AS down, MAX(slow) AS slow, MAX(maintenance) AS maintenance,"
        f" {texts} AS histogram"
        f" FROM ({' UNION ALL '.join(parts)}) probes GROUP BY owner, slice ORDER BY owner, slice"
    )


def _pieces(
    arm: Arm,
    owner: str,
    ids: Collection[int],
    columns: str,
    *,
    grouped: bool = False,
    but_well: bool = False,
) -> str:
    """The buckets of one arm, or their sums by probe and slice, of the probes that `owner` (a column) IN `ids` selects.

    Probes are read along an index and each one's buckets along the key, so that nothing is sorted where the slice is constant;
    an arm that is empty, as most of the unfolded ones are, is not begun.
    """
    chosen = ", ".join(str(one) for one in sorted(ids))
    group = f" GROUP BY {owner}, p.id{'' if arm.slice.isdigit() else f', {arm.slice}'}" if grouped else ""
    left = (
        f" AND p.service_id NOT IN (SELECT service_id {_well_days(arm, ids)})" if but_well and arm.day else ""
    )
    return (
        f"SELECT {owner} AS owner, p.id AS probe, {arm.slice} AS slice, {columns}"
        f" FROM probes_probe p CROSS JOIN probes_bucket b WHERE {owner} IN ({chosen}){left} AND b.probe_id = p.id"
        f" AND b.size = {int(arm.size)} AND b.start >= {arm.start} AND b.start < {arm.end} AND {arm.start} < {arm.end}{group}"
    )


def _kept_days(arm: Arm, _owner: str, ids: Collection[int], _columns: str) -> str:
    """Days of services as they are added up in advance: one row for a service where its probes have one each."""
    chosen = ", ".join(str(one) for one in sorted(ids))
    return (
        "SELECT service_id AS owner, 0 AS probe, start AS slice, measured - down AS up, slow, down, maintenance,"
        " NULL AS histogram"
        f" FROM probes_serviceday WHERE service_id IN ({chosen}) AND start >= {arm.start} AND start < {arm.end}"
    )


def _well(arm: Arm, ids: Collection[int]) -> str:
    """A part of a day of those services that were well on all of it."""
    up = f"({arm.end} - {arm.start}) * 1000"
    return (
        f"SELECT service_id AS owner, 0 AS probe, start AS slice, {up} AS up, 0 AS slow, 0 AS down, 0 AS maintenance,"
        " NULL AS histogram"
        f" {_well_days(arm, ids)}"
    )


def _well_days(arm: Arm, ids: Collection[int]) -> str:
    chosen = ", ".join(str(one) for one in sorted(ids))
    return (
        f"FROM probes_serviceday WHERE service_id IN ({chosen}) AND start = {arm.slice}"
        f" AND down = 0 AND slow = 0 AND measured = {arm.day * 1000}"
    )


@once
def run(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())
