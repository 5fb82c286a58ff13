"""Where a figure is used: whoever shows or judges by one registers a reader here, so that its page can name them."""

from collections.abc import Callable
from dataclasses import dataclass

from opsconsole.lib.registry import Registry


@dataclass(frozen=True)
class Use:
    """A place that uses a measure: what a reader knows it as, and its address."""

    title: str
    url: str


uses: Registry[Callable[[str], list[Use]]] = Registry("use of measures")
"""Each takes a slug and says where it is used, in one query at the most."""


def of(slug: str) -> list[Use]:
    return [use for reader in uses for use in reader(slug)]
