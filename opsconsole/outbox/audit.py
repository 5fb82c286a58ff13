"""What of channels the audit trail keeps: that settings changed, not to what; not what happens by itself."""

from auditlog.registry import auditlog

from opsconsole.outbox.models import Channel

auditlog.register(
    Channel,
    exclude_fields=["health", "health_since", "last_error", "hook"],
    mask_fields=["config"],
    mapping_fields={
        "config": "settings",
        "topics": "told of",
        "fallback": "gets it if this fails",
        "fallback_after": "after so many failed attempts",
        "user": "whose it is",
        "is_enabled": "switched on",
        "disabled_reason": "switched off because",
        "removed_at": "removed",
    },
    mask_callable="opsconsole.accounts.audit.hidden",
)
