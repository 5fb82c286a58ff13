"""Measures of these tests' own, and days of them that were kept."""

from datetime import timedelta

import pytest

from opsconsole.measures.models import DailyValue
from opsconsole.measures.registry import measures
from opsconsole.measures.verdicts import Reading
from tests.opsconsole.measures.conftest import asked, define

__all__ = ["asked", "define"]


@pytest.fixture
def keep(now):
    """`keep("acme.up", [99.9, None, 100])`: the days up to yesterday, the newest last; Readings where more is to be said."""

    def days(slug, values):
        for ago, value in enumerate(reversed(values), 1):
            found = value if isinstance(value, Reading) else Reading(value, 1.0 if value is not None else 0.0)
            DailyValue.objects.create(
                measure=slug,
                day=now.date() - timedelta(days=ago),
                value=found.value,
                coverage=found.coverage,
                n=found.n,
                verdict=measures[slug].judge(found),
                read_at=now,
            )

    return days
