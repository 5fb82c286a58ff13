"""The navigation: each noun registers its entry in its `navigation.py`; the rail is made of what is registered."""

from collections.abc import Callable
from dataclasses import dataclass, field

from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Count:
    """A number beside an entry, toned by a verdict ("" for plain). `title` says it in words.

    Zero is not shown, but its tone counts: the dot of the brand takes the worst tone of all, and is grey when none speaks.
    """

    number: int
    tone: str = ""
    title: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of the rail. `order` sorts; `parent` puts it below another entry; `key` is its letter after “g”.

    `count` runs one query at the most, and only for people who are signed in. `role` is the least that may see it.
    """

    title: str
    url_name: str
    order: int
    parent: str = ""
    key: str = ""
    count: Callable[[], Count | None] | None = field(default=None, compare=False)
    role: str = ""


entries: Registry[Entry] = Registry("navigation entry")


def register(name: str, entry: Entry) -> None:
    """`name` is the entry's own name, e.g. "incidents"; `entry.parent` names another entry."""
    entries.register(name, entry)


@dataclass(frozen=True)
class Footnote:
    """A line at the foot of the rail, e.g. who is on call."""

    render: Callable[[], str]


footnotes: Registry[Footnote] = Registry("footnote of the rail")
