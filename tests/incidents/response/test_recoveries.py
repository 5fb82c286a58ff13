"""Up again, down again, and going up and down."""

from datetime import timedelta

import pytest

from incidents.response.models import Incident
from incidents.response.sentences import standing
from incidents.response.services import incident_acknowledge
from incidents.response.states import Status
from incidents.response.tasks import changes_consume, clocks_sweep
from incidents.response.timeline import plain
from monitoring.catalogue import states as watched
from opsconsole.outbox.models import Delivery
from tests.incidents import make

pytestmark = pytest.mark.django_db
DOWN, UP = watched.Status.DOWN, watched.Status.UP


@pytest.fixture
def story(signals, checkout, mail, now):
    """`story("down 0", "up 3")` tells what happened at which minute, each consumed half a minute later."""

    def tell(*lines):
        for line in lines:
            word, minute = line.split()
            at = now + timedelta(minutes=int(minute))
            state = DOWN if word == "down" else UP
            signals.set(checkout, state)
            make.change(checkout, state, UP if state == DOWN else DOWN, at=at)
            changes_consume(at + timedelta(seconds=30))
        return Incident.objects.order_by("-number").first()

    return tell


def subjects():
    return [d.subject.partition(":")[0] for d in Delivery.objects.order_by("pk")]


def acknowledge(responder, incident, now):
    incident_acknowledge(actor=responder, incident=incident, now=now)


def test_it_resolves_what_nobody_acknowledged(story, now):
    incident = story("down 0", "up 3")
    assert (incident.status, incident.resolved_by_machine) == (Status.RESOLVED, True)
    assert incident.mitigated_at == now + timedelta(minutes=3)
    assert incident.acknowledged_at is None
    assert standing(incident, now).startswith("It was up again after 3 min, before anybody acknowledged")
    assert subjects() == ["P1 Checkout is down · INC-001", "Resolved"]


def test_it_tells_the_end_after_the_beginning(signals, checkout, mail, now):
    """A job that fails, succeeds and fails within a second: its first message still waits for what may come with it."""
    for n, state in enumerate([DOWN, UP, DOWN]):
        signals.set(checkout, state)
        make.change(checkout, state, UP if state == DOWN else DOWN, at=now + timedelta(milliseconds=n))
        changes_consume(now + timedelta(milliseconds=n))
    due = [delivery.due_at for delivery in Delivery.objects.order_by("pk")]
    assert len(due) == 3
    assert due == sorted(set(due))


@pytest.mark.parametrize(("kind", "status"), [("email", "cancelled"), ("webhook", "waiting")])
def test_it_tells_nobody_that_it_began_after_telling_that_it_is_over(story, mail, kind, status):
    """The mail server was away when it began, and is back before the first message is tried again."""
    make.channel("Other", kind=kind)
    story("down 0")
    Delivery.objects.update(attempts=2, last_error="Connection refused")
    story("up 3")
    first, last = Delivery.objects.filter(channel__name="Other").order_by("pk")
    assert (first.status, last.status) == (status, "waiting")


def test_it_tells_nobody_that_it_began_when_that_was_held_back(story, mail, now):
    make.channel("Phone", kind="sms")
    story("down 0")
    Delivery.objects.update(throttled_at=now, due_at=now + timedelta(minutes=15))
    story("up 3")
    first, last = Delivery.objects.filter(channel__name="Phone").order_by("pk")
    assert (first.status, last.status) == ("cancelled", "waiting")


def test_it_rings_nobody_for_what_is_over(story, mail):
    make.channel("Phone", kind="voice")
    story("down 0", "up 3")
    call = Delivery.objects.get(channel__name="Phone")
    assert (call.status, call.last_error) == ("cancelled", "It was over before the phone could ring.")


def test_it_rings_nobody_once_somebody_has_it_in_hand(story, mail, responder, now):
    make.channel("Phone", kind="voice"), make.channel("Text", kind="sms")
    acknowledge(responder, story("down 0"), now)
    assert Delivery.objects.get(channel__name="Phone").status == "cancelled"
    assert Delivery.objects.get(channel__name="Text").status == "waiting"


@pytest.mark.parametrize(("said", "over"), [(60, 3), (-60, 0)])
def test_it_ends_within_its_own_time_whatever_clock_a_probe_has(story, signals, checkout, now, said, over):
    story("down 0")
    signals.set(checkout, UP)
    make.change(checkout, UP, DOWN, at=now + timedelta(minutes=said))
    changes_consume(now + timedelta(minutes=3))
    assert Incident.objects.get().mitigated_at == now + timedelta(minutes=over)


def test_it_does_not_wait_for_what_never_reported(story, signals, checkout, now):
    """A job that nobody has set up yet keeps no incident open."""
    signals.set(checkout, watched.Status.UNKNOWN, "heartbeat:7", is_new=True)
    assert story("down 0", "up 3").status == Status.RESOLVED


def test_it_waits_for_what_is_not_measured_any_more(story, signals, checkout, now):
    signals.set(checkout, watched.Status.UNKNOWN, "heartbeat:7")
    assert story("down 0", "up 3").status == Status.OPEN


@pytest.mark.parametrize(("other", "ends"), [(UP, Status.RESOLVED), (DOWN, Status.OPEN), (None, Status.OPEN)])
def test_it_ends_when_the_last_that_was_down_is_paused(story, signals, checkout, now, other, ends):
    """Only if something still watches, and finds it up."""
    story("down 0")
    signals.set(checkout, watched.Status.PAUSED)
    if other:
        signals.set(checkout, other, "probe:other")
    later = now + timedelta(minutes=3)
    make.change(checkout, watched.Status.PAUSED, DOWN, at=later)
    changes_consume(later)
    assert Incident.objects.get().status == ends


def test_it_minds_no_pause_of_what_is_well(signals, checkout, now):
    change = make.change(checkout, watched.Status.PAUSED, UP)
    assert changes_consume(now) == 1
    change.refresh_from_db()
    assert change.handled_at and not Incident.objects.exists()


def test_it_stays_open_for_whoever_acknowledged(story, responder, now):
    acknowledge(responder, story("down 0"), now)
    incident = story("up 3")
    assert incident.status == Status.ACKNOWLEDGED
    assert incident.mitigated_at == now + timedelta(minutes=3)
    assert "stays open until somebody resolves it" in Delivery.objects.latest("pk").content["text"]


def test_it_waits_until_every_source_is_up(story, signals, checkout):
    signals.set(checkout, DOWN, "heartbeat:1")
    assert story("down 0", "up 3").mitigated_at is None


def test_it_does_not_believe_what_was_not_measured(story, signals, checkout):
    signals.set(checkout, watched.Status.UNKNOWN, "heartbeat:1")
    assert story("down 0", "up 3").mitigated_at is None


def test_it_ignores_what_is_paused(story, signals, checkout):
    signals.set(checkout, watched.Status.PAUSED, "heartbeat:1")
    assert story("down 0", "up 3").status == Status.RESOLVED


def test_it_waits_for_the_services_that_joined(story, signals, checkout, now):
    docs = make.service("Docs")
    docs.depends_on.add(checkout)
    story("down 0")
    signals.set(docs, DOWN), make.change(docs)
    changes_consume(now)
    assert story("up 3").status == Status.OPEN


def test_it_leaves_alone_what_a_person_opened(signals, checkout, responder, now):
    incident = make.incident(actor=responder, service=checkout)
    signals.set(checkout, UP), make.change(checkout, UP, DOWN, at=now + timedelta(minutes=3))
    changes_consume(now + timedelta(minutes=3))
    incident.refresh_from_db()
    assert (incident.status, bool(incident.mitigated_at)) == (Status.OPEN, True)


def test_it_is_the_same_incident_when_it_fails_again_soon(story):
    incident = story("down 0", "up 3", "down 5")
    assert (incident.number, incident.status, incident.mitigated_at) == (1, Status.OPEN, None)
    assert plain(incident.timeline.get(kind="relapsed")) == "Down again after 2 min"
    assert subjects()[-1] == "Down again"


def test_it_is_another_incident_when_it_fails_much_later(story):
    assert story("down 0", "up 3", "down 60").number == 2


def test_it_tells_whoever_works_that_it_is_down_again(story, responder, now):
    acknowledge(responder, story("down 0"), now)
    story("up 3", "down 5")
    assert subjects()[1:] == ["Up again", "Down again"]


def test_it_calls_it_flapping_once(story, responder, now):
    acknowledge(responder, story("down 0"), now)
    incident = story("up 1", "down 2", "up 3", "down 4", "up 5", "down 6", "up 7", "down 8")
    assert incident.timeline.filter(kind="flapping").count() == 1
    assert subjects().count("Going up and down") == 1
    assert len(subjects()) == 5


def test_it_believes_a_flapping_service_after_a_calm_time(story, now):
    incident = story("down 0", "up 1", "down 2", "up 3", "down 4", "up 5")
    assert incident.status == Status.OPEN
    assert clocks_sweep(now + timedelta(minutes=20)) == 0
    clocks_sweep(now + timedelta(minutes=21))
    incident.refresh_from_db()
    assert incident.status == Status.RESOLVED
    assert subjects()[-1] == "Resolved"


def test_it_asks_to_resolve_after_the_calm_time(story, responder, now):
    incident = story("down 0", "up 1", "down 2", "up 3", "down 4")
    acknowledge(responder, incident, now + timedelta(minutes=4))
    story("up 5")
    clocks_sweep(now + timedelta(minutes=21))
    assert subjects()[-1] == "Up again"


def test_it_is_not_calm_when_it_fails_meanwhile(story, now):
    story("down 0", "up 1", "down 2", "up 3", "down 4", "up 5", "down 10")
    clocks_sweep(now + timedelta(minutes=21))
    assert Incident.objects.get().status == Status.OPEN
