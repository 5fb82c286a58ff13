"""Addresses that people give for calls: checked where they are entered. What counts is the address when sending."""

from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

from opsconsole.lib.http import guard
from opsconsole.lib.http.guard import Refused


def callable_address(url: str, *, example: str) -> str:
    """Raises ValidationError for what is no web address, and for one that is private; nothing stays nothing."""
    if not url:
        return ""
    parts = _parts(url)
    if parts is None or not parts.hostname:
        raise ValidationError(f"Write a whole address, such as {example}.")
    try:
        if found := guard.resolve(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)):
            guard.check(found, guard.networks(tuple(settings.OPSCONSOLE_ALLOWED_NETWORKS)), parts.hostname)
    except Refused as refused:
        raise ValidationError(str(refused)) from None
    return url


def provider_address(url: str, *hosts: str, example: str) -> str:
    """An address that a provider gave out: https, at one of its hosts or below. Raises ValidationError; nothing stays nothing."""
    if not url:
        return ""
    if not is_of(url, *hosts):
        raise ValidationError(f"This is another address; copy the whole of it, which begins like {example}.")
    return url


def is_of(url: str, *hosts: str) -> bool:
    """Whether it is an https address at one of these hosts, or below."""
    parts = _parts(url)
    host = str(parts.hostname or "") if parts and parts.scheme == "https" else ""
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def _parts(url: str) -> SplitResult | None:
    """None for what is no address that could be called."""
    with suppress(ValueError):
        parts = urlsplit(url)
        port_is_one = parts.port is None or parts.port > 0
        if parts.scheme in ("http", "https") and port_is_one and url.isprintable() and " " not in url:
            return parts
    return None
