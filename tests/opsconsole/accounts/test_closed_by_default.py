"""Every address of the console is behind the sign-in, but for those that are named here."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver

from opsconsole.accounts.middleware import SignInRequiredMiddleware

MACHINES = {
    "metrics",
    "in/<str:kind>/<str:key>",
    "in/<str:kind>/<str:key>/api/v2/alerts",
    "in/email/<str:key>",
    "in/slack/<str:token>/",
    "in/telegram/<str:token>/",
    "in/twilio/<str:token>/",
    "api/v2/alerts",
    "v2/enqueue",
    "v2/change/enqueue",
    "b/<states:states>/<uuid:key>.json",
    "b/<states:states>/<uuid:key>.shields",
    "b/<states:states>/<uuid:key>.svg",
}
"""Machines have no session: a key in the address, or beside it, opens these."""
PUBLIC = MACHINES | {
    "healthz",
    "readyz",
    "sign-in/",
    "sign-out/",
    "password/",
    "password/sent/",
    "password/set/<uidb64>/<token>/",
    "setup/",
    "a/<str:token>",
    "push-worker.js",
}
"""Liveness, the entrance, the page to acknowledge on, which its token opens, and a script that says nothing of anybody."""


def views(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns, route)
        else:
            yield route, pattern


EVERY = dict(views(get_resolver().url_patterns))


def test_it_is_open_only_where_it_is_named():
    opened = {route for route, pattern in EVERY.items() if getattr(pattern.callback, "is_public", False)}
    assert opened == PUBLIC & set(EVERY)


@pytest.mark.parametrize("route", sorted(set(EVERY) - PUBLIC))
def test_it_sends_strangers_to_the_sign_in(rf, owner, route):
    """What a view does without a person is not asked: the middleware answers before it."""
    for method in (rf.get, rf.post):
        request = method("/x/")
        request.user = AnonymousUser()
        answer = SignInRequiredMiddleware(lambda _: HttpResponse()).process_view(
            request, EVERY[route].callback, (), {}
        )
        assert answer is not None
        assert answer["Location"].startswith("/sign-in/")


def test_it_tells_htmx_to_leave_the_page_and_come_back_to_it(client, owner):
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/today/?day=1"}
    answer = client.get("/settings/", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/?next=/today/%3Fday%3D1")


def test_it_asks_for_the_sign_in_whatever_address_a_browser_sends_along(client, owner):
    htmx = client.get("/settings/", headers={"HX-Request": "true", "HX-Current-URL": "http://[::1"})
    sent = client.post("/settings/", headers={"Referer": "http://[::1"})
    assert (htmx["HX-Redirect"], sent["Location"]) == ("/sign-in/?next=/", "/sign-in/?next=/")


def test_it_does_not_repeat_a_post_after_the_sign_in(client, owner):
    assert client.post("/settings/")["Location"] == "/sign-in/?next=/"


@pytest.mark.parametrize(
    ("page", "back"),
    [
        ("https://ops.example.com/incidents/?a=1#x", "/incidents/%3Fa%3D1"),
        ("https://evil.example//x", "/"),
        ("", "/"),
    ],
)
def test_it_leads_back_to_the_page_that_a_form_was_sent_from(client, owner, page, back):
    answer = client.post("/settings/", headers={"referer": page})
    assert answer["Location"] == f"/sign-in/?next={back}"


def test_it_sends_the_headers_that_protect_a_page(client, owner):
    answer = client.get("/sign-in/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_it_answers_liveness_without_the_database(client):
    """No `db` fixture: a query would fail the test."""
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("address", ["/monitoring/probes/?q=%00", "/settings/audit/?text=a%00", "/a/%00"])
def test_it_refuses_what_no_text_can_hold(signed_in, owner, address):
    assert signed_in(owner).get(address).status_code == 400


def test_it_refuses_a_cookie_that_no_text_can_hold(client, owner):
    answer = client.get("/today/", headers={"Cookie": r'session="\000bcdefghij"'})
    assert answer.status_code == 400
