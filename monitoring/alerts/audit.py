"""What of alerts the audit trail keeps: what people decide, not what fires."""

from auditlog.registry import auditlog

from monitoring.alerts.models import Rule

auditlog.register(
    Rule,
    include_fields=["name", "kind", "subject", "config", "severity", "service", "is_on"],
    mapping_fields={"subject": "what it watches", "config": "its numbers", "is_on": "switched on"},
)
