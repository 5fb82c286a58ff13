"""What of this noun the audit trail keeps."""

from auditlog.registry import auditlog

from opsconsole.accounts.models import ApiKey, Team, User

auditlog.register(User, exclude_fields=["password", "last_login"])
auditlog.register(Team, exclude_fields=["ping_key"])
auditlog.register(ApiKey, exclude_fields=["digest", "last_used_at"])
