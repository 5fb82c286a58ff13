"""The pieces that pages are made of."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from opsconsole.ui.fields import ZoneField
from opsconsole.ui.templatetags.ui import ago, glued, said
from tests.conftest import NOW


def rendered(text, **context):
    return Template(text).render(Context(context))


def test_it_offers_the_next_step_where_nothing_is_yet():
    piece = '{% include "components/empty.html" with title=title text="Because" url="/x/" action="Add" %}'
    text = rendered(piece, title="No <b>")
    assert "No &lt;b&gt;" in text
    assert '<a class="button primary" href="/x/">Add</a>' in text


def test_it_copies_what_it_shows_and_nothing_else():
    text = rendered(
        '{% include "components/code.html" with id="curl" text=line label="the line" %}', line="curl <x>"
    )
    assert '<pre id="curl">curl &lt;x&gt;</pre>' in text
    assert 'data-copy="#curl" aria-label="Copy the line"' in text


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (3, "just now"),
        (-3, "just now"),
        (40, "40 s ago"),
        (92, "2 min ago"),
        (-300, "in 5 min"),
        (7500, "2 h 5 min ago"),
    ],
)
def test_it_says_how_long_ago_in_what_matters(span, said):
    assert ago(NOW - timedelta(seconds=span), NOW) == said


def test_it_suggests_zones_and_takes_any_that_exists():
    field = ZoneField()
    assert '<option value="Europe/Vienna">' in field.widget.render("zone", "", {"id": "id_zone"})
    assert field.clean("Etc/GMT+3") == "Etc/GMT+3"


@pytest.mark.parametrize(
    ("year", "style", "says"),
    [
        (2026, "short", "6 Nov 14:21 CET"),
        (2025, "short", "6 Nov 2025 14:21 CET"),
        (2025, "dense", "6 Nov 2025 14:21"),
    ],
)
def test_it_says_the_year_of_another_year(frozen, year, style, says):
    assert said(datetime(year, 11, 6, 14, 21, tzinfo=ZoneInfo("Europe/Vienna")), style) == says


def test_it_keeps_numbers_with_their_units():
    text = "hurt for 14 h 45 min, 93 % of 2 days; 3 sheep"
    assert glued(text) == "hurt for 14\u00a0h\u00a045\u00a0min, 93\u00a0% of 2\u00a0days; 3 sheep"


def test_it_keeps_the_number_of_an_incident_whole_and_escapes_the_rest():
    assert glued("<b> in INC-042.") == '&lt;b&gt; in <span class="keep">INC-042</span>.'
    assert glued("VINC-1 and INC-x") == "VINC-1 and INC-x"
