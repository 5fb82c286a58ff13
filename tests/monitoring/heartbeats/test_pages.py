"""The pages of heartbeats: who may see and do what, and what they say."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from monitoring.catalogue.models import StatusChange
from monitoring.catalogue.states import Status
from monitoring.heartbeats.models import Heartbeat, Run
from monitoring.heartbeats.pages import lists
from monitoring.heartbeats.tasks import fold_and_judge
from tests.monitoring import make

pytestmark = pytest.mark.usefixtures("frozen")
LIST = "/monitoring/heartbeats/"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FORM = {"name": "Backup", "schedule": "period", "period": "1 day", "grace": "1 h"}


@pytest.fixture
def beat(team, now):
    """It ran twice, an hour ago and now; the last time it failed."""
    made = make.heartbeat()
    make.ping(made, now - HOUR, "start", rid=UUID(int=1))
    make.ping(made, now - HOUR / 2, rid=UUID(int=1))
    make.ping(made, now, "fail", exit_status=3, body="<script>disk full</script>", ip="192.0.2.7")
    fold_and_judge(now)
    return made


def urls(beat) -> list[str]:
    return [LIST, f"{LIST}{beat.pk}/", f"{LIST}new/", f"{LIST}{beat.pk}/edit/", f"{LIST}preview/"]


def test_it_asks_strangers_to_sign_in(client, owner, beat):
    assert {client.get(url).status_code for url in urls(beat)} == {302}


def test_it_lets_viewers_read_and_no_more(signed_in, viewer, beat):
    client = signed_in(viewer)
    assert [client.get(url).status_code for url in urls(beat)] == [200, 200, 403, 403, 403]
    for act in ("pause", "resume", "remove", "restore"):
        assert client.post(reverse(f"heartbeats:{act}", args=[beat.pk])).status_code == 403
    assert client.post(f"{LIST}new/", FORM).status_code == 403
    assert client.post(f"{LIST}{beat.pk}/edit/", FORM).status_code == 403


def test_it_shows_the_key_to_those_who_work_with_it(signed_in, viewer, responder, beat):
    url = f"{LIST}{beat.pk}/"
    assert str(beat.key) not in signed_in(viewer).get(url).content.decode()
    shown = signed_in(responder).get(url).content.decode()
    assert f"curl -fsS -m 10 --retry 5 -o /dev/null http://127.0.0.1:8000/ping/{beat.key}" in shown


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        ({"post_only": True}, "curl -fsS -m 10 --retry 5 -o /dev/null -X POST http"),
        ({"post_only": True}, "-X POST &quot;$url/start?rid=$run&quot;"),
        ({"failure_words": "ERROR"}, "/path/to/job 2&gt;&amp;1 | tail -c 10000 | curl"),
        ({"failure_words": "ERROR", "words_in": "subject"}, "/path/to/job &amp;&amp; curl"),
        ({"assertions": "rows > 0\nrows < 9\na.b = 1"}, "?rows=$rows&amp;a.b=$a_b&quot;"),
        ({"assertions": "rows > 0"}, "$url/$status?rid=$run&amp;rows=$rows&quot;"),
        ({}, "@</span> and the domain of your mail server"),
    ],
)
def test_it_shows_lines_that_count_by_its_rules(signed_in, responder, rules, line):
    beat = make.heartbeat(**rules)
    assert line in signed_in(responder).get(f"{LIST}{beat.pk}/").content.decode()


def test_it_changes_nothing_by_a_get(signed_in, manager, beat):
    client = signed_in(manager)
    for act in ("pause", "resume", "remove", "restore"):
        assert client.get(reverse(f"heartbeats:{act}", args=[beat.pk])).status_code == 405


def test_it_shows_how_to_begin_where_there_is_nothing(signed_in, manager, team):
    page = signed_in(manager).get(LIST).content.decode()
    assert "Let your jobs say that they ran" in page
    assert f"/ping/{team.ping_key}/nightly-backup?create=1" in page
    assert 'name="name"' in page


def test_it_keeps_the_ping_key_from_viewers(signed_in, viewer, team):
    assert team.ping_key not in signed_in(viewer).get(LIST).content.decode()


def test_it_says_what_is_true_now_and_shows_trouble_first(signed_in, viewer, beat, now):
    fine = make.heartbeat("A fine job")
    make.ping(fine, now)
    fold_and_judge(now)
    page = signed_in(viewer).get(LIST).content.decode()
    assert "1 of 2 jobs did not run as it should" in page
    assert page.index("Nightly backup") < page.index("A fine job")


def test_it_never_takes_output_for_markup(signed_in, responder, beat):
    for url in (LIST, f"{LIST}{beat.pk}/"):
        page = signed_in(responder).get(url).content.decode()
        assert "disk full" in page
        assert "<script>disk" not in page


def test_it_tells_the_days_also_as_a_table(signed_in, viewer, beat, now):
    StatusChange.objects.create(source=beat.source, service=beat.service, new="down", at=now - HOUR, noticed_at=now)  # fmt: skip
    shown = signed_in(viewer).get(f"{LIST}{beat.pk}/").content.decode()
    assert "the last 90 days; the same as a table below" in shown
    assert '<tr><td>18 Nov</td><td class="number">30 min</td>' in shown


def test_it_shows_the_runs_of_a_job(signed_in, viewer, beat):
    page = signed_in(viewer).get(f"{LIST}{beat.pk}/").content.decode()
    assert "Nightly backup failed" in page
    assert "30 min" in page
    assert "exit 3" in page
    assert "192.0.2.7" in page


def test_it_makes_a_heartbeat(signed_in, manager):
    answer = signed_in(manager).post(f"{LIST}new/", FORM | {"max_run_time": "30 min"})
    made = Heartbeat.objects.get()
    assert answer.url == f"{LIST}{made.pk}/"
    assert (made.period, made.grace, made.max_run_time) == (DAY, HOUR, HOUR / 2)


def test_it_makes_one_with_a_cron_expression(signed_in, manager):
    given = FORM | {"schedule": "cron", "cron": " 0 3 * * * ", "zone": "Europe/Vienna", "period": ""}
    signed_in(manager).post(f"{LIST}new/", given)
    assert Heartbeat.objects.get().plan.words == "daily at 03:00 Europe/Vienna, 1 h grace"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "“Name” is still empty: fill it in."),
        ({"period": "often"}, "Write a duration such as"),
        ({"period": ""}, "Write how often it runs"),
        ({"grace": "1 s"}, "Choose 10 s or more"),
        ({"schedule": "cron", "cron": ""}, "Write when it runs"),
        ({"schedule": "cron", "cron": "0 0 31 2 *"}, "never fires; check its day and month"),
        ({"schedule": "cron", "cron": "* * *"}, "is not a cron expression; write five fields"),
        ({"schedule": "cron", "cron": "0 3 * * *", "zone": "Mars/Olympus"}, "is not a time zone"),
        ({"schedule": "sometimes"}, "has no such choice"),
        ({"slug": "Nightly"}, "Use small letters"),
        ({"slug": "a b"}, "slug"),
        ({"service": "999"}, "has no such choice"),
        ({"start_words": " , ,"}, "There is no word in it"),
    ],
)
def test_it_says_what_is_wrong_with_the_form(signed_in, manager, wrong, sentence):
    answer = signed_in(manager).post(f"{LIST}new/", FORM | wrong)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Heartbeat.objects.exists()


def test_it_edits_a_heartbeat(signed_in, manager, beat):
    client, url = signed_in(manager), f"{LIST}{beat.pk}/edit/"
    assert 'value="1 day"' in client.get(url).content.decode()
    client.post(url, FORM | {"name": "Hourly backup", "period": "1 h", "slug": "hourly"})
    beat.refresh_from_db()
    assert (beat.name, beat.slug, beat.period) == ("Hourly backup", "hourly", HOUR)


def test_it_pauses_and_resumes(signed_in, manager, beat):
    client = signed_in(manager)
    client.post(f"{LIST}{beat.pk}/pause/")
    assert "Nightly backup is paused" in client.get(f"{LIST}{beat.pk}/").content.decode()
    client.post(f"{LIST}{beat.pk}/resume/")
    beat.refresh_from_db()
    assert beat.status == Status.UNKNOWN


def test_it_removes_without_a_question_and_offers_it_back(signed_in, manager, beat):
    client = signed_in(manager)
    answer = client.post(f"{LIST}{beat.pk}/remove/")
    assert "Nightly backup is removed" in client.get(answer.url).content.decode()
    assert client.get(f"{LIST}{beat.pk}/").status_code == 404
    client.post(f"{LIST}{beat.pk}/restore/")
    assert client.get(f"{LIST}{beat.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("schedule=cron&cron=0+3+*+*+*&zone=Europe/Vienna", "Thursday 19 November, 03:00 CET"),
        ("schedule=cron&cron=0+3+*+*+*&zone=Mars", "is not a time zone"),
        ("schedule=cron&cron=0+0+30+2+*&zone=UTC", "never fires"),
        ("schedule=period&period=1+day&grace=1+h", "nothing came for 1 day 1 h"),
    ],
)
def test_it_tells_what_a_schedule_means_while_it_is_typed(signed_in, manager, asked, sentence):
    assert sentence in signed_in(manager).get(f"{LIST}preview/?{asked}").content.decode()


@pytest.mark.parametrize(
    "asked", ["", "schedule=cron", "schedule=period&period=x&grace=", "period=" + "9" * 30 + "w"]
)
def test_it_bears_a_schedule_half_typed(signed_in, manager, asked):
    assert signed_in(manager).get(f"{LIST}preview/?{asked}").status_code == 200


@pytest.mark.parametrize(
    "asked", ["after=x", "after=99999999999999999999", "after=0", "removed=x", "removed=7"]
)
def test_it_bears_any_query(signed_in, viewer, beat, asked):
    client = signed_in(viewer)
    assert client.get(f"{LIST}?{asked}").status_code == 200
    assert client.get(f"{LIST}{beat.pk}/?{asked}").status_code == 200


def test_it_turns_pages_without_losing_or_repeating_a_job(signed_in, viewer, now, monkeypatch):
    monkeypatch.setattr(lists, "SIZE", 3)
    for n in range(10):
        make.heartbeat(f"Job {n}", slug=f"j{n}", status=["down", "up", "paused"][n % 3], last_ping_at=now)
    seen, after = [], "0"
    while after:
        listed = lists.heartbeat_list(text="", after=after, now=now)
        seen += [row.beat.name for row in listed.rows]
        after = listed.cursor
    assert seen == [f"Job {n}" for n in (0, 3, 6, 9, 1, 4, 7, 2, 5, 8)]


def test_it_finds_jobs_by_name(signed_in, viewer, beat):
    make.heartbeat("Invoices")
    page = signed_in(viewer).get(f"{LIST}?q=invoi", headers={"HX-Request": "true", "HX-Target": "heartbeats"})
    assert "Invoices" in page.content.decode()
    assert "Nightly" not in page.content.decode()
    assert "<html" not in page.content.decode()


def test_it_needs_few_queries_however_many_there_are(signed_in, viewer, now, django_assert_max_num_queries):
    client = signed_in(viewer)
    for n in range(60):
        beat = make.heartbeat(f"Job {n}", recent_seconds=[1, 2, 3])
        Run.objects.create(heartbeat=beat, outcome="success", finished_at=now)
    client.get(LIST)
    with django_assert_max_num_queries(14):
        client.get(LIST)
    for n in range(40):
        make.ping(beat, now, "success" if n % 2 else "fail")
    fold_and_judge(now)
    with django_assert_max_num_queries(20):
        client.get(f"{LIST}{beat.pk}/")


def test_it_says_what_will_stand_where_no_job_has_run_yet(signed_in, viewer):
    page = signed_in(viewer).get(reverse("heartbeats:runs")).text
    assert "No job has reported a run yet" in page
    narrowed = signed_in(viewer).get(reverse("heartbeats:runs"), {"outcome": "fail"}).text
    assert "No run fits. Narrow less" in narrowed
