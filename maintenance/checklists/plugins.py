"""What this noun registers: the checks `heartbeat:<slug>` and `service:<slug>`, and which checklists ask for a figure."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from maintenance.checklists.bindings import Family, families
from maintenance.checklists.models import Template
from maintenance.checklists.states import ItemKind
from monitoring.catalogue.maintenance import maintained
from monitoring.catalogue.models import Service
from monitoring.catalogue.selectors import standings
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.standing import is_late, is_unjudged, standing
from opsconsole.accounts.selectors import team_zone
from opsconsole.measures.checks import Evidence
from opsconsole.measures.uses import Use, uses
from opsconsole.measures.verdicts import Verdict
from opsconsole.ui.templatetags.ui import said


def heartbeat(slug: str, now: datetime) -> Evidence:
    """As its page says it: on time is fine, late within the grace a look, down bad; new, paused, maintained or not judged is not
    verified.

    What does not exist says how to make it.
    """
    beat = Heartbeat.objects.live().filter(slug=slug).first()
    if beat is None:
        url = f"{reverse('heartbeats:new')}?slug={slug}"
        return Evidence(
            Verdict.UNKNOWN,
            "–",
            f"Could not verify: no heartbeat is named “{slug}” yet. Add it, and let the job ping it.",
            url,
            now,
        )
    url, stands = reverse("heartbeats:detail", args=[beat.pk]), standing(beat, now, maintained(now))
    if stands.tone == "maintained":
        return Evidence(Verdict.UNKNOWN, _value(beat), f"Could not verify: {stands.sentence}", url, now)
    return Evidence(Verdict(stands.tone), _value(beat), _detail(beat, now), url, now)


def _value(beat: Heartbeat) -> str:
    """When it last reported, on the team's clock, since what is kept has no reader whose zone would count."""
    return said(timezone.localtime(beat.last_ping_at, team_zone()), "short") if beat.last_ping_at else "–"


def _detail(beat: Heartbeat, now: datetime) -> str:
    if is_unjudged(beat, now):
        return "Could not verify: the console has not looked at it in time"
    if is_late(beat, now):
        return standing(beat, now).sentence
    if beat.status == Status.UP:
        return "reported in time"
    return beat.status_reason or (
        "never reported yet" if not beat.last_ping_at else Status(beat.status).label.lower()
    )


def options() -> list[tuple[str, str]]:
    return [
        (f"heartbeat:{slug}", name) for slug, name in Heartbeat.objects.live().values_list("slug", "name")
    ]


def service(slug: str, now: datetime) -> Evidence:
    """As the catalogue sees it: up is fine, slow a look, down bad; what nothing watches, was not measured or is maintained
    is not verified."""
    found = Service.objects.filter(slug=slug).first()
    if found is None:
        said = f"Could not verify: no service is named “{slug}”. Add it, with a probe, or ask for another."
        return Evidence(Verdict.UNKNOWN, "–", said, reverse("catalogue:list"), now)
    [stands] = standings([found])
    is_known = bool(stands.signals) and not stands.maintenance
    verdict = Verdict(stands.tone) if is_known else Verdict.UNKNOWN
    url = reverse("catalogue:detail", args=[slug])
    return Evidence(verdict, stands.status.label, stands.why, url, now)


def service_options() -> list[tuple[str, str]]:
    return [(f"service:{slug}", name) for slug, name in Service.objects.values_list("slug", "name")]


families.register("service", Family("Single services", service, service_options))
families.register("heartbeat", Family("Single jobs", heartbeat, options))


def _in_checklists(slug: str) -> list[Use]:
    """The page of a figure names them."""
    asking = Template.objects.filter(
        is_active=True, items__kind=ItemKind.MEASURE, items__binding=slug
    ).distinct()
    return [Use(template.name, reverse("checklists:template", args=[template.pk])) for template in asking]


uses.register("checklists", _in_checklists)
