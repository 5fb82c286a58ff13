"""Which series a sample belongs to: known by heart, made when it is new, and forgotten when somebody changed a series."""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Max
from django.utils.text import slugify

from monitoring.metrics.models import PushKey, Series, Source
from monitoring.metrics.samples import Labels, Sample
from monitoring.metrics.states import Kind

Name = tuple[str, Labels]


class Known(NamedTuple):
    id: int
    kind: str


class Book:
    """The series by name and labels. `look_up` before use: what other processes did is found by a marker, in one query."""

    def __init__(self) -> None:
        self._known: dict[Name, Known] = {}
        self._marker: Any = None

    def forget(self) -> None:
        self._known.clear()
        self._marker = None

    def look_up(self, names: Collection[Name]) -> dict[Name, Known]:
        """Those that are there."""
        if (marker := Series.objects.aggregate(Count("pk"), Max("pk"), Max("changed_at"))) != self._marker:
            self.forget()
            self._marker = marker
        if missing := [name for name in names if name not in self._known]:
            self._read(missing)
        return {name: self._known[name] for name in names if name in self._known}

    def _read(self, names: list[Name]) -> None:
        by_print = {fingerprint(*name): name for name in names}
        prints = list(by_print)
        for i in range(0, len(prints), 500):
            found = Series.objects.filter(fingerprint__in=prints[i : i + 500])
            for pk, kind, digest in found.values_list("pk", "kind", "fingerprint").order_by():
                self._known[by_print[digest]] = Known(pk, kind)


def fingerprint(name: str, labels: Labels) -> str:
    return hashlib.sha256(json.dumps([name, labels]).encode()).hexdigest()


def series_make(
    samples: Iterable[Sample], *, origin: PushKey | Source | None, now: datetime, title: str = ""
) -> None:
    """A series for each new name among the samples. `title` is what people call it whose name was made of that."""
    new = {(s.name, s.labels): s for s in samples}
    rows = [_series(sample, origin, now, title) for sample in new.values()]
    plain = {row.slug for row in rows if not row.labels}
    taken = set(Series.objects.filter(slug__in=plain).values_list("slug", flat=True))
    for row in rows:
        if row.slug in taken:
            row.slug = f"{row.slug}-{row.fingerprint[:8]}"
        taken.add(row.slug)
    Series.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _series(sample: Sample, origin: PushKey | Source | None, now: datetime, title: str) -> Series:
    labels = dict(sample.labels)
    row = Series(
        name=sample.name,
        labels=labels,
        fingerprint=fingerprint(sample.name, sample.labels),
        kind=sample.kind or Kind.GAUGE,
        unit=sample.unit,
        service=origin.service if origin else None,
        key=origin if isinstance(origin, PushKey) else None,
        source=origin if isinstance(origin, Source) else None,
        every=origin.interval if isinstance(origin, Source) else None,
        changed_at=now,
    )
    if isinstance(origin, Source) and origin.metric == sample.name:
        title = origin.name
    row.title = (", ".join([title, *labels.values()]) if title else row.spelling)[:160]
    stem = slugify(sample.name.replace(".", "-").replace(":", "-").replace("/", "-"))[:60] or "series"
    row.slug = f"{stem}-{row.fingerprint[:8]}" if labels else stem
    return row
