"""What of this noun the audit trail keeps."""

from auditlog.registry import auditlog

from monitoring.catalogue.models import Service

auditlog.register(Service, m2m_fields={"depends_on"})
