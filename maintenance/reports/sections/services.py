"""Services: which stayed above their targets, which were down or slow, and which certificates end soon."""

from dataclasses import dataclass
from datetime import timedelta

from django.urls import reverse

from maintenance.reports.sections import Context, Item, contributes
from monitoring.catalogue.histories import Total, Wanted, total
from monitoring.catalogue.models import Service
from monitoring.catalogue.selectors import services, slices_of
from monitoring.probes.models import Probe
from monitoring.probes.selectors import expires_before
from opsconsole.lib.durations import words
from opsconsole.lib.figures import apart, counted, every, exact
from opsconsole.lib.once import once
from opsconsole.lib.periods import Period
from opsconsole.measures.evidence import span_url
from opsconsole.measures.verdicts import Rule

MOST = 5
SLOW = 0.05  # of the measured time, from which on slowness is worth a line
AHEAD = timedelta(days=14)  # beyond the coming week; ordering a certificate takes a while


@dataclass(frozen=True)
class Week:
    """A service over the week."""

    service: Service
    total: Total

    @property
    def per_cent(self) -> float:
        return 100 * (self.total.uptime or 0)

    @property
    def is_below(self) -> bool:
        return self.per_cent < float(self.service.uptime_target)

    @property
    def is_slow(self) -> bool:
        return self.total.slow > SLOW * (self.total.up + self.total.down)

    @property
    def url(self) -> str:
        return reverse("catalogue:detail", args=[self.service.slug])


def _weeks(context: Context) -> list[Week]:
    return _over(context.period)


@once
def _over(span: Period) -> list[Week]:
    """Services of which anything was measured, the worst first; two queries."""
    found = {service.pk: service for service in services()}
    slices = slices_of(Wanted(list(found), span.start, span.end, "day"))
    rows = [Week(found[pk], total(pieces, span.seconds)) for pk, pieces in slices.items()]
    return sorted((row for row in rows if row.total.uptime is not None), key=lambda row: row.per_cent)


@contributes("well", order=15)
def above(context: Context) -> list[Item]:
    """Praise for what was measured well enough, if nothing of all that was measured is below its target."""
    rows = [row for row in _weeks(context) if row.total.coverage >= Rule.least_coverage]
    if not rows or below(context):
        return []
    said = f"{every(len(rows), 'service')} that were measured" if len(rows) > 1 else str(rows[0].service)
    target = "their targets" if len(rows) > 1 else "its target"
    return [Item(f"stayed above {target}.", said, _rows_url(context))]


@contributes("attention", order=15)
def below(context: Context) -> list[Item]:
    """Below the target of the service itself, the worst first."""
    rows = [row for row in _weeks(context) if row.is_below]
    items = [_below(row) for row in rows[:MOST]]
    more = Item(
        "were below their targets too.", counted(len(rows) - MOST, "more service"), _rows_url(context)
    )
    return [*items, more] if len(rows) > MOST else items


def _rows_url(context: Context) -> str:
    return span_url("catalogue:list", "monitoring.uptime", context.period)


def _below(row: Week) -> Item:
    target = float(row.service.uptime_target)
    up = f"{apart(row.per_cent, target, '%', 2)} up, target {exact(target, '%', 3)}"
    text = f"was down for {words(max(60, round(row.total.down)))}: {up}."
    return Item(text, label=str(row.service), url=row.url)


@contributes("attention", order=16)
def slow(context: Context) -> list[Item]:
    rows = [row for row in _weeks(context) if row.is_slow]
    return [
        Item(f"was slow for {words(round(row.total.slow))}.", label=str(row.service), url=row.url)
        for row in sorted(rows, key=lambda row: -row.total.slow)[:MOST]
    ]


@contributes("attention", order=17)
def maintained(context: Context) -> list[Item]:
    """The longest first."""
    rows = sorted(_weeks(context), key=lambda row: -row.total.maintenance)[:MOST]
    return [
        Item(
            f"was under maintenance for {words(round(row.total.maintenance))}, which counts neither as up nor as down.",
            label=str(row.service),
            url=row.url,
        )
        for row in rows
        if row.total.maintenance >= 60
    ]


@contributes("risks", order=10)
def certificates(context: Context) -> list[Item]:
    """Those that end within the coming week or the two after it, the first first."""
    until = context.ahead.end + AHEAD
    rows = Probe.objects.filter(expires_before(until)).select_related("service__owner")
    return [_certificate(probe, context) for probe in rows.order_by("certificate_expires_at")[:MOST]]


def _certificate(probe: Probe, context: Context) -> Item:
    assert probe.certificate_expires_at is not None
    day = context.local(probe.certificate_expires_at)
    ends = "has ended on" if probe.certificate_expires_at <= context.now else "ends on"
    owner = f" Owner: {probe.service.owner}." if probe.service.owner else " Nobody owns the service."
    text = f"of {probe.service} ({probe.name}) {ends} {day:%A} {day.day} {day:%B}.{owner}"
    return Item(text, "The certificate", reverse("catalogue:detail", args=[probe.service.slug]))
