"""What is true of probes now, as the heading of a page says it."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString

from monitoring.catalogue.selectors import lowered
from monitoring.catalogue.sentences import since, state
from monitoring.catalogue.states import ORDER, Status
from monitoring.probes.models import Probe
from monitoring.probes.standing import NOT_ASKED, status_of
from monitoring.probes.states import Standing
from opsconsole.lib import durations
from opsconsole.lib.figures import counted


def of_probes(counts: Mapping[Status, int]) -> str:
    """“987 of 1,000 probes are up; 8 are down, 5 degraded.” Paused ones are not asked and do not count."""
    asked = sum(n for status, n in counts.items() if status != Status.PAUSED)
    up, paused = counts.get(Status.UP, 0), counts.get(Status.PAUSED, 0)
    if not asked:
        return "All probes are paused." if paused else "No probe asks anything yet."
    if up == asked:
        return f"All {up:,} probes are up." if up > 1 else "The one probe is up."
    others = [(status, counts[status]) for status in ORDER if status not in _QUIET and counts.get(status)]
    first, n = others[0]
    parts = [f"{n:,} {'is' if n == 1 else 'are'} {state(first)}"]
    parts += [f"{n:,} {state(status)}" for status, n in others[1:]]
    return f"{up:,} of {asked:,} probes {'is' if up == 1 else 'are'} up; {', '.join(parts)}."


_QUIET = (Status.UP, Status.PAUSED)


def of_probe(probe: Probe, now: datetime) -> SafeString:
    """“Checkout is down since 03:04 CET, 8 min.” Why stands below it."""
    if probe.status == Status.UNKNOWN and probe.last_at is None:
        return format_html("{} has no result yet.", probe.name)
    if status_of(probe, now) != probe.status:
        return format_html("{} is not measured{}.", probe.name, since(probe.last_at))
    lasted = durations.words(now - probe.status_since) if probe.status_since else ""
    began = since(probe.status_since)
    tail = f", {lasted}" if lasted and probe.status != Status.UP else ""
    return format_html("{} is {}{}{}.", probe.name, state(probe.status), began, tail)


def reason(probe: Probe, now: datetime) -> str:
    """The last error as a sentence, also of one that is up because it fails; "" where there is none to tell."""
    if status_of(probe, now) != probe.status:
        return NOT_ASKED
    told = probe.status not in (Status.PAUSED, Status.MAINTENANCE)
    if probe.status == Status.UP != probe.last_outcome:  # that waits to be confirmed (pending)
        told = False
    return f"{probe.last_error.rstrip('.')}." if told and probe.last_error else ""


def pending(probe: Probe, now: datetime) -> str:
    """What the last results say against the status, which waits to be confirmed, and when it asks again; "" when they agree."""
    if not probe.is_pending or status_of(probe, now) != probe.status:
        return ""
    if probe.regions:
        return f"{_of_regions(probe)} Its votes are counted again in {durations.words(_again(probe))}."
    bad = probe.last_outcome in (Status.DOWN, Status.UNKNOWN)
    needed = (
        probe.failure_threshold if bad or probe.last_outcome == Status.DEGRADED else probe.recovery_threshold
    )
    said = f"{probe.streak} of {needed} results in a row say it is {state(probe.last_outcome)}"
    why = f": {lowered(probe.last_error).rstrip('.')}" if bad and probe.last_error else ""
    return f"{said}{why}. It asks again in {durations.words(_again(probe))}."


def _of_regions(probe: Probe) -> str:
    """What their last results come to, which not enough of them have confirmed."""
    if probe.last_outcome == Status.UNKNOWN:
        return f"{probe.last_error}."
    why = f" ({lowered(probe.last_error).rstrip('.')})" if probe.last_error else ""
    return f"Its regions find that it is {state(probe.last_outcome)}, and have yet to confirm it{why}."


def _again(probe: Probe) -> int:
    """Seconds from one result to the next: sooner while up or down waits to be confirmed (states.next_run)."""
    doubted = Standing(Status(probe.status), None, probe.last_outcome).is_pending
    return min(probe.interval, probe.retry_interval) if doubted else probe.interval


def of_body(content_type: str, size: int | None, is_cut: bool, kept: int) -> str:
    """“text/html, 12,041 bytes, of which the first 4,096 are shown”; "" where nothing is known of a body."""
    if size is None:
        return content_type
    whole = f"more than {size:,} bytes" if is_cut else counted(size, "byte")
    return f"{content_type or 'without a type'}, {whole}{f', of which the first {kept:,} are shown' if size > kept else ''}"
