"""The rail: what is open, what is shown, and what its dot says."""

from functools import partial

import pytest
from django.urls import reverse

from opsconsole.lib.registry import Registry
from opsconsole.ui import context, nav
from opsconsole.ui.context import rail, tone
from opsconsole.ui.nav import Count, Entry


@pytest.fixture
def entries(monkeypatch):
    """An empty rail to register in."""
    own: Registry[Entry] = Registry("entry")
    monkeypatch.setattr(nav, "entries", own)
    monkeypatch.setattr(context, "entries", own)
    return own


@pytest.fixture
def settings_and_children(entries):
    nav.register("settings", Entry("Settings", "accounts:team", 90))
    nav.register("people", Entry("People", "accounts:people", 91, parent="settings"))
    nav.register("profile", Entry("You", "accounts:profile", 10))


def shown(path, person=None):
    return [
        (link.title, link.current, [(c.title, c.current) for c in link.children])
        for link in rail(path, person)
    ]


def test_it_sorts_and_hides_the_children_of_what_is_closed(settings_and_children):
    assert shown("/elsewhere/") == [("You", False, []), ("Settings", False, [])]


def test_it_marks_the_nearest_entry_only(settings_and_children):
    assert shown("/settings/people/3/") == [("You", False, []), ("Settings", False, [("People", True)])]
    assert shown("/settings/profile/") == [("You", True, []), ("Settings", False, [])]
    assert shown("/settings/audit/")[1] == ("Settings", True, [("People", False)])


def counting(counted, name):
    def count() -> Count | None:
        counted.append(name)
        return Count(1)

    return count


def test_it_counts_only_what_it_shows(entries):
    counted: list[str] = []
    nav.register("a", Entry("A", "accounts:team", 1, count=counting(counted, "a")))
    nav.register("b", Entry("B", "accounts:people", 2, parent="a", count=counting(counted, "b")))
    rail("/elsewhere/", None)
    assert counted == ["a"]
    rail("/settings/people/", None)
    assert counted == ["a", "a", "b"]


@pytest.mark.parametrize(
    ("tones", "worst"),
    [
        ([], ""),
        (["ok"], "ok"),
        (["ok", "unknown"], "unknown"),
        (["look", "bad", "ok"], "bad"),
        (["look", ""], "look"),
    ],
)
def test_it_takes_the_worst_tone(entries, tones, worst):
    for n, each in enumerate(tones):
        nav.register(str(n), Entry("X", "accounts:team", n, count=partial(Count, 0, each)))
    assert tone(rail("/", None)) == worst


def test_it_says_the_tone_in_words_and_hides_zero(entries, signed_in, viewer):
    nav.register("a", Entry("A", "accounts:team", 1, count=lambda: Count(0, "ok", "all is well")))
    nav.register("b", Entry("B", "accounts:people", 2, count=lambda: Count(3, "bad", "three are down")))
    page = signed_in(viewer).get(reverse("accounts:profile")).text
    assert 'class="brand bad"' in page
    assert ": Bad</span>" in page
    assert 'title="three are down">3</span>' in page
    assert "all is well" not in page


def test_it_shows_footnotes(monkeypatch, signed_in, viewer):
    own: Registry[nav.Footnote] = Registry("footnote")
    own.register("x", nav.Footnote(lambda: "On call: <Sarah>"))
    monkeypatch.setattr(context, "footnotes", own)
    assert "On call: &lt;Sarah&gt;" in signed_in(viewer).get(reverse("accounts:profile")).text


def test_it_costs_four_queries_and_one_for_each_count(signed_in, viewer, django_assert_max_num_queries):
    client = signed_in(viewer)
    counts = sum(1 for entry in nav.entries if entry.count and not entry.parent)
    with django_assert_max_num_queries(4 + counts):
        client.get(reverse("accounts:profile"))


def test_it_leads_to_the_page_past_the_rail(signed_in, viewer):
    page = signed_in(viewer).get(reverse("accounts:profile")).text
    assert page.index('<a class="skip" href="#page">') < page.index('class="rail"') < page.index('id="page"')


def test_it_bears_a_child_without_its_parent(entries):
    nav.register("people", Entry("People", "accounts:people", 91, parent="settings"))
    assert shown("/settings/people/") == []


def test_it_shows_nobody_what_they_may_not(entries, owner, viewer):
    nav.register("audit", Entry("Audit trail", "accounts:audit", 1, role="owner"))
    assert shown("/settings/audit/", viewer) == []
    assert shown("/settings/audit/", owner) == [("Audit trail", True, [])]
