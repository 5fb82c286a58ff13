"""Writers of regions: their workers, and whoever forgets one that is gone."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError

from monitoring.regions.models import Region
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require
from opsconsole.health.services import pulse_beat, pulse_forget


@transaction.atomic
def region_report(*, name: str, now: datetime, trouble: str = "") -> None:
    """A worker of this region is alive; `trouble`: why it can say nothing, "" while it can. Several may report the same one."""
    Region.objects.update_or_create(name=name, defaults={"seen_at": now, "trouble": trouble})
    pulse_beat(part=part_of(name), now=now)


@transaction.atomic
def region_forget(*, actor: Actor, region: Region) -> None:
    """Take it out of the choices; it is back when a worker reports again. Raises ValidationError while a probe is asked from it."""
    require(actor, Role.MANAGER)
    part = part_of(region.name)
    try:
        region.delete()
    except ProtectedError:
        raise ValidationError(
            "Probes are asked from this region: choose other regions for them first."
        ) from None
    pulse_forget(part=part)


def part_of(name: str) -> str:
    """What its workers are called among the parts of the console."""
    return f"region {name}"
