"""Services, probes and heartbeats for tests, with sensible fields unless told otherwise."""

from datetime import UTC, datetime
from typing import Any

from monitoring.catalogue.models import Service
from monitoring.changes.models import Change
from monitoring.heartbeats.models import Heartbeat, Ping
from monitoring.probes.models import Probe
from opsconsole.health.models import Pulse
from tests.conftest import NOW


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


def ping(heartbeat: Heartbeat, at: datetime, kind: str = "success", **fields: Any) -> Ping:
    """A ping as the listener stores it, waiting to be folded."""
    return Ping.objects.create(heartbeat=heartbeat, at=at, kind=kind, **fields)


def listening(until: datetime) -> None:
    """The listener of pings lived until then, without a gap; heartbeats are judged late only over such a time."""
    Pulse.objects.update_or_create(part="listener", defaults={"seen_at": until, "started_at": until})


def change(summary: str = "Checkout 4.2 is out", at: datetime = NOW, **fields: Any) -> Change:
    """A deploy of no service in particular."""
    return Change.objects.create(summary=summary, at=at, noted_at=at, **{"kind": "deploy"} | fields)
