"""The audit trail as people read it: who did what to what, from which value to which, from which address."""

from dataclasses import dataclass
from datetime import datetime

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

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


def kinds() -> dict[str, str]:
    """What the trail keeps: label of the model → its name."""
    models = sorted(auditlog.get_models(), key=lambda model: str(model._meta.verbose_name))
    return {model._meta.label_lower: str(model._meta.verbose_name) for model in models}


def entries(*, who: str = "", kind: str = "", text: str = "") -> QuerySet[LogEntry]:
    """Narrowed by a person's id (“console” for none), a kind of `kinds()`, and a text in the name or the values."""
    found: QuerySet[LogEntry] = LogEntry.objects.select_related("actor")
    if who == "console":
        found = found.filter(actor=None)
    elif who.isascii() and who.isdigit():
        found = found.filter(actor_id=min(int(who), 2**63 - 1))
    if kind in kinds():
        app, model = kind.split(".")
        found = found.filter(content_type__app_label=app, content_type__model=model)
    if text:
        found = found.annotate(said=Cast("changes", TextField()))
        found = found.filter(Q(object_repr__icontains=text) | Q(said__icontains=text))
    return found


def line(entry: LogEntry) -> Line:
    kind = ContentType.objects.get_for_id(entry.content_type_id)
    return Line(
        at=entry.timestamp,
        who=str(entry.actor or entry.actor_email or "console"),
        verb=VERBS[entry.action],
        kind=str(kind),
        what=entry.object_repr,
        changes=_changes(entry),
        address=entry.remote_addr or "",
    )


def _changes(entry: LogEntry) -> list[Change]:
    """A list of rows (many to many) has no old and new; what was added or removed stands in the new value."""
    found = []
    for field, values in (entry.changes or {}).items():
        old, new = (
            values if isinstance(values, list) else ("", ", ".join(map(str, values.get("objects", []))))
        )
        found.append(Change(field.replace("_", " "), _said(old), _said(new)))
    return found


def _said(value: object) -> str:
    text = "" if value in (None, "None") else str(value)
    return text if len(text) <= 200 else f"{text[:200]}…"
