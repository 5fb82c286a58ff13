"""What the shell of every page needs."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from opsconsole.ui.nav import Count, Entry, entries, footnotes
from opsconsole.ui.templatetags.ui import allows


@dataclass
class Link:
    title: str
    url: str
    key: str
    current: bool = False
    count: Count | None = None
    children: "list[Link]" = field(default_factory=list)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Each is computed when the template asks for it: messages and fragments do not pay for it."""
    links: Any = SimpleLazyObject(lambda: rail(request.path, getattr(request, "user", None)))
    return {
        "rail": links,
        "rail_tone": SimpleLazyObject(lambda: tone(links)),
        "footnotes": SimpleLazyObject(lambda: [note.render() for note in footnotes]),
        "team": getattr(request, "team", None),
    }


_WORST = ("bad", "look", "unknown", "maintained", "ok")


def tone(links: "list[Link]") -> str:
    """The worst that a count of the rail says; "" when none says anything."""
    found = {link.count.tone for link in links if link.count}
    return next((tone for tone in _WORST if tone in found), "")


def rail(path: str, user: Any) -> list[Link]:
    """Top entries with the children of the open one. The entry with the longest address that the page lies below is current."""
    seen = [(name, e) for name, e in entries.items() if not e.role or allows(user, e.role)]
    by_order = sorted(seen, key=lambda pair: pair[1].order)
    links = {name: _link(entry) for name, entry in by_order}
    below = [(len(link.url), name) for name, link in links.items() if path.startswith(link.url)]
    here = max(below, default=(0, ""))[1]
    if here:
        links[here].current = True
    opened = (entries[here].parent or here) if here else ""
    for name, entry in by_order:
        if entry.parent in ("", opened):
            links[name].count = entry.count() if entry.count else None
        if opened in links and entry.parent == opened:
            links[opened].children.append(links[name])
    return [links[name] for name, entry in by_order if not entry.parent]


def _link(entry: Entry) -> Link:
    return Link(entry.title, reverse(entry.url_name), entry.key)
