"""What the pages show, put together: one reader for each page, so that views only choose and render."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils.safestring import SafeString

from monitoring.catalogue.days import SHOWN, first
from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.selectors import changes_from
from monitoring.catalogue.states import Status
from monitoring.heartbeats import history
from monitoring.heartbeats.badging import Shown, badge_shown
from monitoring.heartbeats.doctor import LOOKED_AT, Advice, Seen, examine
from monitoring.heartbeats.figures import Demand, demands
from monitoring.heartbeats.models import Heartbeat, Ping, Run
from monitoring.heartbeats.selectors import COUNTED, Counts, counts, unjudged
from monitoring.heartbeats.standing import Standing, standing
from monitoring.heartbeats.states import Outcome
from opsconsole.accounts.selectors import team, team_zone
from opsconsole.lib import stats
from opsconsole.lib.figures import counted, exact
from opsconsole.lib.ids import id_of
from opsconsole.lib.keyset import Page
from opsconsole.lib.keyset import page as keyset_page
from opsconsole.ui.charts import bars, sparkline

SIZE, RUNS, CHANGES, PINGS = 100, 20, 10, 10
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    beat: Heartbeat
    standing: Standing
    times: SafeString


@dataclass(frozen=True)
class HeartbeatList:
    sentence: str
    rows: list[Row]
    cursor: str
    counts: Counts


def heartbeat_list(*, text: str, after: str, now: datetime) -> HeartbeatList:
    """A hundred at a time, those in trouble first, then by name. `after` is the id of the last row of the page before."""
    found = counts(now)
    ranked = _ranked(now).filter(Q(name__icontains=text) | Q(slug__icontains=text)) if text else _ranked(now)
    if last := _ranked(now).filter(pk=id_of(after)).first():
        ranked = ranked.filter(_behind(last))
    beats = list(ranked.order_by("rank", "name", "pk")[: SIZE + 1])
    rows = [Row(b, standing(b, now), sparkline(b.recent_seconds)) for b in beats[:SIZE]]
    return HeartbeatList(sentence(found), rows, str(beats[SIZE - 1].pk) if len(beats) > SIZE else "", found)


def _ranked(now: datetime) -> "QuerySet[Any]":
    rank = Case(
        When(status=Status.DOWN, then=Value(0)),
        When(unjudged(now), then=Value(2)),
        When(status=Status.UP, expected_at__lt=now, then=Value(1)),
        When(status=Status.UNKNOWN, last_ping_at__isnull=False, then=Value(2)),
        When(status=Status.UNKNOWN, then=Value(3)),
        When(status=Status.PAUSED, then=Value(5)),
        default=Value(4),
        output_field=IntegerField(),
    )
    return Heartbeat.objects.live().select_related("service").annotate(rank=rank)


def _behind(last: Any) -> Q:
    """Rows that sort behind the last one of a page."""
    same = Q(rank=last.rank, name__gt=last.name) | Q(rank=last.rank, name=last.name, pk__gt=last.pk)
    return Q(rank__gt=last.rank) | same


def sentence(found: Counts) -> str:
    """What is true now, in a line: the worst that there is."""
    watched = found.total - found.paused
    jobs, one = counted(watched, "job"), watched == 1
    if found.down:
        return f"{found.down} of {jobs} did not run as {'it' if found.down == 1 else 'they'} should"
    if found.late:
        return f"{found.late} of {jobs} {'is' if found.late == 1 else 'are'} late, within the grace"
    if found.on_time and found.on_time < watched:
        return f"{found.on_time} of {jobs} on time, the others have not been heard"
    if found.on_time:
        return "The job is on time" if one else f"All {watched} jobs are on time"
    return _nothing_heard(found, f"{jobs} {'waits' if one else 'wait'} to be heard")


def _nothing_heard(found: Counts, waiting: str) -> str:
    if not found.total:
        return "Let your jobs say that they ran"
    paused = found.paused == found.total
    return "Every job is paused: nobody hears when one fails" if paused else waiting


@dataclass(frozen=True)
class Series:
    """A figure of the last runs, oldest first; `broken` when the newest run has it otherwise than it should be."""

    name: str
    values: list[float | None]
    broken: str

    @property
    def last(self) -> str:
        """What the newest run that has it says."""
        return str(exact(next(value for value in reversed(self.values) if value is not None), digits=6))


def series(told: list[dict[str, float]], wanted: list[Demand]) -> list[Series]:
    """`told` are the figures of the last runs, oldest first."""
    names = sorted({name for figures in told for name in figures})
    newest = told[-1] if told else {}
    broken = {demand.name: said for demand in wanted if (said := demand.broken(newest))}
    return [Series(name, [figures.get(name) for figures in told], broken.get(name, "")) for name in names]


@dataclass(frozen=True)
class HeartbeatPage:
    """Everything that one heartbeat's page says."""

    beat: Heartbeat
    standing: Standing
    days: list[history.Day]
    runs: Page[Run]
    changes: list[StatusChange]
    pings: list[Ping]
    month: dict[str, int]
    addresses: "Addresses"
    series: list[Series]
    advice: list[Advice]
    badge: Shown | None

    @property
    def bars(self) -> SafeString:
        said = f"{self.beat.name}, the last {SHOWN} days; the same as a table below"
        return bars([day.bar for day in self.days], said)

    @property
    def usual(self) -> float | None:
        """The median of the last durations, in seconds."""
        return stats.median(self.beat.recent_seconds)

    @property
    def success(self) -> float | None:
        """The share of 1 of the runs in 30 days that succeeded."""
        return self.month["good"] / self.month["n"] if self.month["n"] else None

    @property
    def known_days(self) -> list[history.Day]:
        return [day for day in reversed(self.days) if day.measured]

    @property
    def bad_days(self) -> list[history.Day]:
        return [day for day in reversed(self.days) if day.down]


def heartbeat_page(*, beat: Heartbeat, after: str, now: datetime, zone: ZoneInfo) -> HeartbeatPage:
    ended = beat.runs.filter(finished_at__gte=now - MONTH)
    counted_runs, told = Q(outcome__in=COUNTED), _last_runs(beat)
    return HeartbeatPage(
        beat=beat,
        standing=standing(beat, now),
        days=_days(beat, now, zone),
        runs=keyset_page(beat.runs.all(), after, size=RUNS),
        changes=changes_from(beat.source, limit=CHANGES),
        pings=list(beat.pings.order_by("-pk")[:PINGS]),
        month=ended.aggregate(
            n=Count("pk", filter=counted_runs), good=Count("pk", filter=Q(outcome=Outcome.SUCCESS))
        ),
        addresses=Addresses.of(beat),
        series=series([run.metrics for run in told if run.metrics], demands(beat.assertions)),
        advice=examine(beat.plan, _seen(told), ("UTC", team_zone().key)),
        badge=badge_shown(beat),
    )


def _last_runs(beat: Heartbeat) -> list[Run]:
    """Those that ended by a report, oldest first."""
    ended = beat.runs.filter(outcome__in=(Outcome.SUCCESS, Outcome.FAIL), finished_at__isnull=False)
    return list(ended.only("heartbeat", "started_at", "finished_at", "metrics").order_by("-pk")[:LOOKED_AT])[
        ::-1
    ]


def _seen(runs: list[Run]) -> list[Seen]:
    ends = sorted(
        ((run.finished_at, run.started_at) for run in runs if run.finished_at), key=lambda pair: pair[0]
    )
    return [Seen(started or ended, ended) for ended, started in ends]


def _days(beat: Heartbeat, now: datetime, zone: ZoneInfo) -> list[history.Day]:
    start = first(now, zone)
    own = StatusChange.objects.filter(source=beat.source).order_by("at", "pk")
    before = own.filter(at__lt=start).last()
    within = own.filter(at__gte=start).values_list("at", "new")
    return history.days(within, before.new if before else Status.UNKNOWN, now, zone)


@dataclass(frozen=True)
class Addresses:
    """The lines to copy, with the real key."""

    url: str
    by_slug: str
    push: str
    cron: str

    @classmethod
    def of(cls, beat: Heartbeat) -> "Addresses":
        base, ours = settings.OPSCONSOLE_URL, team()
        return cls(
            f"{base}/ping/{beat.key}",
            f"{base}/ping/{ours.ping_key}/{beat.slug}" if ours else "",
            f"{base}/api/push/{beat.key.hex}?status=up&msg=OK&ping=",
            beat.plan.cron or "0 3 * * *",
        )

    @staticmethod
    def to_create() -> str:
        """The line that makes a heartbeat with its first call."""
        ours = team()
        return (
            curl(f'"{settings.OPSCONSOLE_URL}/ping/{ours.ping_key}/nightly-backup?create=1"') if ours else ""
        )

    @property
    def curl(self) -> str:
        return curl(self.url)

    @property
    def crontab(self) -> str:
        return f"{self.cron} /path/to/job && {curl(self.url)}"

    @property
    def script(self) -> str:
        """Start and end, with exit status and the last output, as one run."""
        return (
            "#!/bin/sh\n"
            f"url={self.url}\n"
            "run=$(cat /proc/sys/kernel/random/uuid)\n"
            'curl -fsS -m 10 --retry 5 -o /dev/null "$url/start?rid=$run"\n'
            "output=$(/path/to/job 2>&1)\n"
            "status=$?\n"
            'printf %s "$output" | tail -c 10000 |\n'
            '  curl -fsS -m 10 --retry 5 -o /dev/null --data-binary @- "$url/$status?rid=$run"\n'
            "exit $status"
        )


def curl(url: str) -> str:
    """It gives up after ten seconds and tries again five times, so that our restart costs no ping."""
    return f"curl -fsS -m 10 --retry 5 -o /dev/null {url}"
