"""A host that must answer pings: how many of a few packets come back, and how fast."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django import forms
from django.core.exceptions import ValidationError

from monitoring.catalogue.states import Status
from monitoring.probes import cleaning
from monitoring.probes.asking import Steps
from monitoring.probes.asking.pings import ping
from monitoring.probes.asking.streams import places
from monitoring.probes.kinds import Answer, Call, Config, Facts, Found, Kind, Talk, Verdict, kinds
from monitoring.probes.questions import Question
from opsconsole.lib.figures import written
from opsconsole.lib.phrases import in_words

MOST = 10  # packets a run
DEFAULTS: Config = {
    "host": "",
    "packets": 3,
    "loss_degraded": 30,
    "loss_down": 100,
    "latency_degraded_ms": None,
    "latency_down_ms": None,
}


class IcmpForm(Question):
    """Who is pinged, and how much may be lost."""

    host = forms.CharField(max_length=253, help_text="A name such as router.example.com, or an address.")
    packets = forms.IntegerField(label="Packets each time", min_value=1, max_value=MOST, initial=3)
    loss_degraded = forms.IntegerField(
        label="Degraded from a loss of, %", required=False, min_value=1, max_value=100, initial=30,
        help_text="Of three packets, one is 33 %. Empty: loss is measured, not judged.",
    )  # fmt: skip
    loss_down = forms.IntegerField(label="Down from a loss of, %", min_value=1, max_value=100, initial=100)
    latency_degraded_ms = forms.IntegerField(
        label="Degraded above, ms", required=False, min_value=1,
        help_text="There and back, on average. Empty: speed is measured, not judged.",
    )  # fmt: skip
    latency_down_ms = forms.IntegerField(label="Down above, ms", required=False, min_value=1)

    FIRST = ("host",)
    FOLDS = (
        ("How much may be lost, and how fast it must be", (
            "packets", "loss_degraded", "loss_down", "latency_degraded_ms", "latency_down_ms",
        )),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """Shares of lost packets, in per cent, and limits in milliseconds, from which on it is degraded or down."""

    loss_degraded: float | None = 30
    loss_down: float = 100
    degraded_ms: float | None = None
    down_ms: float | None = None


def judge(rule: Rule, answer: Answer) -> Verdict:
    """Whether it answered, how much was lost, and how fast it was."""
    if answer.error:
        return Verdict(Status.DOWN, answer.problem)
    facts = answer.facts or {}
    sent, lost = facts.get("sent", 0), facts.get("lost", 0)
    share, said = 100 * lost / sent if sent else 100, _lost(facts)
    if share >= rule.loss_down:
        return Verdict(Status.DOWN, f"{said}.")
    speed = cleaning.speed(rule.degraded_ms, rule.down_ms, answer.ms)
    if speed.grade != Status.DOWN and rule.loss_degraded is not None and share >= rule.loss_degraded:
        return Verdict(Status.DEGRADED, f"{said}.")
    return speed


def _lost(facts: Facts) -> str:
    sent, lost = facts.get("sent", 0), facts.get("lost", 0)
    if lost == sent:
        return f"None of {in_words(sent)} pings came back" if sent > 1 else "The ping did not come back"
    return f"{in_words(lost).capitalize()} of {in_words(sent)} pings lost"


def converse(config: Config, call: Call) -> Steps[None]:
    """Ping the first place that the name leads to, and keep what came back as facts."""
    found = yield from places(call, config["host"], 0)
    times = yield from ping(call, found[0], config["packets"])
    back = [ms for ms in times if ms is not None]
    call.answer.ms = sum(back) / len(back) if back else 0
    call.answer.facts = {
        "address": found[0].host,
        "sent": len(times),
        "lost": len(times) - len(back),
        "fastest": min(back, default=None),
        "slowest": max(back, default=None),
    }


_CHECKS: Mapping[str, cleaning.Check] = {
    "host": cleaning.host,
    "packets": cleaning.whole(1, MOST),
    "loss_degraded": cleaning.whole(1, 100, optional=True),
    "loss_down": cleaning.whole(1, 100),
    "latency_degraded_ms": cleaning.limit_ms,
    "latency_down_ms": cleaning.limit_ms,
}


def clean(config: Config, _secrets: Config) -> tuple[Config, Config]:
    """Raises ValidationError with a sentence for each field that is wrong."""
    kept = cleaning.checked(DEFAULTS | config, _CHECKS)
    cleaning.speed_errors(kept)
    if kept["loss_degraded"] is not None and kept["loss_down"] < kept["loss_degraded"]:
        raise ValidationError({"loss_down": "Down must come later than degraded; choose a larger number."})
    return kept, {}


def target(config: Config, _secrets: Config, timeout: float) -> Talk:
    config = DEFAULTS | config
    rule = Rule(
        config["loss_degraded"], config["loss_down"], config["latency_degraded_ms"], config["latency_down_ms"]
    )
    return Talk(partial(converse, config), partial(judge, rule), config["host"], timeout)


def address(config: Config) -> str:
    config = DEFAULTS | config
    return f"ping {config['host']}"


def facts(config: Config) -> list[tuple[str, str]]:
    """What a good answer is."""
    config = DEFAULTS | config
    loss = [f"degraded from {config['loss_degraded']} %"] if config["loss_degraded"] is not None else []
    said = ", ".join([*loss, f"down from {config['loss_down']} % of {config['packets']}"])
    return [("Lost", said), ("Degraded, down", cleaning.speed_words(config))]


def found(facts: Facts, _now: datetime) -> list[Found]:
    """What came back last."""
    said = [
        Found("Lost", _lost(facts).lower() if facts.get("lost") else f"none of {facts.get('sent', 0)} lost")
    ]
    if facts.get("fastest") is not None:
        fastest, slowest = (written(facts[name], "ms", 1) for name in ("fastest", "slowest"))
        said.append(Found("There and back", f"{fastest} to {slowest}"))
    return [*said, Found("Address", facts.get("address", ""))]


kinds.register(
    "icmp",
    Kind("icmp", "Ping", IcmpForm, clean, target, address, facts, found, order=20),
)
