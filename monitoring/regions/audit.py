"""What of regions the audit trail keeps: that one was forgotten. Workers report every ten seconds, which is no act of anybody."""

from auditlog.registry import auditlog

from monitoring.regions.models import Region

auditlog.register(Region, include_fields=["name"])
