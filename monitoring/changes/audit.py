"""What of changes the audit trail keeps: what people noted, and what they took away."""

from auditlog.registry import auditlog

from monitoring.changes.models import Change

auditlog.register(
    Change,
    exclude_fields=["noted_at", "noted_by", "dedup_key"],
    mapping_fields={"at": "when", "url": "link"},
)
