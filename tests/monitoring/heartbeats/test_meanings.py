"""What a ping means by the rules of its heartbeat."""

from datetime import timedelta

import pytest

from monitoring.heartbeats.meanings import MAIL, Rules, Where
from monitoring.heartbeats.models import Ping, Run
from monitoring.heartbeats.states import Kind
from monitoring.heartbeats.tasks import fold_and_judge
from tests.monitoring import make

WORDS = Rules(failure="ERROR, fatal", success="done", start="begun")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("all done", "success"),
        ("done, but ERROR in table 3", "fail"),  # failure is looked for first
        ("begun; done", "success"),
        ("begun", "start"),
        ("error: small letters", "ignored"),
        ("", "ignored"),
    ],
)
def test_it_looks_for_failure_then_success_then_start(body, kind):
    assert WORDS.meaning("success", "POST", body).kind == kind


def test_it_fails_what_has_none_of_the_words_where_told_to():
    assert Rules(success="done", else_fails=True).meaning("success", "POST", "hm") == (
        Kind.FAIL,
        "none of its words stands in it",
    )


def test_it_changes_nothing_without_rules():
    assert Rules(else_fails=True).meaning("start", "GET", "ERROR") == (Kind.START, "")
    assert Rules(failure=" , ").meaning("success", "GET", "").kind == "ignored"


@pytest.mark.parametrize(
    ("method", "kind"), [("POST", "fail"), (MAIL, "fail"), ("GET", "ignored"), ("", "ignored")]
)
def test_it_counts_only_what_is_posted_where_told_to(method, kind):
    assert Rules(post_only=True).meaning("fail", method, "").kind == kind


@pytest.mark.parametrize(
    ("where", "mail", "http"),
    [(Where.BODY, "ignored", "ignored"), (Where.SUBJECT, "fail", "success"), (Where.BOTH, "fail", "ignored")],
)
def test_it_looks_into_the_subject_of_mails(where, mail, http):
    rules = Rules(failure="ERROR", where=where)
    assert rules.meaning("success", MAIL, "body", "ERROR at night").kind == mail
    assert rules.meaning("success", "POST", "body").kind == http


@pytest.mark.django_db
@pytest.mark.usefixtures("team")
def test_it_takes_a_ping_for_what_its_words_say(now):
    beat = make.heartbeat(failure_words="ERROR")
    made = make.ping(beat, now, method="POST", body="12 tables\nERROR in table 3")
    fold_and_judge(now)
    beat.refresh_from_db()
    made.refresh_from_db()
    assert (made.kind, made.meant, Run.objects.get().outcome, beat.status) == (
        "success",
        "fail",
        "fail",
        "down",
    )
    assert "“ERROR” stands in it" in beat.status_reason


@pytest.mark.django_db
@pytest.mark.usefixtures("team")
def test_it_makes_nothing_of_a_ping_that_it_ignores(now):
    beat = make.heartbeat(post_only=True)
    make.ping(beat, now, method="GET")
    assert fold_and_judge(now + timedelta(seconds=1)) == 1
    beat.refresh_from_db()
    assert (beat.status, beat.last_ping_at, Run.objects.count()) == ("unknown", None, 0)
    assert Ping.objects.get().meant == "ignored"


@pytest.mark.django_db(transaction=True)
def test_it_answers_an_ignored_ping_like_any_other(ping, team):
    beat = make.heartbeat(post_only=True)
    assert ping(f"/ping/{beat.key}")[:2] == (200, "OK")
