"""The systems that come with a form: what each is asked, signed and paged as it wants, and what is made of the answer."""

import base64
import json
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from monitoring.metrics import google
from monitoring.metrics.sigv4 import signed
from monitoring.metrics.sources import SourceFailed, kinds
from tests.monitoring.metrics.servers import Api, Turns


@pytest.fixture
def ask(loopback, now, monkeypatch):
    """`ask("stripe", {"/v1/balance": …}, key=…)` → ([(value, unit)], what was asked)."""

    def read(kind, answers, **given):
        with Api(answers) as api:
            module = import_module(f"monitoring.metrics.sources.{kind}")
            if kind == "mixpanel":
                monkeypatch.setattr(module, "APIS", {"eu": api.url})
            elif kind != "sentry":
                monkeypatch.setattr(module, "API", api.url)
            monkeypatch.setattr(google, "TOKENS", f"{api.url}/token")
            google._known.clear()
            given.setdefault("url", api.url)
            return [(s.value, s.unit) for s in kinds[kind].read(given, now)], api.asked

    return read


def test_the_signature_is_that_of_aws_own_example():
    headers = signed(
        "GET", "https://example.amazonaws.com/", headers={}, body=b"", region="us-east-1", service="service",
        key="AKIDEXAMPLE", secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", now=datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
    )  # fmt: skip
    assert headers["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, "
        "Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    )


WATCHED = {
    "region": "eu-west-1", "access_key": "AK", "secret_key": "SK", "namespace": "AWS/RDS", "metric_name": "CPUUtilization",
    "dimensions": "DBInstanceIdentifier=shop, Role=writer", "statistic": "Average", "period": 300,
}  # fmt: skip


def cloud(now, *values):
    times = [(now - timedelta(minutes=5 * i)).timestamp() for i in range(len(values))]
    return {"/": {"MetricDataResults": [{"Id": "m1", "Timestamps": times, "Values": values}]}}


def test_it_asks_cloudwatch(ask, now):
    values, asked = ask("cloudwatch", cloud(now, 99.0, 12.5, 11.0), **WATCHED)
    assert [value for value, _ in values] == [12.5, 11.0], "the period that goes on is left out"
    [query] = asked[0].json()["MetricDataQueries"]
    assert query["MetricStat"]["Metric"]["Dimensions"] == [
        {"Name": "DBInstanceIdentifier", "Value": "shop"},
        {"Name": "Role", "Value": "writer"},
    ]
    assert asked[0].headers["x-amz-target"] == "GraniteServiceVersion20100801.GetMetricData"


def test_what_cloudwatch_is_sent_is_signed(ask, now):
    _, [asked] = ask("cloudwatch", cloud(now, 1.0, 2.0), **WATCHED, session_token="ST")
    sent = {name: asked.headers[name] for name in ("content-type", "x-amz-target")}
    again = signed(
        "POST", f"http://{asked.headers['host']}", headers=sent, body=asked.body.encode(), region="eu-west-1",
        service="monitoring", key="AK", secret="SK", now=now, token="ST",
    )  # fmt: skip
    assert asked.headers["authorization"] == again["Authorization"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"/": {"MetricDataResults": [{"Timestamps": [], "Values": []}]}}, "no data for this metric lately"),
        ({"/": {"x": 1}}, "not that of CloudWatch"),
        (
            {"/": (403, {"message": "not authorized to perform"})},
            "403 Forbidden: .*not authorized to perform",
        ),
    ],
)
def test_it_says_what_cloudwatch_says(ask, answers, said):
    with pytest.raises(SourceFailed, match=said):
        ask("cloudwatch", answers, **WATCHED)


def subscription(key, amount, interval, times=1, count=1, currency="eur"):
    price = {
        "currency": currency,
        "unit_amount": amount,
        "recurring": {"interval": interval, "interval_count": count},
    }
    return {"id": key, "items": {"data": [{"price": price, "quantity": times}]}}


def test_it_adds_up_recurring_revenue_over_pages(ask):
    first = {
        "data": [subscription("a", 4900, "month", 2), subscription("b", 120_000, "year")],
        "has_more": True,
    }
    second = {
        "data": [subscription("c", 30_000, "month", 1, 3), subscription("d", 100, "month", 1, 1, "usd")],
        "has_more": False,
    }
    values, asked = ask(
        "stripe", {"/v1/subscriptions": Turns([first, second])}, key="rk_1", figure="mrr", currency="EUR"
    )
    assert values == [(98 + 100 + 100, "€")]
    assert asked[0].headers["authorization"] == "Bearer rk_1"
    assert asked[1].query == {"limit": "100", "status": "active", "starting_after": "b"}


def test_it_says_how_many_payments_failed(ask, now):
    charges = [{"status": s, "currency": "eur"} for s in ("succeeded", "failed", "succeeded", "succeeded")]
    values, asked = ask(
        "stripe", {"/v1/charges": {"data": charges}}, key="k", figure="failed", currency="eur"
    )
    assert values == [(25.0, "%")]
    assert asked[0].query["created[gte]"] == str(round(now.timestamp()) - 86_400)


def test_yen_have_no_hundredths(ask):
    balance = {"/v1/balance": {"available": [{"amount": 5000, "currency": "jpy"}]}}
    assert ask("stripe", balance, key="k", figure="balance", currency="jpy")[0] == [(5000, "JPY")]


@pytest.mark.parametrize(
    ("answers", "figure", "said"),
    [
        ({"/v1/charges": {"data": []}}, "failed", "no payment in the last 24 hours"),
        ({"/v1/balance": {"available": []}}, "balance", "no balance in EUR"),
        ({"/v1/balance": (401, {"error": {"message": "Invalid API Key"}})}, "balance", "Invalid API Key"),
    ],
)
def test_it_says_what_stripe_lacks(ask, answers, figure, said):
    with pytest.raises(SourceFailed, match=said):
        ask("stripe", answers, key="k", figure=figure, currency="eur")


SENTRY = {"organisation": "acme", "project": "42", "token": "t"}


def test_it_asks_sentry_for_errors(ask):
    stats = {"groups": [{"totals": {"sum(quantity)": 7}}, {"totals": {"sum(quantity)": 5}}]}
    values, asked = ask("sentry", {"/api/0/organizations/acme/stats_v2/": stats}, figure="errors", **SENTRY)
    assert values == [(12.0, "errors")]
    assert (asked[0].query["project"], asked[0].query["statsPeriod"]) == ("42", "1h")
    assert asked[0].headers["authorization"] == "Bearer t"


def test_it_asks_sentry_for_issues(ask):
    values, _ = ask(
        "sentry",
        {"/api/0/organizations/acme/issues/": (200, "[]", {"X-Hits": "31"})},
        figure="issues",
        **SENTRY,
    )
    assert values == [(31.0, "issues")]


def test_it_asks_mixpanel_for_yesterday(ask):
    said = {"data": {"values": {"Signed up": {"2026-11-17": 19}}}}
    values, asked = ask(
        "mixpanel", {"/api/query/segmentation": said}, residency="eu", project="1", user="u", password="p", event="Signed up",
        counted="unique", zone="Europe/Vienna",
    )  # fmt: skip
    assert values == [(19.0, "people")]
    assert asked[0].headers["authorization"] == f"Basic {base64.b64encode(b'u:p').decode()}"
    assert (asked[0].query["from_date"], asked[0].query["type"]) == ("2026-11-17", "unique")


def test_it_asks_gohighlevel(ask):
    values, asked = ask(
        "gohighlevel",
        {"/opportunities/search": {"meta": {"total": 8}}},
        location="abc12345",
        token="pit-1",
        figure="open",
    )
    assert values == [(8.0, "opportunities")]
    assert asked[0].query == {"location_id": "abc12345", "status": "open", "limit": "1"}
    assert asked[0].headers["version"] == "2021-07-28"


@pytest.fixture(scope="module")
def private():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def account(private):
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return json.dumps({"client_email": "ops@acme.iam", "private_key": private.private_bytes(*form).decode()})


def test_it_asks_firebase_as_a_service_account(ask, account, private, now):
    report = {"rows": [{"metricValues": [{"value": "321"}]}]}
    answers = {
        "/token": {"access_token": "at", "expires_in": 3600},
        "/v1beta/properties/77:runReport": report,
    }
    values, asked = ask(
        "firebase", answers, account=account, property="77", figure="activeUsers", span="yesterday"
    )
    assert values == [(321.0, "")]
    assert asked[1].headers["authorization"] == "Bearer at"
    assert asked[1].json()["metrics"] == [{"name": "activeUsers"}]
    token = asked[0].body.partition("assertion=")[2]
    head, claims, signature = (base64.urlsafe_b64decode(part + "==") for part in token.split("."))
    private.public_key().verify(
        signature, token.rpartition(".")[0].encode(), padding.PKCS1v15(), hashes.SHA256()
    )
    assert json.loads(head)["alg"] == "RS256"
    assert json.loads(claims)["exp"] == round(now.timestamp()) + 3600


def test_firebase_without_a_row_counted_nothing(ask, account):
    answers = {"/token": {"access_token": "at"}, "/v1beta/properties/77:runRealtimeReport": {}}
    assert ask("firebase", answers, account=account, property="77", figure="activeUsers", span="now")[0] == [
        (0.0, "")
    ]


def test_it_asks_google_ads(ask):
    found = {"results": [{"metrics": {"costMicros": "12340000"}}]}
    answers = {"/token": {"access_token": "at"}, "/v23/customers/1234567890/googleAds:search": found}
    values, asked = ask(
        "google_ads", answers, customer="123-456-7890", manager="111-222-3333", developer_token="dt", client_id="c",
        client_secret="s", refresh_token="r", figure="cost", version="v23",
    )  # fmt: skip
    assert values == [(12.34, "")]
    assert (asked[1].headers["developer-token"], asked[1].headers["login-customer-id"]) == (
        "dt",
        "1112223333",
    )
    assert "metrics.cost_micros" in asked[1].json()["query"]


def test_a_token_is_asked_for_once_an_hour(loopback, monkeypatch):
    google._known.clear()
    with Api({"/": {"access_token": "at"}}) as api:
        monkeypatch.setattr(google, "TOKENS", api.url)
        assert [google.refreshed_token("c", "s", "r") for _ in range(3)] == ["at"] * 3
        assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("kind", "field", "wrong"),
    [
        ("cloudwatch", "region", "http://evil/"),
        ("cloudwatch", "dimensions", "shop"),
        ("stripe", "currency", "euro"),
        ("sentry", "project", "web"),
        ("firebase", "account", "{}"),
        ("google_ads", "customer", "12"),
        ("gohighlevel", "location", "../x"),
    ],
)
def test_a_form_says_what_is_wrong(kind, field, wrong):
    assert field in kinds[kind].form({field: wrong}).errors
