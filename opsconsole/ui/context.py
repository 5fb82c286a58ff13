"""What the shell of every page needs."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from opsconsole.ui.nav import Count, Entry, entries


@dataclass
class Link:
    title: str
    url: str
    key: str
    current: bool
    count: Count | None = None
    children: "list[Link]" = field(default_factory=list)


def shell(request: HttpRequest) -> dict[str, Any]:
    """`rail` is computed when the template asks for it: messages and fragments do not pay for it."""
    links: Any = SimpleLazyObject(lambda: rail(request.path))
    return {
        "rail": links,
        "rail_tone": SimpleLazyObject(lambda: tone(links)),
        "team": getattr(request, "team", None),
    }


_WORST = ("bad", "look", "unknown", "ok")


def tone(links: "list[Link]") -> str:
    """The worst that a count of the rail says; "" when none says anything."""
    found = {link.count.tone for link in links if link.count}
    return next((tone for tone in _WORST if tone in found), "")


def rail(path: str) -> list[Link]:
    """Top entries with the children of the open one. An entry is current when the page lies below its address."""
    by_name = sorted(entries.items(), key=lambda pair: pair[1].order)
    top = [(name, _link(entry, path)) for name, entry in by_name if not entry.parent]
    for name, link in top:
        children = [_link(entry, path) for _, entry in by_name if entry.parent == name]
        if link.current or any(child.current for child in children):
            link.children = children
            link.current = not any(child.current for child in children)
    return [link for _, link in top]


def _link(entry: Entry, path: str) -> Link:
    url = reverse(entry.url_name)
    count = entry.count() if entry.count else None
    return Link(entry.title, url, entry.key, path.startswith(url), count)
