"""One incident's page, and what people do there."""

from datetime import timedelta

import pytest

from incidents.response.forms import MergeForm
from incidents.response.impact import Impact, impacts
from incidents.response.models import Incident, Page
from incidents.response.pages import LINES
from incidents.response.services import incident_acknowledge, incident_note, incident_resolve
from incidents.response.states import Status
from incidents.response.views.incident import ACTS
from monitoring.catalogue import states as watched
from tests.incidents import make

pytestmark = pytest.mark.django_db
URL = "/incidents/INC-001/"


@pytest.fixture
def incident(mail, checkout, frozen):
    return make.incident(service=checkout, description="answered 502")


@pytest.fixture
def browser(signed_in, responder, incident):
    return signed_in(responder)


def html(browser):
    return browser.get(URL).content.decode()


def act(browser, verb, **data):
    return browser.post(f"{URL}act/{verb}/", data, follow=True)


def test_it_asks_strangers_to_sign_in(client, owner, incident):
    assert client.get(URL).status_code == 302


def test_it_knows_no_other_number(browser):
    assert browser.get("/incidents/INC-999/").status_code == 404


def test_it_says_what_is_true_now(browser, frozen):
    frozen.shift(timedelta(minutes=8))
    assert "For 8 min, and nobody has acknowledged yet." in html(browser)


def test_it_says_on_which_day_somebody_was_told(browser, incident, frozen):
    Page.objects.update(created_at=incident.opened_at - timedelta(days=1))
    assert '<ol class="timeline dated body">' in html(browser).partition("Who was told")[2]
    assert "17 Nov 09:00" in html(browser).partition("Who was told")[2]


def test_it_shows_earlier_lines_when_asked(browser, responder, incident, now):
    for number in range(LINES):
        incident_note(actor=responder, incident=incident, text=f"tried {number}", now=now)
    assert "Opened as" not in html(browser)
    assert f'<a href="{URL}?all=1">show all</a>' in html(browser)
    assert "Opened as" in browser.get(f"{URL}?all=1").content.decode()


def test_it_keeps_showing_them_while_it_asks_for_itself(browser):
    assert f'hx-get="{URL}?all=1&amp;seen=' in browser.get(f"{URL}?all=1").content.decode()


def test_it_shows_who_was_told(browser):
    assert "on its way" in html(browser)


def test_it_changes_nothing_when_looked_at(browser, incident):
    before = Incident.objects.values().get()
    html(browser)
    assert Incident.objects.values().get() == before


@pytest.mark.parametrize(
    ("verb", "said", "status"),
    [
        ("acknowledge", "INC-001 is yours.", Status.ACKNOWLEDGED),
        ("resolve", "INC-001 is resolved.", Status.RESOLVED),
        ("mitigate", "The impact is over.", Status.OPEN),
    ],
)
def test_it_acts_by_one_tap(browser, verb, said, status):
    assert said in act(browser, verb).content.decode()
    assert Incident.objects.get().status == status


@pytest.mark.parametrize("verb", ACTS)
def test_it_lets_no_viewer_act(signed_in, viewer, incident, verb):
    other = make.incident("Payments are down")
    data = {"text": "x", "severity": "0", "into": other.pk, "start": "2026-11-18T08:30"}
    assert signed_in(viewer).post(f"{URL}act/{verb}/", data).status_code == 403


def test_it_shows_viewers_no_buttons(signed_in, viewer, incident):
    assert "Acknowledge</button>" not in html(signed_in(viewer))


def test_it_knows_no_other_verb(browser):
    assert browser.post(f"{URL}act/explode/").status_code == 404


def test_it_does_not_act_on_get(browser):
    assert browser.get(f"{URL}act/resolve/").status_code == 405


def test_it_tells_the_second_who_was_first(browser, manager, incident, now):
    incident_acknowledge(actor=manager, incident=incident, now=now)
    assert "Already acknowledged by Mara at 09:00 CET." in act(browser, "acknowledge").content.decode()


def test_it_shows_notes_as_markdown_and_never_as_markup(browser):
    page = act(browser, "note", text="**Pool** is full <script>alert(1)</script>").content.decode()
    assert "<strong>Pool</strong>" in page
    assert "<script>alert" not in page


def test_it_says_what_a_note_wants(browser):
    answer = act(browser, "note", text="")
    assert answer.status_code == 422
    assert "Write what you saw or tried." in answer.content.decode()


def test_it_gives_it_to_somebody(browser, manager):
    act(browser, "assign", to=manager.pk)
    assert Incident.objects.get().assignee == manager


def test_it_gives_it_to_nobody_who_cannot_work(browser, viewer):
    assert act(browser, "assign", to=viewer.pk).status_code == 422


def test_it_raises_the_severity(browser):
    act(browser, "severity", severity="0", why="All of Europe")
    assert Incident.objects.get().severity == 0


def test_it_refuses_a_severity_there_is_not(browser):
    assert act(browser, "severity", severity="7").status_code == 422


def test_it_merges(browser):
    other = make.incident("Payments are down")
    act(browser, "merge", into=other.pk)
    assert Incident.objects.get(number=1).merged_into == other
    page = html(browser)
    assert "This is part of" in page and "card strip" not in page


def test_it_refuses_to_merge_into_what_is_over(browser, responder, now):
    other = make.incident("Payments are down")
    incident_resolve(actor=responder, incident=other, now=now)
    answer = act(browser, "merge", into=other.pk)
    assert "That one is not open." in answer.content.decode()


def test_it_says_why_it_did_not_merge_into_what_was_resolved_meanwhile(browser, responder, now, monkeypatch):
    other = make.incident("Payments are down")

    def clean(_form):
        incident_resolve(actor=responder, incident=other, now=now)

    monkeypatch.setattr(MergeForm, "clean", clean)
    answer = act(browser, "merge", into=other.pk)
    assert "can only be merged into another incident that is not resolved" in answer.text


def test_it_sets_the_start_in_the_readers_zone(browser, now):
    act(browser, "impact", start="2026-11-18T08:30")
    assert Incident.objects.get().impact_start == now - timedelta(minutes=30)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("", "“Impact began” is still empty"),
        ("soon", "Write date and time, such as"),
        ("0001-01-01T00:00", "between the years"),
        ("2026-11-18T09:30", "cannot begin after it was detected"),
        ("2026-07-01T09:30", "Look at the date."),
    ],
)
def test_it_says_what_is_wrong_with_the_start(browser, start, said):
    answer = act(browser, "impact", start=start)
    assert answer.status_code == 422
    assert said in answer.text


def test_it_reopens(browser, responder, incident, now):
    incident_resolve(actor=responder, incident=incident, now=now)
    assert "Reopen" in html(browser)
    act(browser, "reopen")
    assert Incident.objects.get().status == Status.OPEN


def test_it_says_why_it_cannot_reopen(browser, responder, now):
    first = make.incident(source="backup:3")
    incident_resolve(actor=responder, incident=first, now=now)
    make.incident(source="backup:3")
    answer = browser.post(f"/incidents/{first}/act/reopen/", follow=True)
    assert "INC-003 is open for the same thing" in answer.content.decode()


def test_it_shows_what_higher_nouns_know(browser, monkeypatch):
    monkeypatch.setattr(impacts, "_entries", {"test": lambda i: [Impact("37", "customers", "/x/")]})
    assert "Who is hurt" in html(browser)


def test_it_shows_nothing_where_nobody_knows(browser):
    assert "Who is hurt" not in html(browser)


def test_it_names_the_dependency_that_is_down(browser, checkout, signals):
    payments = make.service("Payments")
    checkout.depends_on.add(payments)
    signals.set(payments, watched.Status.DOWN)
    assert ", which this depends on, is down too." in html(browser)


def test_it_names_other_services_that_are_down(browser, signals):
    signals.set(make.service("Blog"), watched.Status.DOWN)
    assert "Blog</a> is down at the same time." in html(browser)


def test_it_names_earlier_incidents_of_the_service(browser, responder, incident, checkout, now):
    incident_resolve(actor=responder, incident=incident, now=now + timedelta(minutes=12))
    make.incident(service=checkout)
    page = browser.get("/incidents/INC-002/").content.decode()
    assert "INC-001</a> of 18 November 2026: the same service, over after 12 min." in page


class TestLive:
    """The page asks for itself while the incident is live."""

    HEADERS = {"HX-Request": "true", "HX-Target": "live"}  # a constant of the tests

    def ask(self, browser, seen=""):
        return browser.get(f"{URL}?seen={seen}", headers=self.HEADERS)

    def test_it_answers_with_the_live_part(self, browser):
        page = self.ask(browser).content.decode()
        assert '<div class="stack" id="live"' in page
        assert "<html" not in page

    def test_it_says_nothing_when_nothing_changed(self, browser):
        seen = self.ask(browser).context["view"].version
        assert self.ask(browser, seen).status_code == 204

    def test_it_says_what_is_new(self, browser, incident, responder, now):
        seen = self.ask(browser).context["view"].version
        incident_note(actor=responder, incident=incident, text="Found it", now=now)
        assert b"Found it" in self.ask(browser, seen).content

    def test_it_moves_the_clocks_every_minute(self, browser, frozen):
        seen = self.ask(browser).context["view"].version
        frozen.shift(timedelta(minutes=1))
        assert self.ask(browser, seen).status_code == 200

    def test_it_stops_asking_when_it_is_over(self, browser, incident, responder, now):
        assert "every 10s" in html(browser)
        incident_resolve(actor=responder, incident=incident, now=now)
        assert "every 10s" not in html(browser)


@pytest.mark.parametrize("count", [0, 150])
def test_it_asks_the_database_a_fixed_number_of_times(
    browser, incident, responder, now, django_assert_max_num_queries, count
):
    for number in range(count):
        incident_note(actor=responder, incident=incident, text=f"Note {number}", now=now)
        make.service(f"Service {number}", slug=f"s{number}")
    for number in range(count // 30):
        make.channel(f"Channel {number}")
        make.incident(f"Other {number}")
    with django_assert_max_num_queries(22):
        html(browser)
