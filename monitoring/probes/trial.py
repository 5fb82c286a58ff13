"""One run of a probe that is not saved: what would come back, and what it would mean. Through the guarded client only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitoring.catalogue.states import TONES, Status
from monitoring.probes.engine.once import ask
from monitoring.probes.kinds import Answer, Found, Target, Verdict, kinds
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.lib.http.client import CallFailed, call
from opsconsole.lib.http.guard import Refused

LONGEST = 10  # seconds that a person waits
SHOWN_BODY = 2000


@dataclass(frozen=True)
class Trial:
    """What one run brought: its status, why, and the start of what came back."""

    status: Status
    reason: str
    code: int
    ms: float
    headers: dict[str, str]
    body: str
    at: datetime
    found: list[Found]

    @property
    def tone(self) -> str:
        return TONES[self.status]


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
    clean, kept = kinds[kind].clean(dict(config), dict(secrets))
    target = kinds[kind].target(clean, kept, min(timeout, LONGEST))
    answer, given = _called(target) if isinstance(target, Target) else (ask(target), {})
    verdict = Verdict(Status.UNKNOWN, answer.ours) if answer.ours else target.judge(answer)
    found = kinds[kind].found(answer.facts, now) if answer.facts else []
    body = answer.body[:SHOWN_BODY].decode("utf-8", "replace").replace("\x00", "")
    return Trial(verdict.grade, verdict.reason, answer.code, answer.ms, given, body, now, found)


def _called(target: Target) -> tuple[Answer, dict[str, str]]:
    """The answer, and its headers."""
    try:
        came = call(target.request)
    except CallFailed as error:
        return Answer(error=1, problem=str(error)), {}
    except Refused as error:
        return Answer(ours=str(error)), {}
    return Answer(code=came.status, ms=came.ms, body=came.body[: target.keep]), came.headers
