"""From where a request comes: its network address, with and without proxies in front, and the page it was sent from."""

from collections.abc import Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """Who sent a request, as `caller` finds it."""
    return caller(request.META)


def caller(environ: Mapping[str, Any]) -> str | None:
    """The address that the outermost of our own OPSCONSOLE_PROXIES saw; without proxies, who is connected.

    Each proxy adds, at the right, whom it was called by. What stands further left was sent by the client and may be made up.
    """
    direct = _address(str(environ.get("REMOTE_ADDR", "")))
    if not settings.OPSCONSOLE_PROXIES:
        return direct
    chain = str(environ.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    if len(chain) < settings.OPSCONSOLE_PROXIES:
        return direct
    return _address(chain[-settings.OPSCONSOLE_PROXIES]) or direct


def is_local(request: HttpRequest) -> bool:
    """Whether it comes from this machine and from nobody beyond: what a proxy has passed on says so in a header."""
    passed_on = {"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} & set(request.headers)
    direct = _address(str(request.META.get("REMOTE_ADDR", "")))
    return not passed_on and direct is not None and ip_address(direct).is_loopback


def sent_from(request: HttpRequest) -> str:
    """The page of ours that a form was sent from, as a path; “/” where the browser does not tell."""
    return path_of(request.headers.get("Referer", ""))


def path_of(address: str) -> str:
    """The path of a whole address, with its query; “/” of what is none, or leads elsewhere."""
    with suppress(ValueError):
        path = urlsplit(address)._replace(scheme="", netloc="", fragment="").geturl()
        return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"
    return "/"


def _address(text: str) -> str | None:
    """Without a port, brackets or a zone; None for what is no address."""
    text = text.strip()
    if text.count(":") == 1:  # IPv4 with a port
        text = text.partition(":")[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return None
