"""What other systems send, one file each: how to read it, how to answer, and what to set there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from monitoring.inbound.parcels import Parcel, Reading
from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Kind:
    """`read` gives what a delivery says, or raises Unreadable, Forged or NotYet.

    `path` is the address to post to, with {key} where the key stands in it. `example` is a body to try it with, `setup` the lines
    to put into that system, with {url} and {key}. `identity` gives the sender's own id of a delivery ("" where it has none):
    the same id is never read twice. `headers` are those that `read` needs, by lower-case name. `signed_by` names a secret of the
    sender that signs what it sends, if it has one. `answer` is the body of the answer, `status` its code; `refusal` the body for what
    cannot be read. `waits`: to read it, somebody else must be asked, so it is never read while the sender waits.
    `renews` tells of a body whether it means something to send the same again; else that is a repetition. `mapped`: people say
    where in the JSON each field stands. `brings` says in a word what comes of it.
    """

    name: str
    title: str
    does: str
    read: Callable[[Parcel], Reading]
    path: str
    setup: str
    example: str
    order: int = 50
    headers: tuple[str, ...] = ()
    identity: Callable[[Parcel], str] = lambda _parcel: ""
    signed_by: str = ""
    status: int = 200
    answer: Callable[[Parcel, Reading], Mapping[str, Any]] = lambda _parcel, _reading: {"status": "ok"}
    refusal: Callable[[str, list[str]], Mapping[str, Any]] = lambda sentence, errors: {
        "status": "error",
        "message": sentence,
        "errors": errors,
    }
    waits: bool = False
    renews: Callable[[bytes], bool] = lambda _body: False
    mapped: bool = False
    brings: str = "alerts"


kinds: Registry[Kind] = Registry("kind of integration")


def load() -> None:
    """Import every file of this folder, each of which registers its kind."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


def in_order() -> list[Kind]:
    """As people choose from them."""
    return sorted(kinds, key=lambda kind: (kind.order, kind.title))
