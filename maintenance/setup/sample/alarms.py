"""What fired at Larkfield: its rules, what other systems sent, silences, and maintenance. All by the services that do it every day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from incidents.response.alerting import notice_consume, notices_waiting
from incidents.response.models import Incident
from maintenance.setup.sample.outages import Outage, Spell
from maintenance.setup.sample.world import World
from monitoring.alerts.groups import due, group_tell
from monitoring.alerts.judging import rule_now, rule_say
from monitoring.alerts.models import Alert, Group, Ledger, Rule
from monitoring.alerts.rules.base import Verdict
from monitoring.alerts.ruling import rule_create
from monitoring.alerts.shipped import DAY, TEMPLATES
from monitoring.alerts.states import WAIT, Level
from monitoring.inbound.models import Integration

SURE = timedelta(minutes=5)  # as long as it has to last
DRILL, DRILL_DAY = timedelta(days=24, hours=1), timedelta(hours=12)  # ago
LEAST = timedelta(minutes=8)  # what is over sooner fires nothing
AFTER = timedelta(minutes=1)  # its end is seen at the next minute

# name, template, series (or figure), service, severity, what differs from the template
RULES: tuple[tuple[str, str, str, str, Level, Mapping[str, Any]], ...] = (
    ("API error rate is high", "error-rate", "metric:api_error_rate", "API", Level.P1, {}),
    ("Payments error rate is high", "error-rate", "metric:payments_error_rate", "Payments", Level.P1, {}),
    ("Web app error rate is high", "error-rate", "metric:web_error_rate", "Web app", Level.P1, {}),
    ("Database queries are slow", "slow-queries", "metric:db_query_p95_ms", "API", Level.P2, {}),
    ("Memory rises without levelling off", "memory-leak", "metric:memory_used", "API", Level.P2, {"by": 8}),
    ("Payment provider cannot be reached", "payments-down", "metric:payment_provider_up", "Payments", Level.P0, {}),
    ("Monthly recurring revenue drops", "mrr-drop", "metric:mrr", "", Level.P2, {}),
    ("Churn spikes", "churn-spike", "metric:churn_30d", "", Level.P2, {}),
    ("Answers are slow", "latency", "metric:http_request_ms", "API", Level.P2, {}),
    ("Payments use up the error budget", "budget", "metric:payments_error_rate", "Payments", Level.P1, {"values": "bad"}),
    ("The disk of the API runs out", "resources", "metric:disk_used", "API", Level.P2, {}),
    ("No figures of the night came", "silence", "metric:signups", "", Level.P3, {"lasts": 2 * DAY}),
)  # fmt: skip
ERRORS = {"API": RULES[0][0], "Payments": RULES[1][0], "Web app": RULES[2][0]}
SLOW, LEAK = RULES[3][0], RULES[4][0]


@dataclass(frozen=True)
class Firing:
    """One time that a rule fired; `said` is the sentence that it said."""

    rule: Rule
    at: datetime
    over: datetime
    said: str
    note: str = ""


def rules_make(world: World) -> dict[str, Rule]:
    """By name. What they watch comes later, so nothing is judged yet."""
    made = {}
    for name, slug, subject, service, severity, differs in RULES:
        template = TEMPLATES[slug]
        made[name] = rule_create(
            actor=world.people["Mia Berger"],
            kind=template.kind,
            name=name,
            subject=subject,
            severity=severity,
            service=world.services.get(service),
            now=world.start,
            **(template.config | dict(differs)),
        )
    world.keep(made.values())
    return made


def of_outage(world: World, outage: Outage) -> Firing | None:
    """The rule that saw an outage, too: errors of what answers, for longer than it has to last."""
    name = ERRORS.get(outage.case.service)
    if outage.case.job or not name or not outage.end or outage.end - outage.start < LEAST:
        return None
    rule, at = world.rules[name], outage.start + SURE + timedelta(seconds=20)
    return Firing(rule, at, outage.end + AFTER, "It is 64 %, over 1 % for 5 min.")


def of_spell(world: World, spell: Spell) -> Firing | None:
    """The API is slow because its database is; not while they drill, since that is an incident of the API, too."""
    if (
        spell.service != "API"
        or spell.end - spell.start < LEAST * 2
        or abs(world.now - DRILL - spell.start) < DRILL_DAY
    ):
        return None
    said = "It is 760 ms, over 500 ms for 5 min."
    note = "One report reads all bookings of the year. Stopped it; it runs at night from now on."
    return Firing(world.rules[SLOW], spell.start + SURE, spell.end + AFTER, said, note)


def of_leak(world: World, spell: Spell) -> Firing:
    said = "It went from 60.4 % to 84.1 % in 6 h."
    note = "The release of this morning keeps whole calendars in memory. Rolled it back."
    return Firing(world.rules[LEAK], spell.end - timedelta(minutes=75), spell.end + AFTER, said, note)


def fires(firing: Firing) -> None:
    """It fires, and half a minute later that is told."""
    rule_say(firing.rule, True, firing.said, firing.at)
    tell(firing.at + WAIT)


def ends(firing: Firing) -> None:
    rule_say(firing.rule, False, "", firing.over)
    tell(firing.over)


def tell(now: datetime) -> None:
    """What groups have to tell, and what incidents make of it."""
    for pk in due(now):
        group_tell(pk=pk, now=now)
    for pk in notices_waiting():
        notice_consume(pk=pk, now=now)


def keep(world: World, integrations: Mapping[str, Integration]) -> None:
    """What all of it left, to be taken out again; and how the rules stand, now that what they watch is there."""
    sources = {rule.source for rule in world.rules.values()} | {one.source for one in integrations.values()}
    groups = Group.objects.filter(alerts__source__in=sources).distinct()
    world.keep(Incident.objects.filter(alerts__source__in=sources).distinct())
    world.keep(
        [*groups, *Ledger.objects.filter(source__in=sources), *Alert.objects.filter(source__in=sources)]
    )
    Rule.objects.bulk_update(_standing(world), ["verdict", "since", "sentence", "due_at"])


def _standing(world: World) -> Iterator[Rule]:
    last = {alert.source: alert for alert in Alert.objects.order_by("starts_at")}
    for rule in world.rules.values():
        found, alert = rule_now(rule, world.now), last.get(rule.source)
        rule.verdict = (
            Verdict.UNKNOWN if found.verdict == Verdict.FIRING else found.verdict
        )  # the first sweep says so
        rule.sentence, rule.due_at = found.sentence[:300], world.now
        rule.since = alert.ends_at if alert and alert.ends_at else world.start
        yield rule
