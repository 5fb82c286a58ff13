"""What others tell this noun."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from opsconsole.accounts.models import Team
from opsconsole.lib.nudges import nudge


@receiver(post_save, sender=Team, dispatch_uid="checklists.zone_may_have_moved")
def zone_may_have_moved(**_rest: Any) -> None:
    """When a checklist comes next hangs on the team's zone: the first owner, who chooses one, reads it a second later."""
    nudge("checklists.open_due")
