"""What is wrong with a form is said so that one knows what to do, the same way on every form."""

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template

from opsconsole.ui.forms import all_complaints, complaints


class Service(forms.Form):
    name = forms.CharField(max_length=3)
    tier = forms.ChoiceField(label="How much hangs on it", choices=[("1", "All")])
    day = forms.DateField(error_messages={"required": "Choose a day."})

    def clean(self):
        raise ValidationError("Not now.")


def test_it_names_the_field_that_is_empty():
    assert complaints(Service({})["name"]) == ["“Name” is still empty: fill it in."]


def test_it_asks_to_choose_where_one_chooses():
    assert complaints(Service({})["tier"]) == ["“How much hangs on it” is still empty: choose one."]


def test_it_keeps_the_words_that_a_form_has_of_its_own():
    assert complaints(Service({})["day"]) == ["Choose a day."]


def test_it_says_that_there_is_no_such_choice():
    said = complaints(Service({"tier": "2"})["tier"])
    assert said == ["“How much hangs on it” has no such choice, or not any more: choose one that is listed."]


def test_it_says_how_much_too_long_it_is():
    said = complaints(Service({"name": "Shop"})["name"])
    assert said == ["“Name” may have 3 characters; this has 4: shorten it."]


def test_it_knows_how_much_the_table_takes_when_only_that_was_too_short():
    form = Service({"name": "Ok"})
    form.add_error("name", "Ensure this value has at most 200 characters (it has 419).")
    assert "may have 200 characters" in complaints(form["name"])[0]


@pytest.mark.parametrize(("given", "first"), [({}, "name"), ({"name": "Ok"}, "tier"), (None, None)])
def test_it_puts_the_cursor_into_the_first_field_that_is_wrong(given, first):
    form = Service(given)
    page = Template("{% field bound %}")
    drawn = {bound.name: page.render(Context({"bound": bound})) for bound in form}
    assert [name for name, html in drawn.items() if "autofocus" in html] == ([first] if first else [])


def test_it_points_to_the_help_where_a_pattern_is_not_met():
    class Account(forms.Form):
        number = forms.RegexField("^[0-9]+$")

    said = complaints(Account({"number": "x"})["number"])
    assert said == ["“Number” cannot be that: write it as the line below says."]


class Probe(forms.Form):
    words = forms.CharField()
    page = forms.URLField(assume_scheme="https")
    mail = forms.EmailField()
    name = forms.SlugField()
    tries = forms.IntegerField(min_value=1, max_value=10)
    limit = forms.FloatField()
    at = forms.TimeField()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("page", "x", "“Page” is no web address: write all of it, such as https://example.com/page."),
        ("words", "\0", "“Words” has a character in it that no text can have: type it anew."),
        ("mail", "x", "“Mail” is no mail address: write one such as ops@example.com."),
        ("name", "a b", "“Name” may have letters, digits, hyphens and underscores, and no spaces."),
        ("tries", "x", "“Tries” is no whole number: write one such as 5."),
        ("tries", "0", "“Tries” must be 1 or more."),
        ("tries", "11", "“Tries” must be 10 or less."),
        ("limit", "x", "“Limit” is no number: write one such as 4.6."),
        ("at", "x", "“At” is no time of day: write it as 09:30."),
    ],
)
def test_it_says_how_a_value_is_written(field, typed, said):
    assert complaints(Probe({field: typed})[field])[0] == said


def test_it_says_everything_at_once():
    said = all_complaints(Service({"name": "API", "tier": "1"}))
    assert said == "Not now. Choose a day."


@pytest.mark.parametrize("widget", [forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple])
def test_it_ties_what_is_wrong_to_the_field_for_screen_readers(widget):
    form = Service({})
    form.fields["tier"].widget = widget()
    form.fields["tier"].help_text = "Look at the table."
    page = Template("{% field form.tier %}").render(Context({"form": form}))
    tied = re.search('aria-describedby="([^"]+)"', page)
    assert tied and set(tied[1].split()) == {"id_tier_error", "id_tier_helptext"}
    assert all(f'id="{name}"' in page for name in tied[1].split())


def test_it_says_it_beside_the_field_without_markup_of_label_or_help():
    form = Service({})
    form.fields["name"].label = form.fields["name"].help_text = "<b>"
    page = Template("{% field form.name %}").render(Context({"form": form}))
    assert "“&lt;b&gt;” is still empty: fill it in." in page
    assert "<b>" not in page
