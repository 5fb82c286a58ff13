"""Ready rules: what teams watch first. Each still asks for the figure that it is about."""

from dataclasses import dataclass
from typing import Any

from monitoring.alerts.states import Level

MINUTE, DAY = 60, 86400


@dataclass(frozen=True)
class Template:
    """`wants` says which figure it is for."""

    slug: str
    name: str
    kind: str
    severity: Level
    wants: str
    config: dict[str, Any]


def _over(limit: float, minutes: int) -> dict[str, Any]:
    return {"side": "above", "limit": limit, "lasts": minutes * MINUTE}


TEMPLATES = {
    template.slug: template
    for template in (
        Template("error-rate", "High error rate", "threshold", Level.P1, "The error rate, in per cent: over 1 % for 5 minutes.", _over(1, 5)),
        Template("slow-queries", "Database queries are slow", "threshold", Level.P1, "The p95 of queries, in ms: over 500 ms for 5 minutes.", _over(500, 5)),
        Template("memory-leak", "Memory rises without levelling off", "leak", Level.P2, "The memory in use.", {"by": 5, "over": 6 * 60 * MINUTE}),
        Template("payments-down", "Payment processor cannot be reached", "threshold", Level.P0, "The good answers to a probe of it, or 1 while it answers and 0 while not: below 1 for 2 minutes.", {"side": "below", "limit": 1, "lasts": 2 * MINUTE}),
        Template("mrr-drop", "Monthly recurring revenue drops", "rate", Level.P2, "The MRR: down by 5 % within a week.", {"side": "falls", "by": 5, "measured": "percent", "over": 7 * DAY}),
        Template("churn-spike", "Churn spikes", "anomaly", Level.P2, "The churn: far above what is usual.", {"side": "above", "against": "recent", "width": 4}),
        Template("latency", "Answers are slow", "threshold", Level.P2, "The p95 of answers, such as a probe’s, in ms: over 1,000 ms for 10 minutes.", _over(1000, 10)),
        Template("budget", "Downtime uses up the error budget", "burn", Level.P1, "The share of what goes well, in per cent, such as a probe’s good answers.", {"objective": 99.9, "values": "good"}),
        Template("resources", "A resource runs out", "threshold", Level.P2, "How full it is, in per cent: over 90 % for 15 minutes.", _over(90, 15)),
        Template("silence", "Nothing is reported any more", "absence", Level.P2, "Anything that comes regularly.", {"lasts": 15 * MINUTE}),
    )
}  # fmt: skip


@dataclass(frozen=True)
class ReadyInhibition:
    """Matchers, one a line, and labels that have to be alike, as the form takes them."""

    slug: str
    reason: str
    source: str
    target: str
    equal: str


INHIBITIONS = {
    ready.slug: ready
    for ready in (
        ReadyInhibition(
            "worse",
            "The worse says it all: the milder alert of the same name is silent",
            "severity=~P0|P1|critical",
            "severity=~P2|P3|warning|info",
            "alertname, service",
        ),
        ReadyInhibition(
            "host",
            "A machine that is down explains what runs on it",
            "alertname=~(Host|Node|Instance|Machine).*[Dd]own",
            "alertname=~.+",
            "instance",
        ),
    )
}
"""None is in force until somebody saves it."""
