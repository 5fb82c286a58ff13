"""Whatever fails and recovers, in whatever order, with people pressing buttons between: what must always hold."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incidents.response.models import Incident, TimelineEntry
from incidents.response.services import incident_acknowledge, incident_resolve
from incidents.response.states import CALM, LIVE
from incidents.response.tasks import changes_consume, clocks_sweep
from monitoring.catalogue import states as watched
from monitoring.catalogue.models import StatusChange
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import SYSTEM
from opsconsole.outbox.models import Delivery
from tests.conftest import NOW
from tests.incidents import make

pytestmark = pytest.mark.django_db
DOWN, UP, SLOW, UNKNOWN = (
    watched.Status.DOWN,
    watched.Status.UP,
    watched.Status.DEGRADED,
    watched.Status.UNKNOWN,
)
NAMES = ("Payments", "Checkout", "Docs")

steps = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.sampled_from(NAMES), st.sampled_from([DOWN, UP, SLOW, UNKNOWN])),
        st.tuples(st.just("acknowledge"), st.just(""), st.just("")),
        st.tuples(st.just("resolve"), st.just(""), st.just("")),
        st.tuples(st.just("wait"), st.just(""), st.just("")),
    ),
    max_size=25,
)


class World:
    """Three services, one of which depends on another, and a clock."""

    def __init__(self, signals):
        self.signals, self.now = signals, NOW
        make.channel()
        self.services = {name: make.service(name, tier=1 + n) for n, name in enumerate(NAMES)}
        self.services["Checkout"].depends_on.add(self.services["Payments"])
        self.state = dict.fromkeys(NAMES, UP)
        for service in self.services.values():
            signals.set(service, UP)

    def live(self):
        return Incident.objects.live().order_by("number").first()

    def step(self, what, name, state):
        self.now += timedelta(seconds=70)
        if what == "change" and self.state[name] != state:
            self.signals.set(self.services[name], state)
            make.change(self.services[name], state, self.state[name], at=self.now)
            self.state[name] = state
            changes_consume(self.now)
        elif what == "wait":
            self.now += timedelta(minutes=7)
            clocks_sweep(self.now)
        elif what in ("acknowledge", "resolve") and (incident := self.live()):
            act = incident_acknowledge if what == "acknowledge" else incident_resolve
            act(actor=make_person(), incident=incident, now=self.now)

    def everything_recovers(self):
        for name in NAMES:
            self.step("change", name, UP)
        self.now += CALM + timedelta(seconds=1)
        clocks_sweep(self.now)


def make_person():
    return User.objects.get_or_create(email="ana@example.com", defaults={"name": "Ana", "role": "responder"})[
        0
    ]


@pytest.fixture
def lived(signals):
    """`lived(steps)` plays them in a world that is forgotten afterwards."""

    def play(taken, check):
        with transaction.atomic():
            signals.now.clear()
            world = World(signals)
            for step in taken:
                world.step(*step)
            check(world)
            transaction.set_rollback(True)

    return play


always = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


@always
@given(taken=steps)
def test_it_has_one_live_incident_for_each_service(lived, taken):
    def check(world):
        keys = [key for key in Incident.objects.live().values_list("dedup_key", flat=True) if key]
        assert len(keys) == len(set(keys))

    lived(taken, check)


@always
@given(taken=steps)
def test_it_swallows_no_failure(lived, taken):
    """Each one stands on a timeline, and none waits."""

    def check(world):
        failures = StatusChange.objects.filter(new=DOWN).values_list("pk", flat=True)
        written = set(TimelineEntry.objects.filter(kind="change").values_list("key", flat=True))
        assert {f"change:{pk}" for pk in failures} <= written
        assert not StatusChange.objects.filter(handled_at=None).exists()

    lived(taken, check)


@always
@given(taken=steps)
def test_it_has_somebody_told_of_whatever_is_down(lived, taken):
    """A service is down only while an incident of it is live, unless a person resolved that one."""

    def check(world):
        for name, state in world.state.items():
            touched = Incident.objects.filter(affected=world.services[name])
            assert state != DOWN or touched.filter(status__in=LIVE).exists() or touched.filter(
                resolved_by__isnull=False
            ).exists()  # fmt: skip
        opened = Delivery.objects.filter(event__startswith="incident.opened").count()
        assert opened == Incident.objects.count()

    lived(taken, check)


@always
@given(taken=steps)
def test_it_comes_to_rest(lived, taken):
    """Once everything is up and calm, what is left open is what somebody acknowledged, and it says that it is up."""

    def check(world):
        world.everything_recovers()
        for incident in Incident.objects.live():
            assert incident.mitigated_at
            assert incident.acknowledged_by
            assert incident.calm_at is None

    lived(taken, check)


@always
@given(taken=steps)
def test_it_numbers_without_holes(lived, taken):
    def check(world):
        numbers = sorted(Incident.objects.values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))

    lived(taken, check)


@always
@given(taken=steps)
def test_it_keeps_its_moments_in_order(lived, taken):
    def check(world):
        for i in Incident.objects.all():
            assert i.impact_start <= i.detected_at <= i.opened_at
            assert not i.acknowledged_at or i.opened_at <= i.acknowledged_at
            assert not i.mitigated_at or i.detected_at <= i.mitigated_at
            assert not i.resolved_at or (
                i.mitigated_at and (i.mitigated_at <= i.resolved_at or i.resolved_by)
            )

    lived(taken, check)


def test_it_is_the_console_that_signs_its_own_acts(lived):
    def check(world):
        assert set(TimelineEntry.objects.values_list("signature", flat=True)) == {str(SYSTEM)}

    lived([("change", "Docs", DOWN), ("change", "Docs", UP)], check)
