"""What Larkfield measures of itself besides probes: the series, what they usually are, and what a trouble makes of them. Only data."""

from dataclasses import dataclass
from datetime import time

from monitoring.metrics.states import Better, Kind, Part


@dataclass(frozen=True)
class Gauge:
    """One series. `usual` is its value at the end of the sample; a year before it was `usual / (1 + grows)`.

    It swings by that share between night and day, and jitters by that share. `broken` is what it is while its service is down,
    `slow` while it is slow; a rise since the last release is up to `leaks`, a share. `at` makes it one value a day, at that time.
    """

    name: str
    title: str
    usual: float
    unit: str = ""
    service: str = ""
    part: Part | str = ""
    board: str = ""
    kind: Kind = Kind.GAUGE
    better: Better = Better.LOWER
    target: float | None = None
    limit: float | None = None
    grows: float = 0.0
    swings: float = 0.0
    jitters: float = 0.05
    broken: float | None = None
    slow: float | None = None
    leaks: float = 0.0
    at: time | None = None
    digits: int = 3
    most: float | None = None


def _daily(name: str, title: str, usual: float, unit: str, board: str, **more: object) -> Gauge:
    return Gauge(name, title, usual, unit, board=board, at=time(0, 40), **more)  # type: ignore[arg-type]


HIGHER = Better.HIGHER
MACHINES = (
    Gauge("http_request_ms", "API request", 92, "ms", "API", Part.LATENCY, kind=Kind.DISTRIBUTION, target=500, limit=1000,
          grows=0.15, swings=0.2, slow=640, broken=900),
    Gauge("http_requests_total", "API requests", 1350, "requests", "API", Part.REQUESTS, kind=Kind.COUNTER, grows=0.6, swings=0.7),
    Gauge("api_error_rate", "API error rate", 0.06, "%", "API", Part.ERRORS, target=0.1, limit=1, jitters=0.2, broken=64, slow=0.08),
    Gauge("payments_error_rate", "Payments error rate", 0.05, "%", "Payments", Part.ERRORS, target=0.1, limit=1, jitters=0.25,
          broken=71),
    Gauge("web_error_rate", "Web app error rate", 0.05, "%", "Web app", Part.ERRORS, target=0.1, limit=1, jitters=0.25, broken=48),
    Gauge("db_query_p95_ms", "Database queries, p95", 74, "ms", "API", Part.DB_TIME, target=200, limit=500, grows=0.3, swings=0.25,
          jitters=0.08, slow=760),
    Gauge("db_connections_used", "Database connections in use", 46, "%", board="performance", target=80, limit=95, grows=0.3,
          swings=0.25, slow=88),
    Gauge("cache_hit_rate", "Cache hits", 94.5, "%", board="performance", better=HIGHER, target=90, limit=75, jitters=0.01, slow=68),
    Gauge("cdn_hit_rate", "CDN hits", 97.2, "%", board="performance", better=HIGHER, target=95, limit=85, jitters=0.005),
    Gauge("cpu_used", "API CPU", 45, "%", "API", Part.CPU, target=80, limit=95, grows=0.2, swings=0.4, jitters=0.1, slow=91, most=100),
    Gauge("memory_used", "API memory", 56, "%", "API", Part.MEMORY, target=80, limit=95, jitters=0.01, leaks=0.12, most=100),
    Gauge("disk_used", "API disk", 48, "%", board="performance", target=80, limit=90, grows=0.55, jitters=0.002),
    Gauge("transactions", "Payments a minute", 45, "payments", "Payments", board="business", better=HIGHER, target=15, limit=5,
          grows=0.5, swings=0.6, broken=1.5),
    Gauge("payment_provider_up", "Payment provider answers", 1, service="Payments", better=HIGHER, jitters=0),
)  # fmt: skip
DAILY = (
    _daily("mrr", "Monthly recurring revenue", 48_200, "€", "business", better=HIGHER, target=45_000, limit=40_000, grows=0.62, jitters=0.004, digits=0),
    _daily("churn_30d", "Customers lost in 30 days", 2.1, "%", "business", target=3, limit=5, grows=-0.3, jitters=0.05, digits=2),
    _daily("signups", "New sign-ups", 27, "people", "business", better=HIGHER, target=15, limit=5, grows=0.7, jitters=0.16, digits=0),
    _daily("lead_conversion", "Leads that became customers", 27.4, "%", "business", better=HIGHER, target=25, limit=15, grows=0.1, jitters=0.05, digits=1),
    _daily("cost_per_lead", "Cost per lead", 15.4, "€", "business", target=20, limit=30, grows=-0.2, jitters=0.08, digits=2),
    _daily("tickets_open", "Open tickets", 11, "tickets", "support", target=20, limit=40, grows=0.2, jitters=0.25, digits=0),
    _daily("first_reply_min", "First answer, median", 38, "min", "support", target=60, limit=240, grows=-0.3, jitters=0.15, digits=0),
    _daily("csat", "How content customers are", 4.7, "of 5", "support", better=HIGHER, target=4.5, limit=4, grows=0.03, jitters=0.012, digits=2, most=5),
    _daily("nps", "Would recommend us", 46, "points", "support", better=HIGHER, target=40, limit=20, grows=0.3, jitters=0.04, digits=0),
    _daily("active_users", "People who came that day", 2450, "people", "engagement", better=HIGHER, target=1500, limit=1000, grows=0.55, jitters=0.05, digits=0),
    _daily("stickiness", "Of the month’s people, came that day", 44, "%", "engagement", better=HIGHER, target=40, limit=30, grows=0.05, jitters=0.02, digits=1),
    _daily("crash_rate", "App sessions that crashed", 0.42, "%", "engagement", target=1, limit=2, grows=-0.3, jitters=0.15, digits=2),
    _daily("app_launch_s", "App launch", 1.4, "s", "engagement", target=2, limit=3, jitters=0.05, digits=2),
    _daily("open_weaknesses", "Open weaknesses, high or worse", 1, "weaknesses", "security", target=2, limit=5, grows=-0.6, jitters=0.4, digits=0),
    _daily("patches_due", "Patches that are due", 3, "patches", "security", target=5, limit=15, grows=-0.4, jitters=0.4, digits=0),
    _daily("old_keys", "Keys older than 90 days", 2, "keys", "security", target=2, limit=6, grows=-0.5, jitters=0.2, digits=0),
    _daily("trained", "Finished this year’s security training", 96, "%", "security", better=HIGHER, target=90, limit=70, grows=0.1, jitters=0.005, digits=0, most=100),
)  # fmt: skip
GAUGES = MACHINES + DAILY
