"""What of metrics the audit trail keeps: what people decide, not what is pushed."""

from auditlog.registry import auditlog

from monitoring.metrics.models import PushKey, Series, Source

auditlog.register(
    PushKey,
    include_fields=["name", "service", "revoked_at"],
    mapping_fields={"revoked_at": "revoked"},
)
auditlog.register(
    Series,
    include_fields=[
        "title",
        "kind",
        "unit",
        "service",
        "part",
        "board",
        "statistic",
        "better",
        "target",
        "limit",
        "every",
    ],
    mapping_fields={
        "part": "says of the service",
        "board": "dashboard",
        "statistic": "judged by",
        "every": "should come every",
        "limit": "bad beyond",
    },
)
auditlog.register(
    Source,
    include_fields=["name", "kind", "config", "metric", "unit", "service", "interval", "is_paused"],
    mapping_fields={"interval": "read every", "is_paused": "paused"},
)
