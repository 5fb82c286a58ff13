"""Figures of Stripe: recurring revenue, subscriptions, balance, and payments that failed."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django import forms

from monitoring.metrics.fetching import fetch_json, number
from monitoring.metrics.samples import Sample
from monitoring.metrics.sources import Kind, Question, SourceFailed, Values, kinds, secret_field, single

API = "https://api.stripe.com"
MOST_PAGES = 50
SECONDS = 25
_MONTHS = {"day": 12 / 365.25, "week": 12 * 7 / 365.25, "month": 1, "year": 12}
# Amounts are in the smallest unit, which in these currencies is the unit itself.
_WHOLE = frozenset(["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"])  # fmt: skip


class Form(Question):
    secret = ("key",)
    key = secret_field(
        "Restricted key",
        "Begins with rk_; let it read subscriptions, charges and the balance, no more.",
        required=True,
    )
    figure = forms.ChoiceField(
        choices=[
            ("mrr", "Monthly recurring revenue"),
            ("subscriptions", "Active subscriptions"),
            ("failed", "Payments that failed in 24 hours, per cent"),
            ("balance", "Available balance"),
        ],
        label="Figure",
    )
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$", initial="eur", label="Currency", help_text="Such as eur: amounts in others are left out.",
        error_messages={"invalid": "Write three letters, such as eur."},
    )  # fmt: skip


def read(given: Values, now: datetime) -> list[Sample]:
    currency = given["currency"].lower()
    ask = _Asking(given["key"])
    return {"mrr": _mrr, "subscriptions": _subscriptions, "failed": _failed, "balance": _balance}[
        given["figure"]
    ](ask, currency, now)


class _Asking:
    """The API with a key."""

    def __init__(self, key: str) -> None:
        self._headers = {"Authorization": f"Bearer {key}", "Stripe-Version": "2024-06-20"}

    def one(self, path: str, **query: Any) -> dict[str, Any]:
        found = fetch_json(f"{API}{path}", headers=self._headers, query=query)
        if not isinstance(found, dict):
            raise SourceFailed("The answer is not that of Stripe.")
        return found

    def rows(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All of a list, a hundred at a time. Raises SourceFailed when there are too many to count each time."""
        until = time.monotonic() + SECONDS
        for _ in range(MOST_PAGES):
            if time.monotonic() > until:
                raise SourceFailed(f"Stripe did not give all of the list within {SECONDS} seconds.")
            page = self.one(path, limit=100, **query)
            yield from page.get("data", ())
            if not page.get("has_more"):
                return
            query["starting_after"] = page["data"][-1]["id"]
        raise SourceFailed(f"There are more than {MOST_PAGES * 100:,} rows, too many to count each time.")


def _mrr(ask: _Asking, currency: str, _now: datetime) -> list[Sample]:
    """What every active subscription brings a month, without taxes and discounts."""
    items = (item for row in ask.rows("/v1/subscriptions", status="active") for item in row["items"]["data"])
    return _money(sum(_monthly(item, currency) for item in items), currency)


def _monthly(item: dict[str, Any], currency: str) -> float:
    price, times = item["price"], item.get("quantity") or 0
    every = price.get("recurring")
    if price["currency"] != currency or not every:
        return 0
    amount = number(price.get("unit_amount") or price.get("unit_amount_decimal") or 0, "A price")
    return float(amount * times / (_MONTHS[every["interval"]] * every["interval_count"]))


def _subscriptions(ask: _Asking, _currency: str, _now: datetime) -> list[Sample]:
    return single(sum(1 for _ in ask.rows("/v1/subscriptions", status="active")), unit="subscriptions")


def _failed(ask: _Asking, currency: str, now: datetime) -> list[Sample]:
    since = round((now - timedelta(days=1)).timestamp())
    charges = [
        c["status"] for c in ask.rows("/v1/charges", **{"created[gte]": since}) if c["currency"] == currency
    ]
    if not charges:
        raise SourceFailed("There was no payment in the last 24 hours.")
    return single(100 * charges.count("failed") / len(charges), unit="%")


def _balance(ask: _Asking, currency: str, _now: datetime) -> list[Sample]:
    parts = [part["amount"] for part in ask.one("/v1/balance")["available"] if part["currency"] == currency]
    if not parts:
        raise SourceFailed(f"The account has no balance in {currency.upper()}.")
    return _money(sum(parts), currency)


def _money(amount: float, currency: str) -> list[Sample]:
    unit = {"eur": "€", "usd": "$", "gbp": "£"}.get(currency, currency.upper())
    return single(amount if currency in _WHOLE else amount / 100, unit=unit)


kinds.register("stripe", Kind("stripe", "Stripe", Form, read, every=timedelta(hours=1), order=21))
