"""“Try it” from a region: a row that one of its workers takes, and the page that waits for what came back."""

import base64
import logging
import threading
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection, transaction

from monitoring.catalogue.states import Status
from monitoring.probes.kinds import Answer, kinds
from monitoring.probes.models import RegionTrial
from monitoring.probes.trial import SHOWN_BODY, Trial, found_in, tried
from monitoring.regions.models import Region
from monitoring.regions.states import is_silent
from opsconsole.accounts.models import User
from opsconsole.accounts.roles import Role
from opsconsole.accounts.selectors import require
from opsconsole.lib.phrases import storable

log = logging.getLogger(__name__)
PATIENCE = timedelta(seconds=30)
"""Longer than a worker that lives takes to see the row, to ask and to write."""
KEPT = timedelta(hours=1)
_AT_ONCE = 5


@dataclass(frozen=True)
class Errand:
    """A trial from a region, as its page shows it: what came back, or why nothing has yet."""

    pk: int
    region: str
    trial: Trial | None
    waits: bool
    said: str


@transaction.atomic
def trial_send(*, actor: User, region: str, kind: str, asked: dict[str, Any], now: datetime) -> RegionTrial:
    """Have a region ask once. `asked`: config, secrets and timeout. Raises ValidationError: for a config that is wrong by field,
    for a region that nobody would hear in a sentence."""
    require(actor, Role.MANAGER)
    config, secrets = kinds[kind].clean(dict(asked["config"]), dict(asked["secrets"]))
    place = Region.objects.filter(name=region).first()
    if place is None:
        raise ValidationError(f"There is no region “{region}” any more: try it from another one.")
    if is_silent(place.seen_at, now):
        raise ValidationError(_silence(region))
    trials_forget(now)
    given = {"kind": kind, "config": config, "secrets": secrets, "timeout": asked["timeout"]}
    return RegionTrial.objects.create(region=place, asked_by=actor, asked_at=now, given=given)


def trials_forget(now: datetime) -> int:
    return RegionTrial.objects.filter(asked_at__lt=now - KEPT).delete()[0]


def trial_errand(*, actor: User, pk: int, now: datetime) -> Errand | None:
    """How it stands; None for one that is gone, or somebody else's."""
    row = RegionTrial.objects.select_related("region").filter(pk=pk, asked_by=actor).first()
    if row is None:
        return None
    trial = _read(row) if row.found is not None else None
    late = trial is None and not timedelta() <= now - row.asked_at <= PATIENCE
    return Errand(row.pk, row.region_id, trial, trial is None and not late, _said(row, late=late, now=now))


def _said(row: RegionTrial, *, late: bool, now: datetime) -> str:
    if not late:
        return f"{row.region_id} is asking now…" if row.taken_at else f"Waiting for {row.region_id} to ask…"
    if is_silent(row.region.seen_at, now):
        return _silence(row.region_id)
    return f"{row.region_id} has brought no answer within {PATIENCE.seconds} seconds. Its worker may be busy: try again."


def _silence(region: str) -> str:
    return f"{region} is silent: nothing has been heard from its worker for over a minute, so that nobody there can ask."


def trials_take(region: str, now: datetime, *, aside: bool = True) -> int:
    """As the region's worker: ask what waits, each once, beside all else unless told otherwise. What nobody waits for is left."""
    with transaction.atomic():
        waiting = RegionTrial.objects.filter(region=region, taken_at=None, asked_at__gte=now - PATIENCE)
        rows = list(
            waiting.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)[
                :_AT_ONCE
            ]
        )
        RegionTrial.objects.filter(pk__in=[row.pk for row in rows]).update(taken_at=now)
    for row in rows:
        work = partial(_bring, row, now)
        threading.Thread(target=_apart, args=(work,), daemon=True).start() if aside else work()
    return len(rows)


def _apart(work: partial[None]) -> None:
    try:
        work()
    except Exception:
        log.exception("a trial could not be brought home")
    finally:
        close_old_connections()
        connection.close()


def _bring(row: RegionTrial, now: datetime) -> None:
    given = row.given
    trial = tried(given["kind"], given["config"], given["secrets"], given["timeout"], now)
    RegionTrial.objects.filter(pk=row.pk).update(found=_written(trial))


def _written(trial: Trial) -> dict[str, Any]:
    answer = asdict(trial.answer)
    answer["body"] = base64.b64encode(trial.answer.body[:SHOWN_BODY]).decode()
    reason = storable(trial.reason)
    return {"status": trial.status.value, "reason": reason, "answer": answer, "headers": trial.headers}


def _read(row: RegionTrial) -> Trial:
    found: dict[str, Any] = row.found
    body = base64.b64decode(found["answer"]["body"])
    answer = Answer(**{**found["answer"], "body": body})
    learnt = found_in(row.given["kind"], answer, row.asked_at)
    return Trial(Status(found["status"]), found["reason"], answer, found["headers"], row.asked_at, learnt)


def where(names: Iterable[str]) -> list[tuple[str, str]]:
    """The choices of a form: from here, or from a region."""
    return [("", "from here"), *((one, f"from {one}") for one in names)]
