"""What of this noun the audit trail keeps."""

from auditlog.registry import auditlog

from monitoring.catalogue.models import Service

auditlog.register(
    Service,
    m2m_fields={"depends_on"},
    mapping_fields={
        "slug": "name in addresses",
        "runbook_url": "runbook",
        "uptime_target": "uptime target, %",
        "requirements": "requirements it fulfils",
    },
)
