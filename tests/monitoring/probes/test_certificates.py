"""From when on a certificate is worth a word: one rule for pages and checklists."""

from datetime import timedelta

import pytest

from monitoring.probes.certificates import days_left, verdict


@pytest.mark.parametrize(
    ("days", "judged"),
    [(400, "ok"), (14, "ok"), (13, "look"), (7, "look"), (6, "bad"), (0, "bad"), (-1, "bad")],
)
def test_it_looks_within_two_weeks_and_is_bad_within_one(days, judged):
    assert verdict(days) == judged


@pytest.mark.parametrize(("hours", "days"), [(48, 2), (47, 1), (1, 0), (0, 0), (-1, -1), (-25, -2)])
def test_it_counts_whole_days(now, hours, days):
    assert days_left(now + timedelta(hours=hours), now) == days
