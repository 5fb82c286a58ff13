"""What of the inbound mail address the audit trail keeps: that its key was made anew."""

from auditlog.registry import auditlog

from opsconsole.inmail.models import Mailbox

auditlog.register(
    Mailbox, include_fields=["prefix", "made_at"], mapping_fields={"prefix": "key", "made_at": "made"}
)
