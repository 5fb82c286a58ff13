"""Four times of incidents, by their printed definitions."""

from datetime import timedelta

import pytest

from incidents.response.figures import BY_SLUG, ROWS, detected_in, hurting, spread
from incidents.response.models import Incident
from incidents.response.services import incident_acknowledge, incident_merge, incident_resolve
from opsconsole.accounts.roles import SYSTEM
from opsconsole.lib.periods import Period
from opsconsole.measures.selectors import read
from opsconsole.measures.verdicts import Verdict
from tests.incidents import make

pytestmark = pytest.mark.django_db


def minutes(count):
    return timedelta(minutes=count)


@pytest.fixture
def week(now):
    return Period(now - timedelta(days=3), now + timedelta(days=4), "week 47")


@pytest.fixture
def story(responder, now, frozen):
    """`story(acknowledged, resolved)` is an incident paged after a minute, with these minutes; others follow an hour apart."""

    def tell(acknowledged=None, resolved=None, **fields):
        start = now + timedelta(hours=Incident.objects.count())
        incident = make.incident(now=start, **fields)
        Incident.objects.filter(pk=incident.pk).update(paged_at=start + minutes(1))
        if acknowledged is not None:
            incident_acknowledge(actor=responder, incident=incident, now=start + minutes(acknowledged))
        if resolved is not None:
            incident_resolve(actor=responder, incident=incident, now=start + minutes(resolved))
        incident.refresh_from_db()
        return incident

    return tell


def figure(slug, period):
    return read(slug, period).reading


def test_it_acknowledges_from_the_accepted_page(story, week):
    story(5, 30)
    assert figure("incidents.tta", week).value == 4


def test_it_resolves_from_the_first_evidence(story, week):
    story(5, 30)
    assert figure("incidents.ttr", week).value == 30


def test_it_detects_from_the_start_of_the_impact(story, week):
    incident = story(5, 30)
    Incident.objects.update(impact_start=incident.impact_start - minutes(10))
    assert figure("incidents.ttd", week).value == 10
    assert figure("incidents.ttm", week).value == 40


def test_it_takes_the_median_and_says_the_rest(story, week):
    for acknowledged in (2, 3, 11):
        story(acknowledged, 30)
    reading = figure("incidents.tta", week)
    assert (reading.value, reading.n) == (2, 3)
    assert reading.detail == "Median 2 min, p90 8 min 24 s, n = 3."


def test_it_gives_a_mean_only_of_five(story, week, now):
    for _ in range(4):
        story(2, 3)
    assert spread(BY_SLUG["tta"], detected_in(week), now).mean is None
    story(2, 3)
    assert spread(BY_SLUG["tta"], detected_in(week), now).mean == 1


def test_it_counts_apart_what_nobody_acknowledged(story, week, now):
    story(5, 30)
    incident_resolve(actor=SYSTEM, incident=story(), now=now + timedelta(hours=2))
    assert figure("incidents.ttr", week).value == 30
    assert "1 more resolved by the console, counted apart" in figure("incidents.ttr", week).detail
    assert figure("incidents.auto_resolved", week).value == 1


def test_it_says_at_least_of_what_still_runs(story, week, frozen):
    story(5)
    frozen.shift(timedelta(hours=2))
    assert "1 still running, at least 2 h" in figure("incidents.ttr", week).detail


def test_it_leaves_out_drills_and_merged_ones(story, week, responder, now):
    first, second = story(1), story(2)
    incident_merge(actor=responder, incident=second, into=first, now=now)
    story(3, 4, is_drill=True)
    assert figure("incidents.opened", week).value == 1


def test_it_has_no_time_where_there_was_no_incident(week):
    judged = read("incidents.tta", week)
    assert (judged.reading.value, judged.verdict) == (None, Verdict.UNKNOWN)


MADE_OF = {"incidents.opened": 4, "incidents.auto_resolved": 1, "incidents.open": 1, "incidents.impact": 4}


@pytest.mark.parametrize("of", ROWS)
def test_it_links_to_its_very_rows(story, week, signed_in, responder, frozen, of):
    for acknowledged, resolved in ((5, 30), (5, None), (9, 12)):
        story(acknowledged, resolved)
    incident_resolve(actor=SYSTEM, incident=story(), now=week.end - timedelta(days=3))
    story(3, 4, is_drill=True)
    frozen.shift(timedelta(days=2))
    page = signed_in(responder).get(figure(of, week).evidence_url)
    assert (page.context["asked"].of, page.context["count"]) == (of, MADE_OF.get(of, 3))


def test_it_counts_what_is_open_at_the_end(story, now, week, frozen):
    story(5, 30)
    frozen.shift(timedelta(hours=1))
    assert figure("incidents.open", Period(now, now + minutes(10))).value == 1
    assert figure("incidents.open", week).value == 0


def test_it_counts_overlapping_hurt_once(story, responder, now):
    first, second = make.incident(now=now), make.incident(now=now + minutes(10))
    incident_resolve(actor=responder, incident=first, now=now + minutes(20))
    incident_resolve(actor=responder, incident=second, now=now + minutes(30))
    assert hurting(Period(now, now + timedelta(days=1)), now + timedelta(days=2)) == minutes(30)


def test_it_counts_hurt_only_within_the_period(responder, now):
    incident = make.incident(now=now)
    incident_resolve(actor=responder, incident=incident, now=now + minutes(20))
    assert hurting(Period(now + minutes(5), now + minutes(15)), now + minutes(60)) == minutes(10)


def test_it_counts_hurt_that_goes_on(now):
    make.incident(now=now)
    assert hurting(Period(now, now + timedelta(days=1)), now + minutes(60)) == minutes(60)


class TestPage:
    URL = "/incidents/figures/"

    def test_it_asks_strangers_to_sign_in(self, client, owner):
        assert client.get(self.URL).status_code == 302

    def test_it_prints_the_method(self, signed_in, viewer, story):
        story(5, 30)
        html = signed_in(viewer).get(self.URL).content.decode()
        assert "One incident, acknowledged after 4 min and resolved after 30 min." in html
        assert "from the first page that a provider accepted to the first person" in html

    def test_it_says_how_long_half_of_several_took(self, signed_in, viewer, story):
        story(5, 30), story(15, 50)
        html = signed_in(viewer).get(self.URL).text
        assert "2 incidents, half of them acknowledged within 9 min and resolved within 40 min." in html

    def test_it_says_when_there_was_nothing(self, signed_in, viewer, frozen):
        assert b"No incident in this time." in signed_in(viewer).get(self.URL).content

    @pytest.mark.parametrize(
        ("query", "said"),
        [
            ("from=x", "Write a day as"),
            ("from=0001-01-01", "between the years"),
            ("to=9999-12-31", "between the years"),
        ],
    )
    def test_it_says_what_is_wrong_with_a_day(self, signed_in, viewer, query, said):
        assert said in signed_in(viewer).get(f"{self.URL}?{query}").content.decode()

    def test_it_refuses_years_that_no_zone_can_reckon(self, signed_in, viewer):
        page = signed_in(viewer).get(f"{self.URL}?from=0001-01-01&to=9999-12-31")
        assert b"Choose a day between the years 2000 and 2200." in page.content
