"""What of alerts the audit trail keeps: what people decide, not what fires."""

from auditlog.registry import auditlog

from monitoring.alerts.models import Grouping, Inhibition, Rule, Silence, Window

auditlog.register(
    Rule,
    include_fields=["name", "kind", "subject", "config", "severity", "service", "is_on"],
    mapping_fields={"subject": "what it watches", "config": "its numbers", "is_on": "switched on"},
)
auditlog.register(
    Silence, mapping_fields={"matchers": "what it silences", "ends_at": "ends", "starts_at": "begins"}
)
auditlog.register(
    Inhibition,
    exclude_fields=["changed_at"],
    mapping_fields={
        "source": "while this fires",
        "target": "this is silent",
        "equal": "labels that are alike",
    },
)
auditlog.register(
    Grouping, mapping_fields={"by": "together", "wait": "after the first", "repeat": "said again after"}
)
auditlog.register(Window, m2m_fields={"services"}, mapping_fields={"until": "ends", "starts_at": "begins"})
