"""The pages: who may see and change what, and what they say to bad input."""

from datetime import timedelta

import pytest
from django.urls import reverse

from maintenance.checklists.models import Item, Template
from maintenance.checklists.selectors import listing_sentence, records
from opsconsole.measures.verdicts import Verdict
from tests.maintenance import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


@pytest.fixture
def template(owner):
    template = make.template()
    make.item(template, "Is it up?", section="Health")
    return template


@pytest.fixture
def run(template, now):
    run = make.run(template, now)
    make.found(run)
    make.answer(run, "Payments went through")
    return run


READ = ["list", "template", "run", "answer"]
WRITE = ["new", "edit", "rest", "wake", "item_new", "item_edit", "item_move", "item_remove"]
WORK = ["sign_off", "hand_over", "read_again", "done", "undo", "value", "note", "skip", "incident"]


def url(name, run):
    answer, item = run.answers.last(), run.template.items.get()
    pk = {
        "template": run.template_id,
        "edit": run.template_id,
        "rest": run.template_id,
        "wake": run.template_id,
    }
    pk |= {
        "item_new": run.template_id,
        "run": run.pk,
        "sign_off": run.pk,
        "hand_over": run.pk,
        "read_again": run.pk,
    }
    pk |= dict.fromkeys(("item_edit", "item_move", "item_remove"), item.pk)
    pk |= dict.fromkeys(("answer", "done", "undo", "value", "note", "skip", "incident"), answer.pk)
    return reverse(f"checklists:{name}", args=[pk[name]] if name in pk else [])


@pytest.mark.parametrize("name", READ + WRITE + WORK)
def test_it_wants_a_sign_in(client, run, name):
    response = client.post(url(name, run)) if name in WRITE + WORK else client.get(url(name, run))
    assert response.status_code == 302
    assert "sign-in" in response["Location"]


@pytest.mark.parametrize("name", READ)
def test_it_shows_everybody(signed_in, viewer, run, name):
    assert signed_in(viewer).get(url(name, run)).status_code == 200


@pytest.mark.parametrize("name", WRITE + WORK)
def test_it_lets_viewers_change_nothing(signed_in, viewer, run, name):
    data = {"note": "a", "reason": "a", "value": "1", "to": viewer.pk, "title": "a", "severity": 2}
    assert signed_in(viewer).post(url(name, run), data).status_code == 403


@pytest.mark.parametrize("name", WRITE)
def test_it_lets_responders_change_no_template(signed_in, responder, run, name):
    assert signed_in(responder).post(url(name, run)).status_code == 403


@pytest.mark.parametrize(
    "name", ["rest", "wake", "item_move", "item_remove", "sign_off", "read_again", "done", "undo"]
)
def test_it_changes_nothing_by_get(signed_in, manager, run, name):
    assert signed_in(manager).get(url(name, run)).status_code == 405


def test_it_opens_with_the_sentence(signed_in, responder, run):
    page = signed_in(responder).get(url("run", run)).content.decode()
    assert "One question waits for your answer. Everything else is fine." in page
    assert "1 of 2 answered by machine at" in page


def test_it_says_when_it_could_no_longer_verify(signed_in, viewer, run, frozen):
    frozen.shift(timedelta(minutes=31))
    page = signed_in(viewer).get(url("run", run)).text
    assert "Could not verify: last read 31 min ago" in page
    assert "1 fine" not in page


def test_it_shows_viewers_no_buttons(signed_in, viewer, run):
    page = signed_in(viewer).get(url("run", run)).content.decode()
    assert "Sign off <kbd>" not in page
    assert 'data-key="x"' not in page


def test_it_freezes_the_page_of_a_signed_run(signed_in, responder, run, now):
    answer = run.answers.last()
    client = signed_in(responder)
    client.post(url("skip", run), {"reason": "No payments on Sundays"})
    client.post(url("sign_off", run))
    page = client.get(url("run", run)).content.decode()
    assert "Signed off, with what was found." in page
    assert f"Skipped by {responder}: No payments on Sundays" in page
    assert f'id="answer-{answer.pk}"' in page
    assert 'data-key="x"' not in page


def test_it_says_that_the_console_was_stopped(signed_in, viewer, template, now):
    run = make.run(template, now, opened_at=None, status="missed")
    page = signed_in(viewer).get(reverse("checklists:run", args=[run.pk])).content.decode()
    assert "Missed: the console was stopped." in page


def test_it_shows_how_an_item_was_answered_before(signed_in, viewer, template, now):
    item = template.items.get()
    earlier = make.run(template, now.replace(day=17))
    make.found(earlier, Verdict.BAD, item=item, text="2 of 3")
    answer = make.found(make.run(template, now), item=item)
    page = signed_in(viewer).get(reverse("checklists:answer", args=[answer.pk])).content.decode()
    assert "2 of 3" in page


def test_it_makes_a_checklist(signed_in, manager):
    data = {
        "name": "Weekly review",
        "wall": "09:00",
        "weekdays": ["0"],
        "ordinal": "0",
        "months": list(range(1, 13)),
    }
    data |= {"owner_role": "manager", "expected_minutes": "30", "deadline_minutes": "240"}
    response = signed_in(manager).post(reverse("checklists:new"), data)
    made = Template.objects.get()
    assert response["Location"] == reverse("checklists:template", args=[made.pk])
    assert (made.slug, made.weekdays, made.schedule_words) == ("weekly-review", [0], "Mondays")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"weekdays": []}, "Choose at least one weekday."),
        ({"zone_name": "Moon/Base"}, "is not a time zone"),
        ({"wall": "25:00"}, "is no time of day"),
        ({"deadline_minutes": "0"}, "Give between 1 minute and 31 days"),
        ({"expected_minutes": "0"}, "Give between 1 minute and a day"),
        ({"expected_minutes": "32768"}, "Give between 1 minute and a day"),
        ({"name": "Morning"}, "already"),
    ],
)
def test_it_says_what_is_wrong_with_a_schedule(signed_in, manager, template, change, sentence):
    data = {"name": "Other", "wall": "09:00", "weekdays": ["0"], "ordinal": "0", "months": ["1"]}
    data |= {"owner_role": "manager", "expected_minutes": "30", "deadline_minutes": "240"}
    response = signed_in(manager).post(reverse("checklists:new"), data | change)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_it_edits_a_template(signed_in, manager, template):
    data = {"name": "Early", "wall": "08:00", "weekdays": ["0", "1"], "ordinal": "0", "months": ["1"]}
    data |= {"owner_role": "responder", "expected_minutes": "5", "deadline_minutes": "60"}
    signed_in(manager).post(reverse("checklists:edit", args=[template.pk]), data)
    template.refresh_from_db()
    assert (template.name, template.weekdays, template.slug) == ("Early", [0, 1], "morning")


def test_it_rests_and_wakes(signed_in, manager, run):
    client = signed_in(manager)
    assert "comes no more" in client.post(url("rest", run), follow=True).text
    assert "At rest" in client.get(url("list", run)).text
    assert "comes again" in client.post(url("wake", run), follow=True).text
    assert "At rest" not in client.get(url("list", run)).text


def test_it_moves_and_removes_a_question(signed_in, manager, template):
    item, client = make.item(template, "Is it fast?"), signed_in(manager)
    client.post(reverse("checklists:item_move", args=[item.pk]), {"way": "up"})
    assert [each.question for each in template.items.all()] == ["Is it fast?", "Is it up?"]
    page = client.post(reverse("checklists:item_remove", args=[item.pk]), follow=True).text
    assert "“Is it fast?” is asked no more" in page
    assert not template.items.filter(pk=item.pk).exists()


ITEM = {"question": "Is it fast?", "answer_kind": "tick", "freshness_minutes": "30", "window_hours": "24"}


def test_it_binds_an_item_to_a_registered_measure(signed_in, manager, template, world):
    data = ITEM | {"binding": "test.latency", "better": "lower", "target": "300"}
    signed_in(manager).post(reverse("checklists:item_new", args=[template.pk]), data)
    item = Item.objects.get(position=2)
    assert (item.kind, item.binding, item.target) == ("measure", "test.latency", 300)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"question": ""}, "“Question” is still empty: fill it in."),
        ({"binding": "no.such"}, "has no such choice"),
        ({"answer_kind": "choice", "choices": "Only one"}, "Write at least two choices"),
        ({"better": "lower"}, "A rule is both"),
        ({"target": "5"}, "A rule is both"),
        ({"better": "lower", "target": "5", "limit": "1"}, "The limit lies beyond the target"),
        ({"freshness_minutes": "9" * 15}, "Give between 1 minute and 31 days"),
        ({"window_hours": "9" * 15}, "Give between 1 hour and 366 days"),
        ({"window_hours": "0"}, "Give between 1 hour and 366 days"),
    ],
)
def test_it_says_what_is_wrong_with_an_item(signed_in, manager, template, change, sentence):
    response = signed_in(manager).post(reverse("checklists:item_new", args=[template.pk]), ITEM | change)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_it_keeps_a_binding_that_this_console_does_not_know(signed_in, manager, template):
    item = make.item(template, kind="check", binding="gone.away")
    data = ITEM | {"binding": "gone.away"}
    signed_in(manager).post(reverse("checklists:item_edit", args=[item.pk]), data)
    item.refresh_from_db()
    assert (item.question, item.kind, item.binding) == ("Is it fast?", "check", "gone.away")


def test_it_names_who_answers_by_title_and_not_by_code(signed_in, viewer, template, world):
    make.item(template, "Is it fast?", kind="measure", binding="test.latency", better="lower", target=400)
    make.item(template, "All up", kind="check", binding="test.up")
    make.item(template, "Gone", kind="check", binding="gone.away")
    page = signed_in(viewer).get(reverse("checklists:template", args=[template.pk])).text
    assert "the console, from “Latency”, wanted at most 400 ms" in page
    assert 'All up</span><span class="quiet">the console</span>' in page
    assert "the console, from “gone.away”, which is not here" in page
    assert "test." not in page


def test_it_links_an_answer_to_the_figure_it_came_from(signed_in, viewer, run, world):
    answer = make.found(run, kind="measure", binding="test.latency")
    page = signed_in(viewer).get(reverse("checklists:answer", args=[answer.pk])).text
    assert '<a href="/measures/test.latency/">the console, from “Latency”</a>' in page


def test_it_asks_the_same_few_queries_however_long_the_list(
    signed_in, responder, run, django_assert_max_num_queries
):
    for i in range(40):
        make.found(run, question=f"Check {i}", verdict=Verdict.LOOK if i % 2 else Verdict.OK)
    client = signed_in(responder)
    with django_assert_max_num_queries(12):
        client.get(url("run", run))


def test_it_lists_many_checklists_with_few_queries(signed_in, viewer, now, django_assert_max_num_queries):
    for i in range(12):
        template = make.template(f"List {i}")
        make.run(template, now, status="signed", signed_at=now)
    client = signed_in(viewer)
    with django_assert_max_num_queries(10):
        assert "1<small>in time in a row" in client.get(reverse("checklists:list")).content.decode()


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ("", "No checklist comes of itself"),
        ("A", "A waits to be signed off"),
        ("ABCD", "A, B, C and 1 more wait to be signed off"),
    ],
)
def test_it_says_which_checklists_wait(team, names, said):
    for name in names:
        make.run(make.template(name))
    assert listing_sentence(records()) == said


@pytest.mark.parametrize(("fine", "bad", "proposed"), [(30, 0, True), (29, 0, False), (40, 1, False)])
def test_it_proposes_to_automate_what_never_finds_anything(
    signed_in, viewer, template, now, fine, bad, proposed
):
    item = template.items.get()
    for day in range(fine + bad):
        at = now - timedelta(days=day + 1)
        run = make.run(template, at, status="signed", signed_at=at)
        make.answer(run, item=item, source="person", verdict=Verdict.OK if day < fine else Verdict.BAD)
    page = signed_in(viewer).get(reverse("checklists:template", args=[template.pk])).content.decode()
    assert ("let data answer it, or drop it" in page) == proposed


def test_it_shows_the_runs_of_rare_checklists_beside_daily_ones(signed_in, viewer, now):
    daily, rare = make.template("Daily"), make.template("Quarterly")
    for day in range(100):
        make.run(daily, now - timedelta(days=day), status="signed", signed_at=now - timedelta(days=day))
    make.run(rare, now - timedelta(days=99), status="signed", signed_at=now - timedelta(days=99))
    page = signed_in(viewer).get(reverse("checklists:list")).content.decode()
    assert "45+<small>" in page
    assert "1<small>" in page


def test_it_says_what_will_stand_where_no_checklist_came_due_yet(signed_in, viewer):
    page = signed_in(viewer).get(reverse("checklists:runs")).text
    assert "No checklist has come due yet" in page
    narrowed = signed_in(viewer).get(reverse("checklists:runs"), {"status": "signed"}).text
    assert "No run fits. Narrow less" in narrowed
