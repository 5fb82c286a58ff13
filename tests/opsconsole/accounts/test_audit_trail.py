"""Who changed what, from what to what, from which address."""

from datetime import time, timedelta

import pytest
from auditlog.models import LogEntry
from django.db import connection

from opsconsole.accounts import services
from opsconsole.accounts.models import Scope, User
from opsconsole.accounts.services import api_key_create, password_set, team_update, user_update
from tests.maintenance import make as maintenance
from tests.monitoring import make as monitoring

URL = "/settings/audit/"


def killed_at_update(execute, sql, *rest):
    if sql.startswith("UPDATE"):
        raise InterruptedError
    return execute(sql, *rest)


@pytest.fixture
def changed(signed_in, owner, viewer):
    client = signed_in(owner)
    client.post("/settings/", {"name": "Acme Ops", "time_zone": "Asia/Tokyo"}, REMOTE_ADDR="192.0.2.9")
    client.post(f"/settings/people/{viewer.pk}/", {"name": "Vera", "role": "manager"})
    return client


def test_it_names_person_values_and_address(changed):
    page = changed.get(URL, {"kind": "accounts.team"}).text
    for said in ("Olga", "Europe/Vienna → Asia/Tokyo", "192.0.2.9"):
        assert said in page


def test_it_signs_as_the_console_where_nobody_was_signed_in(changed, team, owner):
    team_update(actor=owner, team=team, name="By command", time_zone="UTC")
    page = changed.get(URL, {"who": "console", "text": "By command"}).text
    assert "console changed team <b>By command</b>" in page


def test_it_narrows_by_person_kind_and_text(changed, owner, viewer):
    assert "→ Asia/Tokyo" not in changed.get(URL, {"kind": "accounts.user"}).text
    assert "→ Asia/Tokyo" not in changed.get(URL, {"who": viewer.pk}).text
    assert "Asia/Tokyo" in changed.get(URL, {"who": owner.pk, "text": "tokyo"}).text


def test_it_looks_for_a_text_among_the_newest_and_says_so(changed, team, owner, monkeypatch):
    monkeypatch.setattr("opsconsole.accounts.trail.SEARCHED", 2)
    for name in ("Once", "Twice", "Thrice"):
        team_update(actor=owner, team=team, name=name, time_zone="UTC")
    page = changed.get(URL, {"text": "thrice"}).text
    assert "among the newest 2<" in page
    assert "Twice → Thrice" in page
    assert "Nothing found" in changed.get(URL, {"text": "Acme Ops", "kind": "accounts.team"}).text


@pytest.mark.parametrize(
    "act",
    [
        lambda who, team, key, now: services.profile_update(actor=who, name="Ida", time_zone=""),
        lambda who, team, key, now: services.password_set(user=who, password="another"),
        lambda who, team, key, now: services.user_reactivate(actor=who, user=key.user),
        lambda who, team, key, now: services.ping_key_renew(actor=who, team=team),
        lambda who, team, key, now: team_update(actor=who, team=team, name="New", time_zone="UTC"),
        lambda who, team, key, now: services.api_key_revoke(actor=who, key=key, now=now),
    ],
)
def test_it_tells_of_no_change_that_was_not_made(owner, team, now, act):
    gone = User.objects.create_user("gone@example.com", is_active=False)
    key, _ = api_key_create(actor=owner, user=gone, name="CI", scope=Scope.READ)
    before = LogEntry.objects.count()
    with connection.execute_wrapper(killed_at_update), pytest.raises(InterruptedError):
        act(owner, team, key, now)
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("text", ["Zürich", '"Ops"'])
def test_it_finds_what_a_name_was_before(changed, team, owner, text):
    for name in (f"Acme {text}", "Acme"):
        team_update(actor=owner, team=team, name=name, time_zone="UTC")
    assert changed.get(URL, {"text": text}).text.count("console changed team") == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"who": "x"},
        {"kind": "no.such"},
        {"after": "x"},
        {"who": "9" * 30},
        {"after": "9" * 30},
        {"text": "%_'"},
    ],
)
def test_it_bears_any_question(changed, asked):
    assert changed.get(URL, asked).status_code == 200


def test_it_never_shows_a_password(changed, viewer):
    password_set(user=viewer, password="four words make one")
    kept = str(list(LogEntry.objects.values_list("changes", flat=True)))
    viewer.refresh_from_db()
    assert viewer.password[-20:] not in kept
    assert "(hidden)" in changed.get(URL).text


def test_it_is_for_owners(signed_in, manager):
    assert signed_in(manager).get(URL).status_code == 403


def test_it_has_no_way_to_be_changed(changed):
    assert changed.post(URL, {"after": "1"}).status_code == 405
    assert changed.delete(URL).status_code == 405


def test_it_does_not_turn_values_into_markup(changed, owner, viewer):
    user_update(actor=owner, user=viewer, name="<script>alert(1)</script>", role=viewer.role)
    assert "<script>alert" not in changed.get(URL).text


def test_it_gives_the_entries_alone_to_htmx(changed):
    answer = changed.get(URL, headers={"HX-Request": "true", "HX-Target": "entries"}).text
    assert answer.lstrip().startswith('<section class="card" id="entries"')


def test_it_pages_without_counting(changed, team, owner, django_assert_max_num_queries):
    for n in range(120):
        team_update(actor=owner, team=team, name=f"Name {n}", time_zone="UTC")
    with django_assert_max_num_queries(9):
        first = changed.get(URL)
    assert "Name 119" in first.text
    second = changed.get(URL, {"after": first.context["cursor"]})
    assert "Name 60" in second.text and "→ Name 119" not in second.text


def test_it_names_the_people_behind_numbers(changed, owner):
    api_key_create(actor=owner, user=owner, name="Prometheus", scope=Scope.READ)
    page = changed.get(URL, {"kind": "accounts.apikey"}).text
    assert "console added API key" in page
    assert "whose: Olga" in page
    assert "it may: Read" in page


def test_it_has_words_for_what_the_code_calls_otherwise(changed):
    probe = monitoring.probe(
        config={"url": "https://old.example/", "expected_status": "200-299"}, interval=30
    )
    LogEntry.objects.all().delete()
    probe.config, probe.interval, probe.is_paused = probe.config | {"url": "https://new.example/"}, 60, True
    probe.save()
    page = changed.get(URL, {"kind": "probes.probe"}).text
    for said in (
        "address: https://old.example/ → https://new.example/",
        "asks every, s: 30 → 60",
        "paused: no → yes",
    ):
        assert said in page
    assert "expected" not in page


def test_it_writes_rows_within_a_setting_without_the_signs_of_the_code(changed):
    probe = monitoring.probe()
    probe.config = probe.config | {"conditions": [{"path": "$.status", "op": "==", "value": "ok"}]}
    probe.save()
    page = changed.get(URL, {"kind": "probes.probe"}).text
    assert "its JSON must say:" in page
    assert "op == path $.status value ok" in page


def test_it_names_the_rows_that_others_point_to(changed):
    probe = monitoring.probe(service=monitoring.service("Shop"))
    probe.service = monitoring.service("Docs")
    probe.save()
    assert "service: Shop → Docs" in changed.get(URL, {"kind": "probes.probe"}).text


def test_it_writes_spans_and_times_of_day_as_people_do(changed):
    beat = monitoring.heartbeat(grace=timedelta(hours=1))
    beat.grace = timedelta(minutes=90)
    beat.save()
    assert "grace: 1 h → 1 h 30 min" in changed.get(URL, {"kind": "heartbeats.heartbeat"}).text
    list_ = maintenance.template()
    list_.wall = time(10, 30)
    list_.save()
    assert "time of day: 09:00 → 10:30" in changed.get(URL, {"kind": "checklists.template"}).text


def test_it_names_the_days_of_a_checklist(changed):
    list_ = maintenance.template(weekdays=[0, 1])
    list_.weekdays, list_.ordinal, list_.months = [4], -1, [1, 12]
    list_.save()
    page = changed.get(URL, {"kind": "checklists.template"}).text
    for said in ("weekdays: Monday, Tuesday → Friday", "which of the month: each → last", "→ Jan, Dec"):
        assert said in page
