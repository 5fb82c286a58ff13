"""A port that must show certificates that are trusted, are for its name, and do not end soon: the whole chain, without roots."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django import forms

from monitoring.catalogue.states import Status
from monitoring.probes import cleaning
from monitoring.probes.asking import Steps
from monitoring.probes.asking.chains import read_chain, tls_context
from monitoring.probes.certificates import THRESHOLDS, days_left, span, verdict
from monitoring.probes.kinds import Answer, Call, Config, Facts, Found, Kind, Talk, Verdict, kinds
from monitoring.probes.questions import Question
from opsconsole.lib.figures import counted
from opsconsole.lib.moments import from_ms

DAY = 86_400_000
DEFAULTS: Config = {
    "host": "",
    "port": 443,
    "server_name": "",
    "must_be_trusted": True,
    "degraded_days": THRESHOLDS[0],
}


class TlsForm(Question):
    """Whose certificates are read, and when it is time to renew them."""

    host = forms.CharField(max_length=253, help_text="A name such as shop.example.com, or an address.")
    port = forms.IntegerField(min_value=1, max_value=65_535, initial=443)
    degraded_days = forms.IntegerField(
        label="Degraded within, days", min_value=1, max_value=365, initial=THRESHOLDS[0],
        help_text="Before the first of the chain ends. Messages go out 30, 14, 7 days and a day before, once each.",
    )  # fmt: skip
    server_name = forms.CharField(
        label="Name in the certificate", required=False, max_length=253, help_text="Empty: the host's."
    )
    must_be_trusted = forms.BooleanField(
        label="It must be trusted, and for this name", required=False, initial=True
    )

    FIRST = ("host", "port")
    FOLDS = (("What a good certificate is", ("degraded_days", "server_name", "must_be_trusted")),)
    PACE = {"interval": 3600, "retry_interval": 60}


@dataclass(frozen=True, slots=True)
class Rule:
    """How many days before its end it is degraded, and whether it must be trusted."""

    degraded_days: int = THRESHOLDS[0]
    must_be_trusted: bool = True


def judge(rule: Rule, answer: Answer) -> Verdict:
    """Whether it showed certificates, none of them over, all trusted, and for how long they last."""
    if answer.error:
        return Verdict(Status.DOWN, answer.problem)
    facts = answer.facts or {}
    left = facts["until"] - facts["at"]
    if left <= 0:
        return Verdict(Status.DOWN, f"The certificate of {facts['first']} ended on {_day(facts['until'])}.")
    if rule.must_be_trusted and facts["problem"]:
        return Verdict(Status.DOWN, f"The certificate is not trusted: {facts['problem'].rstrip('.')}.")
    if left <= rule.degraded_days * DAY:
        said = f"The certificate of {facts['first']} ends in {span(left // DAY)}, on {_day(facts['until'])}."
        return Verdict(Status.DEGRADED, said)
    return cleaning.UP


def _day(ms: int) -> str:
    return f"{from_ms(ms):%-d %B %Y}"


def converse(config: Config, call: Call) -> Steps[None]:
    """Read the chain, and keep as facts which certificate ends first, and when."""
    chain = yield from read_chain(
        call, config["host"], config["port"], config["server_name"] or config["host"]
    )
    first = min(chain.certificates, key=lambda one: one.ends)
    call.answer.expires_at = first.ends
    call.answer.facts = {
        "at": time.time_ns() // 1_000_000,
        "until": first.ends,
        "first": first.subject,
        "problem": chain.problem,
        "chain": [list(certificate) for certificate in chain.certificates],
    }


def _name(value: object) -> str:
    return cleaning.name(str(value)) if value else ""


_CHECKS: Mapping[str, cleaning.Check] = {
    "host": cleaning.host,
    "port": cleaning.port,
    "server_name": _name,
    "must_be_trusted": bool,
    "degraded_days": cleaning.whole(1, 365),
}


def clean(config: Config, _secrets: Config) -> tuple[Config, Config]:
    """Raises ValidationError with a sentence for each field that is wrong."""
    return cleaning.checked(DEFAULTS | config, _CHECKS), {}


def target(config: Config, _secrets: Config, timeout: float) -> Talk:
    config = DEFAULTS | config
    tls_context(True), tls_context(False)  # loads the roots here, not while others wait for the network
    rule = Rule(config["degraded_days"], config["must_be_trusted"])
    return Talk(partial(converse, config), partial(judge, rule), config["host"], timeout)


def address(config: Config) -> str:
    return f"tls://{cleaning.place(DEFAULTS | config)}"


def facts(config: Config) -> list[tuple[str, str]]:
    """What a good certificate is."""
    config = DEFAULTS | config
    trusted = (
        f"for {config['server_name'] or config['host']}, and trusted" if config["must_be_trusted"] else "any"
    )
    return [
        ("Certificate", trusted),
        ("Degraded", f"{counted(config['degraded_days'], 'day')} before one of the chain ends"),
    ]


def found(facts: Facts, now: datetime) -> list[Found]:
    """The chain, and which of it ends first."""
    left = days_left(from_ms(facts["until"]), now)
    said = f"{span(left)} left" if left >= 0 else "it has ended"
    signed = [
        Found(f"Certificate {place}", f"{subject}, signed by {issuer}", from_ms(ends))
        for place, (subject, issuer, ends) in enumerate(facts["chain"], start=1)
    ]
    trust = [Found("Not trusted", facts["problem"], tone="bad")] if facts["problem"] else []
    return [
        Found("The first ends", said, from_ms(facts["until"]), tone=verdict(left).value),
        *trust,
        *signed,
    ]


kinds.register(
    "tls",
    Kind("tls", "TLS certificate", TlsForm, clean, target, address, facts, found, order=40),
)
