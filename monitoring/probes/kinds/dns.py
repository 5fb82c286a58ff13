"""A name that must lead where it should: the right records from the right name server, in time."""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from ipaddress import ip_address
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from monitoring.catalogue.states import Status
from monitoring.probes import cleaning
from monitoring.probes.asking import Ours, Steps
from monitoring.probes.asking.resolving import library, place_of, resolve
from monitoring.probes.engine.resolver import nameservers
from monitoring.probes.kinds import Answer, Call, Config, Facts, Found, Kind, Talk, Verdict, kinds
from monitoring.probes.questions import Question
from opsconsole.lib.http.guard import refusal
from opsconsole.lib.phrases import listed, one_line

TYPES = ("A", "AAAA", "CNAME", "MX", "NS", "TXT", "SOA", "SRV", "CAA", "PTR")
WANTED = {
    "any": "any answer",
    "exactly": "exactly these",
    "contains": "at least these",
    "NXDOMAIN": "that the name does not exist (NXDOMAIN)",
    "NODATA": "that it has no such record",
}
LISTS = ("exactly", "contains")
MOST_SHOWN = 20  # records
_FAMILIES = {"A": 4, "AAAA": 6}
_SEAM = re.compile(r'"\s+"')  # between the pieces of a long text
DEFAULTS: Config = {
    "host": "",
    "record": "A",
    "resolver": "",
    "wanted": "any",
    "records": "",
    "latency_degraded_ms": None,
    "latency_down_ms": None,
}


class DnsForm(Question):
    """What is asked of whom, and what a good answer is."""

    host = forms.CharField(
        label="Name to look up", max_length=253, help_text="E.g. example.com; for PTR an address will do."
    )
    record = forms.ChoiceField(label="Record", choices=[(kind, kind) for kind in TYPES])
    wanted = forms.ChoiceField(label="A good answer is", choices=list(WANTED.items()))
    records = forms.CharField(
        label="These", required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "mono"}),
        help_text="One a line, as name servers write them: 203.0.113.7, or 10 mail.example.com.",
    )  # fmt: skip
    resolver = forms.CharField(
        label="Name server", required=False, max_length=80,
        help_text="An address such as 1.1.1.1 or 9.9.9.9:53. Empty: the one that this machine uses.",
    )  # fmt: skip
    latency_degraded_ms = forms.IntegerField(
        label="Degraded above, ms",
        required=False,
        min_value=1,
        help_text="Empty: speed is measured, not judged.",
    )
    latency_down_ms = forms.IntegerField(label="Down above, ms", required=False, min_value=1)

    FIRST = ("host", "record", "wanted", "records")
    FOLDS = (
        ("Who is asked, and how fast it must be", ("resolver", "latency_degraded_ms", "latency_down_ms")),
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes an answer good: `wanted` as in WANTED, `records` as `plain` has them; limits are milliseconds."""

    record: str = "A"
    wanted: str = "any"
    records: frozenset[str] = frozenset()
    degraded_ms: float | None = None
    down_ms: float | None = None


def judge(rule: Rule, answer: Answer) -> Verdict:
    """Whether it answered, what, and how fast."""
    if answer.error:
        return Verdict(Status.DOWN, answer.problem)
    found = answer.facts or {}
    if problem := _wrong(rule, found.get("rcode", ""), found.get("records", [])):
        return Verdict(Status.DOWN, problem)
    return cleaning.speed(rule.degraded_ms, rule.down_ms, answer.ms)


def _wrong(rule: Rule, rcode: str, records: list[str]) -> str:
    """What is wrong with an answer, "" when nothing is."""
    if rule.wanted == "NXDOMAIN":
        return "" if rcode == "NXDOMAIN" else f"{_said(rule, rcode, records)}; expected is NXDOMAIN."
    if rcode != "NOERROR":
        return f"{_said(rule, rcode, records)}."
    if rule.wanted == "NODATA":
        return f"{_said(rule, rcode, records)}; expected is none." if records else ""
    if not records:
        return f"{_said(rule, rcode, records)}."
    return _differs(rule, {plain(rule.record, record) for record in records})


_RCODES = {
    "NXDOMAIN": "The name does not exist (NXDOMAIN)",
    "SERVFAIL": "The name server failed to find it (SERVFAIL)",
    "REFUSED": "The name server refuses to answer (REFUSED)",
}


def _said(rule: Rule, rcode: str, records: Collection[str]) -> str:
    if rcode != "NOERROR":
        return _RCODES.get(rcode, f"The name server answered {rcode}")
    if not records:
        return f"The name has no {rule.record} record"
    return f"It answered {_quoted(records)}"


def _differs(rule: Rule, records: set[str]) -> str:
    missing = sorted(rule.records - records) if rule.wanted in LISTS else []
    extra = sorted(records - rule.records) if rule.wanted == "exactly" else []
    parts = [f"does not have {_quoted(missing)}"] if missing else []
    parts += [f"has {_quoted(extra)}, which is not expected"] if extra else []
    return f"The answer {' and '.join(parts)}." if parts else ""


def _quoted(records: Collection[str]) -> str:
    return listed([f"“{record}”" for record in records], most=5)


def plain(kind: str, record: str) -> str:
    """As records are compared: one spelling for an address, none of the dots, blanks and capitals that mean nothing."""
    if kind in ("TXT", "CAA"):
        return " ".join(_SEAM.sub("", record).replace('"', "").split())
    with suppress(ValueError):
        return str(ip_address(record.strip()))
    return " ".join(part.removesuffix(".") or "." for part in record.lower().split())


def converse(config: Config, call: Call) -> Steps[None]:
    """Ask, and keep what came as facts: rcode, records, and who answered."""
    servers = [place_of(config["resolver"])] if config["resolver"] else list(map(place_of, nameservers()))
    chosen = [place for place in servers if place]
    if config["resolver"] and not all(call.permits(place.host) for place in chosen):
        raise Ours(refusal(chosen[0].host))
    try:
        found = yield from resolve(call, _asked(config), config["record"], chosen)
    finally:
        if not config["resolver"] and not call.answer.reached:
            call.answer.peer = ""  # our own name server: whether the fault is ours is asked by the gate
    call.answer.facts = {
        "rcode": library().rcode.to_text(found.rcode()),
        "records": _records(found, config["record"])[:200],
        "server": call.answer.peer,
    }


def _asked(config: Config) -> str:
    """The name on the wire; an address is asked for by the name of its PTR record."""
    if config["record"] == "PTR":
        with suppress(Exception):
            return str(library().reversename.from_address(config["host"]))
    return str(config["host"])


def _records(found: Any, record: str) -> list[str]:
    wanted = library().rdatatype.from_text(record)
    return sorted(_written(data) for rrset in found.answer if rrset.rdtype == wanted for data in rrset)


def _written(data: Any) -> str:
    """A record as people read it, printable; the pieces of a text are one."""
    if hasattr(data, "strings"):
        return one_line(b"".join(data.strings))
    return one_line(data.to_text())


def _host(value: Any) -> str:
    text = str(value or "").strip()
    if text in ("", "."):
        raise ValueError("Write the name that is looked up, such as example.com.")
    return cleaning.name(text)


def _resolver(value: Any) -> str:
    text = str(value or "").strip()
    if text:
        place = place_of(text)
        if place is None:
            raise ValueError("Write the address of a name server, such as 1.1.1.1 or 9.9.9.9:53.")
        cleaning.permitted(place.host)
    return text


_CHECKS: Mapping[str, cleaning.Check] = {
    "host": _host,
    "record": cleaning.one_of(TYPES),
    "resolver": _resolver,
    "wanted": cleaning.one_of(tuple(WANTED)),
    "records": cleaning.text(4000),
    "latency_degraded_ms": cleaning.limit_ms,
    "latency_down_ms": cleaning.limit_ms,
}


def clean(config: Config, _secrets: Config) -> tuple[Config, Config]:
    """Raises ValidationError with a sentence for each field that is wrong."""
    kept = cleaning.checked(DEFAULTS | config, _CHECKS)
    cleaning.speed_errors(kept)
    if wrong := _expected(kept):
        raise ValidationError({"records": wrong})
    return kept, {}


def _expected(config: Config) -> str:
    """What is wrong with the records that are expected; "" when nothing is."""
    lines = _lines(config)
    if config["wanted"] not in LISTS:
        kinds = " or ".join(f"“{WANTED[kind]}”" for kind in LISTS)
        return (
            f"These count only where a good answer is {kinds}; choose that, or leave them out."
            if lines
            else ""
        )
    if not lines:
        return "Write the records that are expected, one a line."
    family = _FAMILIES.get(config["record"])
    odd = next((line for line in lines if family and not _is_address(line, family)), None)
    return f"“{odd[:60]}” is no IPv{family} address, as {config['record']} records are." if odd else ""


def _is_address(text: str, family: int) -> bool:
    with suppress(ValueError):
        return ip_address(text).version == family
    return False


def _lines(config: Config) -> list[str]:
    return [line.strip() for line in config["records"].splitlines() if line.strip()]


def target(config: Config, _secrets: Config, timeout: float) -> Talk:
    config = DEFAULTS | config
    records = frozenset(plain(config["record"], line) for line in _lines(config))
    limits = config["latency_degraded_ms"], config["latency_down_ms"]
    rule = Rule(config["record"], config["wanted"], records, *limits)
    return Talk(partial(converse, config), partial(judge, rule), config["host"], timeout)


def address(config: Config) -> str:
    config = DEFAULTS | config
    return f"{config['record']} {config['host']}"


def facts(config: Config) -> list[tuple[str, str]]:
    """Who is asked, and what a good answer is."""
    config = DEFAULTS | config
    wanted = WANTED[config["wanted"]]
    if config["wanted"] in LISTS:
        wanted = f"{wanted}: {_quoted(_lines(config))}"
    asked = config["resolver"] or "the one that this machine uses"
    return [("Name server", asked), ("Expected", wanted), ("Degraded, down", cleaning.speed_words(config))]


def found(facts: Facts, _now: datetime) -> list[Found]:
    """What it answered last."""
    records = facts.get("records", [])
    said = listed(records, most=MOST_SHOWN) or f"none ({facts.get('rcode', '')})"
    return [Found("Records", said), Found("Answered by", facts.get("server", ""))]


kinds.register("dns", Kind("dns", "DNS", DnsForm, clean, target, address, facts, found, order=30))
