"""What the figures say of themselves."""

import pytest

from maintenance.reports.sections import Context
from maintenance.reports.sections.figures import got_worse, improved, not_verified, off_target, on_target
from tests.maintenance.reports.conftest import MONDAY, VIENNA, WEEK
from tests.maintenance.reports.make import earlier, figure


def context(*figures):
    return Context(WEEK, VIENNA, MONDAY, list(figures))


def time(value, before, target=None):
    """A time in minutes, less is better, after another in the week before."""
    relative = (value - before) / before if before else None
    held = earlier(before, delta=value - before, relative=relative)
    return figure("Reply", value, unit="min", digits=0, better="lower", target=target, earlier=[held])


def said(items):
    return [f"{item.label}{item.joint}{item.text}" for item in items]


def test_it_says_when_all_targets_were_reached():
    assert said(on_target(context(figure(target=99), figure(target=98), figure(value=None)))) == [
        "Both figures with a target reached it."
    ]
    assert on_target(context(figure(target=99), figure(target=99.99))) == []
    assert on_target(context(figure())) == []


def test_it_names_what_missed_its_target_with_its_rows():
    (item,) = off_target(context(figure(value=99.2, target=99.9), figure(target=99)))
    assert (said([item]), item.url, item.tone) == (
        ["Uptime: 99.20 %; the target is at least 99.9 %."],
        "/rows/",
        "bad",
    )


@pytest.mark.parametrize(
    ("value", "before", "shown"), [(40, 50, True), (49, 50, False), (50, 40, False), (50, 50, False)]
)
def test_it_praises_clear_improvements(value, before, shown):
    assert bool(improved(context(time(value, before, target=60)))) is shown


@pytest.mark.parametrize(
    ("value", "before", "target", "shown"),
    [
        (50, 40, 55, True),
        (50, 40, 100, False),
        (50, 48, 51, False),
        (50, 40, None, True),
        (40, 50, 60, False),
    ],
)
def test_it_warns_when_another_such_step_would_miss_the_target(value, before, target, shown):
    items = got_worse(context(time(value, before, target)))
    assert bool(items) is shown
    assert all("Another such step" in item.text for item in items if target)


def test_it_does_not_say_twice_what_missed_its_target():
    assert got_worse(context(time(70, 50, target=60))) == []


def test_it_names_what_could_not_be_verified_but_not_what_did_not_happen():
    items = not_verified(context(figure(value=None, detail="least: Shop 60 %"), figure(value=None, n=0)))
    assert said(items) == ["Uptime could not be verified. Least: Shop 60 %"]


def test_it_does_not_round_a_figure_to_the_target_that_it_missed():
    (item,) = off_target(context(figure(value=99.896, target=99.9)))
    assert item.text.startswith(": 99.896 %;")
