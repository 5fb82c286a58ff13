"""One ping by all rules of its heartbeat: what it means, its figures, and whether the job gets anywhere. Pure."""

from dataclasses import dataclass

from monitoring.heartbeats.figures import demands, told
from monitoring.heartbeats.models import Heartbeat, Ping
from monitoring.heartbeats.states import Kind


@dataclass(frozen=True)
class Reading:
    """`why` is what made it a failure, when its address says another thing; `seen` counts its progress token in a row."""

    kind: Kind
    why: str
    figures: dict[str, float]
    progress: str
    seen: int


def read(beat: Heartbeat, ping: Ping) -> Reading:
    kind, why = beat.rules.meaning(ping.kind, ping.method, ping.body, ping.subject)
    said = told(ping.query, ping.body)
    seen = _seen(beat, said.progress) if kind == Kind.SUCCESS else 0
    if kind == Kind.SUCCESS and (broken := _broken(beat, said.figures) or _stuck(beat, said.progress, seen)):
        kind, why = Kind.FAIL, broken
    return Reading(kind, why, said.figures, said.progress, seen)


def _broken(beat: Heartbeat, figures: dict[str, float]) -> str:
    return "; ".join(filter(None, (demand.broken(figures) for demand in demands(beat.assertions))))


def _seen(beat: Heartbeat, token: str) -> int:
    if not token:
        return 0
    return beat.progress_seen + 1 if token == beat.progress else 1


def _stuck(beat: Heartbeat, token: str, seen: int) -> str:
    if not beat.stuck_after or seen < beat.stuck_after:
        return ""
    return f"it runs but gets nowhere: it said “{token}” {seen} times in a row"
