"""One heartbeat's page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.safestring import SafeString

from monitoring.catalogue.days import SHOWN, first
from monitoring.catalogue.maintenance import Maintenance, maintained, planned, spans_of
from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.selectors import changes_from
from monitoring.catalogue.states import Status
from monitoring.heartbeats import history
from monitoring.heartbeats.badging import Shown, badge_shown
from monitoring.heartbeats.doctor import LOOKED_AT, Advice, Seen, examine
from monitoring.heartbeats.figures import Demand, demands
from monitoring.heartbeats.models import Heartbeat, Ping, Run
from monitoring.heartbeats.pages.addresses import Addresses
from monitoring.heartbeats.selectors import COUNTED
from monitoring.heartbeats.standing import Standing, standing
from monitoring.heartbeats.states import Outcome
from opsconsole.accounts.selectors import team_zone
from opsconsole.lib import stats
from opsconsole.lib.figures import exact
from opsconsole.lib.keyset import Page
from opsconsole.lib.keyset import page as keyset_page
from opsconsole.ui.charts import bars

RUNS, CHANGES, PINGS = 20, 10, 10
MONTH = timedelta(days=30)


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
    maintenance: Maintenance | None
    days: list[history.Day]
    runs: Page[Run]
    changes: list[StatusChange]
    pings: list[Ping]
    month: dict[str, int]
    addresses: Addresses
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
        return [day for day in reversed(self.days) if day.measured or day.kept]

    @property
    def kept(self) -> float:
        """Seconds under maintenance in the days shown."""
        return sum(day.kept for day in self.days)

    @property
    def bad_days(self) -> list[history.Day]:
        return [day for day in reversed(self.days) if day.down]


def heartbeat_page(*, beat: Heartbeat, after: str, now: datetime, zone: ZoneInfo) -> HeartbeatPage:
    ended = beat.runs.filter(finished_at__gte=now - MONTH)
    kept = maintained(now)
    counted_runs, told = Q(outcome__in=COUNTED), _last_runs(beat)
    return HeartbeatPage(
        beat=beat,
        standing=standing(beat, now, kept),
        maintenance=None if beat.is_paused else kept.get(beat.service_id),
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
    kept = spans_of(planned(start, now)).get(beat.service_id)
    return history.days(within, before.new if before else Status.UNKNOWN, now, zone, kept)
