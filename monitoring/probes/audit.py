"""What of probes the audit trail keeps: what people decide, not what probes find. Headers may hold secrets and stay out."""

from auditlog.registry import auditlog

from monitoring.probes.models import Probe

auditlog.register(
    Probe,
    include_fields=[
        "service", "name", "kind", "config", "interval", "retry_interval", "timeout", "failure_threshold",
        "recovery_threshold", "is_paused",
    ],
)  # fmt: skip
