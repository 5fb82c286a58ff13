"""Every file in `sections/` contributes; importing it is all it needs. The figures' pages learn that the report uses them."""

import pkgutil
from importlib import import_module

from django.urls import reverse

from maintenance.reports import figures, sections
from opsconsole.measures.uses import Use, uses

for _found in pkgutil.iter_modules(sections.__path__):
    import_module(f"{sections.__name__}.{_found.name}")


def _in_reports(slug: str) -> list[Use]:
    return [Use("Weekly report", reverse("reports:weekly_list"))] if slug in figures.shown() else []


uses.register("weekly report", _in_reports)
