"""What changes tell the catalogue."""

from django.urls import reverse

from monitoring.catalogue.marks import Mark, marks
from monitoring.catalogue.models import Service
from monitoring.changes.models import Change
from monitoring.changes.selectors import changes_of


def mark(change: Change) -> Mark:
    by = change.author or change.source
    return Mark(
        change.at, change.get_kind_display(), change.summary, reverse("changes:detail", args=[change.pk]), by
    )


def of_service(service: Service) -> list[Mark]:
    return [mark(change) for change in changes_of(service)]


marks.register("changes", of_service)
