"""The pages of rules by which one alert silences others, and where it is said that one does."""

from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring.alerts.models import Alert, Inhibition
from monitoring.alerts.tasks import tell
from tests.conftest import NOW
from tests.monitoring.alerts.make import word

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
RULE = {"source": "alertname=Database", "target": "alertname=~Slow.*", "equal": "", "reason": "Explains it"}


@pytest.fixture
def client_of(signed_in, manager):
    return signed_in(manager)


@pytest.fixture
def fires(db):
    word(title="Database", fingerprint="db")
    return word(title="Slow <b>", fingerprint="slow")


def page(client, name, *args, **query):
    return client.get(reverse(f"alerts:{name}", args=args), query).content.decode()


def post(client, name, *args, **changed):
    return client.post(reverse(f"alerts:{name}", args=args), RULE | changed)


def told(alert):
    tell(NOW + timedelta(minutes=1))
    return alert.lines.exists()


def test_it_makes_edits_and_removes_a_rule(client_of, fires):
    assert post(client_of, "inhibition_new").status_code == 302
    row = Inhibition.objects.get()
    assert "1 silent now" in page(client_of, "inhibitions")
    post(client_of, "inhibition", row.pk, equal="host")
    assert "if alike in host" in page(client_of, "inhibitions")
    post(client_of, "inhibition_remove", row.pk)
    assert "No alert silences another." in page(client_of, "inhibitions")
    assert told(fires)


def test_it_shows_what_it_would_silence_and_keeps_nothing(client_of, fires):
    for said in (
        page(client_of, "inhibition_preview", **RULE),
        post(client_of, "inhibition_new", **{"try": "1"}).content.decode(),
    ):
        assert "It would silence 1 alert of those that fire now." in said
        assert "because “Database” fires" in said
        assert "Slow <b>" not in said
    assert not Inhibition.objects.exists()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"equal": "host"}, "of what fires 1 alert fits the first, 1 alert fits the second"),
        ({"target": ""}, "Say both what fires"),
        ({"source": "x"}, "is no matcher"),
        ({"source": "a=~("}, "is no pattern"),
        ({"equal": "a b="}, "is no name of a label"),
    ],
)
def test_it_says_why_it_would_silence_nothing(client_of, fires, changed, said):
    assert said in page(client_of, "inhibition_preview", **(RULE | changed))


@pytest.mark.parametrize("wrong", [{"source": "x"}, {"target": "a!=b"}, {"reason": " "}, {"equal": "="}])
def test_it_says_what_is_wrong_with_a_rule(client_of, wrong):
    assert "error" in post(client_of, "inhibition_new", **wrong).content.decode()
    assert not Inhibition.objects.exists()


def test_it_fills_in_a_ready_rule(client_of):
    assert "severity=~P0|P1|critical" in page(client_of, "inhibition_new", template="worse")


def test_it_says_on_the_alert_why_it_is_silent(client_of, fires):
    post(client_of, "inhibition_new")
    assert not told(fires)
    said = page(client_of, "detail", fires.pk)
    assert "Nobody is told of it while “Database” fires." in said
    assert reverse("alerts:detail", args=[Alert.objects.get(title="Database").pk]) in said
    assert "Nobody is told: “Database” fires (Explains it)" in said


def test_it_narrows_the_list_to_what_is_silent(client_of, fires):
    post(client_of, "inhibition_new"), told(fires)
    history = page(client_of, "list", state="silent").partition('id="history"')[2]
    assert history.count('class="row"') == 1
    assert "silent: Database fires" in history


def test_it_is_for_managers(signed_in, responder, fires):
    client = signed_in(responder)
    assert post(client, "inhibition_new").status_code == 403
    assert client.get(reverse("alerts:inhibition_preview")).status_code == 403
    assert "Add a rule" not in page(client, "inhibitions")


def test_it_asks_as_much_for_many_as_for_few(client_of, django_assert_max_num_queries):
    for n in range(30):
        post(client_of, "inhibition_new"), word(title=f"Slow {n}", fingerprint=str(n))
    for name in ("inhibitions", "inhibition_new"):
        with django_assert_max_num_queries(14):
            page(client_of, name)
