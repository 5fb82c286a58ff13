"""What each severity means: read by all, changed by managers."""

from datetime import timedelta

import pytest

from incidents.response.models import SeverityPolicy
from tests.incidents import make

pytestmark = pytest.mark.django_db
URL = "/incidents/severities/P0/"
GIVEN = {
    "title": "Critical",
    "criteria": "Everything is down.",
    "acknowledge_minutes": "10 min",
    "resolve_minutes": "2 h",
    "update_minutes": "20 min",
}


def test_it_shows_the_stricter_targets(signed_in, viewer):
    html = signed_in(viewer).get("/incidents/severities/").content.decode()
    assert all(words in html for words in ("5 min", "30 min", "7 days", "must"))


@pytest.mark.parametrize(
    ("level", "targets"),
    [(0, (5, 60, 30)), (1, (60, 240, 60)), (2, (240, 1440, 1440)), (3, (480, 10080, 10080))],
)
def test_it_ships_with_the_strictest_of_each(level, targets):
    policy = SeverityPolicy.objects.get(level=level)
    assert (policy.acknowledge_minutes, policy.resolve_minutes, policy.update_minutes) == targets


def test_it_is_not_for_responders(signed_in, responder):
    assert signed_in(responder).post(URL, GIVEN).status_code == 403


def test_it_is_changed_in_words(signed_in, manager):
    assert signed_in(manager).post(URL, GIVEN).status_code == 302
    policy = SeverityPolicy.objects.get(level=0)
    assert (policy.acknowledge, policy.postmortem_required) == (timedelta(minutes=10), False)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("acknowledge_minutes", "soon", "Write a duration"),
        ("acknowledge_minutes", "10 s", "at least a minute"),
        ("acknowledge_minutes", "3 h", "cannot be resolved before"),
        ("resolve_minutes", "99999999999 weeks", "at most a year"),
        ("title", "", "“Name” is still empty: fill it in."),
    ],
)
def test_it_says_what_is_wrong(signed_in, manager, field, value, said):
    assert said in signed_in(manager).post(URL, GIVEN | {field: value}).content.decode()


def test_it_lets_running_incidents_keep_their_targets(signed_in, manager, now):
    incident = make.incident(severity=0)
    signed_in(manager).post(URL, GIVEN)
    incident.refresh_from_db()
    assert incident.acknowledge_due_at == now + timedelta(minutes=5)


def test_it_knows_four_levels(signed_in, manager):
    assert signed_in(manager).get("/incidents/severities/P4/").status_code == 404
