"""Evidence for checklists."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from incidents.response.measures import rows_url
from incidents.response.models import Incident
from incidents.response.selectors import live
from incidents.response.states import Severity, Status
from opsconsole.lib.periods import Period
from opsconsole.measures.checks import Evidence, check
from opsconsole.measures.verdicts import Verdict

LATELY = timedelta(hours=24)


@check("incidents.all_seen", title="Somebody has seen every incident of the last 24 hours")
def all_seen(now: datetime) -> Evidence:
    """Nobody has acknowledged one that is open: bad. One was over before anybody did: look, since nobody knows why."""
    since = now - LATELY
    rows = list(
        Incident.objects.counted().filter(opened_at__gte=since, opened_at__lte=now).order_by("number")
    )
    waiting = [i for i in rows if i.acknowledged_at is None and i.is_live()]
    alone = [i for i in rows if i.resolved_by_machine]
    verdict = Verdict.BAD if waiting else Verdict.LOOK if alone else Verdict.OK
    seen = len(rows) - len(waiting) - len(alone)
    # Its page goes by the first evidence, which of what was opened late or anew is older.
    url = rows_url(Period(min([since, *(i.detected_at for i in rows)]), now))
    value = f"{seen} of {len(rows)}" if rows else "none"
    return Evidence(verdict, value, _seen(rows, waiting, alone), url, now)


def _seen(rows: list[Incident], waiting: list[Incident], alone: list[Incident]) -> str:
    parts = {"not acknowledged": waiting, "over before anybody acknowledged": alone}
    said = [f"{_named(found)} {words}" for words, found in parts.items() if found]
    return "; ".join(said) or ("each was acknowledged by somebody" if rows else "none was opened in 24 hours")


def _named(rows: list[Incident]) -> str:
    return f"{rows[0]}" + (f" and {len(rows) - 1} more" if len(rows) > 1 else "")


@check("incidents.none_open", title="No incident is open")
def none_open(now: datetime) -> Evidence:
    rows, grave = live().filter(is_drill=False), Q(severity__lte=Severity.P1) | Q(status=Status.OPEN)
    url = reverse("response:list")
    first, n = rows.first(), rows.count()
    if not first:
        return Evidence(Verdict.OK, "none", "No incident is open.", url, now)
    detail = f"{first} {first.title}" + (f", and {n - 1:,} more" if n > 1 else "") + "."
    verdict = Verdict.BAD if rows.filter(grave).exists() else Verdict.LOOK
    return Evidence(verdict, f"{n:,} open", detail, url, now)
