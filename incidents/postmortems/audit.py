"""What of this noun the audit trail keeps."""

from auditlog.registry import auditlog

from incidents.postmortems.models import Action, Postmortem

auditlog.register(
    Postmortem,
    exclude_fields=["facts", "version", "saved_at", "remind_at"],
    mapping_fields={
        "required": "must be written",
        "due_at": "due",
        "customers": "what happened for customers",
        "why": "why it happened",
        "unnoticed": "why it was not caught earlier",
        "helped": "what helped",
        "improve": "what will change",
        "published_at": "published",
    },
)
auditlog.register(
    Action,
    exclude_fields=["remind_at"],
    mapping_fields={"title": "what will be done", "owner": "by whom", "due_on": "until", "done_at": "done"},
)
