"""Writers of pulses, gaps, sweep runs and what the dead-man's switch heard."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from opsconsole.health.models import Gap, Pulse, SweepRun, Switch
from opsconsole.lib.sweeps import sweeps

LONGEST_SILENCE = timedelta(seconds=60)


@transaction.atomic
def pulse_beat(*, part: str, now: datetime) -> Gap | None:
    """Say that `part` is alive. A silence of over a minute before it becomes a gap, which is returned."""
    pulse, fresh = Pulse.objects.select_for_update().get_or_create(
        part=part, defaults={"seen_at": now, "started_at": now}
    )
    if fresh:
        return None
    silent = now - pulse.seen_at
    gap = Gap.objects.create(part=part, start=pulse.seen_at, end=now) if silent > LONGEST_SILENCE else None
    pulse.seen_at = now
    pulse.save(update_fields=["seen_at"])
    return gap


def pulse_forget(*, part: str) -> None:
    """A part that will not come back; its gaps stay."""
    Pulse.objects.filter(part=part).delete()


def sweep_ran(*, sweep: str, now: datetime, done: int = 0, error: str = "") -> None:
    """Note a run of a sweep. One that failed did not finish. Two processes may note the same; the later one stays."""
    fields: dict[str, object] = (
        {"last_error": error[:2000], "failed_at": now} if error else {"finished_at": now}
    )
    if done:
        fields["done"] = done
    SweepRun.objects.update_or_create(sweep=sweep, defaults=fields)


@transaction.atomic
def sweeps_announce(*, table: Mapping[str, timedelta]) -> None:
    """Write down which sweeps there are and how often each runs, so that one that never ran is missed as well."""
    SweepRun.objects.exclude(sweep__in=table).delete()
    for name, every in table.items():
        SweepRun.objects.update_or_create(
            sweep=name, defaults={"title": sweeps[name].title, "every_seconds": int(every.total_seconds())}
        )


def switch_called(*, now: datetime, error: str = "") -> None:
    """Note that the dead-man's switch was told that all is well, or why it could not be."""
    fields: dict[str, object] = {"failed_at": now, "error": error[:500]} if error else {"told_at": now}
    Switch.objects.update_or_create(pk=1, defaults=fields)
