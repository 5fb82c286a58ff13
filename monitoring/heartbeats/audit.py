"""What of heartbeats the audit trail keeps: what people decide, not what jobs report."""

from auditlog.registry import auditlog

from monitoring.heartbeats.models import Heartbeat

auditlog.register(
    Heartbeat,
    include_fields=[
        "service", "name", "slug", "schedule", "period", "cron", "zone", "grace", "max_run_time", "removed_at",
    ],
    mapping_fields={
        "slug": "short name", "schedule": "runs", "period": "every", "cron": "cron expression", "zone": "time zone",
        "max_run_time": "longest run", "removed_at": "removed",
    },
)  # fmt: skip
