"""What heartbeats tell checklists, reports, the catalogue and the auditor."""

from datetime import timedelta

import pytest
from django.utils import timezone

from monitoring.catalogue.sources import sources, states
from monitoring.heartbeats.checks import all_on_time, success_holds
from monitoring.heartbeats.measures import late, success
from monitoring.heartbeats.models import Run
from monitoring.heartbeats.navigation import down
from monitoring.heartbeats.tasks import fold_and_judge
from monitoring.heartbeats.watches import unread
from opsconsole.health.models import Gap
from opsconsole.lib.periods import Period
from opsconsole.measures.verdicts import Verdict
from tests.monitoring import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "team")]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def told(name, now, kind="success"):
    beat = make.heartbeat(name)
    make.ping(beat, now, kind)
    return beat


def week(now) -> Period:
    return Period(now - 7 * DAY, now)


def test_it_counts_the_jobs_that_are_down_now(now):
    told("Good", now)
    told("Bad", now, "fail")
    make.heartbeat("New")
    fold_and_judge(now)
    reading = late(week(now + MINUTE))
    assert (reading.value, reading.n) == (1, 2)


def test_it_knows_nothing_of_jobs_that_nobody_judges(now):
    """They were on time two days ago, and the sweeps stand still since."""
    beat = told("Job", now - 2 * DAY)
    fold_and_judge(now - 2 * DAY)
    reading = late(week(now + MINUTE))
    assert (reading.value, reading.coverage) == (0, 0)
    [signal] = sources["heartbeats"]([beat.service_id])
    assert (signal.status, signal.detail) == ("unknown", "The console has not looked at it in time.")
    assert list(states["heartbeats"]()) == [(beat.service_id, "unknown")]


def test_it_tells_the_catalogue_which_jobs_never_reported(now):
    told("Job", now), make.heartbeat("New")
    fold_and_judge(now)
    found = sources["heartbeats"]([make.service().pk])
    assert {s.title: s.is_new for s in found} == {"Job": False, "New": True}


def test_it_verifies_nothing_of_a_run_that_nobody_judges(signed_in, viewer, now):
    """It is not late yet, but may run too long by now."""
    make.heartbeat(
        status="up",
        last_ping_at=now - HOUR,
        expected_at=now + HOUR,
        running_since=now - HOUR,
        due_at=now - 2 * MINUTE,
    )
    found = all_on_time(now)
    assert (found.verdict, found.value, found.detail) == (Verdict.UNKNOWN, "0 of 1", "1 not measured")
    listed = signed_in(viewer).get("/monitoring/heartbeats/").context["list"]
    assert [(row.standing.word, row.beat.rank) for row in listed.rows] == [("Not measured", 2)]


def test_it_counts_the_jobs_that_were_down_then(now):
    beat = told("Job", now - 3 * DAY, "fail")
    make.ping(beat, now - 2 * DAY)
    fold_and_judge(now)
    assert late(Period(now - 7 * DAY, now - 2.5 * DAY)).value == 1
    assert late(Period(now - 7 * DAY, now - DAY)).value == 0


def test_it_links_to_the_jobs_that_were_late_then(signed_in, viewer, now):
    told("Good", now)
    make.ping(told("Job", now - 3 * DAY, "fail"), now - 2 * DAY)
    fold_and_judge(now)
    for period, found in ((Period(now - 7 * DAY, now - 2.5 * DAY), ["Job"]), (week(now), [])):
        page = signed_in(viewer).get(late(period).evidence_url)
        assert [job.name for job in page.context["late"].rows] == found
        assert late(period).value == len(found)


def test_it_links_to_the_very_runs(signed_in, viewer, now):
    beat = make.heartbeat()
    for outcome, days in (("success", 1), ("fail", 2), ("missed", 3), ("lost", 1), ("fail", 9)):
        Run.objects.create(heartbeat=beat, outcome=outcome, finished_at=now - days * DAY)
    url = success(week(now)).evidence_url
    assert signed_in(viewer).get(url).context["count"] == success(week(now)).n == 3
    page = signed_in(viewer).get(f"{url}&outcome=fail")
    assert [run.heartbeat.name for run in page.context["page"].rows] == [beat.name]


@pytest.mark.parametrize("page", ["", "runs/"])
def test_it_says_what_is_wrong_with_an_address(signed_in, viewer, page):
    answer = signed_in(viewer).get(f"/monitoring/heartbeats/{page}?at=never")
    assert b"notice bad" in answer.content and answer.status_code == 200


def test_it_has_no_figure_without_jobs(now):
    assert late(week(now)).value is None
    assert success(week(now)).value is None


def test_it_tells_the_share_of_runs_that_succeeded(now):
    beat = make.heartbeat()
    for outcome in ("success", "success", "fail", "missed", "lost"):
        Run.objects.create(heartbeat=beat, outcome=outcome, finished_at=now - DAY)
    reading = success(week(now))
    assert (reading.value, reading.n, reading.coverage) == (50, 4, 1)


def test_it_says_how_much_of_the_time_we_listened(now):
    Gap.objects.create(part="listener", start=now - DAY, end=now - DAY / 2)
    assert success(Period(now - DAY, now)).coverage == 0.5
    assert success(Period(now - DAY, now + DAY)).coverage == 0.5


def test_it_knows_that_nobody_listens_now(now):
    """Whoever is deaf has not noted it yet."""
    make.listening(now - DAY / 4)
    assert success(Period(now - DAY, now)).coverage == 0.75
    assert success(Period(now - DAY, now - DAY / 2)).coverage == 1


@pytest.mark.parametrize(
    ("kinds", "verdict", "value"),
    [
        ([], Verdict.UNKNOWN, "–"),
        (["success", "success"], Verdict.OK, "2 of 2"),
        (["success", "fail"], Verdict.BAD, "1 of 2"),
        (["success", None], Verdict.UNKNOWN, "1 of 2"),
    ],
)
def test_it_answers_whether_all_are_on_time(now, kinds, verdict, value):
    for n, kind in enumerate(kinds):
        told(f"Job {n}", now, kind) if kind else make.heartbeat(f"Job {n}")
    fold_and_judge(now)
    found = all_on_time(now)
    assert (found.verdict, found.value) == (verdict, value)


def test_it_asks_to_look_at_what_is_late_within_its_grace(now):
    told("Job", now - DAY - MINUTE)
    fold_and_judge(now)
    found = all_on_time(now)
    assert (found.verdict, found.detail) == (Verdict.LOOK, "1 late within the grace")


def test_it_counts_none_as_on_time_that_nobody_has_judged(now):
    """It may run too long by now, and the sweep that would see it stands still."""
    make.heartbeat("Job", status="up", last_ping_at=now, due_at=now - 2 * MINUTE)
    found = all_on_time(now)
    assert (found.verdict, found.value, found.detail) == ("unknown", "0 of 1", "1 not measured")


def test_it_tells_the_catalogue_how_a_job_is(now):
    beat = told("Job", now, "fail")
    fold_and_judge(now)
    signal = sources["heartbeats"]([beat.service_id])[0]
    assert (signal.status, signal.title, signal.url) == ("down", "Job", f"/monitoring/heartbeats/{beat.pk}/")
    assert "it called /fail" in signal.detail


def test_it_shows_in_the_rail_how_many_are_down(now):
    assert down() is None
    told("Job", now, "fail")
    fold_and_judge(now)
    found = down()
    assert found is not None
    assert (found.number, found.tone) == (1, "bad")


def test_it_notices_pings_that_nobody_reads():
    now = timezone.now()
    told("Job", now - timedelta(seconds=31))
    told("Other", now)
    assert unread(now).count == 1


@pytest.fixture
def ended(now):
    """`ended(days, good, bad)`: runs that ended so many days ago."""
    beat = make.heartbeat()

    def end(days, good, bad=0):
        for outcome in ["success"] * good + ["fail"] * bad:
            Run.objects.create(heartbeat=beat, outcome=outcome, finished_at=now - days * DAY)

    return end


@pytest.mark.parametrize(("bad", "verdict"), [(0, Verdict.OK), (1, Verdict.LOOK), (3, Verdict.BAD)])
def test_it_compares_success_with_the_week_before(now, ended, bad, verdict):
    ended(3, 20)
    ended(0.5, 20 - bad, bad)
    found = success_holds(now)
    assert (found.verdict, found.value) == (verdict, "100 %" if not bad else f"{100 - 5 * bad}.0 %")


@pytest.mark.parametrize(("days", "says"), [(0.5, "no week before"), (3, "no run ended")])
def test_it_cannot_compare_without_both(now, ended, days, says):
    ended(days, 5)
    assert success_holds(now).verdict == Verdict.UNKNOWN
    assert says in success_holds(now).detail


def test_it_cannot_compare_what_it_did_not_hear(now, ended):
    ended(3, 20)
    ended(0.1, 1)
    Gap.objects.create(part="listener", start=now - DAY, end=now - 0.2 * DAY)
    assert success_holds(now).verdict == Verdict.UNKNOWN
