"""What of this noun the audit trail keeps; the timeline has the rest."""

from auditlog.registry import auditlog

from incidents.response.models import Incident, SeverityPolicy

auditlog.register(SeverityPolicy)
auditlog.register(Incident, exclude_fields=["look_at", "changed_at", "calm_at", "relapses", "paged_at"])
