"""The times in which the console itself was stopped, for an upgrade."""

from collections.abc import Sequence

from maintenance.setup.sample.outages import Spell
from maintenance.setup.sample.world import World
from opsconsole.health.models import Gap

PARTS = ("listener", "engine")


def write(world: World, spells: Sequence[Spell]) -> None:
    stops = [spell for spell in spells if spell.is_gap]
    world.keep(
        Gap.objects.bulk_create(
            Gap(part=part, start=spell.start, end=spell.end) for spell in stops for part in PARTS
        )
    )
