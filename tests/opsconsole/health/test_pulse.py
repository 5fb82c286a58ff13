"""Pulses and the gaps between them."""

from datetime import timedelta

import pytest

from opsconsole.health.models import Gap
from opsconsole.health.services import pulse_beat

pytestmark = pytest.mark.django_db


def test_it_sees_no_gap_in_a_steady_pulse(now):
    for seconds in range(0, 300, 60):
        assert pulse_beat(part="engine", now=now + timedelta(seconds=seconds)) is None


def test_it_keeps_a_silence_of_over_a_minute_as_a_gap(now):
    pulse_beat(part="engine", now=now)
    pulse_beat(part="engine", now=now + timedelta(minutes=30))
    gap = Gap.objects.get()
    assert (gap.part, gap.start, gap.end) == ("engine", now, now + timedelta(minutes=30))


def test_it_sees_no_gap_when_the_clock_is_set_back(now):
    pulse_beat(part="engine", now=now)
    assert pulse_beat(part="engine", now=now - timedelta(hours=2)) is None
    assert pulse_beat(part="engine", now=now - timedelta(hours=2) + timedelta(seconds=10)) is None


def test_it_keeps_parts_apart(now):
    pulse_beat(part="engine", now=now)
    assert pulse_beat(part="listener", now=now + timedelta(hours=1)) is None
