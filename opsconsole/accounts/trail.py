"""The audit trail as people read it: who did what to what, from which value to which, from which address."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db.models import BooleanField, DateTimeField, Field, JSONField, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.timezone import localtime

from opsconsole.accounts.models import User
from opsconsole.lib.ids import id_of

VERBS = {
    LogEntry.Action.CREATE: "added",
    LogEntry.Action.UPDATE: "changed",
    LogEntry.Action.DELETE: "removed",
    LogEntry.Action.ACCESS: "read",
}


@dataclass(frozen=True)
class Change:
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Line:
    """One entry. `who` is “console” where nobody was signed in: sweeps and commands."""

    at: datetime
    who: str
    verb: str
    kind: str
    what: str
    changes: list[Change]
    address: str

    @property
    def is_new(self) -> bool:
        return self.verb == VERBS[LogEntry.Action.CREATE]


def kinds() -> dict[str, str]:
    """What the trail keeps: label of the model → its name."""
    models = sorted(auditlog.get_models(), key=lambda model: str(model._meta.verbose_name))
    return {model._meta.label_lower: str(model._meta.verbose_name) for model in models}


def entries(*, who: str = "", kind: str = "", text: str = "") -> QuerySet[LogEntry]:
    """Narrowed by a person's id (“console” for none), a kind of `kinds()`, and a text in the name or the values."""
    found: QuerySet[LogEntry] = LogEntry.objects.select_related("actor")
    if who == "console":
        found = found.filter(actor=None)
    elif (actor := id_of(who)) is not None:
        found = found.filter(actor_id=actor)
    if kind in kinds():
        app, model = kind.split(".")
        found = found.filter(content_type__app_label=app, content_type__model=model)
    if text:
        found = found.annotate(said=Cast("changes", TextField()))
        found = found.filter(Q(object_repr__icontains=text) | Q(said__icontains=text))
    return found


def line(entry: LogEntry, names: Mapping[str, str]) -> Line:
    """`names` has the people's names by id, as text, for fields that point to one."""
    model = ContentType.objects.get_for_id(entry.content_type_id).model_class()
    return Line(
        at=entry.timestamp,
        who=str(entry.actor or entry.actor_email or "console"),
        verb=VERBS[entry.action],
        kind=str(model._meta.verbose_name) if model else "something",
        what=entry.object_repr,
        changes=_changes(entry, model, names),
        address=entry.remote_addr or "",
    )


def _changes(entry: LogEntry, model: type[Model] | None, names: Mapping[str, str]) -> list[Change]:
    """What was added has no old values, and its empty ones say nothing. Other tables' rows are not fields of this one."""
    fields = {field.name: field for field in model._meta.concrete_fields} if model else {}
    found = [
        Change(name.replace("_", " "), *_pair(values, fields.get(name), names))
        for name, values in (entry.changes or {}).items()
        if name != "id" and (not fields or name in fields or isinstance(values, dict))
    ]
    if entry.action == LogEntry.Action.CREATE:
        return [Change(c.field, "", c.new) for c in found if c.new and c.field != "created at"]
    return found


def _pair(values: Any, field: "Field[Any, Any] | None", names: Mapping[str, str]) -> tuple[str, str]:
    """Old and new. A change of many to many comes as {"operation": "add", "objects": [...]}."""
    if isinstance(values, dict):
        named = ", ".join(map(str, values.get("objects", [])))
        return ("", f"{values.get('operation', '')} {named}".strip())
    old, new = (_said(value, field) for value in values)
    if field is not None and field.related_model is User:
        return (names.get(old, old), names.get(new, new))
    return (old, new)


def _said(value: Any, field: "Field[Any, Any] | None") -> str:
    text = "" if value in (None, "None") else str(value)
    if isinstance(field, BooleanField):
        return {"True": "yes", "False": "no"}.get(text, text)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(text, text))
    if text and isinstance(field, DateTimeField):
        return _moment(text)
    if isinstance(field, JSONField):
        text = _listed(text)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _listed(text: str) -> str:
    """A list as people write it; anything else as it is."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return ", ".join(map(str, found)) if isinstance(found, list) else text


def _moment(text: str) -> str:
    """auditlog writes UTC without saying so; the reader's own zone is shown."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{localtime(moment if moment.tzinfo else moment.replace(tzinfo=UTC)):%-d %b %Y %H:%M %Z}"
