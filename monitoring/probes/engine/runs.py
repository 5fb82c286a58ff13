"""A probe that was claimed to be run once: what is known of it, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self, TypeVar

from monitoring.catalogue.states import Status
from monitoring.probes.kinds import Answer, Talk, Target, Verdict
from monitoring.probes.states import Change, Rules, Standing
from monitoring.probes.votes import Quorum

# What a claim brings, in this order.
COLUMNS = (
    "id, service_id, name, revision, interval, retry_interval, timeout, failure_threshold, recovery_threshold,"
    " status, status_since, last_outcome, streak, streak_since, last_at, settled_until,"
    " last_error, certificate_expires_at, certificate_seen_at, next_at, leased_until"
)
_STATUS: dict[str, Status] = {status.value: status for status in Status}
_CERTIFICATE_EVERY = 6 * 3_600_000


@dataclass(slots=True)
class Run:
    """`due` and `lease` are milliseconds since 1970, and so is `at`, when it really started."""

    probe_id: int
    service_id: int
    name: str
    revision: int
    rules: Rules
    standing: Standing
    last_error: str
    certificate_expires_at: int | None
    certificate_seen_at: int | None
    due: int
    lease: int
    at: int = 0
    target: Target | Talk | Quorum | None = None
    answer: Answer = field(default_factory=Answer)
    verdict: Verdict | None = None
    change: Change | None = None

    @classmethod
    def alone(cls, target: Target | Talk | None = None) -> Self:
        """A run of no probe."""
        rules, standing = Rules(0, 0, 0, 1, 1), Standing()
        return cls(0, 0, "", 0, rules, standing, "", None, None, 0, 0, target=target)

    def wants_certificate(self, now: int) -> bool:
        """Reading it costs more than the whole probe, so it is read every six hours."""
        return self.certificate_seen_at is None or now - self.certificate_seen_at > _CERTIFICATE_EVERY


@lru_cache(maxsize=1024)
def _rules(interval: int, retry: int, timeout: int, failures: int, recoveries: int) -> Rules:
    return Rules(interval * 1000, retry * 1000, timeout * 1000, failures, recoveries)


R = TypeVar("R", bound=Run)


def from_row(row: Sequence[Any], make: type[R] = Run) -> R:  # type: ignore[assignment] # what else would it be
    standing = Standing(
        _STATUS[row[9]], row[10], _STATUS.get(row[11], ""), row[12], row[13], row[14], row[15]
    )
    return make(
        probe_id=row[0],
        service_id=row[1],
        name=row[2],
        revision=row[3],
        rules=_rules(*row[4:9]),
        standing=standing,
        last_error=row[16],
        certificate_expires_at=row[17],
        certificate_seen_at=row[18],
        due=row[19],
        lease=row[20],
    )
