"""Evidence that a checklist item can bind to where a measure is not enough: a question with a verdict and its reason."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from opsconsole.lib.registry import Registry
from opsconsole.measures.verdicts import Verdict


@dataclass(frozen=True)
class Evidence:
    """verdict; value as a reader sees it (“3 of 3”); why, in a sentence; the page with the rows; when it was true."""

    verdict: Verdict
    value: str
    detail: str
    url: str
    read_at: datetime


log = logging.getLogger(__name__)
Look = Callable[[datetime], Evidence]


@dataclass(frozen=True)
class Check:
    slug: str
    title: str
    look: Look

    def evidence(self, now: datetime) -> Evidence:
        """Look now. What cannot be read is unknown, with the reason; never an exception, never green."""
        try:
            return self.look(now)
        except Exception as error:  # one unreadable item must not take the checklist with it
            log.exception("the check %s failed", self.slug)
            return Evidence(Verdict.UNKNOWN, "–", f"Could not verify: {error}", "", now)


checks: Registry[Check] = Registry("check")


def check(slug: str, *, title: str) -> Callable[[Look], Look]:
    """Define a check in a noun's `checks.py`: a function `(now) -> Evidence`."""

    def define(look: Look) -> Look:
        checks.register(slug, Check(slug, title, look))
        return look

    return define
