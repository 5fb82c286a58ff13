"""Changes that are handled together leave what they leave when each is handled alone."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from incidents.response.consuming import change_consume, waiting
from incidents.response.models import Incident
from incidents.response.tasks import changes_consume
from monitoring.catalogue.states import Status
from opsconsole.lib.sweeps import each
from tests.conftest import NOW
from tests.incidents import make
from tests.properties import tried

pytestmark = pytest.mark.django_db
TIERS = [1, 1, 2, 2, 2, 3, 3, 3]
turns = st.tuples(
    st.integers(0, len(TIERS) - 1), st.sampled_from([Status.DOWN, Status.DOWN, Status.UP, Status.DEGRADED])
)
waves = st.lists(
    st.tuples(st.sampled_from([1, 2, 6, 40]), st.lists(turns, min_size=1, max_size=12)),
    min_size=1,
    max_size=4,
)
needs = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] < pair[1]), max_size=4
)


def together(now):
    changes_consume(now)


def alone(now):
    each(waiting(now), lambda pk: change_consume(pk=pk, now=now))


def outcome(signals, waves, needs, handle):
    with transaction.atomic():
        signals.now.clear()
        services = [make.service(f"Shop{n}", tier=tier) for n, tier in enumerate(TIERS)]
        for above, below in needs:
            services[below].depends_on.add(services[above])
        _pass(signals, services, waves, handle)
        found = [_told(row) for row in Incident.objects.order_by("number")]
        transaction.set_rollback(True)
    return found


def _pass(signals, services, waves, handle):
    at, states = NOW, dict.fromkeys(services, Status.UP)
    for minutes, turned in waves:
        at += timedelta(minutes=minutes)
        for n, new in turned:
            service, old = services[n], states[services[n]]
            if new != old:
                make.change(service, new, old, at=at)
                states[service] = new
                signals.set(service, new)
        handle(at + timedelta(seconds=30))


def _told(row):
    fields = (row.status, row.severity, row.mitigated_at, row.service.name if row.service else "")
    names = sorted(row.affected.values_list("name", flat=True))
    lines = row.timeline.filter(kind__in=["change", "joined", "storm", "absorbed", "mitigated", "relapsed"])
    return (*fields, names), set(map(str, lines.values_list("kind", "at", "data__title")))


@tried
@given(waves, needs)
def test_it_leaves_the_same_together_or_alone(signals, waves, needs):
    """Where all is over by the first recovery, the lines of the others come too late for what is handled alone."""
    many, ones = (outcome(signals, waves, needs, handle) for handle in (together, alone))
    assert [row for row, _ in many] == [row for row, _ in ones]
    assert all(lines >= fewer for (_, lines), (_, fewer) in zip(many, ones, strict=True))
