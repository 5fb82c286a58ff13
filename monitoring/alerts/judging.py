"""Rules are judged: what is due is read together, and what has changed becomes an alert or ends one.

Unknown neither fires nor ends anything: what fired goes on firing until it is known to be over.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from monitoring.alerts.models import Rule
from monitoring.alerts.rules import kinds
from monitoring.alerts.rules.base import Judgement, Kind, Points, Verdict, unknown
from monitoring.alerts.subjects import points_of
from monitoring.alerts.taking import alert_take
from opsconsole.lib.once import reading
from opsconsole.lib.sweeps import each

log = logging.getLogger(__name__)
_BATCH = 5000
FINGERPRINT = "rule"


def rules_judge(*, now: datetime) -> int:
    """Judge what is due; how many rules that were."""
    due = list(Rule.objects.filter(is_on=True, due_at__lte=now).select_related("service")[:_BATCH])
    known = [(rule, kind) for rule in due if (kind := kinds.get(rule.kind))]
    with reading():
        judged = list(_judged(known, now))
    _say_why(judged)
    each(judged, lambda pair: rule_turn(rule=pair[0], judgement=pair[1], now=now))
    for every in {kind.every for _, kind in known}:
        mine = [rule.pk for rule, kind in known if kind.every == every]
        Rule.objects.filter(pk__in=mine).update(due_at=now + every)
    return len(known)


def _say_why(judged: Iterable[tuple[Rule, Judgement]]) -> None:
    """Of new rules that nobody can judge: they have not turned, and would stand there without a word."""
    new = [(rule, said) for rule, said in judged if not rule.sentence and rule.verdict == said.verdict]
    for rule, said in new:
        rule.sentence = said.sentence[:300]
    Rule.objects.bulk_update([rule for rule, _ in new], ["sentence"], batch_size=500)


def _judged(rules: Sequence[tuple[Rule, Kind]], now: datetime) -> Iterable[tuple[Rule, Judgement]]:
    """Those that look back equally far are read together."""
    groups: dict[timedelta, list[tuple[Rule, Kind]]] = {}
    for rule, kind in rules:
        groups.setdefault(_span(rule, kind), []).append((rule, kind))
    for span, group in groups.items():
        points = points_of({rule.subject for rule, _ in group}, span, now)
        for rule, kind in group:
            yield rule, judgement_of(kind, rule, points.get(rule.subject), now)


def _span(rule: Rule, kind: Kind) -> timedelta:
    try:
        return kind.span(rule.config)
    except (
        KeyError,
        TypeError,
        ValueError,
    ):  # `judgement_of` says what is wrong; the others must not wait for it
        return timedelta(minutes=1)


def judgement_of(kind: Kind, rule: Rule, points: Points | None, now: datetime) -> Judgement:
    if points is None:
        return unknown("What it watches is not there any more.")
    try:
        return kind.judge(points.until(now), rule.config, now)
    except Exception as error:
        log.exception("rule %s could not be judged", rule.pk)
        return unknown(f"The console failed to judge it ({type(error).__name__}).")


def rule_now(rule: Rule, now: datetime) -> Judgement:
    """What a rule says at this moment; nothing is written."""
    kind = kinds[rule.kind]
    points = points_of([rule.subject], _span(rule, kind), now)
    return judgement_of(kind, rule, points.get(rule.subject), now)


def rule_turn(*, rule: Rule, judgement: Judgement, now: datetime) -> bool:
    """Write a verdict down if it is another; whether it was."""
    if rule.verdict == judgement.verdict:
        return False
    with transaction.atomic():
        row = (
            Rule.objects.select_for_update(of=("self",)).select_related("service").filter(pk=rule.pk).first()
        )
        if row is None or not row.is_on or row.verdict == judgement.verdict:
            return False
        row.verdict, row.since, row.sentence = judgement.verdict, now, judgement.sentence[:300]
        row.save(update_fields=["verdict", "since", "sentence"])
        if judgement.verdict != Verdict.UNKNOWN:
            rule_say(row, judgement.verdict == Verdict.FIRING, judgement.sentence, now)
    return True


def rule_say(rule: Rule, firing: bool, sentence: str, now: datetime) -> None:
    """One word of a rule about itself."""
    alert_take(
        source=rule.source,
        fingerprint=FINGERPRINT,
        firing=firing,
        title=rule.name,
        severity=rule.severity,
        labels={"alertname": rule.name, "subject": rule.subject},
        annotations={"summary": sentence},
        service=rule.service,
        url=reverse("alerts:rule", args=[rule.pk]),
        at=now,
        now=now,
    )
