"""The kinds of integrations: each file in kinds/ registers its own. And what alerts call them."""

from django.urls import reverse

from monitoring.alerts.origins import Origin, origins
from monitoring.inbound import kinds
from monitoring.inbound.models import Integration

kinds.load()


def named() -> dict[str, Origin]:
    rows = Integration.objects.only("name")
    return {row.source: Origin(row.name, reverse("inbound:detail", args=[row.pk])) for row in rows}


origins.register("inbound", named)
