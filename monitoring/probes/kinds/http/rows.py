"""The field of JSON conditions: three inputs a row, and rows to spare, so that it needs no script."""

from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from monitoring.probes.kinds.http.conditions import LONGEST, MOST
from monitoring.probes.kinds.http.operators import OPERATORS

PARTS = ("path", "op", "value")


class ConditionsInput(forms.Widget):
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002 Django's own signature
        rows = list(value or [])
        spare: list[dict[str, str]] = [{}] * (min(MOST, max(3, len(rows) + 1)) - len(rows))
        context = {
            "name": name,
            "id": (attrs or {}).get("id", ""),
            "rows": rows + spare,
            "operators": OPERATORS.items(),
            "longest": LONGEST,
        }
        return render_to_string("probes/_conditions.html", context)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:  # noqa: ARG002 Django's own signature
        columns = [data.getlist(f"{name}-{part}") for part in PARTS]
        rows = [dict(zip(PARTS, row, strict=False)) for row in zip(*columns, strict=False)]
        return [row for row in rows if row["path"].strip() or row["value"]]


class ConditionsField(forms.Field):
    """Cleaned to rows as they were typed; the kind judges them."""

    widget = ConditionsInput
