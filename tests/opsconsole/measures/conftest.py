"""Measures of these tests' own, in an empty registry."""

import pytest

from opsconsole.measures.registry import measure, measures
from opsconsole.measures.verdicts import Reading


class Asked:
    """A measure's function that notes for which periods it was asked; it gives how often that was."""

    def __init__(self):
        self.periods = []

    def __call__(self, period):
        self.periods.append(period)
        return float(len(self.periods))


@pytest.fixture
def asked():
    return Asked()


@pytest.fixture
def define(monkeypatch):
    """`define("acme.sold", lambda period: 3.0, unit="orders")`: a measure whose function may also give a Reading."""
    monkeypatch.setattr(measures, "_entries", {})

    def add(slug, function, **fields):
        def read(period):
            found = function(period)
            return found if isinstance(found, Reading) else Reading(found)

        defaults = {"title": slug.partition(".")[2].capitalize(), "method": "Counted by hand."}
        measure(slug, **defaults | fields)(read)
        return measures[slug]

    return add
