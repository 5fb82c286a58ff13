"""The first visit: the team, its owner, a first way to reach them, and the checklists that come with the console."""

from datetime import datetime

from django.db import transaction

from maintenance.checklists.services.templates import templates_install
from opsconsole.accounts.models import User
from opsconsole.accounts.services import owner_create
from opsconsole.outbox.models import every_topic
from opsconsole.outbox.services.channels import channel_create


@transaction.atomic
def console_set_up(
    *, team_name: str, name: str, email: str, password: str, time_zone: str, now: datetime
) -> User:
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
    templates_install(now=now)
    return owner
