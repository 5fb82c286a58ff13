"""The writer of what severities mean."""

from django.core.exceptions import ValidationError

from incidents.response.models import SeverityPolicy
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require


def severity_policy_update(
    *,
    actor: Actor,
    policy: SeverityPolicy,
    title: str,
    criteria: str,
    acknowledge_minutes: int,
    resolve_minutes: int,
    update_minutes: int,
    postmortem_required: bool,
) -> SeverityPolicy:
    """Incidents that run keep the targets they began with. Raises ValidationError when the targets contradict each other."""
    require(actor, Role.MANAGER)
    if acknowledge_minutes > resolve_minutes:
        raise ValidationError({"resolve_minutes": "It cannot be resolved before it is acknowledged."})
    policy.title, policy.criteria = title, criteria
    policy.acknowledge_minutes, policy.resolve_minutes = acknowledge_minutes, resolve_minutes
    policy.update_minutes, policy.postmortem_required = update_minutes, postmortem_required
    policy.save()
    return policy
