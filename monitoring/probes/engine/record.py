"""From answers to rows: judge a batch, then write states, results, buckets and changes in one transaction."""

import logging
from collections.abc import Collection
from dataclasses import replace

from django.db import transaction

from monitoring.catalogue.services import status_change_record
from monitoring.catalogue.states import Status
from monitoring.probes import together
from monitoring.probes.engine.polls import is_poll
from monitoring.probes.engine.runs import Run
from monitoring.probes.engine.store import Row, Store
from monitoring.probes.engine.tally import Tally
from monitoring.probes.kinds import KEPT_BODY, Facts, Talk, Target, Verdict
from monitoring.probes.models import Failure, Finding, path_of, source_of
from monitoring.probes.states import CODES, judge, keeps_failure, next_run
from opsconsole.lib.http import charsets
from opsconsole.lib.moments import from_ms
from opsconsole.lib.phrases import one_line, storable

log = logging.getLogger(__name__)


def judge_run(run: Run) -> None:
    """Verdict on the answer, and what it changes. A fault in our own code is unknown, never down."""
    if run.answer.ours or not isinstance(run.target, (Target, Talk)):
        run.verdict = Verdict(Status.UNKNOWN, run.answer.ours or "The console could not prepare this probe.")
    else:
        try:
            run.verdict = run.target.judge(run.answer)
        except Exception as error:
            log.exception("the answer of probe %s could not be judged", run.probe_id)
            run.verdict = Verdict(Status.UNKNOWN, f"The console failed to judge the answer: {error}")
    # It may quote whoever answered, and what no database takes would lose the whole batch.
    if run.verdict.reason:
        run.verdict = replace(run.verdict, reason=storable(run.verdict.reason))
    run.change = judge(run.rules, run.standing, run.verdict.grade, run.at)


def write(runs: Collection[Run], store: Store, now: int) -> list[Run]:
    """Write judged runs whose lease still stands, all or none; returns those. `now` is milliseconds since 1970."""
    if not runs:
        return []
    with transaction.atomic():
        held = store.confirm([state_of(run) for run in runs])
        kept = [run for run in runs if run.probe_id in held]
        store.add_results([result_of(run) for run in kept])
        tally = Tally(store.folded(), store.plans.between(*reach(kept, now)))
        for run in kept:
            tally.add(run)
        rows = tally.rows()
        store.add_buckets(rows)
        together.late_add(rows)
        answers_keep([run for run in kept if not is_poll(run)])
        for run in kept:
            _tell(run, now)
    return kept


def reach(runs: Collection[Run], now: int) -> tuple[int, int]:
    """The time that they settle or pass over, and in which they ran."""
    changes = [run.change for run in runs if run.change]
    starts = [span[1] for change in changes for span in change.spans]
    starts += [change.unseen[0] for change in changes if change.unseen]
    return min([*starts, *(run.at for run in runs)], default=now), max((run.at for run in runs), default=now)


def answers_keep(runs: Collection[Run], region: str = "") -> None:
    """What failing answers looked like, and what else was learnt."""
    Failure.objects.bulk_create([_failure(run, region) for run in runs if _keeps(run)])
    _find([(run, facts) for run in runs if (facts := _facts(run)) is not None])


def _verdict(run: Run) -> Verdict:
    return run.verdict or Verdict(Status.UNKNOWN)


def state_of(run: Run) -> Row:
    assert run.change is not None
    after, answer, verdict = run.change.standing, run.answer, _verdict(run)
    expires, seen = run.certificate_expires_at, run.certificate_seen_at
    told = not answer.error and not answer.ours and not is_poll(run)
    if answer.expires_at is not None or (told and run.wants_certificate(run.at)):
        expires, seen = answer.expires_at, run.at
    outcome = after.outcome
    return (
        after.status._value_,
        after.status_since,
        outcome._value_ if isinstance(outcome, Status) else outcome,
        after.streak,
        after.streak_since,
        after.last_at,
        after.settled_until,
        _ms(run),
        answer.code or None,
        verdict.reason,
        expires,
        seen,
        run.due,
        run.at,
        next_run(run.rules, run.probe_id, after, max(run.at, run.due)),
        run.probe_id,
        run.lease,
    )


def _ms(run: Run) -> int | None:
    answer = run.answer
    return round(answer.ms) if answer.code or not (answer.error or answer.ours) else None


def result_of(run: Run) -> Row:
    return (run.probe_id, run.at, CODES[_verdict(run).grade], _ms(run), run.answer.code or None)


def _keeps(run: Run) -> bool:
    if _verdict(run).grade != Status.DOWN or run.change is None:
        return False
    return keeps_failure(run.change.standing, run.standing, _verdict(run).reason, run.last_error)


def _failure(run: Run, region: str) -> Failure:
    answer = run.answer
    body = charsets.text(answer.body[:KEPT_BODY], answer.kind)
    code = answer.code or None
    return Failure(
        probe_id=run.probe_id,
        at=from_ms(run.at),
        reason=_verdict(run).reason,
        code=code,
        ms=_ms(run),
        body=body,
        content_type=one_line(answer.kind)[:100],
        size=max(answer.size, len(answer.body)) if code or body else None,
        is_cut=answer.cut,
        region=region,
    )


def _facts(run: Run) -> Facts | None:
    return run.answer.facts if run.answer.facts is not None else _verdict(run).facts


def _find(learnt: Collection[tuple[Run, Facts]]) -> None:
    """Keep what else was learnt, for as long as nothing newer is."""
    if learnt:
        rows = [_finding(run.probe_id, run.at, facts) for run, facts in learnt]
        kept = ["at", "facts", "ends_at"]
        Finding.objects.bulk_create(rows, update_conflicts=True, unique_fields=["probe"], update_fields=kept)


def _finding(probe_id: int, at: int, facts: Facts) -> Finding:
    ends = facts.get("ends")
    return Finding(
        probe_id=probe_id, at=from_ms(at), facts=facts, ends_at=None if ends is None else from_ms(ends)
    )


def _tell(run: Run, now: int) -> None:
    """A change of state becomes a durable row, which others act on."""
    if run.change is None or run.change.old is None:
        return
    after = run.change.standing
    status_change_record(
        service_id=run.service_id,
        source=source_of(run.probe_id),
        title=run.name,
        old=run.change.old,
        new=after.status,
        reason=_verdict(run).reason or "It answers as it should.",
        at=from_ms(after.status_since or run.at),
        noticed_at=from_ms(max(now, run.at)),
        evidence_url=path_of(run.probe_id),
    )
