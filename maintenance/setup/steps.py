"""What to do first. A step is done when the data says so; nobody ticks it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from monitoring.catalogue.models import Service


@dataclass(frozen=True)
class Step:
    title: str
    why: str
    action: str
    url_name: str
    is_done: Callable[[], bool]

    @property
    def url(self) -> str:
        return reverse(self.url_name)


STEPS = (
    Step(
        "Name a service",
        "What customers rely on: the shop, the API. Probes and heartbeats belong to one.",
        "Add a service",
        "catalogue:new",
        Service.objects.exists,
    ),
)
