"""Services, probes and heartbeats for tests, with sensible fields unless told otherwise."""

from datetime import UTC, datetime
from typing import Any

from monitoring.catalogue.models import Service
from monitoring.heartbeats.models import Heartbeat
from monitoring.probes.models import Probe


def service(name: str = "Web shop", **fields: Any) -> Service:
    return Service.objects.get_or_create(
        name=name, defaults={"slug": name.lower().replace(" ", "-")} | fields
    )[0]


def probe(name: str = "Front page", url: str = "https://shop.example.com/", **fields: Any) -> Probe:
    """A probe that was never run; `config` adds to its URL."""
    config = {"url": url} | fields.pop("config", {})
    return Probe.objects.create(
        service=fields.pop("service", None) or service(), name=name, config=config, **fields
    )


def heartbeat(name: str = "Nightly backup", **fields: Any) -> Heartbeat:
    """A heartbeat that waits for its first ping: every day, with an hour of grace."""
    made = datetime(2026, 11, 1, tzinfo=UTC)
    defaults = {"slug": name.lower().replace(" ", "-"), "status_since": made, "changed_at": made}
    return Heartbeat.objects.create(
        service=fields.pop("service", None) or service(), name=name, **defaults | fields
    )
