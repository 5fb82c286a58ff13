"""Writers of templates and their items."""

from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from maintenance.checklists.models import Item, Template
from maintenance.checklists.shipped import SHIPPED, Shipped
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import Actor, require, team_zone
from opsconsole.lib.calendars import BadSchedule
from opsconsole.lib.nudges import nudge
from opsconsole.lib.slugs import free_slug
from opsconsole.lib.sweeps import each

SWEEP = "checklists.open_due"


def next_at(template: Template, now: datetime) -> datetime:
    """Raises ValidationError, on the field, for a schedule that never comes or an unknown zone."""
    try:
        return template.schedule(team_zone().key).after(now)
    except BadSchedule as error:
        raise ValidationError(
            {"zone_name" if "time zone" in str(error) else "weekdays": str(error)}
        ) from None


@transaction.atomic
def templates_install(*, now: datetime) -> int:
    """Make the checklists that come with the console, where they are missing. Returns how many were made."""
    have = set(Template.objects.filter(slug__in=[s.slug for s in SHIPPED]).values_list("slug", flat=True))
    return sum(_install(shipped, now) for shipped in SHIPPED if shipped.slug not in have)


def _install(shipped: Shipped, now: datetime) -> bool:
    template, fresh = Template.objects.get_or_create(
        slug=shipped.slug,
        defaults={
            "name": shipped.name,
            "description": shipped.description,
            "wall": shipped.wall,
            "expected_minutes": shipped.expected_minutes,
            "deadline_minutes": shipped.deadline_minutes,
        },
    )
    if fresh:
        template.next_at = next_at(template, now)
        template.save(update_fields=["next_at"])
        Item.objects.bulk_create(
            Item(template=template, position=i, **ask.fields()) for i, ask in enumerate(shipped.asks, 1)
        )
    return fresh


def templates_align(*, now: datetime) -> int:
    """Reckon the next occurrence anew where it has moved, e.g. since the team changed its zone. Due ones stay due."""
    return each(Template.objects.filter(is_active=True).exclude(next_at__lte=now), lambda t: _align(t, now))


def _align(template: Template, now: datetime) -> int:
    at = next_at(template, now)
    if at == template.next_at:
        return 0
    return Template.objects.filter(pk=template.pk, next_at=template.next_at).update(next_at=at)


@transaction.atomic
def template_create(*, actor: Actor, name: str, wall: time, now: datetime, **fields: Any) -> Template:
    """Raises ValidationError for a name that is taken or a schedule that never comes."""
    require(actor, Role.MANAGER)
    slug = free_slug(name, Template.objects.all(), instead="checklist")
    template = Template(name=name, slug=slug, wall=wall, **fields)
    template.next_at = next_at(template, now)
    _save(template)
    return template


@transaction.atomic
def template_update(*, actor: Actor, template: Template, now: datetime, **fields: Any) -> Template:
    """Change a template; runs that are open keep their questions. Raises ValidationError as above."""
    require(actor, Role.MANAGER)
    zone_key = team_zone().key
    before = template.schedule(zone_key)
    for name, value in fields.items():
        setattr(template, name, value)
    if template.schedule(zone_key) != before:  # what is due already stays due through any other edit
        template.next_at = next_at(template, now)
    _save(template)
    nudge(SWEEP)
    return template


def _save(template: Template) -> None:
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError:
        raise ValidationError({"name": "There is a checklist of this name already."}) from None


def template_rest(*, actor: Actor, template: Template) -> None:
    """Put a template to rest: it comes no more; its history stays."""
    require(actor, Role.MANAGER)
    template.is_active = False
    template.save(update_fields=["is_active"])


def template_wake(*, actor: Actor, template: Template, now: datetime) -> None:
    """What is awake keeps its time: if it is due, it must not be passed over."""
    require(actor, Role.MANAGER)
    if template.is_active:
        return
    template.is_active, template.next_at = True, next_at(template, now)
    template.save(update_fields=["is_active", "next_at"])


@transaction.atomic
def item_create(*, actor: Actor, template: Template, **fields: Any) -> Item:
    """Add a question at the end."""
    require(actor, Role.MANAGER)
    last = template.items.aggregate(last=Max("position"))["last"] or 0
    return Item.objects.create(template=template, position=last + 1, **fields)


def item_update(*, actor: Actor, item: Item, **fields: Any) -> Item:
    require(actor, Role.MANAGER)
    for name, value in fields.items():
        setattr(item, name, value)
    item.save()
    return item


@transaction.atomic
def item_move(*, actor: Actor, item: Item, up: bool) -> None:
    """Change places with the neighbour above or below; at the end nothing happens."""
    require(actor, Role.MANAGER)
    order = list(item.template.items.select_for_update())
    here = order.index(item)
    there = here - 1 if up else here + 1
    if 0 <= there < len(order):
        order[here], order[there] = order[there], order[here]
    for position, one in enumerate(order, 1):
        one.position = position
    Item.objects.bulk_update(order, ["position"])


def item_delete(*, actor: Actor, item: Item) -> None:
    """Take a question out of the template; answers that were given stay as they are."""
    require(actor, Role.MANAGER)
    item.delete()
