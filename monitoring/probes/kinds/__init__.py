"""The kinds of probes, one file each: how to ask, and a pure rule that judges the answer."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, Self

from monitoring.catalogue.states import Status
from monitoring.probes.asking import Steps
from monitoring.probes.questions import Question
from opsconsole.lib.http.easy import Request
from opsconsole.lib.registry import Registry

Config = dict[str, Any]
Facts = dict[str, Any]
KEPT_BODY = 4096  # bytes of an answer that are kept with a failure


@dataclass(slots=True)
class Answer:
    """What one run brought: plain facts, times in milliseconds: `ms` the whole, `dns` to `first_byte` what each step of it took.

    `error` is libcurl's code (0: a complete answer), `problem` says it in words. `reached` tells whether anything came back
    over the network, a refusal included, and `peer` is the address that a failed run tried last ("" when the name had none).
    `ours` names what kept the target from being asked, if something did: a fault of this console's, or no token to sign in with.
    `size` is how many bytes of a body came, `cut` that the rest was not read, `kind` its Content-Type; `redirect` is where a
    redirect leads that was not followed. `facts` are what else the kind learnt, as JSON takes it.
    """

    error: int = 0
    problem: str = ""
    code: int = 0
    ms: float = 0
    dns: float = 0
    connect: float = 0
    tls: float = 0
    first_byte: float = 0
    body: bytes = b""
    reached: bool = True
    peer: str = ""
    ours: str = ""
    expires_at: int | None = None  # of the certificate, milliseconds since 1970
    facts: Facts | None = None
    size: int = 0
    cut: bool = False
    kind: str = ""
    redirect: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """up, degraded, down or unknown, and why in plain words when it is not up; and what facts were in the answer."""

    grade: Status
    reason: str = ""
    facts: Facts | None = None


Judge = Callable[[Answer], Verdict]


@dataclass(slots=True)
class Call:
    """A conversation's run: the answer that it fills in, which addresses it may reach, and when it ends (monotonic seconds)."""

    answer: Answer
    permits: Callable[[str], bool]
    ends: float


class Token(NamedTuple):
    """What signs in, as the Authorization header says it, and for how many seconds it may be kept."""

    header: str
    seconds: float

    def __repr__(self) -> str:
        return "Token(…)"  # stays out of logs


class NoToken(Exception):
    """Those who give tokens gave none; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Where the token for a target is fetched. Those with an equal `key` share one. `read` raises NoToken."""

    key: Hashable = field(repr=False)
    request: Request = field(compare=False)
    host: str = field(compare=False)
    read: Callable[[Answer], Token] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """A probe's configuration made ready to run: what to ask, of which host, and how to judge. `keep` body bytes suffice.

    `sign_in` is where the token comes from that the request still lacks.
    """

    request: Request
    judge: Judge
    host: str
    keep: int = KEPT_BODY
    sign_in: SignIn | None = None

    def signed(self, header: str) -> Self:
        """The same with a token."""
        headers = {**self.request.headers, "Authorization": header}
        return replace(self, request=replace(self.request, headers=headers))


@dataclass(frozen=True, slots=True)
class Talk:
    """The same for what libcurl does not speak: `converse` asks, within `timeout` seconds (see asking/)."""

    converse: Callable[[Call], Steps[None]]
    judge: Judge
    host: str
    timeout: float


@dataclass(frozen=True)
class Found:
    """Something that a probe learnt, for its page: a title, words, and where it fits a moment and a page elsewhere."""

    title: str
    words: str
    at: datetime | None = None
    url: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Kind:
    """`form` asks people for what `clean` takes: config and secrets, which it returns or raises ValidationError by field name.

    `address` says what is asked in one line, `facts` in words, as (title, words); `found` says what the facts
    of its last answer mean, the most telling first, which lists show. `order` is its place among the choices,
    and `least_interval`, in seconds, how often those who are asked can be asked at the most; `degraded`
    is the word for what is neither up nor down.
    """

    name: str
    title: str
    form: type[Question]
    clean: Callable[[Config, Config], tuple[Config, Config]]
    target: Callable[[Config, Config, float], Target | Talk]
    address: Callable[[Config], str]
    facts: Callable[[Config], list[tuple[str, str]]] = lambda _config: []
    found: Callable[[Facts, datetime], list[Found]] = lambda _facts, _now: []
    order: int = 50
    least_interval: int = 5


kinds: Registry[Kind] = Registry("kind of probe")


def in_order() -> list[Kind]:
    """As people choose from them."""
    return sorted(kinds, key=lambda kind: (kind.order, kind.title))
