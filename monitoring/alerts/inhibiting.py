"""Which alerts are silent because others fire: a pure function of what fires and of the rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitoring.alerts.matching import Matcher, all_hold


@dataclass(frozen=True)
class Fires:
    """An alert that fires, since when, and all that is known of it as labels."""

    pk: int
    since: datetime
    labels: Mapping[str, str]

    @property
    def age(self) -> tuple[datetime, int]:
        """The order of beginnings."""
        return self.since, self.pk


@dataclass(frozen=True)
class Rule:
    """While something fits all of `source`, what fits all of `target` is silent, if both have every label of `equal`, and alike.
    A label that is missing is like no other, and not like one that is missing too."""

    pk: int
    source: Sequence[Matcher]
    target: Sequence[Matcher]
    equal: Sequence[str] = ()

    def key(self, labels: Mapping[str, str]) -> tuple[str, ...] | None:
        """What has to be alike; None where a label of it is missing."""
        found = tuple(labels[name] for name in self.equal if name in labels)
        return found if len(found) == len(self.equal) else None


@dataclass(frozen=True)
class Because:
    """The alert that keeps another silent, and the rule that says so."""

    source: Fires
    rule: int


def inhibited(fires: Iterable[Fires], rules: Iterable[Rule]) -> dict[int, Because]:
    """By the id of each silent alert why it is: of several reasons the one that began first.

    Whoever follows the reasons comes to an alert that is told: of alerts that would silence each other the first one is.
    """
    known = list(fires)
    found: dict[int, Because] = {}
    for rule in rules:
        for pk, source in _by(rule, known):
            if pk not in found or source.age < found[pk].source.age:
                found[pk] = Because(source, rule.pk)
    for pk in _ringleaders(found, {one.pk: one for one in known}):
        del found[pk]
    return found


def _by(rule: Rule, fires: Sequence[Fires]) -> Iterable[tuple[int, Fires]]:
    """Each target of a rule with its first source. What fits both sides is not silenced by what fits both, least by itself."""
    targets = {one.pk: one for one in fires if all_hold(rule.target, one.labels)}
    firsts: dict[tuple[tuple[str, ...], bool], Fires] = {}
    both = set()
    for one in sorted(fires, key=lambda each: each.age):
        key = rule.key(one.labels)
        if key is not None and all_hold(rule.source, one.labels):
            both.update({one.pk} & targets.keys())
            firsts.setdefault((key, one.pk in both), one)
    for one in targets.values():
        key = rule.key(one.labels)
        sides = (False,) if one.pk in both else (False, True)
        sources = [firsts[key, side] for side in sides if key is not None and (key, side) in firsts]
        if sources:
            yield one.pk, min(sources, key=lambda each: each.age)


def _ringleaders(found: Mapping[int, Because], fires: Mapping[int, Fires]) -> list[int]:
    """Of each ring of alerts that silence one another the one that began first."""
    seen: set[int] = set()
    leaders = []
    for start in found:
        path: list[int] = []
        at = start
        while at in found and at not in seen:
            seen.add(at)
            path.append(at)
            at = found[at].source.pk
        if at in path:
            leaders.append(min(path[path.index(at) :], key=lambda pk: fires[pk].age))
    return leaders
