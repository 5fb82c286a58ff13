"""What of heartbeats the audit trail keeps: what people decide, not what jobs report."""

from auditlog.registry import auditlog

from monitoring.heartbeats.models import Heartbeat

auditlog.register(
    Heartbeat,
    include_fields=[
        "service", "name", "slug", "schedule", "period", "cron", "calendar", "zone", "grace", "max_run_time", "removed_at",
        "failure_words", "success_words", "start_words", "words_in", "else_fails", "post_only", "ping_resumes",
        "assertions", "stuck_after",
    ],
    mapping_fields={
        "slug": "short name", "schedule": "runs", "period": "every", "cron": "cron expression", "calendar": "OnCalendar", "zone": "time zone",
        "max_run_time": "longest run", "removed_at": "removed",
        "failure_words": "words of failure", "success_words": "words of success", "start_words": "words of a start",
        "words_in": "where words are looked for", "else_fails": "fails without any of the words",
        "post_only": "only POST counts", "assertions": "what its figures should be", "stuck_after": "stuck after", "ping_resumes": "a ping ends a pause",
    },
)  # fmt: skip
