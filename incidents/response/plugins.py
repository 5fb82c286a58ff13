"""What people ask for from within a message about an incident: a button in a chat, a reply by SMS, a key on the phone."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from incidents.response import services
from incidents.response.bearers import Bearer
from incidents.response.models import Page
from incidents.response.paging import zone_of
from incidents.response.selectors import root_of
from incidents.response.states import Severity
from opsconsole.accounts.selectors import Actor, team_zone
from opsconsole.outbox.acts import Done, Verb, responders
from opsconsole.outbox.models import Delivery

REFUSED = Done(False, "The person whose channel this is may not work on incidents.")


def respond(verb: Verb, delivery: Delivery, *, name: str, now: datetime) -> Done | None:
    """None for a message that has no page."""
    rows = Page.objects.select_related("incident__service", "incident__merged_into", "user", "channel")
    page = rows.filter(delivery=delivery).first()
    if page is None:
        return None
    if page.user and not page.user.is_active:
        return REFUSED
    try:
        with timezone.override((page.channel and zone_of(page.channel)) or team_zone()):
            done = _act(verb, page, page.user or Bearer(page.name, name), now)
    except PermissionDenied:
        return REFUSED
    return Done(done.changed, done.sentence)


def _act(verb: Verb, page: Page, actor: Actor, now: datetime) -> services.Done:
    incident = root_of(page.incident)
    if verb == "acknowledge":
        return services.incident_acknowledge(actor=actor, incident=incident, now=now, page=page)
    if incident.severity == Severity.P0:
        return services.Done(False, f"{incident} is P0 already; there is nothing above.")
    worse = Severity(incident.severity - 1)
    return services.incident_escalate(actor=actor, incident=incident, severity=worse, now=now)


responders.register("incidents", respond)
