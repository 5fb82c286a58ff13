"""Which alerts are told together, and when: the team's plan, as pure rules."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

from monitoring.alerts.states import INTERVAL, REPEAT, WAIT, group_key
from opsconsole.lib.secrets import digest

LONGEST_KEY = 300


class By(models.TextChoices):
    """What alerts that are told together have in common."""

    SERVICE = "service", "Those of one service; without a service those of one name from one source"
    LABELS = "labels", "Those that are alike in these labels"
    ALL = "all", "All of them"
    EACH = "each", "None: each alert by itself"


@dataclass(frozen=True)
class Plan:
    """`wait` after the first alert of a group, `interval` between its news, and `repeat` until what still fires is said again."""

    by: str = By.SERVICE
    labels: tuple[str, ...] = ()
    wait: timedelta = WAIT
    interval: timedelta = INTERVAL
    repeat: timedelta = REPEAT

    def place(
        self, *, source: str, fingerprint: str, title: str, labels: Mapping[str, str], service_id: int | None
    ) -> tuple[str, str]:
        """The key of an alert's group, and what it has in common as people call it; “” is its service. `labels` are all that
        are known of the alert. A label that is missing is not an empty one."""
        match self.by:
            case By.ALL:
                return "all", "All alerts"
            case By.EACH:
                return _short("each", f"{source}|{fingerprint}"), title
            case By.LABELS:
                values = [(name, labels.get(name)) for name in self.labels]
                common = " · ".join(value for _, value in values if value)
                return _short("labels", json.dumps(values)), common or f"Without {', '.join(self.labels)}"
        return group_key(source=source, title=title, labels=labels, service_id=service_id)

    def is_of_a_service(self) -> bool:
        """Whether all alerts of a group are of the same service."""
        return self.by in (By.SERVICE, By.EACH) or (self.by == By.LABELS and "service" in self.labels)

    def looks_anew(
        self, *, look_at: datetime, opened_at: datetime, told_at: datetime | None, now: datetime
    ) -> datetime:
        """When a group that was open before the plan was changed looks at what there is to tell: never later than it meant to."""
        return max(now, min(look_at, told_at + self.interval if told_at else opened_at + self.wait))


def _short(kind: str, key: str) -> str:
    said = f"{kind}:{key}"
    return said if len(said) <= LONGEST_KEY else f"{kind}:{digest(key)}"
