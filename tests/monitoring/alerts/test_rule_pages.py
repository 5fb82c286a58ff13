"""The pages of rules: made from a template, tried on the past, kept, switched off and removed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from monitoring.alerts.forms.rules import RuleForm
from monitoring.alerts.models import Rule
from monitoring.alerts.rules import kinds
from monitoring.alerts.shipped import TEMPLATES
from tests.conftest import NOW
from tests.monitoring.alerts import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
GIVEN = {"name": "High error rate", "subject": "metric:errors", "severity": "1", "service": "", "side": "above", "limit": "1", "lasts": "5 min"}  # fmt: skip


@pytest.fixture
def manages(signed_in, manager):
    return signed_in(manager)


@pytest.fixture
def hours():
    return make.series([0] * 40 + [3] * 2 + [0] * 20, size=3600)


def new(client, path="", **given):
    return client.post(reverse("alerts:rule_new") + path, GIVEN | given)


def test_it_adds_a_rule(manages, hours):
    assert new(manages).status_code == 302
    rule = Rule.objects.get()
    assert (rule.kind, rule.config) == ("threshold", {"side": "above", "limit": 1.0, "lasts": 300.0})


def test_it_tries_a_rule_and_keeps_nothing(manages, hours):
    said = new(manages, **{"try": "1"}).content.decode()
    assert "It would have fired once." in said
    assert "It is 3, over 1 for 1 h." in said  # the past is judged by its hours
    assert not Rule.objects.exists()


def test_it_tries_the_last_days_as_the_rule_will_judge(manages):
    """Six minutes of five per cent do not show in the mean of their hour, which is all that is left of what is older."""
    make.series([0.5] * 24 * 20, size=3600)
    make.series([0.2] * 600 + [5] * 6 + [0.2] * 60 + [5] * 3 + [0.2] * 60)
    page = new(manages, **{"try": ""}).text
    assert "It would have fired once." in page
    assert page.count('class="shade bad"') == 1
    assert "judged by the minute, as the rule will be" in page


def test_it_tries_silence_by_the_minute(manages):
    make.series([1] * 600 + [None] * 40 + [1] * 60)
    given = {"lasts": "15 min", "try": ""}
    assert "It would have fired once." in new(manages, "?kind=absence", **given).text


def test_it_says_when_nothing_is_known_to_try_it_on(manages):
    make.series([], slug="errors")
    assert "nobody can say" in new(manages, **{"try": "1"}).content.decode()


@pytest.mark.parametrize("wrong", [{"limit": "much"}, {"limit": "1e300"}, {"lasts": "soon"}, {"lasts": ""}, {"subject": "metric:other"}, {"severity": "9"}, {"name": ""}])  # fmt: skip
def test_it_says_what_is_wrong(manages, hours, wrong):
    for asked in ({}, {"try": "1"}):
        answer = new(manages, **(wrong | asked))
        assert answer.status_code == 200
        assert "error" in answer.content.decode()
    assert not Rule.objects.exists()


@pytest.mark.parametrize("objective", ["100", "101", "-1"])
def test_it_takes_no_objective_that_nobody_can_judge(manages, hours, objective):
    given = {"objective": objective, "values": "good"}
    assert "“Objective, in per cent” must be" in new(manages, "?kind=burn", **given).text
    assert not Rule.objects.exists()


@pytest.mark.parametrize("slug", TEMPLATES)
def test_it_fills_the_form_from_a_ready_rule(manages, hours, slug):
    template = TEMPLATES[slug]
    said = manages.get(reverse("alerts:rule_new"), {"template": slug}).content.decode()
    assert template.name in said
    kind = kinds[template.kind]
    shown = RuleForm.by(kind, template, "metric:errors")
    data = {bound.name: shown.fields[bound.name].prepare_value(bound.value()) for bound in shown}
    form = RuleForm(kind, {name: value for name, value in data.items() if value is not None})
    assert form.is_valid(), form.errors


@pytest.mark.parametrize("kind", [kind.name for kind in kinds])
def test_it_offers_every_kind(manages, kind):
    assert kinds[kind].help_text in manages.get(reverse("alerts:rule_new"), {"kind": kind}).content.decode()


def test_it_shows_a_rule_with_its_past(manages, hours):
    rule = make.rule()
    said = manages.get(reverse("alerts:rule", args=[rule.pk])).content.decode()
    assert "It would have fired once." in said
    assert "<svg" in said


def test_it_edits_a_rule(manages, hours):
    rule = make.rule()
    url = reverse("alerts:rule_edit", args=[rule.pk])
    assert "5 min" in manages.get(url).content.decode()
    manages.post(url, GIVEN | {"limit": "7"})
    assert Rule.objects.get().config["limit"] == 7


def test_it_switches_off_and_removes(manages):
    rule = make.rule()
    manages.post(reverse("alerts:rule_switch", args=[rule.pk]), {"on": "0"})
    assert not Rule.objects.get().is_on
    assert (
        "It is not judged while it is off."
        in manages.get(reverse("alerts:rule", args=[rule.pk])).content.decode()
    )
    manages.post(reverse("alerts:rule_remove", args=[rule.pk]))
    assert not Rule.objects.exists()


def test_it_lists_rules_and_says_what_is_not_known(manages):
    make.rule(), make.rule(verdict="firing", since=NOW - timedelta(days=2))
    said = manages.get(reverse("alerts:rules")).content.decode()
    assert "1 rule fires, and of 1 rule nobody knows." in said


def test_it_is_for_managers(signed_in, viewer):
    client = signed_in(viewer)
    assert new(client).status_code == 403
    assert "Ready rules" not in client.get(reverse("alerts:rules")).content.decode()
