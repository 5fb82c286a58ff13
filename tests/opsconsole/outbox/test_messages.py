"""How a message is rendered."""

from zoneinfo import ZoneInfo

import pytest

from opsconsole.outbox.messages import render

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def test_it_escapes_html_but_not_text(templates):
    templates(**{"m.subject": "{{ name }}", "m.txt": "{{ name }}", "m.html": "{{ name }}"})
    message = render("m", {"name": "Pay & <Go>"})
    assert (message.subject, message.text, message.html) == (
        "Pay & <Go>",
        "Pay & <Go>\n",
        "Pay &amp; &lt;Go&gt;",
    )


def test_it_keeps_the_subject_on_one_line(templates):
    templates(**{"m.subject": "Down:\n{{ name }}\n", "m.txt": "x"})
    assert render("m", {"name": "a\r\nBcc: x@example.com"}).subject == "Down: a Bcc: x@example.com"


def test_it_has_no_html_when_there_is_no_template(templates):
    templates(**{"m.subject": "s", "m.txt": "t"})
    assert render("m", {}).html == ""


def test_it_shows_times_in_the_zone_of_the_team(templates, team, now):
    templates(**{"m.subject": "s", "m.txt": "{{ now|when }} {{ base_url }}"})
    assert render("m", {"now": now}).text == "09:00 CET http://127.0.0.1:8000\n"


def test_it_shows_times_in_the_zone_asked_for(templates, now):
    templates(**{"m.subject": "s", "m.txt": '{{ now|when:"short" }}'})
    assert render("m", {"now": now}, zone=ZoneInfo("Asia/Tokyo")).text == "18 Nov 17:00 JST\n"


def test_it_dresses_a_mail_in_the_base(templates):
    body = "{% extends 'messages/base_mail.html' %}{% block tone %}bad{% endblock %}{% block title %}API down{% endblock %}"
    templates(**{"m.subject": "s", "m.txt": "t", "m.html": body})
    html = render("m", {}).html
    assert "<h1>API down</h1>" in html
    assert 'class="tag bad"' in html
