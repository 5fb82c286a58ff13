"""What stories begin with, made in a process of the console's own: `running.make("shop", site=…)`."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.test import Client

from maintenance.setup.services import console_set_up
from monitoring.catalogue.models import Service, Tier
from monitoring.catalogue.services import service_create
from monitoring.heartbeats.services.heartbeats import heartbeat_create
from monitoring.inbound.services import integration_create
from monitoring.metrics.source_services import source_save
from monitoring.metrics.sources import kinds as source_kinds
from monitoring.probes.afar import trial_send
from monitoring.probes.kinds import kinds
from monitoring.probes.models import Probe
from monitoring.probes.pruning import partitions_ensure
from monitoring.probes.services import Pace, Places, probe_create
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import SYSTEM, Role
from opsconsole.lib import clock
from opsconsole.lib.http.hooks import new_secret
from opsconsole.outbox.models import every_topic
from opsconsole.outbox.services.channels import channel_create

QUICK = Pace(interval=5, retry_interval=5, timeout=2, failure_threshold=1)


def team() -> str:
    """A team with its owner, whose mailbox is a channel. Returns a session in which the owner is signed in."""
    owner = console_set_up(
        team_name="Acme",
        name="Olga",
        email="olga@example.com",
        password="three words and more",
        time_zone="UTC",
        now=clock.now(),
    )
    return session_of(owner)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return str(client.session.session_key)


def shop(site: str, hook: str = "") -> str:
    """The team, a critical service with one quick probe of `site`, and a webhook."""
    session = team()
    probes(Shop=site)
    if hook:
        webhook(hook)
    return session


def far(site: str, regions: list[str]) -> str:
    """The team, and a critical service whose probe of `site` is asked from these regions."""
    session, service = team(), service_create(actor=SYSTEM, name="Shop", tier=Tier.CRITICAL)
    config, places = {"url": site}, Places(tuple(regions))
    probe_create(
        actor=SYSTEM, service=service, name="Shop", config=config, now=clock.now(), pace=QUICK, places=places
    )
    return session


def tried(site: str, region: str) -> int:
    """The owner tries a question from a region. Returns the id of the trial."""
    asked = {"config": {"url": site}, "secrets": {}, "timeout": 5}
    sent = trial_send(actor=User.objects.get(), region=region, kind="http", asked=asked, now=clock.now())
    return int(sent.pk)


def webhook(url: str) -> None:
    """A channel for everything."""
    given = {"url": url, "secret": new_secret()}
    channel_create(actor=SYSTEM, kind="webhook", name="Hook", config=given, topics=every_topic())


def channels(**configs: dict[str, str]) -> None:
    """For everything, one of each kind."""
    for kind, config in configs.items():
        channel_create(actor=SYSTEM, kind=kind, name=kind.title(), config=config, topics=every_topic())


def probes(**sites: str) -> None:
    """A service of its own for each, with one probe."""
    for name, url in sites.items():
        service = service_create(actor=SYSTEM, name=name, tier=Tier.CRITICAL)
        probe_create(
            actor=SYSTEM, service=service, name=name, config={"url": url}, now=clock.now(), pace=QUICK
        )


def asked(rows: list[tuple[str, str, dict[str, Any], dict[str, Any]]]) -> None:
    """Quick probes of one service, each of (kind, name, config, secrets); domains are asked as seldom as they may be."""
    service, _ = Service.objects.get_or_create(name="All", slug="all", tier=Tier.IMPORTANT)
    for kind, name, config, secrets in rows:
        pace = replace(QUICK, interval=kinds[kind].least_interval, retry_interval=kinds[kind].least_interval)
        probe_create(
            actor=SYSTEM,
            service=service,
            kind=kind,
            name=name,
            config=config,
            secrets=secrets,
            now=clock.now(),
            pace=pace,
        )


def sources(rows: list[tuple[str, str, str]]) -> None:
    """Of metrics, each of (kind, name, url), read every minute."""
    for kind, name, url in rows:
        given = {"url": url, "path": "$", "column": "n"}
        source_save(
            actor=SYSTEM,
            source=None,
            kind=source_kinds[kind],
            given=given,
            name=name,
            metric="",
            unit="",
            service=None,
            interval=timedelta(minutes=1),
            now=clock.now(),
        )


def job(name: str, every: int, grace: int = 60) -> str:
    """A heartbeat under the first service; times in seconds. Returns its key."""
    made = heartbeat_create(
        actor=SYSTEM,
        name=name,
        service=Service.objects.first(),
        now=clock.now(),
        period=timedelta(seconds=every),
        grace=timedelta(seconds=grace),
    )
    return str(made.key)


def colleagues(count: int) -> None:
    """With a mailbox each, which are channels."""
    for n in range(count):
        user = User.objects.create(
            email=f"colleague{n}@example.com", name=f"Colleague {n}", role=Role.RESPONDER
        )
        given = {"address": user.email}
        channel_create(
            actor=SYSTEM, kind="email", name=f"Mail {n}", config=given, topics=every_topic(), user=user
        )


def flock(site: str, count: int, services: int, **pace: int) -> None:
    """Probes of one site, spread over services. They start at once."""
    now = clock.now()
    partitions_ensure(now, now)
    rows = [Service(name=f"Service {n}", slug=f"service-{n}", tier=Tier.IMPORTANT) for n in range(services)]
    of = Service.objects.bulk_create(rows)
    Probe.objects.bulk_create(
        Probe(service=of[n % services], name=f"Probe {n}", config={"url": site}, next_at=now, **pace)
        for n in range(count)
    )


def integration(kind: str, secret: str = "") -> str:
    """Its key."""
    return integration_create(actor=SYSTEM, kind=kind, name=kind.title(), now=clock.now(), secret=secret)[1]
