"""What of this noun the audit trail keeps: comments; a published report cannot change."""

from auditlog.registry import auditlog

from maintenance.reports.models import Comment

auditlog.register(Comment, mapping_fields={"signature": "signed", "withdrawn_at": "withdrawn"})
