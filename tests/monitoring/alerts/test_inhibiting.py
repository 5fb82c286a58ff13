"""Which alerts are silent because others fire."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts.inhibiting import Fires, Rule, inhibited
from monitoring.alerts.matching import parse
from tests.conftest import NOW


def fires(pk, since=None, **labels):
    return Fires(pk, NOW + timedelta(seconds=pk if since is None else since), labels)


def rule(source, target, *equal, pk=1):
    return Rule(pk, parse(source), parse(target), equal)


WORSE = rule("severity=P0", "severity=P2", "service")


def silent(rules, *known):
    return {pk: because.source.pk for pk, because in inhibited(known, rules).items()}


def test_it_silences_what_is_alike():
    shop, docs = {"service": "shop"}, {"service": "docs"}
    known = [
        fires(1, severity="P0", **shop),
        fires(2, severity="P2", **shop),
        fires(3, severity="P2", **docs),
    ]
    assert silent([WORSE], *known) == {2: 1}


def test_it_takes_no_missing_label_for_an_empty_one():
    assert silent([WORSE], fires(1, severity="P0"), fires(2, severity="P2")) == {}
    assert silent([WORSE], fires(1, severity="P0"), fires(2, severity="P2", service="")) == {}
    assert silent([WORSE], fires(1, severity="P0", service=""), fires(2, severity="P2", service="")) == {2: 1}


def test_it_silences_everything_without_labels_to_compare():
    assert silent([rule("a=1", "a=2")], fires(1, a="1"), fires(2, a="2"), fires(3, a="3")) == {2: 1}


def test_it_never_silences_itself_nor_what_fits_both_sides():
    assert silent([rule("a=1", "a=1")], fires(1, a="1"), fires(2, a="1")) == {}
    assert silent([rule("a=~.*", "b=1")], fires(1, a="1", b="1"), fires(2, a="2", b="1")) == {}
    assert silent([rule("a=~.*", "b=1")], fires(1, a="1", b="1"), fires(2, a="2", b="2")) == {1: 2}


def test_it_names_what_began_first():
    known = [fires(1, since=9, a="1"), fires(2, since=3, a="1"), fires(3, a="2")]
    assert silent([rule("a=1", "a=2")], *known) == {3: 2}


def test_it_tells_the_first_of_those_that_would_silence_each_other():
    there, back = rule("a=1", "a=2", pk=1), rule("a=2", "a=1", pk=2)
    assert silent([there, back], fires(1, a="1"), fires(2, a="2")) == {2: 1}


def test_it_silences_along_a_chain():
    chain = [rule("a=1", "a=2", pk=1), rule("a=2", "a=3", pk=2)]
    assert silent(chain, fires(1, a="1"), fires(2, a="2"), fires(3, a="3")) == {2: 1, 3: 2}


labels = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "1", "2"]), max_size=3)
alerts = st.lists(st.tuples(labels, st.integers(0, 5)), max_size=8).map(
    lambda rows: [fires(pk, since, **known) for pk, (known, since) in enumerate(rows)]
)
matchers = st.lists(st.sampled_from(["a=1", "a=~.*", "b=2", "b=~1|2", "c="]), min_size=1, max_size=2).map(
    "\n".join
)
rules = st.lists(st.tuples(matchers, matchers, st.sets(st.sampled_from("abc"), max_size=2)), max_size=4).map(
    lambda rows: [rule(source, target, *equal, pk=n) for n, (source, target, equal) in enumerate(rows)]
)


@given(alerts, rules, st.randoms())
def test_it_is_the_same_in_any_order(known, rules, chance):
    mixed = chance.sample(known, len(known))
    assert inhibited(mixed, rules) == inhibited(known, rules)


@given(alerts, rules)
def test_it_leads_from_each_silent_one_to_one_that_is_told(known, rules):
    found = inhibited(known, rules)
    for start in found:
        at, steps = start, 0
        while at in found:
            at, steps = found[at].source.pk, steps + 1
            assert steps <= len(known)


@given(alerts, rules)
def test_it_keeps_to_the_rules(known, rules):
    by_id = {one.pk: one for one in known}
    for pk, because in inhibited(known, rules).items():
        rule, target, source = rules[because.rule], by_id[pk].labels, because.source.labels
        fits = [
            all(m.holds(labels) for m in side)
            for side in (rule.source, rule.target)
            for labels in (source, target)
        ]
        assert pk != because.source.pk
        assert fits[0]
        assert fits[3]
        assert not all(fits)
        assert all(name in source and name in target and source[name] == target[name] for name in rule.equal)


@given(alerts, rules)
def test_it_tells_of_all_that_no_rule_is_about(known, rules):
    found = inhibited(known, rules)
    aimed_at = {one.pk for one in known for rule in rules if all(m.holds(one.labels) for m in rule.target)}
    assert found.keys() <= aimed_at
