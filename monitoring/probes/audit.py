"""What of probes the audit trail keeps: what people decide, not what probes find. Secrets stay out."""

from auditlog.registry import auditlog

from monitoring.probes.models import Probe

auditlog.register(
    Probe,
    include_fields=[
        "service", "name", "kind", "config", "interval", "retry_interval", "timeout", "failure_threshold",
        "recovery_threshold", "regions", "quorum", "is_paused",
    ],
    mapping_fields={
        "url": "address", "interval": "asks every, s", "retry_interval": "retries a failure in, s",
        "timeout": "waits for an answer, s", "failure_threshold": "failures until it is down",
        "recovery_threshold": "successes until it is up", "is_paused": "paused", "quorum": "regions that must say it is down", "expected_status": "expected status",
        "keyword_present": "must contain", "keyword_absent": "must not contain", "verify_tls": "certificate must be valid",
        "keyword_any_case": "capitals do not matter", "conditions": "its JSON must say", "body_kind": "sends",
        "sign_in": "signs in", "username": "name", "most_redirects": "follows redirects", "redirect_to": "must lead to",
        "token_url": "token address", "client_id": "client id", "client_auth": "client id and secret are sent",
        "allow_downgrade": "follows to http", "upside_down": "upside down",
        "server_name": "name in the certificate", "must_be_trusted": "must be trusted",
        "degraded_days": "degraded within, days", "packets": "packets each time", "wanted": "a good answer is",
        "loss_degraded": "degraded from a loss of, %", "loss_down": "down from a loss of, %", "resolver": "name server",
        "latency_degraded_ms": "degraded above, ms", "latency_down_ms": "down above, ms",
    },
)  # fmt: skip
