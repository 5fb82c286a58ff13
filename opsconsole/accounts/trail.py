"""The audit trail as people read it: who did what to what, from which value to which, from which address."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast

from opsconsole.accounts.stored import parts, said
from opsconsole.lib.ids import id_of

SEARCHED = 20_000
"""So many of the newest entries, of those that are chosen otherwise, a text is looked for in."""
VERBS = {
    LogEntry.Action.CREATE: "added",
    LogEntry.Action.UPDATE: "changed",
    LogEntry.Action.DELETE: "removed",
    LogEntry.Action.ACCESS: "read",
}


Names = Mapping[type[Model], Mapping[str, str]]
"""What rows are called that others point to, by their id as text."""


@dataclass(frozen=True)
class Change:
    """`field` in the words that the noun's audit.py gives it, else its name in the code with spaces."""

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
    return _saying(found, text) if text else found


def _saying(found: QuerySet[LogEntry], text: str) -> QuerySet[LogEntry]:
    """Those of the newest SEARCHED: no index helps to find a text, and a rare one would have the whole table read."""
    beyond = found.order_by("-pk").values_list("pk", flat=True)[SEARCHED:].first()
    near = found.filter(pk__gt=beyond or 0).annotate(said=Cast("changes", TextField()))
    # As it stands in JSON, where SQLite has “ü” and both have quotes escaped.
    kept = json.dumps(text)[1:-1]
    fits = Q(object_repr__icontains=text) | Q(said__icontains=text) | Q(said__icontains=kept)
    narrowed: QuerySet[LogEntry] = near.filter(fits)
    return narrowed


def lines(found: Sequence[LogEntry]) -> list[Line]:
    """As many queries as there are kinds of rows that the entries point to, however many entries."""
    names = _names(found)
    return [_line(entry, names) for entry in found]


def _line(entry: LogEntry, names: Names) -> Line:
    model = _model(entry)
    return Line(
        at=entry.timestamp,
        who=str(entry.actor or entry.actor_email or "console"),
        verb=VERBS[entry.action],
        kind=str(model._meta.verbose_name) if model else "something",
        what=entry.object_repr,
        changes=_changes(entry, model, names),
        address=entry.remote_addr or "",
    )


def _model(entry: LogEntry) -> type[Model] | None:
    return ContentType.objects.get_for_id(entry.content_type_id).model_class()


def _fields(model: type[Model] | None) -> "dict[str, Field[Any, Any]]":
    return {field.name: field for field in model._meta.concrete_fields} if model else {}


def _words(model: type[Model] | None) -> dict[str, str]:
    known: bool = model is not None and auditlog.contains(model)
    return auditlog.get_model_fields(model)["mapping_fields"] if known else {}


def _names(found: Iterable[LogEntry]) -> Names:
    wanted: dict[type[Model], set[str]] = {}
    for entry in found:
        fields = _fields(_model(entry))
        for name, values in (entry.changes or {}).items():
            to = fields[name].related_model if name in fields else None
            if isinstance(to, type) and isinstance(values, list):
                wanted.setdefault(to, set()).update(value for value in values if str(value).isdigit())
    return {to: _called(to, ids) for to, ids in wanted.items()}


def _called(model: type[Model], ids: Iterable[str]) -> dict[str, str]:
    rows = model._base_manager.select_related().filter(pk__in=[int(pk) for pk in ids])
    return {str(row.pk): str(row) for row in rows}


def _changes(entry: LogEntry, model: type[Model] | None, names: Names) -> list[Change]:
    """What was added has no old values, and its empty ones say nothing. Other tables' rows are not fields of this one."""
    fields = _fields(model)
    found = [
        change
        for name, values in (entry.changes or {}).items()
        if name not in ("id", "created_at") and (not fields or name in fields or isinstance(values, dict))
        for change in _of_field(name, values, fields.get(name), model, names)
    ]
    if entry.action == LogEntry.Action.CREATE:
        return [Change(c.field, "", c.new) for c in found if c.new]
    return found


def _of_field(
    name: str, values: Any, field: "Field[Any, Any] | None", model: type[Model] | None, names: Names
) -> Iterator[Change]:
    """One change; of settings kept together (JSON) one each. Many to many comes as {"operation": "add", "objects": [...]}."""
    words = _words(model)
    if isinstance(values, dict):
        named = ", ".join(map(str, values.get("objects", [])))
        values = ["", f"{values.get('operation', '')} {named}".strip()]
    for part, pair in parts(name, values, field):
        old, new = (said(value, field) for value in pair)
        to = names.get(field.related_model, {}) if field is not None else {}  # type: ignore[arg-type]
        yield Change(words.get(part, part.replace("_", " ")), to.get(old, old), to.get(new, new))
