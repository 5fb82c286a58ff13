"""The addresses that jobs call: Healthchecks' `/ping/…`, and Uptime Kuma's `/api/push/<token>`."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

from monitoring.heartbeats.states import Kind

PING, PUSH = "/ping/", "/api/push/"
PAUSE, RESUME = "pause", "resume"
MOST_MINUTES = 7 * 24 * 60
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I | re.A)
_SLUG = re.compile(r"[a-z0-9_-]{1,100}", re.A)
_EXIT = re.compile(r"[0-9]{1,3}", re.A)


def is_uuid(text: str) -> bool:
    """Whether it is a UUID in its usual text, in any case."""
    return _UUID.fullmatch(text) is not None


class BadAddress(ValueError):
    """The address or its query is malformed; the message is what the caller is told."""


@dataclass(frozen=True, slots=True)
class Call:
    """Whom an address names, and what it says. `key` is 32 lower-case hex digits, or empty when a slug names the job."""

    key: str = ""
    ping_key: str = ""
    slug: str = ""
    kind: str = Kind.SUCCESS.value
    exit_status: int | None = None
    rid: str | None = None
    create: bool = False
    note: str = ""
    minutes: int = 0

    @property
    def is_act(self) -> bool:
        """Whether it asks for something rather than to tell something."""
        return self.kind in (PAUSE, RESUME)


def read_ping(path: str, query: str) -> Call:
    """`/ping/<uuid>[/start|/fail|/log|/<0–255>]` or `/ping/<ping key>/<slug>[/…]`. Raises BadAddress."""
    parts = path[len(PING) :].rstrip("/").split("/")
    rid, create = _options(query) if query else (None, False)
    if _UUID.fullmatch(parts[0]):
        kind, status = _said(parts[1:])
        key = parts[0].replace("-", "").lower()
        return Call(key, kind=kind, exit_status=status, rid=rid, minutes=_minutes(kind, query))
    if not 2 <= len(parts) <= 3 or not _SLUG.fullmatch(parts[1]):
        raise BadAddress("invalid url format")
    kind, status = _said(parts[2:])
    return Call("", parts[0], parts[1], kind, status, rid, create, minutes=_minutes(kind, query))


def read_push(path: str, query: str) -> Call:
    """`/api/push/<token>?status=up|down&msg=…&ping=…`. The token is the heartbeat's key; any other is one that nobody knows."""
    token = path[len(PUSH) :].rstrip("/").replace("-", "").lower()
    said = {name: values[0] for name, values in parse_qs(query).items()}
    kind = (
        Kind.SUCCESS if said.get("status", "up") == "up" else Kind.FAIL
    )  # a word that nobody knows is not fine
    took = f"{said['ping']} ms" if said.get("ping") else ""
    note = " · ".join(part[:250] for part in (said.get("msg", ""), took) if part)
    return Call(token, kind=kind.value, note=note)


def _said(rest: list[str]) -> tuple[str, int | None]:
    """What follows the name: nothing, a word, or the exit status of the job, of which only 0 is success."""
    if not rest:
        return Kind.SUCCESS.value, None
    word = rest[0]
    if word in ("start", "fail", "log", PAUSE, RESUME) and len(rest) == 1:
        return word, None
    if len(rest) > 1 or not _EXIT.fullmatch(word) or int(word) > 255:
        raise BadAddress("invalid url format")
    return (Kind.FAIL.value if int(word) else Kind.SUCCESS.value), int(word)


def _minutes(kind: str, query: str) -> int:
    """How long a pause is to be, which always has an end."""
    if kind != PAUSE:
        return 0
    said = parse_qs(query).get("minutes", [""])[0]
    if not re.fullmatch(r"[0-9]{1,5}", said, re.A) or not 1 <= int(said) <= MOST_MINUTES:
        raise BadAddress(f"say for how long: pause?minutes=20, at most {MOST_MINUTES} (7 days)")
    return int(said)


def _options(query: str) -> tuple[str | None, bool]:
    """`rid`, a UUID in its usual text, tells overlapping runs apart; `create=1` makes a heartbeat that is not there."""
    found = parse_qs(query, keep_blank_values=True)
    rid = found["rid"][0] if "rid" in found else None
    if rid is not None and not _UUID.fullmatch(rid):
        raise BadAddress("invalid uuid format")
    return rid and rid.replace("-", "").lower(), found.get("create") == ["1"]
