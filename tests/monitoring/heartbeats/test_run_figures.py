"""Figures in a ping: read, kept, shown, and what follows when they are not as they should be."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from monitoring.heartbeats.figures import BadDemand, demands, told
from monitoring.heartbeats.models import Ping, Run
from monitoring.heartbeats.services import heartbeats
from monitoring.heartbeats.standing import standing
from monitoring.heartbeats.tasks import fold_and_judge
from tests.monitoring import make

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("query", "body", "figures"),
    [
        ("count=12&rows=300&error_count=0", "", {"count": 12, "rows": 300, "error_count": 0}),
        ("metric=count:1&metric=duration:2.5", "", {"count": 1, "duration": 2.5}),
        ("rid=1&create=1&status=up&msg=5&ping=31", "", {"ping": 31}),
        ("rows=-1.5e3&a=1_0&b=nan&c=inf&d=&1e=2&e=1e999&f=0x1", "", {"rows": -1500}),
        ("", '{"metrics": {"rows": 3, "ok": true, "x": "7", "": 1, "y": null}}', {"rows": 3, "x": 7}),
        ("rows=1", '{"metrics": {"rows": 3}}', {"rows": 1}),
        ("", '{"metrics": [1]}', {}),
        ("", '{"metrics": {"n": 1' + "0" * 400 + "}}", {}),
        ("", "[" * 9000, {}),
        ("", "{broken", {}),
    ],
)
def test_it_reads_figures(query, body, figures):
    assert told(query, body).figures == figures


def test_it_reads_a_progress_token():
    assert told("progress=batch+7", "").progress == "batch 7"
    assert told("", '{"progress": 42}').progress == "42"
    assert told("", '{"progress": {"a": 1}}').progress == ""


def test_it_takes_twenty_figures_at_most():
    assert len(told("&".join(f"n{n}=1" for n in range(30)), "").figures) == 20


@given(st.text(max_size=60), st.text(max_size=60))
def test_it_never_breaks(query, body):
    told(query, body)
    told(query, '{"metrics": {"a": ' + body)


@pytest.mark.parametrize(
    "line", ["rows", "rows >", "> 0", "rows > much", "rows => 0", "a b > 1", "rid > 1", "rows > nan"]
)
def test_it_refuses_what_compares_nothing(line):
    with pytest.raises(BadDemand, match="compares nothing"):
        demands(line)


@pytest.mark.parametrize(
    ("line", "value", "holds"),
    [
        ("rows > 0", 0, False),
        ("rows>=0", 0, True),
        ("rows < 5", 5, False),
        ("rows <= 5", 5, True),
        ("rows = 2", 2, True),
        ("rows == 2", 3, False),
        ("rows != 2", 3, True),
    ],
)
def test_it_compares(line, value, holds):
    assert (demands(line)[0].broken({"rows": value}) == "") == holds


@pytest.fixture
def report(team, now):
    """`report(beat, "rows=0")`: a ping with this query, folded; the heartbeat as it is then."""

    def reported(beat, query: str, **fields):
        make.ping(beat, now, query=query, **fields)
        fold_and_judge(now)
        beat.refresh_from_db()
        return beat

    return reported


@pytest.mark.django_db
class TestARun:
    def test_it_keeps_its_figures(self, report):
        report(make.heartbeat(), "rows=300&items=2.5")
        assert Run.objects.get().metrics == {"rows": 300, "items": 2.5}
        assert Run.objects.get().figures == [("rows", "300"), ("items", "2.5")]

    def test_it_fails_when_a_figure_is_not_as_it_should_be(self, report):
        beat = report(make.heartbeat(assertions="rows > 0"), "rows=0")
        run = Run.objects.get()
        assert (beat.status, run.outcome, run.reason) == ("down", "fail", "“rows” is 0, and should be > 0")
        assert beat.status_reason == "Its last run counts as failed: “rows” is 0, and should be > 0."

    def test_it_fails_when_the_figure_is_missing(self, report):
        assert report(make.heartbeat(assertions="rows > 0"), "").status == "down"

    def test_it_is_well_when_all_hold(self, report):
        beat = report(make.heartbeat(assertions="rows > 0\nerrors = 0"), "rows=3&errors=0")
        assert (beat.status, Ping.objects.get().meant) == ("up", "")

    def test_it_asks_nothing_of_a_failure_or_a_start(self, report):
        report(make.heartbeat(assertions="rows > 0"), "", kind="start")
        assert Run.objects.get().outcome == "running"


@pytest.mark.django_db
class TestProgress:
    def test_it_is_stuck_when_nothing_moves(self, report, now):
        beat = make.heartbeat(stuck_after=3)
        states = [report(beat, f"progress={token}").status for token in ("1", "2", "2", "2", "2", "3")]
        assert states == ["up", "up", "up", "down", "down", "up"]

    def test_it_says_so(self, report, now):
        beat = make.heartbeat(stuck_after=2)
        for _ in range(2):
            report(beat, "progress=row+7")
        assert standing(beat, now).word == "Stuck"
        assert "it said “row 7” 2 times in a row" in beat.status_reason

    @pytest.mark.parametrize("said", [{"query": "progress=%00"}, {"body": r'{"progress": "\ud800"}'}])
    def test_it_keeps_no_character_that_no_database_takes(self, report, said):
        beat = make.heartbeat(stuck_after=2)
        assert [report(beat, **{"query": "", **said}).status for _ in range(2)] == ["up", "down"]
        assert beat.progress == "?"

    def test_it_counts_only_where_told_to(self, report):
        beat = make.heartbeat()
        assert [report(beat, "progress=1").status for _ in range(5)] == ["up"] * 5


@pytest.mark.usefixtures("frozen")
class TestThePage:
    def test_it_shows_figures_as_a_series_and_on_the_run(self, signed_in, viewer, report):
        beat = make.heartbeat(assertions="items > 5")
        report(beat, "items=9")
        report(beat, "items=4&q=<b>")
        page = signed_in(viewer).get(f"/monitoring/heartbeats/{beat.pk}/").content.decode()
        assert "What its runs say" in page
        assert page.count("“items” is 4, and should be &gt; 5") >= 2

    def test_it_names_a_line_that_compares_nothing(self, manager, now):
        with pytest.raises(ValidationError) as refused:
            heartbeats.heartbeat_create(actor=manager, name="B", assertions="rows", now=now)
        assert "assertions" in refused.value.message_dict


@pytest.mark.django_db(transaction=True)
class TestTheListener:
    def test_it_keeps_what_followed_the_question_mark(self, ping, heartbeat):
        ping(f"/ping/{heartbeat.key}?rows=300")
        assert Ping.objects.get().query == "rows=300"

    def test_it_cuts_no_figure_in_two(self, ping, heartbeat):
        ping(f"/ping/{heartbeat.key}?" + "&".join(f"a{n}=1000" for n in range(100)))
        assert Ping.objects.get().query.endswith("=1000")

    def test_it_keeps_the_figure_of_a_push(self, ping, heartbeat):
        ping(f"/api/push/{heartbeat.key.hex}?status=up&msg=OK&ping=31")
        assert told(Ping.objects.get().query, "").figures == {"ping": 31}
