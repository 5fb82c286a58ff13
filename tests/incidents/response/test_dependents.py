"""What depends on what failed is silent meanwhile and named in its message; what stays down after it is told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from incidents.response.dependents import Dependents, dependents_of, downstream
from incidents.response.leaving import LEFT
from incidents.response.models import Incident
from incidents.response.services import incident_acknowledge
from incidents.response.states import Status
from incidents.response.tasks import changes_consume, clocks_sweep, notices_consume
from incidents.response.timeline import plain
from monitoring.alerts.tasks import tell
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import Service
from opsconsole.outbox.models import Delivery
from tests.incidents import make
from tests.monitoring.alerts.make import word

pytestmark = pytest.mark.django_db
DOWN, UP = watched.Status.DOWN, watched.Status.UP
MINUTE = timedelta(minutes=1)


@pytest.fixture
def database(signals, mail) -> Service:
    return make.service("Database")


def children(of: Service, number: int) -> list[Service]:
    made = [make.service(f"Shop{n:03}", tier=2) for n in range(number)]
    for service in made:
        service.depends_on.add(of)
    return made


@pytest.fixture
def turn(signals, now):
    """`turn(service, DOWN, 2)`: so it is two minutes after the start."""

    def turns(service, state, minutes=0.0):
        signals.set(service, state)
        at = now + minutes * MINUTE
        make.change(service, state, UP if state == DOWN else DOWN, at=at)
        changes_consume(at)

    return turns


def waiting() -> list[str]:
    return [delivery.content["text"] for delivery in Delivery.objects.filter(status="waiting")]


def test_it_names_them_in_the_message(database, turn):
    children(database, 13)
    turn(database, DOWN)
    (said,) = waiting()
    assert "Silent while it lasts: Shop000, Shop001, " in said
    assert "Shop009 and 3 more." in said
    data = Delivery.objects.get().content["data"]["dependents"]
    assert (data["number"], data["down"], data["services"][0]) == (13, 0, "shop000")


def test_it_says_nothing_where_nothing_depends_on_it(database, turn):
    turn(database, DOWN)
    assert "Silent" not in waiting()[0]


def test_it_takes_in_what_failed_before_it(database, turn):
    first, _ = children(database, 2)
    turn(first, DOWN), turn(database, DOWN, 0.02)
    (live,) = Incident.objects.live()
    assert (live.service, live.affected.count()) == (database, 2)
    (said,) = waiting()
    assert "Down with it: Shop000." in said
    assert "Silent while it lasts: Shop001." in said


def test_it_takes_in_what_failed_before_it_when_it_fails_again(database, turn):
    first, _ = children(database, 2)
    turn(database, DOWN), turn(first, DOWN, 0.1), turn(database, UP, 1), turn(first, UP, 1)
    turn(first, DOWN, 2), turn(database, DOWN, 2.02)
    (live,) = Incident.objects.live()
    assert (live.service, live.relapses) == (database, 1)
    (again,) = [said for said in waiting() if "Down again" in said]
    assert "Down with it: Shop000." in again
    assert not any("Shop000 is down" in said for said in waiting())


def test_it_takes_in_several_before_they_are_a_storm(database, turn):
    for child in children(database, 3):
        turn(child, DOWN)
    turn(database, DOWN, 0.02)
    assert [live.service for live in Incident.objects.live()] == [database]
    assert len(waiting()) == 1


def test_it_leaves_alone_what_somebody_works_on(database, turn, responder, now):
    (child,) = children(database, 1)
    turn(child, DOWN)
    incident_acknowledge(actor=responder, incident=Incident.objects.get(), now=now)
    turn(database, DOWN, 0.5)
    assert [live.service for live in Incident.objects.live().order_by("number")] == [child, database]
    assert any("Down with it: Shop000." in said for said in waiting())


def test_it_keeps_them_silent_and_tells_what_does_not_come_back(database, turn, now):
    first, second = children(database, 2)
    turn(database, DOWN), turn(first, DOWN, 1), turn(second, DOWN, 1)
    assert Delivery.objects.count() == 1
    turn(database, UP, 10), turn(first, UP, 10.5)
    assert clocks_sweep(now + 10 * MINUTE + LEFT - MINUTE) == 0
    clocks_sweep(now + 10 * MINUTE + LEFT)
    left = Delivery.objects.latest("pk")
    assert left.subject.startswith("Not all came back")
    assert "but not: Shop001." in left.content["text"]
    assert (
        plain(Incident.objects.get().timeline.get(kind="left"))
        == "Not all came back: Shop001 is still not up"
    )


def test_it_tells_nothing_of_what_comes_back_in_time(database, turn, now):
    (child,) = children(database, 1)
    turn(database, DOWN), turn(child, DOWN, 1), turn(database, UP, 10), turn(child, UP, 11)
    clocks_sweep(now + 10 * MINUTE + LEFT)
    assert not Delivery.objects.filter(event__startswith="incident.left").exists()
    assert Incident.objects.get().status == Status.RESOLVED


def test_it_waits_while_something_between_is_down(database, turn, now):
    (middle,) = children(database, 1)
    leaf = make.service("Leaf")
    leaf.depends_on.add(middle)
    for service in (database, middle, leaf):
        turn(service, DOWN)
    turn(database, UP, 10)
    clocks_sweep(now + 10 * MINUTE + LEFT)
    assert "but not: Shop000." in Delivery.objects.latest("pk").content["text"]


def test_it_shows_them_on_the_page_of_the_incident(database, turn, signed_in, viewer, frozen):
    first, *_ = children(database, 12)
    turn(database, DOWN), turn(first, DOWN)
    url = reverse("response:detail", args=[Incident.objects.get().number])
    said = signed_in(viewer).get(url).content.decode()
    assert "Down with it: Shop000." in said
    assert "and 1 more." in said


@pytest.mark.parametrize("circle", [False, True])
def test_it_finds_all_that_depends_on_it_through_others(circle):
    edges = {2: [1], 3: [2], 4: [3], 5: [9]} | ({1: [4]} if circle else {})
    assert downstream(1, edges) == {2, 3, 4}


def test_it_asks_as_much_of_hundreds_as_of_one(database, turn, now):
    asked = []
    for number in (1, 300):
        children(database, number)
        with CaptureQueriesContext(connection) as queries:
            assert dependents_of(database).number == number
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 3


def test_it_says_nothing_of_nobody():
    assert Dependents().sentences == []


def test_it_waits_while_alerts_of_what_they_depend_on_fire(database, turn, now):
    (child,) = children(database, 1)
    word(service=database, now=now), tell(now + MINUTE), notices_consume(now + MINUTE)
    turn(child, DOWN, 2)
    over = now + 10 * MINUTE
    word(service=database, firing=False, minutes=10), tell(over), notices_consume(over)
    assert Incident.objects.get().left_at == over + LEFT
    clocks_sweep(over + LEFT)
    assert "but not: Shop000." in Delivery.objects.latest("pk").content["text"]


def test_it_takes_in_what_failed_before_an_alert_of_what_it_depends_on(database, turn, now):
    (child,) = children(database, 1)
    turn(child, DOWN)
    word(service=database, now=now), tell(now + MINUTE), notices_consume(now + MINUTE)
    (live,) = Incident.objects.live()
    assert (live.service, live.affected.count()) == (database, 2)
