"""One run of a probe that is not saved: what would come back, and what it would mean. As the engine asks, guard and all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitoring.catalogue.states import TONES, Status
from monitoring.probes.engine.once import ask, fetch
from monitoring.probes.kinds import Answer, Found, Target, Verdict, kinds
from monitoring.probes.pages.detail import Phase, phases
from monitoring.probes.sentences import of_body
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.http import charsets
from opsconsole.lib.moments import from_ms

LONGEST = 10  # seconds that a person waits
SHOWN_BODY = 2000
TELLING = (
    "location", "content-type", "content-encoding", "server", "cache-control", "retry-after", "www-authenticate",
    "strict-transport-security",
)  # fmt: skip


@dataclass(frozen=True)
class Trial:
    """What one run brought: its status, why, and the start of what came back."""

    status: Status
    reason: str
    answer: Answer
    headers: dict[str, str]
    at: datetime
    found: list[Found]

    @property
    def tone(self) -> str:
        return TONES[self.status]

    @property
    def phases(self) -> list[Phase]:
        """What each step took; none where only the whole was timed."""
        got = self.answer
        steps = (got.dns, got.connect, got.tls, got.first_byte)
        return phases((got.ms, *steps), 1) if any(steps) else []

    @property
    def telling(self) -> list[tuple[str, str]]:
        """The headers that are worth knowing."""
        return [(name, self.headers[name]) for name in TELLING if name in self.headers]

    @property
    def body(self) -> str:
        return charsets.text(self.answer.body[:SHOWN_BODY], self.answer.kind)

    @property
    def what(self) -> str:
        """What the body is."""
        return of_body(self.answer.kind, self.answer.size or None, self.answer.cut, SHOWN_BODY)

    @property
    def certificate_expires(self) -> datetime | None:
        return from_ms(self.answer.expires_at) if self.answer.expires_at is not None else None


def probe_try(
    *,
    actor: Actor,
    config: Mapping[str, Any],
    secrets: Mapping[str, Any],
    timeout: int,
    now: datetime,
    kind: str = "http",
) -> Trial:
    """Ask once, now. Raises ValidationError by field for a config that is wrong."""
    require(actor, Role.MANAGER)
    return tried(kind, *kinds[kind].clean(dict(config), dict(secrets)), timeout, now)


def tried(kind: str, config: dict[str, Any], secrets: dict[str, Any], timeout: int, now: datetime) -> Trial:
    """Ask once, from where this runs, with what is clean already."""
    target = kinds[kind].target(config, secrets, min(timeout, LONGEST))
    answer, given = fetch(target) if isinstance(target, Target) else (ask(target), {})
    verdict = Verdict(Status.UNKNOWN, answer.ours) if answer.ours else target.judge(answer)
    answer.facts = answer.facts or verdict.facts
    return Trial(verdict.grade, verdict.reason, answer, given, now, found_in(kind, answer, now))


def found_in(kind: str, answer: Answer, now: datetime) -> list[Found]:
    return kinds[kind].found(answer.facts, now) if answer.facts else []
