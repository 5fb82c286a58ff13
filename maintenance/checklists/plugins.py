"""The page of a figure names the checklists that ask for it."""

from django.urls import reverse

from maintenance.checklists.models import Template
from maintenance.checklists.states import ItemKind
from opsconsole.measures.uses import Use, uses


def _in_checklists(slug: str) -> list[Use]:
    asking = Template.objects.filter(
        is_active=True, items__kind=ItemKind.MEASURE, items__binding=slug
    ).distinct()
    return [Use(template.name, reverse("checklists:template", args=[template.pk])) for template in asking]


uses.register("checklists", _in_checklists)
