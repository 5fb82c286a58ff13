"""What alerts of rules call where they come from."""

from django.urls import reverse

from monitoring.alerts.models import Rule
from monitoring.alerts.origins import Origin, origins


def rules() -> dict[str, Origin]:
    return {
        rule.source: Origin(rule.name, reverse("alerts:rule", args=[rule.pk])) for rule in Rule.objects.all()
    }


origins.register("rules", rules)
