"""Templates and items are edited by managers; what has run stays as it was."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maintenance.checklists.models import Run
from maintenance.checklists.services import templates as services
from tests.maintenance import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(team, now):
    return make.template()


def order(template):
    return [item.question for item in template.items.all()]


def test_it_reckons_the_next_time_anew_when_the_schedule_changes(template, manager, now):
    services.template_update(actor=manager, template=template, now=now, zone_name="UTC")
    assert template.next_at == now + timedelta(hours=1)


def test_it_leaves_due_what_is_due_when_only_the_words_change(template, manager, now):
    services.template_update(
        actor=manager, template=template, now=now + timedelta(minutes=1), description="New"
    )
    assert template.next_at == now


@pytest.mark.parametrize(
    ("fields", "field"), [({"zone_name": "Moon/Base"}, "zone_name"), ({"months": []}, "weekdays")]
)
def test_it_refuses_a_schedule_that_never_comes(template, manager, now, fields, field):
    with pytest.raises(ValidationError) as refused:
        services.template_update(actor=manager, template=template, now=now, **fields)
    assert field in refused.value.message_dict


def test_it_refuses_a_name_that_is_taken(template, manager, now):
    with pytest.raises(ValidationError, match="of this name already"):
        services.template_create(actor=manager, name="Morning", wall=template.wall, now=now)


def test_it_takes_two_names_that_make_the_same_address(template, manager, now):
    names = ("每日清单", "晚间清单", "Café round", "Cafe round")
    made = [services.template_create(actor=manager, name=n, wall=template.wall, now=now) for n in names]
    assert [one.slug for one in made] == ["checklist", "checklist-2", "cafe-round", "cafe-round-2"]


def test_it_rests_and_wakes(template, manager, now):
    services.template_rest(actor=manager, template=template)
    assert not template.is_active
    services.template_wake(actor=manager, template=template, now=now + timedelta(days=3))
    assert (template.is_active, template.next_at) == (True, now + timedelta(days=4))


def test_it_passes_over_nothing_that_is_due_when_it_is_woken_twice(template, manager, now):
    due = template.next_at
    services.template_wake(actor=manager, template=template, now=now + timedelta(days=3))
    assert template.next_at == due


def test_it_moves_items_and_stops_at_the_ends(template, manager):
    first, second = make.item(template, "One"), make.item(template, "Two")
    services.item_move(actor=manager, item=second, up=True)
    assert order(template) == ["Two", "One"]
    services.item_move(actor=manager, item=first, up=False)
    assert order(template) == ["Two", "One"]


def test_it_adds_at_the_end(template, manager):
    make.item(template, "One")
    services.item_create(actor=manager, template=template, question="Two")
    assert order(template) == ["One", "Two"]


def test_it_keeps_answers_of_items_that_are_gone(template, manager, now):
    item = make.item(template)
    answer = make.answer(make.run(template), item=item)
    services.item_delete(actor=manager, item=item)
    answer.refresh_from_db()
    assert answer.item is None
    assert Run.objects.get().answers.count() == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda actor, t, now: services.template_create(actor=actor, name="New", wall=t.wall, now=now),
        lambda actor, t, now: services.template_update(actor=actor, template=t, now=now, description="New"),
        lambda actor, t, now: services.template_rest(actor=actor, template=t),
        lambda actor, t, now: services.template_wake(actor=actor, template=t, now=now),
        lambda actor, t, now: services.item_create(actor=actor, template=t, question="New?"),
        lambda actor, t, now: services.item_update(actor=actor, item=make.item(t), question="New?"),
        lambda actor, t, now: services.item_move(actor=actor, item=make.item(t), up=True),
        lambda actor, t, now: services.item_delete(actor=actor, item=make.item(t)),
    ],
)
def test_it_refuses_responders(template, responder, now, act):
    with pytest.raises(PermissionDenied, match="needs the role manager"):
        act(responder, template, now)
