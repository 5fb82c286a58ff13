"""What kinds of probes make of what people type: each check returns the value as it is kept, or raises ValueError with a sentence."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError

from monitoring.catalogue.states import Status
from monitoring.probes.kinds import Config, Verdict
from opsconsole.lib.figures import written
from opsconsole.lib.http import guard

Check = Callable[[Any], Any]
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.IGNORECASE)


def checked(config: Config, checks: Mapping[str, Check]) -> Config:
    """Each field through its check. Raises ValidationError by field."""
    kept, errors = {}, {}
    for name, check in checks.items():
        try:
            kept[name] = check(config.get(name))
        except (ValueError, guard.Refused) as error:
            errors[name] = str(error)
    if errors:
        raise ValidationError(errors)
    return kept


def host(value: Any) -> str:
    """A name, or an address without brackets; one that leads to a private network only is refused (guard.Refused)."""
    text = name(str(value or "").strip().removeprefix("[").removesuffix("]"))
    permitted(text)
    return text


def permitted(host: str) -> None:
    """Raises guard.Refused for what leads to a private network only."""
    if found := guard.resolve(host, 0):
        guard.check(found, guard.networks(tuple(settings.OPSCONSOLE_ALLOWED_NETWORKS)), host)


def name(text: str) -> str:
    """A name of the DNS as the wire has it, or a numeric address."""
    with suppress(ValueError):
        return str(ip_address(text))
    plain = text.rstrip(".")
    with suppress(UnicodeError):
        plain = plain.encode("idna").decode()
    if not plain or len(plain) > 253 or not all(map(_LABEL.fullmatch, plain.split("."))):
        raise ValueError("Write the name of a host, such as db.example.com, or its address.")
    return plain.lower()


def place(config: Config) -> str:
    """Host and port as an address has them: “[::1]:443”."""
    host = config["host"]
    return f"{f'[{host}]' if ':' in host else host}:{config['port']}"


def whole(low: int, high: int, *, optional: bool = False) -> Check:
    def check(value: Any) -> int | None:
        if optional and value in (None, ""):
            return None
        text = str(value).strip()
        if not text.isdecimal() or not low <= int(text[:20]) <= high:
            raise ValueError(f"Write a whole number from {low:,} to {high:,}.")
        return int(text)

    return check


port = whole(1, 65_535)
limit_ms = whole(1, 600_000, optional=True)


def text(longest: int) -> Check:
    def check(value: Any) -> str:
        if len(str(value or "")) > longest:
            raise ValueError(f"At most {longest:,} characters.")
        return str(value or "")

    return check


def one_of(known: Mapping[str, str] | tuple[str, ...]) -> Check:
    def check(value: Any) -> str:
        if str(value) not in known:
            raise ValueError(f"Choose one of {', '.join(known)}.")
        return str(value)

    return check


UP = Verdict(Status.UP)


def speed(degraded_ms: float | None, down_ms: float | None, ms: float) -> Verdict:
    """Up, unless it took too long."""
    if down_ms is not None and ms > down_ms:
        return Verdict(Status.DOWN, f"It took {ms:.0f} ms; more than {down_ms:g} ms counts as down.")
    if degraded_ms is not None and ms > degraded_ms:
        return Verdict(
            Status.DEGRADED, f"It took {ms:.0f} ms; more than {degraded_ms:g} ms counts as degraded."
        )
    return UP


def speed_complaint(config: Config) -> dict[str, str]:
    """By field, where down does not come later than degraded."""
    slow, down = config["latency_degraded_ms"], config["latency_down_ms"]
    if slow is None or down is None or down > slow:
        return {}
    return {"latency_down_ms": "Down must come later than degraded; choose a larger number."}


def speed_errors(config: Config) -> None:
    """Raises ValidationError where down does not come later than degraded."""
    if wrong := speed_complaint(config):
        raise ValidationError(wrong)


def speed_words(config: Config) -> str:
    slow, down = config.get("latency_degraded_ms"), config.get("latency_down_ms")
    said = [f"degraded above {written(slow, 'ms')}" if slow else "speed is not judged"]
    return ", ".join(said + ([f"down above {written(down, 'ms')}"] if down else []))
