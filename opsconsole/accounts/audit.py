"""What of this noun the audit trail keeps. That a password or a key changed is kept, not to what."""

from auditlog.registry import auditlog

from opsconsole.accounts.models import ApiKey, Team, User


def hidden(_value: str) -> str:
    return "(hidden)"


auditlog.register(
    User,
    exclude_fields=["last_login"],
    mask_fields=["password"],
    mask_callable="opsconsole.accounts.audit.hidden",
    mapping_fields={"email": "e-mail", "is_active": "may sign in"},
)
auditlog.register(
    Team,
    mask_fields=["ping_key"],
    mask_callable="opsconsole.accounts.audit.hidden",
    mapping_fields={"ping_key": "key of pings by name"},
)
auditlog.register(
    ApiKey,
    exclude_fields=["digest", "last_used_at"],
    mapping_fields={
        "user": "whose",
        "scope": "it may",
        "prefix": "begins with",
        "expires_at": "ends",
        "revoked_at": "revoked",
    },
)
