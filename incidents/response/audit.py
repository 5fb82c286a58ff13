"""What of this noun the audit trail keeps; the timeline has the rest."""

from auditlog.registry import auditlog

from incidents.response.models import Incident, SeverityPolicy

auditlog.register(
    SeverityPolicy,
    mapping_fields={
        "title": "name",
        "criteria": "when it is one",
        "acknowledge_minutes": "acknowledge within, min",
        "resolve_minutes": "resolve within, min",
        "update_minutes": "an update every, min",
        "postmortem_required": "a postmortem must be written",
    },
)
auditlog.register(
    Incident,
    exclude_fields=["look_at", "changed_at", "calm_at", "left_at", "relapses", "paged_at", "dedup_key"],
    mapping_fields={
        "is_drill": "a drill",
        "source": "opened by",
        "assignee": "who has it",
        "impact_start": "impact began",
        "detected_at": "detected",
        "opened_at": "opened",
        "acknowledged_at": "acknowledged",
        "mitigated_at": "impact over",
        "resolved_at": "resolved",
        "resolved_by_machine": "resolved by the console",
        "acknowledge_due_at": "to be acknowledged by",
        "resolve_due_at": "to be resolved by",
        "update_due_at": "next update by",
        "update_minutes": "an update every, min",
        "postmortem_required": "a postmortem must be written",
    },
)
