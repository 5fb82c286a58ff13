"""What to do first. A step is done when the data says so; nobody ticks it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from maintenance.checklists.models import Run
from maintenance.reports.models import Comment
from monitoring.catalogue.models import Service
from monitoring.heartbeats.models import Heartbeat
from monitoring.probes.models import Probe
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.outbox.models import Delivery, DeliveryStatus
from opsconsole.outbox.selectors import TEST


@dataclass(frozen=True)
class Step:
    """`is_done` asks the database once."""

    title: str
    why: str
    action: str
    url_name: str
    is_done: Callable[[], bool]
    role: Role = Role.MANAGER

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
    Step(
        "Ask whether it answers",
        "A probe calls an address of yours every half minute; when it fails, an incident opens.",
        "Add a probe",
        "probes:new",
        Probe.objects.exists,
    ),
    Step(
        "Let a job report",
        "Put one line at the end of a cron job or backup; when it stays away, you hear of it.",
        "Add a heartbeat",
        "heartbeats:new",
        Heartbeat.objects.filter(last_ping_at__isnull=False).exists,
    ),
    Step(
        "Send a test message",
        "Only a message that arrived proves that the next one will. E-mail needs EMAIL_URL; a webhook only its address.",
        "Open channels",
        "outbox:channels",
        Delivery.objects.filter(event__startswith=TEST, status=DeliveryStatus.SENT).exists,
    ),
    Step(
        "Sign off a checklist",
        "The console answers what it can know; you look at the rest.",
        "Open today",
        "today:page",
        Run.objects.filter(signed_at__isnull=False).exists,
        Role.RESPONDER,
    ),
    Step(
        "Comment on the weekly report",
        "It is built from the same data, for whoever reads once a week.",
        "Read the report",
        "reports:weekly_list",
        Comment.objects.exists,
        Role.VIEWER,
    ),
    Step(
        "Invite somebody",
        "Whoever answers when something breaks.",
        "Invite",
        "accounts:invite",
        lambda: User.objects.count() > 1,
        Role.OWNER,
    ),
)
