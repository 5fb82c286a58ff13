"""What of integrations the audit trail keeps: what people decide. That a key was replaced is kept, not the key."""

from auditlog.registry import auditlog

from monitoring.alerts.states import Level
from monitoring.inbound.models import Integration
from opsconsole.accounts.stored import codes

auditlog.register(
    Integration,
    include_fields=["kind", "name", "prefix", "service", "severity", "is_active"],
    mapping_fields={"prefix": "key begins with", "is_active": "switched on"},
)
codes.register("inbound.Integration.severity", {str(level.value): level.label for level in Level})
