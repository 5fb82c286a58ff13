"""Words about alerts, values and rules for tests."""

from datetime import datetime, timedelta
from typing import Any

from monitoring.alerts.models import Rule, Window
from monitoring.alerts.rules.base import Points
from monitoring.alerts.taking import alert_take
from monitoring.alerts.windows import Plan, window_create
from monitoring.catalogue.models import Service
from monitoring.metrics.models import Bucket, Series
from opsconsole.accounts.roles import SYSTEM
from tests.conftest import NOW


def word(
    firing: bool = True,
    minutes: float = 0,
    now: datetime | None = None,
    fingerprint: str = "a",
    **fields: Any,
) -> Any:
    """Said of a moment so many minutes after NOW, and heard then unless told otherwise."""
    at = NOW + timedelta(minutes=minutes)
    known: dict[str, Any] = {"source": "inbound:3", "title": "Disk full", "at": at, "now": now or at}
    return alert_take(fingerprint=fingerprint, firing=firing, **(known | fields))


def window(*services: Service, hours: float = 2, reason: str = "Update", **fields: Any) -> Window:
    """Maintenance from NOW on."""
    now = fields.pop("now", NOW)
    known: dict[str, Any] = {"repeats": "once", "starts_at": NOW, "lasts": timedelta(hours=hours)}
    return window_create(actor=SYSTEM, reason=reason, services=services, plan=Plan(**known | fields), now=now)


def points(
    values: list[Any], step: timedelta = timedelta(minutes=1), end: datetime = NOW, unit: str = ""
) -> Points:
    """The last of them at `end`; None where nothing came."""
    moments = [end - step * n for n in range(len(values))][::-1]
    pairs = [(at, value) for at, value in zip(moments, values, strict=True) if value is not None]
    return Points([at for at, _ in pairs], [value for _, value in pairs], step, unit)


def series(
    values: list[Any], slug: str = "errors", end: datetime = NOW, size: int = 60, **fields: Any
) -> Series:
    """A gauge with one value a minute (or an hour), the last of them in the one before `end`."""
    known = {"title": slug, "name": slug, "fingerprint": slug, "changed_at": NOW}
    made = Series.objects.get_or_create(slug=slug, defaults=known | fields)[0]
    first = int(end.timestamp()) - size * len(values)
    rows = [(first + n * size, value) for n, value in enumerate(values) if value is not None]
    Bucket.objects.bulk_create(
        Bucket(
            series_id=made.pk, size=size, start=at, n=1, total=v, low=v, high=v, first=v, last=v,
            first_at=at * 1000, last_at=at * 1000, histogram="", seen=b"",
        )
        for at, v in rows
    )  # fmt: skip
    return made


def rule(kind: str = "threshold", subject: str = "metric:errors", **fields: Any) -> Rule:
    """Over 1 for five minutes, unless told otherwise."""
    config = {"side": "above", "limit": 1.0, "lasts": 300} | fields.pop("config", {})
    known = {"name": "High error rate", "severity": 1, "since": NOW, "due_at": NOW}
    return Rule.objects.create(kind=kind, subject=subject, config=config, **(known | fields))
