"""What of boards the audit trail keeps: what others may see, not how each person has arranged it."""

from auditlog.registry import auditlog

from opsconsole.boards.models import Board

auditlog.register(
    Board,
    mapping_fields={
        "owner": "whose it is",
        "span": "opens with",
        "is_shared": "shared with the team",
        "removed_at": "removed",
    },
)
