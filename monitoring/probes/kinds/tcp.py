"""A port that must accept connections; if told so, over TLS, and with the right words after the right question."""

import re
import ssl
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from django import forms

from monitoring.catalogue.states import Status
from monitoring.probes import cleaning
from monitoring.probes.asking import Failed, Steps
from monitoring.probes.asking.chains import tls_context
from monitoring.probes.asking.streams import connect, read, send, shake_hands
from monitoring.probes.kinds import Answer, Call, Config, Kind, Talk, Verdict, kinds
from monitoring.probes.questions import Question

LONGEST_ANSWER = 65_536
_ESCAPES = {"n": b"\n", "r": b"\r", "t": b"\t", "0": b"\0", "\\": b"\\"}
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|[nrt0\\])")


DEFAULTS: Config = {
    "host": "",
    "port": None,
    "send": "",
    "expect": "",
    "tls": False,
    "verify_tls": True,
    "latency_degraded_ms": None,
    "latency_down_ms": None,
}


class TcpForm(Question):
    """Where it connects, and what it says there."""

    host = forms.CharField(max_length=253, help_text="A name such as db.example.com, or an address.")
    port = forms.IntegerField(min_value=1, max_value=65_535, help_text="E.g. 5432, 6379 or 25.")
    send = forms.CharField(
        label="Send this", required=False, max_length=2000, strip=False,
        help_text=r"As soon as it is connected. \r\n ends a line, \x00 is any byte, \\ a backslash. Empty: nothing is said.",
    )  # fmt: skip
    expect = forms.CharField(
        label="Expect this in the answer", required=False, max_length=500, strip=False,
        help_text="E.g. 220 or +PONG. Empty: that it accepts the connection is enough.",
    )  # fmt: skip
    tls = forms.BooleanField(label="Speak TLS", required=False)
    verify_tls = forms.BooleanField(label="The certificate must be valid", required=False, initial=True)
    latency_degraded_ms = forms.IntegerField(
        label="Degraded above, ms",
        required=False,
        min_value=1,
        help_text="Empty: speed is measured, not judged.",
    )
    latency_down_ms = forms.IntegerField(label="Down above, ms", required=False, min_value=1)

    FIRST = ("host", "port")
    FOLDS = (
        ("What it says, and hears", ("send", "expect", "tls", "verify_tls")),
        ("How fast it must be", ("latency_degraded_ms", "latency_down_ms")),
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes an answer good; limits are milliseconds."""

    expect: bytes = b""
    degraded_ms: float | None = None
    down_ms: float | None = None


def judge(rule: Rule, answer: Answer) -> Verdict:
    """Whether it answered, what, and how fast."""
    if answer.error:
        return Verdict(Status.DOWN, answer.problem)
    if rule.expect not in answer.body:
        said = rule.expect.decode("utf-8", "backslashreplace").encode("unicode_escape").decode()
        return Verdict(Status.DOWN, f"The answer does not contain “{said}”.")
    return cleaning.speed(rule.degraded_ms, rule.down_ms, answer.ms)


def converse(config: Config, rule: Rule, call: Call) -> Steps[None]:
    """Connect, shake hands, send, and read until the expected words are there, as far as each is wanted."""
    opened = yield from connect(call, config["host"], config["port"])
    if config["tls"]:
        try:
            opened = yield from shake_hands(call, opened, tls_context(config["verify_tls"]), config["host"])
        except ssl.SSLCertVerificationError as error:
            raise Failed(f"The certificate is not trusted ({error.verify_message})") from None
    with closing(opened):
        if config["send"]:
            yield from send(opened, unescaped(config["send"]))
        if rule.expect:
            yield from read(call, opened, lambda came: rule.expect in came, LONGEST_ANSWER)


def unescaped(text: str) -> bytes:
    r"""“PING\r\n” as it goes over the wire; a backslash before anything else is one."""
    parts = _ESCAPE.split(text)
    return b"".join(_byte(part) if place % 2 else part.encode() for place, part in enumerate(parts))


def _byte(escape: str) -> bytes:
    return bytes([int(escape[1:], 16)]) if escape[0] == "x" else _ESCAPES[escape]


_CHECKS: Mapping[str, cleaning.Check] = {
    "host": cleaning.host,
    "port": cleaning.port,
    "send": cleaning.text(2000),
    "expect": cleaning.text(500),
    "tls": bool,
    "verify_tls": bool,
    "latency_degraded_ms": cleaning.limit_ms,
    "latency_down_ms": cleaning.limit_ms,
}


def clean(config: Config, _secrets: Config) -> tuple[Config, Config]:
    """Raises ValidationError with a sentence for each field that is wrong."""
    kept = cleaning.checked(DEFAULTS | config, _CHECKS)
    cleaning.speed_errors(kept)
    return kept, {}


def target(config: Config, _secrets: Config, timeout: float) -> Talk:
    config = DEFAULTS | config
    if config["tls"]:
        tls_context(config["verify_tls"])  # loads the roots here, not while others wait for the network
    rule = Rule(unescaped(config["expect"]), config["latency_degraded_ms"], config["latency_down_ms"])
    return Talk(partial(converse, config, rule), partial(judge, rule), config["host"], timeout)


def address(config: Config) -> str:
    config = DEFAULTS | config
    return f"{'tls' if config['tls'] else 'tcp'}://{cleaning.place(config)}"


def facts(config: Config) -> list[tuple[str, str]]:
    """What it says, and what a good answer is."""
    config = DEFAULTS | config
    trusted = "a valid certificate" if config["verify_tls"] else "any certificate"
    said = [("Sends", f"“{config['send']}”")] if config["send"] else []
    heard = f"“{config['expect']}” in the answer" if config["expect"] else "that the connection is accepted"
    tls = [("TLS", trusted)] if config["tls"] else []
    return [*said, ("Expected", heard), *tls, ("Degraded, down", cleaning.speed_words(config))]


kinds.register("tcp", Kind("tcp", "TCP port", TcpForm, clean, target, address, facts, order=10))
