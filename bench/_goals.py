"""What each figure is wanted to be, and which figures of the same run it is held against."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Beside:
    """Another figure of the same run, what that is, and how many times as much of it is allowed, where that is the target."""

    figure: str
    words: str
    most: float | None = None


@dataclass(frozen=True)
class Goal:
    """`most` or `least` is the target; `limit` is one that follows from how it works, `quoted` what was measured in another run."""

    most: float | None = None
    least: float | None = None
    beside: tuple[Beside, ...] = ()
    limit: str = ""
    quoted: str = ""


def _libcurl(scheme: str, most: float | None = None) -> tuple[Beside, ...]:
    return (
        Beside(f"probe_cpu_libcurl_{scheme}", "bare libcurl, which stores nothing", most),
        Beside(f"probe_cpu_prometheus_{scheme}", "Prometheus with its blackbox exporter"),
    )


def _page(name: str) -> Goal:
    return Goal(
        most=50,
        beside=(
            Beside(f"{name}_cpu", "the processor's time for it"),
            Beside(f"{name}_sql", "its own statements and no more"),
            Beside("page_bare", "a bare view behind the same middleware"),
        ),
    )


def _pings(database: str, least: float, quoted: str) -> Goal:
    return Goal(
        least=least,
        beside=(
            Beside(f"ping_bare_{database}", "the same server answering, nothing stored"),
            Beside(f"ping_insert_{database}", "16 rows a commit by bare INSERT"),
            Beside("ping_sync", "bare syncs of the disk"),
        ),
        quoted=quoted,
    )


def _pushes(form: str) -> Goal:
    return Goal(
        least=50_000,
        beside=(
            Beside(f"metric_bare{form}_sqlite", "the same server reading the body, nothing stored"),
            Beside("metric_insert_sqlite", "1,000 rows a commit by bare INSERT"),
        ),
    )


_LATE = Goal(most=2, limit="0.5 s: runs start together on the nearest second")
_OTHERS = "another day, on a like machine of two cores,"
PAGE = "page_"
KEPT = "page_kept_"
POSTGRES = "_postgres"
GOALS = {
    "probe_cpu_http": Goal(most=0.2, beside=_libcurl("http"), quoted=f"{_OTHERS} Uptime Kuma 3.2 s"),
    "probe_cpu_https": Goal(beside=_libcurl("https", most=1.3)),
    "probe_cpu_http_postgres": Goal(most=0.2, beside=_libcurl("http")),
    "probe_late_max_2000": _LATE,
    "probe_late_max_10000_postgres": _LATE,
    "probe_late_max_2000_console": _LATE,
    "probe_late_max_10000_console": _LATE,
    "probe_all_ran_after_restart": Goal(most=20, quoted=f"{_OTHERS} Uptime Kuma 11 to 22 minutes"),
    "ping_rate_sqlite": _pings("sqlite", 3000, f"{_OTHERS} Healthchecks 264/s"),
    "ping_rate_postgres": _pings("postgres", 2500, f"{_OTHERS} Healthchecks 214/s, 404/s with pooled connections"),
    "ping_p99_sqlite": Goal(most=15),
    "ping_p99_postgres": Goal(most=15),
    "metric_push_rate_sqlite": _pushes(""),
    "metric_push_rate_json_sqlite": _pushes("_json"),
    "rule_cpu_1000": Goal(most=10, beside=(Beside("rule_cpu_bare", "judging alone, nothing read or written"),)),
    "first_page": Goal(most=1, beside=(Beside("start_django", "Django alone, with accounts and sessions"),)),
    "pss_embedded": Goal(
        most=150,
        beside=(Beside("pss_django", "one process of Django alone, with accounts and sessions"),),
        quoted=f"{_OTHERS} Healthchecks 210 MB, Uptime Kuma 178 MB, both idle",
    ),
    "storm_services_first_page": Goal(most=10),
    "storm_services_pages_each": Goal(most=1),
    "storm_services_incidents": Goal(most=1),
    "storm_services_listed": Goal(least=500),
    "storm_service_first_page": Goal(most=10),
    "storm_service_pages_each": Goal(most=1),
    "storm_service_incidents": Goal(most=1),
    "storm_service_listed": Goal(least=500),
    "storm_alerts_written": Goal(most=3),
    "storm_alerts_first_page": Goal(most=10),
    "storm_alerts_pages_each": Goal(most=1),
    "storm_alerts_incidents": Goal(most=1),
    "storm_alerts_listed": Goal(least=2_000),
    "page_probes_1000": replace(
        _page("page_probes_1000"), quoted=f"{_OTHERS} Healthchecks 359 ms, Uptime Kuma 3.5 s"
    ),
}  # fmt: skip
_PEERS = {"page_bare"}


def goal_of(name: str) -> Goal | None:
    """None for what is measured to be held against, and for what nobody set a target."""
    if name in GOALS:
        return GOALS[name]
    if name.startswith(PAGE) and name.endswith(POSTGRES):
        found = goal_of(name.removesuffix(POSTGRES))
        beside = tuple(replace(one, figure=one.figure + POSTGRES) for one in found.beside) if found else ()
        return found and replace(found, beside=beside, quoted="")
    if name.startswith(KEPT):
        unchanged = Beside(f"{name}_none", "the same without any raw result", most=1.2)
        return None if name.endswith("_none") else Goal(beside=(unchanged,))
    if name.startswith(PAGE) and not name.endswith(("_sql", "_cpu")) and name not in _PEERS:
        return _page(name)
    return None
