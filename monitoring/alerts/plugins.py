"""What alerts of rules call where they come from, and when services are under maintenance."""

from django.urls import reverse

from monitoring.alerts import muting
from monitoring.alerts.models import Rule
from monitoring.alerts.origins import Origin, origins
from monitoring.catalogue.maintenance import plans


def rules() -> dict[str, Origin]:
    return {
        rule.source: Origin(rule.name, reverse("alerts:rule", args=[rule.pk])) for rule in Rule.objects.all()
    }


origins.register("rules", rules)
plans.register("windows", muting.planned)
