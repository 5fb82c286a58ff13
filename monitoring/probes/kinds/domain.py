"""A registered domain that must not run out: what its registry says over RDAP, asked once a day."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings

from monitoring.catalogue.states import Status
from monitoring.probes import cleaning
from monitoring.probes.certificates import THRESHOLDS, days_left, span, verdict
from monitoring.probes.kinds import Answer, Config, Facts, Found, Kind, Target, Verdict, kinds
from monitoring.probes.questions import Question
from opsconsole.lib import clock
from opsconsole.lib.figures import counted
from opsconsole.lib.http.easy import Request
from opsconsole.lib.moments import from_ms, to_ms
from opsconsole.lib.phrases import one_line

DAY = 86_400
LONGEST_ANSWER = 512 * 1024
MOST_REDIRECTS = 5
MOST_ENTITIES = 50
DEFAULTS: Config = {"host": "", "degraded_days": THRESHOLDS[0]}


class DomainForm(Question):
    """Which domain, and when it is time to renew it."""

    host = forms.CharField(
        label="Domain", max_length=253, help_text="As it is registered: example.com, not www.example.com."
    )
    degraded_days = forms.IntegerField(
        label="Degraded within, days", min_value=1, max_value=365, initial=THRESHOLDS[0],
        help_text="Before it ends. Messages go out 30, 14, 7 days and a day before, once each.",
    )  # fmt: skip

    FIRST = ("host", "degraded_days")
    PACE = {"interval": DAY, "retry_interval": DAY, "timeout": 30, "failure_threshold": 1}


@dataclass(frozen=True, slots=True)
class Rule:
    """How many days before its end it is degraded."""

    domain: str
    degraded_days: int = THRESHOLDS[0]


def judge(rule: Rule, answer: Answer, now: datetime) -> Verdict:
    """What a registry does not say is unknown: it tells nothing of the domain."""
    facts = learn(answer.body)
    if answer.error or answer.code != 200 or facts is None:
        return Verdict(Status.UNKNOWN, _unread(rule.domain, answer))
    if facts["ends"] is None:
        return Verdict(Status.UNKNOWN, f"The registry does not say when {rule.domain} ends.", facts)
    ends = from_ms(facts["ends"])
    left, day = days_left(ends, now), f"{ends:%-d %B %Y}"
    if ends <= now:
        return Verdict(Status.DOWN, f"The domain {rule.domain} ended on {day}.", facts)
    if left < rule.degraded_days:
        return Verdict(Status.DEGRADED, f"The domain {rule.domain} ends in {span(left)}, on {day}.", facts)
    return Verdict(Status.UP, "", facts)


def _unread(domain: str, answer: Answer) -> str:
    if answer.error:
        return f"The registry could not be asked: {answer.problem}"
    if answer.code == 404:
        return (
            f"No registry that speaks RDAP knows {domain}: write the domain as it is registered, without www."
        )
    if answer.code != 200:
        return f"The registry answered {answer.code}; nothing is known of {domain}."
    return f"What the registry answered is not RDAP; nothing is known of {domain}."


def learn(body: bytes) -> Facts | None:
    """When it ends, in milliseconds since 1970, and who sold it, as far as the answer says; None for what is no answer of RDAP."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or told.get("objectClassName") != "domain":
        return None
    ends = max(_expirations(told), default=None)
    return {"ends": None if ends is None else to_ms(ends), "registrar": _registrar(told)}


def _expirations(told: Mapping[str, Any]) -> Iterator[datetime]:
    for event in _dicts(told.get("events")):
        if event.get("eventAction") == "expiration":
            with suppress(ValueError, TypeError, OverflowError):
                moment = datetime.fromisoformat(event.get("eventDate", ""))
                yield moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _registrar(told: Mapping[str, Any]) -> str:
    for entity in _dicts(told.get("entities")):
        if "registrar" in _list(entity.get("roles")):
            for line in _list([*_list(entity.get("vcardArray")), [], []][1]):
                if isinstance(line, list) and len(line) >= 4 and line[0] == "fn":
                    return one_line(str(line[3]))[:200]
            return one_line(str(entity.get("handle", "")))[:200]
    return ""


def _list(value: object) -> list[Any]:
    return value[:MOST_ENTITIES] if isinstance(value, list) else []


def _dicts(value: object) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]


def _domain(value: Any) -> str:
    text = cleaning.name(str(value or "").strip())
    if "." not in text or text.rpartition(".")[2].isdecimal() or ":" in text:
        raise ValueError("Write the domain as it is registered, such as example.com.")
    return text


_CHECKS: Mapping[str, cleaning.Check] = {"host": _domain, "degraded_days": cleaning.whole(1, 365)}


def clean(config: Config, _secrets: Config) -> tuple[Config, Config]:
    """Raises ValidationError with a sentence for each field that is wrong."""
    return cleaning.checked(DEFAULTS | config, _CHECKS), {}


def target(config: Config, _secrets: Config, timeout: float) -> Target:
    config = DEFAULTS | config
    url = f"{settings.OPSCONSOLE_RDAP_URL.rstrip('/')}/domain/{quote(config['host'])}"
    request = Request(
        url=url,
        headers={"Accept": "application/rdap+json, application/json"},
        timeout=timeout,
        connect_timeout=timeout,
        follow=MOST_REDIRECTS,
        limit=LONGEST_ANSWER,
    )
    rule = Rule(config["host"], config["degraded_days"])
    return Target(request, partial(_judge_now, rule), config["host"], LONGEST_ANSWER)


def _judge_now(rule: Rule, answer: Answer) -> Verdict:
    return judge(rule, answer, clock.now())


def facts(config: Config) -> list[tuple[str, str]]:
    """When it is time to renew it."""
    config = DEFAULTS | config
    return [("Degraded", f"{counted(config['degraded_days'], 'day')} before it ends")]


def found(facts: Facts, now: datetime) -> list[Found]:
    """When it ends, and who sold it."""
    sold = [Found("Registrar", facts["registrar"])] if facts.get("registrar") else []
    if facts.get("ends") is None:
        return [Found("It ends", "the registry does not say when"), *sold]
    left = days_left(from_ms(facts["ends"]), now)
    said = f"{span(left)} left" if left >= 0 else "it has ended"
    return [Found("It ends", said, from_ms(facts["ends"]), tone=verdict(left).value), *sold]


kinds.register(
    "domain",
    Kind(
        "domain",
        "Domain",
        DomainForm,
        clean,
        target,
        lambda config: str(config["host"]),
        facts,
        found,
        50,
        DAY,
    ),
)
