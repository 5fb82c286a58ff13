"""What of this noun the audit trail keeps."""

from auditlog.registry import auditlog

from incidents.postmortems.models import Action, Postmortem

auditlog.register(Postmortem, exclude_fields=["facts", "version", "saved_at", "remind_at"])
auditlog.register(Action, exclude_fields=["remind_at"])
