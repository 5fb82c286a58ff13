"""The list of outages in a time, or at a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitoring.catalogue.models import Service
from monitoring.probes.models import path_of
from monitoring.probes.outages import Outage, outages, outages_at
from opsconsole.lib.periods import Period
from opsconsole.measures import evidence


@dataclass(frozen=True)
class OutageRow:
    """An outage and how long it was within the time that somebody asks for; of a moment, how long in all until now."""

    outage: Outage
    service: str
    url: str
    lasted: timedelta


def outage_rows(period: Period, now: datetime) -> list[OutageRow]:
    """The newest first; two queries."""
    at_once = period.start == period.end
    found = outages_at(period.end) if at_once else outages(period)
    names = dict(Service.objects.filter(pk__in={o.service_id for o in found}).values_list("pk", "name"))
    whole = Period(evidence.FIRST, now) if at_once else period
    return [
        OutageRow(o, names.get(o.service_id, ""), path_of(o.probe_id), o.within(whole, now)) for o in found
    ]
