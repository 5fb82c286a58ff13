"""What `make bench` prints: figures beside their targets, and beside others of the same run."""

import pytest

from bench import _table
from bench._goals import goal_of

CPU = {"probe_cpu_http": 0.19, "probe_cpu_libcurl_http": 0.1}


def test_it_says_target_and_ratio_of_what_was_measured_in_the_same_run():
    first, quoted = _table.row("probe_cpu_http", CPU, "s").splitlines()
    assert first.split()[:6] == ["probe_cpu_http", "0.19", "s", "≤", "0.2", "s"]
    assert "yes" in first
    assert "1.9 × bare libcurl, which stores nothing (0.1)" in first
    assert quoted.strip().startswith("quoted: another day")


def test_it_names_no_peer_that_was_not_measured():
    assert "Prometheus" not in _table.row("probe_cpu_http", CPU, "s")
    assert _table.met("probe_cpu_https", {"probe_cpu_https": 0.9}) is None


@pytest.mark.parametrize(("https", "is_met"), [(1.3, True), (1.31, False)])
def test_it_judges_by_a_ratio_where_that_is_the_target(https, is_met):
    assert _table.met("probe_cpu_https", {"probe_cpu_https": https, "probe_cpu_libcurl_https": 1}) is is_met


def test_it_judges_rates_by_their_least():
    assert _table.met("ping_rate_sqlite", {"ping_rate_sqlite": 3000})
    assert _table.met("ping_rate_sqlite", {"ping_rate_sqlite": 2999}) is False


def test_it_holds_every_page_against_the_limit_on_both_databases():
    for name in ("page_today", "page_today_postgres"):
        goal = goal_of(name)
        assert goal is not None
        assert goal.most == 50
        assert [one.figure.endswith("postgres") for one in goal.beside] == ["postgres" in name] * 3
    assert goal_of("page_bare") is goal_of("page_today_sql") is goal_of("page_today_sql_postgres") is None


def test_it_sums_up_what_was_missed():
    seen = CPU | {"ping_p99_sqlite": 16}
    assert _table.summary(seen) == "1 of 2 targets are met; missed: ping_p99_sqlite."
    assert _table.summary({"page_bare": 1}) == "None of these figures has a target."


def test_it_says_that_the_machine_is_busy():
    assert _table.busy(0.2, 2) == ""
    assert _table.busy(4, 2).startswith("The machine is busy")
