"""How fast a service works, against targets: from what its probes saw, and from series that say what they are of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from monitoring.catalogue.histories import Slice, Total, Wanted, total
from monitoring.catalogue.models import Service
from monitoring.catalogue.selectors import slices_of
from monitoring.metrics.models import Series, Size
from monitoring.metrics.readings import Past, by_day, by_hour
from monitoring.metrics.rolls import Roll
from monitoring.metrics.spans import Span, edges_of
from monitoring.metrics.standing import WORDS, said
from monitoring.metrics.states import Kind, Part, Statistic, is_stale
from opsconsole.lib import clock
from opsconsole.lib.figures import Written, counted, per_cent
from opsconsole.lib.moments import from_ms
from opsconsole.lib.periods import midnight
from opsconsole.measures.verdicts import Reading, Rule, Verdict
from opsconsole.ui.charts import sparkline

# What is wanted where nobody set a target: milliseconds, per cent.
USUAL = {
    (Part.LATENCY, Statistic.P50): Rule("lower", 200, 500),
    (Part.LATENCY, Statistic.P95): Rule("lower", 500, 1000),
    (Part.LATENCY, Statistic.MEAN): Rule("lower", 200, 500),
    (Part.LATENCY, Statistic.P99): Rule("lower", 1000, 2000),
    (Part.ERRORS, Statistic.MEAN): Rule("lower", 0.1, 1),
    (Part.DB_TIME, Statistic.P50): Rule("lower", 100, 500),
    (Part.DB_TIME, Statistic.P95): Rule("lower", 500),
    (Part.DB_TIME, Statistic.MEAN): Rule("lower", 100, 500),
    (Part.CPU, Statistic.MEAN): Rule("lower", 80, 95),
    (Part.MEMORY, Statistic.MEAN): Rule("lower", 80, 95),
}
NONE = Rule()
_QUANTILES = ((Statistic.P50, 0.5), (Statistic.P95, 0.95), (Statistic.P99, 0.99))


@dataclass(frozen=True)
class Figure:
    """One line: what it says, in which unit, how it is judged, from where it is, and its course over the span."""

    part: Part
    title: str
    value: float | None
    unit: str
    rule: Rule
    coverage: float
    origin: str
    url: str = ""
    trend: str = ""  # a picture

    @property
    def written(self) -> Written:
        return said(self.value, self.unit)

    @property
    def tone(self) -> str:
        """Empty where there is no target; too little measured is unknown."""
        if self.rule.target is None:
            return "" if self.value is not None else Verdict.UNKNOWN
        return self.rule.judge(Reading(self.value, self.coverage))

    @property
    def word(self) -> str:
        return WORDS[Verdict(self.tone)] if self.tone else "No target"

    @property
    def measured(self) -> str:
        return f"{per_cent(self.coverage, 0)} measured" if self.coverage else "it has stopped coming"

    @property
    def target(self) -> str:
        if self.rule.target is None:
            return ""
        bound = "at most" if self.rule.better == "lower" else "at least"
        return f"{bound} {said(self.rule.target, self.unit)}"


@dataclass(frozen=True)
class Group:
    """A part of the performance, and what is known of it."""

    title: str
    figures: list[Figure]
    missing: str


GROUPS = (
    ("Latency", (Part.LATENCY,), "No probe got an answer, and no series says that it is the latency."),
    ("Errors", (Part.ERRORS,), "No series says that it is the error rate, or counts errors."),
    ("Throughput", (Part.REQUESTS,), "No series says that it counts requests."),
    ("Database", (Part.DB_TIME,), "No series says that it is the time in the database."),
    ("Saturation", (Part.CPU, Part.MEMORY), "No series says that it is CPU or memory."),
)


def groups(service: Service, span: Span, now: datetime, zone: ZoneInfo) -> list[Group]:
    """All parts, by as many queries as there are kinds of source; none is left out because nothing is known of it."""
    span = replace(span, step=max(span.step, Size.HOUR))
    edges = edges_of(span, now, zone)
    series = list(Series.objects.filter(service=service).exclude(part="").order_by("title", "pk"))
    pasts = _pasts(series, span, edges, now, zone)
    found = [*_of_probes(service, span, edges, now)]
    found += [figure for one in series for figure in _of_series(one, pasts[one.pk], edges, now)]
    found += _share_of_errors(series, pasts, now)
    return [Group(title, [f for f in found if f.part in parts], missing) for title, parts, missing in GROUPS]


def _pasts(
    series: Sequence[Series], span: Span, edges: Sequence[int], now: datetime, zone: ZoneInfo
) -> Mapping[int, Past]:
    at = clock.epoch(now)
    if span.step == Size.DAY:
        today = clock.epoch(midnight(now.astimezone(zone).date(), zone))
        return by_day(series, edges[0], at, today, at)
    return by_hour(series, edges[0], at, at)


def _of_probes(service: Service, span: Span, edges: Sequence[int], now: datetime) -> list[Figure]:
    wanted = Wanted(
        [service.pk], clock.moment(edges[0]), now, "day" if span.step == Size.DAY else "hour", latency=True
    )
    slices = slices_of(wanted).get(service.pk, [])
    whole = total(slices, span.length.total_seconds())
    if not whole.answers:
        return []
    return [
        Figure(
            Part.LATENCY,
            f"{name} of the answers to probes",
            whole.latency_at(q),
            "ms",
            USUAL.get((Part.LATENCY, name), NONE),
            _measured(whole, slices),
            "probes",
            f"/monitoring/services/{service.slug}/#latency",
            sparkline([total([piece]).latency_at(q) for piece in slices]),
        )
        for name, q in _QUANTILES
    ]


def _measured(whole: Total, slices: Sequence[Slice]) -> float:
    """Of the time since the first answer, without maintenance: a service that is new is not unverified for being new."""
    since = sum(piece.length for piece in slices) - whole.maintenance
    return min(1.0, (whole.up + whole.down) / since) if since else 0.0


def _of_series(series: Series, past: Past, edges: Sequence[int], now: datetime) -> list[Figure]:
    part, whole, steps = Part(series.part), past.together(), past.cut(edges)
    scale = 1000.0 if series.unit in ("s", "seconds") else 1.0
    coverage = _coverage(series, past, whole, now)
    if series.kind == Kind.COUNTER:
        if part == Part.ERRORS:
            return []  # counted against the requests, below
        return [_rate(series, whole, steps, _since(past, now), coverage)]
    unit = "ms" if scale != 1 else series.unit
    return [
        Figure(
            part, f"{series.title}, {name.label.partition(':')[0]}", _scaled(whole, name, scale), unit,
            _rule(series, part, name, scale), coverage, series.title, f"/monitoring/metrics/{series.pk}/",
            sparkline([_scaled(roll, name, scale) for roll in steps]),
        )
        for name in _statistics(series)
    ]  # fmt: skip


def _statistics(series: Series) -> Sequence[Statistic]:
    return [name for name, _ in _QUANTILES] if series.kind == Kind.DISTRIBUTION else [series.figure]


def _coverage(series: Series, past: Past, whole: Roll | None, now: datetime) -> float:
    """Of the time since its first sample; nothing of what has stopped coming."""
    if whole is None or is_stale(from_ms(whole.last_at), series.patience, now):
        return 0
    return past.coverage(_since(past, now), series.reach)


def _since(past: Past, now: datetime) -> float:
    """Seconds since its first sample in the span, at least a minute."""
    first = next(iter(past.rolls.values()), None)
    return max(60.0, now.timestamp() - first.first_at / 1000) if first else 60.0


def _scaled(roll: Roll | None, statistic: Statistic, scale: float) -> float | None:
    value = roll.figure(statistic) if roll else None
    return None if value is None else value * scale


def _rule(series: Series, part: Part, statistic: Statistic, scale: float) -> Rule:
    """Its own target for the figure that it is judged by; else what is usual for the part, in units that it knows."""
    if series.target is not None:
        if statistic != series.figure:
            return NONE
        limit = None if series.limit is None else series.limit * scale
        return Rule(series.better, series.target * scale, limit)
    if part in (Part.LATENCY, Part.DB_TIME) and scale == 1 and series.unit != "ms":
        return NONE
    if part in (Part.ERRORS, Part.CPU, Part.MEMORY) and series.unit != "%":
        return NONE
    kind = Statistic.MEAN if statistic == Statistic.LAST else statistic
    return USUAL.get((part, kind), NONE)


def _rate(
    series: Series, whole: Roll | None, steps: Sequence[Roll | None], seconds: float, coverage: float
) -> Figure:
    minutes = seconds / 60
    return Figure(
        Part(series.part), f"{series.title}, a minute", whole.total / minutes if whole else None, series.unit, NONE, coverage,
        series.title, f"/monitoring/metrics/{series.pk}/", sparkline([roll.total if roll else None for roll in steps]),
    )  # fmt: skip


def _share_of_errors(series: Sequence[Series], pasts: Mapping[int, Past], now: datetime) -> list[Figure]:
    """Errors of the requests, where both are counted."""
    counted = {
        part: [s for s in series if s.part == part and s.kind == Kind.COUNTER]
        for part in (Part.ERRORS, Part.REQUESTS)
    }
    if not all(counted.values()):
        return []
    errors, requests = (
        sum(whole.total for s in counted[part] if (whole := pasts[s.pk].together()))
        for part in (Part.ERRORS, Part.REQUESTS)
    )
    of = counted[Part.ERRORS][0]
    made = Figure(
        Part.ERRORS, "Errors of all requests", 100 * errors / requests if requests else None, "%", USUAL[Part.ERRORS, Statistic.MEAN],
        _coverage(of, pasts[of.pk], pasts[of.pk].together(), now), of.title, f"/monitoring/metrics/{of.pk}/",
    )  # fmt: skip
    return [replace(made, coverage=made.coverage if requests else 0)]


def sentence(service: str, found: Sequence[Group]) -> str:
    """What is true of all figures, for the heading."""
    tones = [figure.tone for group in found for figure in group.figures]
    off = sum(tone in (Verdict.BAD, Verdict.LOOK) for tone in tones)
    if not tones:
        return f"Nothing is known yet of how {service} performs"
    if off:
        return f"{service}: {counted(off, 'figure')} off target"
    if Verdict.OK not in tones:
        return f"{service}: no figure could be verified"
    return f"{service} performs as it should"
