"""What of checklists the audit trail keeps: who changed a template, who signed, who settled what."""

from auditlog.registry import auditlog

from maintenance.checklists.models import Answer, Item, Run, Template

auditlog.register(Template, exclude_fields=["next_at", "leased_until"])
auditlog.register(Item)
auditlog.register(Run, include_fields=["status", "signed_at", "signed_by", "handed_to"])
auditlog.register(
    Answer,
    include_fields=["settled", "settled_by", "note", "skip_reason", "incident_number", "number", "text"],
)
