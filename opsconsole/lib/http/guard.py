"""Which addresses the console may connect to.

The decision is made on the address of the socket about to be opened, after DNS: no spelling of a name or number, no redirect
and no second answer of a name server gets around it. Private networks are closed unless a setting opens them, since teams do
probe their own LAN.
"""

import ipaddress
import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import lru_cache
from threading import Thread

from django.conf import settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Public by their number, and yet answered inside: protocols' own, among them one cloud's metadata; relays; another cloud's host.
_INSIDE_4 = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")))
# All that has been given out; what lies beside it is local, or reserved.
_PUBLIC_6 = ipaddress.ip_network("2000::/3")


class Refused(Exception):
    """An address that the console does not connect to; its message is a sentence."""


@lru_cache(maxsize=16)
def networks(allowed: tuple[str, ...]) -> tuple[Network, ...]:
    """Raises ValueError with a sentence naming the entry that is no network."""
    parsed = []
    for entry in allowed:
        try:
            parsed.append(ipaddress.ip_network(entry.strip(), strict=False))
        except ValueError:
            raise ValueError(f"“{entry}” is not a network; write it as 10.0.0.0/8 or 192.168.1.7.") from None
    return tuple(parsed)


def plain(text: str) -> Address:
    """The address that packets really go to: IPv4 hidden in IPv6 is unwrapped."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if not hidden and address in ipaddress.ip_network("64:ff9b::/96"):
            hidden = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return hidden or address
    return address


def permitted(text: str, allowed: Sequence[Network]) -> bool:
    address = plain(text)
    if any(address in network for network in allowed if network.version == address.version):
        return True
    if isinstance(address, ipaddress.IPv6Address):
        inside = address not in _PUBLIC_6
    else:
        inside = any(address in network for network in _INSIDE_4)
    return not inside and address.is_global and not address.is_multicast


def is_own(url: str) -> bool:
    """The console's own sign of life, which it may always ask for: it is public, changes nothing and leads nowhere else."""
    own = f"{settings.OPSCONSOLE_URL}/healthz"
    return url.startswith(own) and url[len(own) : len(own) + 1] in ("", "?")


def refusal(host: str) -> str:
    return (
        f"{host} is a private address, which the console does not call unless it is allowed to: "
        "add its network to OPSCONSOLE_ALLOWED_NETWORKS (for example 10.0.0.0/8) and restart."
    )


def check(addresses: Iterable[str], allowed: Sequence[Network], host: str) -> None:
    """Raises Refused when none of the addresses of a host may be called: the early, friendly answer for forms."""
    if not any(permitted(address, allowed) for address in addresses):
        raise Refused(refusal(host))


def resolve(host: str, port: int, wait: float = 2) -> list[str]:
    """The addresses of a host, or none when there is no answer within `wait` seconds: for forms, never for a decision."""
    found: list[str] = []
    asking = Thread(target=_look_up, args=(host, port, found), daemon=True)
    asking.start()
    asking.join(wait)
    return list(found)


def _look_up(host: str, port: int, found: list[str]) -> None:
    plain_host = host.partition("%")[0]  # without the name of an interface, which may be none of ours
    with suppress(OSError, UnicodeError):
        found.extend(
            str(entry[4][0]) for entry in socket.getaddrinfo(plain_host, port, type=socket.SOCK_STREAM)
        )
