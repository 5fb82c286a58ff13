"""The first visit: the team, its owner, and a first way to reach them."""

from django.db import transaction

from opsconsole.accounts.models import User
from opsconsole.accounts.services import owner_create
from opsconsole.outbox.models import Channel


@transaction.atomic
def console_set_up(*, team_name: str, name: str, email: str, password: str, time_zone: str) -> User:
    """Raises ValidationError when somebody was quicker, or the password is weak."""
    owner = owner_create(email=email, password=password, name=name, team_name=team_name, time_zone=time_zone)
    Channel.objects.get_or_create(
        name=f"Mail to {owner}"[:80],
        defaults={"kind": "email", "config": {"address": owner.email}, "user": owner},
    )
    return owner
