"""What a vendor says of itself: its status page, as Statuspage's JSON or as a feed. A page that cannot be read is unknown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django import forms

from monitoring.catalogue.states import Status
from monitoring.probes import cleaning
from monitoring.probes.feeds import Entry, going_on, incidents
from monitoring.probes.kinds import Answer, Config, Facts, Found, Kind, Target, Verdict, kinds
from monitoring.probes.kinds.http.checks import check_url
from monitoring.probes.kinds.http.form import url_input, with_scheme
from monitoring.probes.questions import Question
from opsconsole.lib import clock
from opsconsole.lib.http.easy import Request
from opsconsole.lib.phrases import listed, one_line

SUMMARY = "/api/v2/summary.json"
LONGEST_ANSWER = 512 * 1024
MOST_REDIRECTS = 5
DEFAULTS: Config = {"url": "", "component": ""}
INDICATORS = {
    "none": Status.UP,
    "minor": Status.DEGRADED,
    "maintenance": Status.DEGRADED,
    "major": Status.DOWN,
    "critical": Status.DOWN,
}
COMPONENTS = {
    "operational": Status.UP,
    "degraded_performance": Status.DEGRADED,
    "partial_outage": Status.DEGRADED,
    "under_maintenance": Status.DEGRADED,
    "major_outage": Status.DOWN,
}
_ORDER = (Status.UP, Status.DEGRADED, Status.DOWN)
_OVER = ("resolved", "postmortem", "completed")


class VendorForm(Question):
    """Which page, and what of it."""

    url = forms.CharField(
        label="Status page", max_length=2000, widget=url_input(),
        help_text="E.g. https://status.example.com, or the address of its JSON, RSS or Atom.",
    )  # fmt: skip
    component = forms.CharField(
        label="Only this component", required=False, max_length=200,
        help_text="As the page calls it; empty: the page as a whole. Feeds name none.",
    )  # fmt: skip

    FIRST = ("url", "component")
    PACE = {"interval": 300, "retry_interval": 60}

    def clean_url(self) -> str:
        return with_scheme(self.cleaned_data["url"])


@dataclass(frozen=True, slots=True)
class Rule:
    """Which component counts, in small letters; "" for the page as a whole."""

    component: str = ""


def judge(rule: Rule, answer: Answer, now: datetime) -> Verdict:
    """What the page says. A vendor whose page fails may be well: that is unknown."""
    if answer.error:
        return Verdict(Status.UNKNOWN, f"The status page could not be read: {answer.problem}")
    if answer.code != 200:
        return Verdict(Status.UNKNOWN, f"The status page answered {answer.code}.")
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        entries = incidents(answer.body)
        if entries is None:
            return Verdict(Status.UNKNOWN, "The status page is neither JSON nor a feed.")
        return _fed(entries, now)
    return _said(rule, told if isinstance(told, dict) else {})


def _fed(entries: Sequence[Entry], now: datetime) -> Verdict:
    open_ones = going_on(entries, now)
    shown = next(iter(open_ones or entries), None)
    facts = {"says": (shown and shown.title) or "nothing", "link": _link(shown.link) if shown else ""}
    if not open_ones:
        return Verdict(Status.UP, "", facts)
    titles = [entry.title or "an incident without a title" for entry in open_ones]
    return Verdict(Status.DEGRADED, f"The vendor says: {listed(titles, most=3)}.", facts)


def _said(rule: Rule, told: Mapping[str, Any]) -> Verdict:
    parts = [one for one in _dicts(told.get("components")) if _text(one, "name").lower() == rule.component]
    overall = told.get("status") if isinstance(told.get("status"), dict) else {}
    if rule.component and not parts:
        names = [f"“{_text(one, 'name')}”" for one in _dicts(told.get("components"))]
        known = f"it has {listed(names, most=5)}" if names else "it names none"
        return Verdict(Status.UNKNOWN, f"The status page has no component of this name; {known}.")
    grades = [COMPONENTS.get(_text(one, "status")) for one in parts] or [
        INDICATORS.get(_text(overall, "indicator"))
    ]
    if None in grades:
        return Verdict(Status.UNKNOWN, "The status page does not say how its vendor is.")
    incident = _incident(rule, told)
    grade = max((grade for grade in grades if grade), key=_ORDER.index)
    says = incident[0] or _words(parts, overall)
    facts = {"says": says, "link": incident[1]}
    return Verdict(grade, "" if grade == Status.UP else f"The vendor says: {says.rstrip('.')}.", facts)


def _words(parts: list[dict[str, Any]], overall: Any) -> str:
    if parts:
        return ", ".join(f"{_text(one, 'name')}: {_text(one, 'status').replace('_', ' ')}" for one in parts)
    return _text(overall, "description") or _text(overall, "indicator")


def _incident(rule: Rule, told: Mapping[str, Any]) -> tuple[str, str]:
    """Title and link of the first incident or maintenance that is going on and touches the component; empty where none does."""
    going_on = [one for one in _dicts(told.get("incidents")) if _text(one, "status") not in _OVER]
    maintained = _dicts(told.get("scheduled_maintenances"))
    going_on += [one for one in maintained if _text(one, "status") in ("in_progress", "verifying")]
    for one in going_on:
        touched = [_text(part, "name").lower() for part in _dicts(one.get("components"))]
        if not rule.component or rule.component in touched:
            return _text(one, "name"), _link(_text(one, "shortlink"))
    return "", ""


def _link(url: str) -> str:
    """A page elsewhere; nothing else becomes a link."""
    return url if url.startswith(("https://", "http://")) else ""


def _text(told: Any, name: str) -> str:
    value = told.get(name) if isinstance(told, dict) else None
    return one_line(value)[:500] if isinstance(value, str) else ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value[:1000] if isinstance(one, dict)] if isinstance(value, list) else []


_CHECKS: Mapping[str, cleaning.Check] = {"url": check_url, "component": cleaning.text(200)}


def clean(config: Config, _secrets: Config) -> tuple[Config, Config]:
    """Raises ValidationError with a sentence for each field that is wrong."""
    kept = cleaning.checked(DEFAULTS | config, _CHECKS)
    return kept | {"component": kept["component"].strip()}, {}


def asked(url: str) -> str:
    """Where a page is read: what names a file is asked as it is, of anything else the summary."""
    parts = urlsplit(url)
    last = parts.path.rpartition("/")[2].lower()
    if "." in last or parts.query or last in ("rss", "atom", "feed"):
        return url
    return parts._replace(path=parts.path.rstrip("/") + SUMMARY).geturl()


def target(config: Config, _secrets: Config, timeout: float) -> Target:
    config = DEFAULTS | config
    request = Request(
        url=asked(config["url"]),
        timeout=timeout,
        connect_timeout=timeout,
        follow=MOST_REDIRECTS,
        limit=LONGEST_ANSWER,
    )
    rule = Rule(one_line(config["component"]).lower())
    return Target(request, partial(_judge_now, rule), urlsplit(request.url).hostname or "", LONGEST_ANSWER)


def _judge_now(rule: Rule, answer: Answer) -> Verdict:
    return judge(rule, answer, clock.now())


def facts(config: Config) -> list[tuple[str, str]]:
    """What of the page counts."""
    config = DEFAULTS | config
    return [("Counts", config["component"] or "the page as a whole"), ("Read at", asked(config["url"]))]


def found(facts: Facts, _now: datetime) -> list[Found]:
    """What the vendor says, and where."""
    return [Found("The vendor says", facts.get("says", ""), url=facts.get("link", ""))]


kinds.register(
    "vendor",
    Kind(
        "vendor",
        "Vendor’s status page",
        VendorForm,
        clean,
        target,
        lambda config: str(config["url"]),
        facts,
        found,
        60,
    ),
)
