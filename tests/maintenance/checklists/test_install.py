"""The checklists that come with the console."""

from datetime import UTC, datetime

import pytest

from maintenance.checklists.bindings import find
from maintenance.checklists.models import Item, Template
from maintenance.checklists.services.templates import templates_align, templates_install
from maintenance.checklists.states import ItemKind
from opsconsole.measures.checks import checks
from opsconsole.measures.registry import measures

pytestmark = pytest.mark.django_db


def test_it_makes_morning_and_evening_once(team, now):
    assert templates_install(now=now) == 2
    assert templates_install(now=now) == 0
    assert sorted(Template.objects.values_list("slug", flat=True)) == ["evening", "morning"]


def test_it_leaves_alone_what_a_team_has_changed(team, now):
    templates_install(now=now)
    Item.objects.all().delete()
    Template.objects.update(is_active=False)
    templates_install(now=now)
    assert not Item.objects.exists()
    assert not Template.objects.filter(is_active=True).exists()


def test_it_comes_at_nine_and_at_five_on_the_teams_clock(team, now):
    templates_install(now=now)
    next_at = dict(Template.objects.values_list("slug", "next_at"))
    assert next_at == {
        "morning": datetime(2026, 11, 19, 8, tzinfo=UTC),
        "evening": datetime(2026, 11, 18, 16, tzinfo=UTC),
    }


def test_it_follows_the_team_to_another_zone(team, now):
    templates_install(now=now)
    team.time_zone = "UTC"
    team.save()
    assert templates_align(now=now) == 2
    assert Template.objects.get(slug="evening").next_at == datetime(2026, 11, 18, 17, tzinfo=UTC)


def test_it_binds_more_than_half_of_the_morning_to_data(team, now):
    templates_install(now=now)
    morning = Item.objects.filter(template__slug="morning")
    assert morning.exclude(kind=ItemKind.MANUAL).count() > morning.count() / 2
    assert not morning.exclude(kind=ItemKind.MANUAL).filter(binding="").exists()


def test_it_asks_for_each_of_the_three_backups(team, now):
    templates_install(now=now)
    bound = Item.objects.filter(binding__startswith="heartbeat:").values_list("binding", flat=True)
    assert list(bound.filter(template__slug="evening")) == [
        "heartbeat:backup-database",
        "heartbeat:backup-files",
        "heartbeat:backup-configuration",
    ]


def test_it_asks_only_what_this_console_can_answer(team, now):
    templates_install(now=now)
    for item in Item.objects.exclude(kind=ItemKind.MANUAL).exclude(binding__startswith="heartbeat:"):
        assert item.binding in (measures if item.kind == ItemKind.MEASURE else checks)


def test_it_answers_every_bound_item_even_on_an_empty_console(team, now):
    templates_install(now=now)
    found = [find(item, now) for item in Item.objects.exclude(kind=ItemKind.MANUAL)]
    assert not [f.detail for f in found if "this console has no" in f.detail]
    assert all(f.text for f in found)
