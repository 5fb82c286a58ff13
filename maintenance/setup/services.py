"""The first visit: the team, its owner, and a first way to reach them."""

from django.db import transaction

from opsconsole.accounts.models import User
from opsconsole.accounts.services import owner_create
from opsconsole.outbox.channel_services import channel_create
from opsconsole.outbox.models import every_topic


@transaction.atomic
def console_set_up(*, team_name: str, name: str, email: str, password: str, time_zone: str) -> User:
    """Raises ValidationError when somebody was quicker, or the password is weak."""
    owner = owner_create(email=email, password=password, name=name, team_name=team_name, time_zone=time_zone)
    channel_create(
        actor=owner,
        kind="email",
        name=f"Mail to {owner}"[:80],
        config={"address": owner.email},
        topics=every_topic(),
        user=owner,
    )
    return owner
