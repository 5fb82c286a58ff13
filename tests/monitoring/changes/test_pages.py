"""The list of changes, one change, and noting one by hand."""

from datetime import timedelta

import pytest

from monitoring.changes import selectors
from monitoring.changes.models import Change
from tests.monitoring import make

pytestmark = pytest.mark.django_db
URL = "/monitoring/changes/"


@pytest.fixture
def shop(team):
    return make.service()


@pytest.fixture
def browser(signed_in, responder, frozen):
    return signed_in(responder)


def test_it_says_what_belongs_here_while_there_is_nothing(browser):
    assert "No change has been told yet" in browser.get(URL).text


def test_it_lists_by_when_they_were_done(browser, now):
    make.change("Second", now)
    make.change("First", now - timedelta(hours=1))
    shown = browser.get(URL).text
    assert shown.index("Second") < shown.index("First")


def test_it_turns_pages_where_times_and_ids_disagree(browser, now, monkeypatch):
    monkeypatch.setattr(selectors, "SIZE", 2)
    for minutes in (3, 1, 2, 2, 4):
        make.change(f"{minutes} min ago", now - timedelta(minutes=minutes))
    rows = selectors.changes()
    seen: list[Change] = []
    for _ in range(3):
        page = selectors.page_of(rows, str(seen[-1].pk) if seen else None)
        seen += page.rows
    assert page.cursor == ""
    assert seen == list(rows)


@pytest.mark.parametrize(
    ("query", "shown"),
    [("service=web-shop", "Deploy"), ("kind=flag", "Flag"), ("text=mara", "Flag"), ("kind=nonsense", "Flag")],
)
def test_it_narrows(browser, shop, query, shown):
    make.change("Deploy 4.2", service=shop)
    make.change("Flag on", kind="flag", author="Mara")
    page = browser.get(f"{URL}?{query}").text
    assert f">{shown}" in page
    assert ("Flag on" in page) != ("Deploy 4.2" in page) or "nonsense" in query


def test_it_asks_a_constant_number_of_queries(browser, django_assert_max_num_queries, shop):
    for number in range(60):
        make.change(f"Deploy {number}", service=shop)
    with django_assert_max_num_queries(13):
        browser.get(URL)


def test_it_notes_one_by_hand(browser, shop, responder, now):
    page = browser.post(
        f"{URL}new/", {"summary": "Index added", "kind": "migration", "service": shop.pk}, follow=True
    )
    assert "It is noted" in page.text
    change = Change.objects.get()
    assert (change.kind, change.service, change.at, change.noted_by) == ("migration", shop, now, responder)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"summary": ""}, "in a few words"),
        ({"url": "javascript:alert(1)"}, "no web address"),
        ({"at": "2026-11-20T09:00"}, "lies ahead"),
        ({"at": "yesterday"}, "Write date and time"),
    ],
)
def test_it_says_what_does_not_fit(browser, given, said):
    page = browser.post(f"{URL}new/", {"summary": "x", "kind": "flag"} | given).text
    assert said in page
    assert not Change.objects.exists()


def test_it_shows_one_with_its_details_as_text(browser):
    change = make.change("<b>x</b>", details="<script>", url="https://ci.example.com/7", author="Mara")
    page = browser.get(f"{URL}{change.pk}/").text
    assert "<b>x" not in page
    assert "<script>" not in page.partition('class="code"')[2][:20]
    assert 'href="https://ci.example.com/7"' in page


def test_it_removes_what_was_noted_by_mistake(browser):
    change = make.change()
    browser.post(f"{URL}{change.pk}/remove/")
    assert not Change.objects.exists()


def test_it_lets_viewers_only_read(signed_in, viewer, frozen):
    change, client = make.change(), signed_in(viewer)
    assert "Note a change" not in client.get(URL).text
    assert client.get(f"{URL}new/").status_code == 403
    assert client.post(f"{URL}{change.pk}/remove/").status_code == 403


def test_it_stands_on_the_page_of_its_service(browser, shop):
    make.change("Checkout 4.2", service=shop, author="Mara")
    make.change("Elsewhere")
    page = browser.get("/monitoring/services/web-shop/").text
    assert "Checkout 4.2" in page
    assert "Elsewhere" not in page


def test_it_says_how_many_changes_there_were_lately(browser, now):
    make.change("Old", now - timedelta(days=8))
    assert "<h1>No change in the last 7 days</h1>" in browser.get(URL).text
    make.change("New", now)
    assert "<h1>1 change in the last 7 days</h1>" in browser.get(URL).text
