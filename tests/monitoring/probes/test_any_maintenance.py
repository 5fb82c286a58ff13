"""Whatever is maintained when, each moment that was measured is counted once; and roll-ups say what the results say."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from monitoring.alerts.recurring import Recurrence
from monitoring.catalogue.states import Status
from monitoring.probes.engine.tally import PLACE, Folded, Tally, kept_of, out_of
from monitoring.probes.states import Rules, Standing, judge
from opsconsole.lib.moments import from_ms, to_ms

QUARTER = 900_000
RULES = Rules(QUARTER, QUARTER, 10_000, 2, 1)
NIGHTS = {
    "Europe/Vienna": (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)),
    "America/New_York": (datetime(2026, 3, 8, 7, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC)),
    "Australia/Lord_Howe": (datetime(2026, 4, 4, 15, tzinfo=UTC), datetime(2026, 10, 3, 15, 30, tzinfo=UTC)),
    "America/Havana": (datetime(2026, 3, 8, 5, tzinfo=UTC), datetime(2026, 11, 1, 5, tzinfo=UTC)),
    "UTC": (datetime(2026, 2, 28, tzinfo=UTC),) * 2,
}
grades = st.lists(st.sampled_from([*"uuuudds?."]), min_size=2, max_size=60)
GRADES = {"u": Status.UP, "s": Status.DEGRADED, "d": Status.DOWN, "?": Status.UNKNOWN}


def spans_of(letters, start):
    """What the engine settles of a result a quarter of an hour, and what it passes over."""
    standing, spans, unseen = Standing(), [], []
    for n, letter in enumerate(letters):
        if letter in GRADES:
            change = judge(RULES, standing, GRADES[letter], start + n * QUARTER)
            standing = change.standing
            spans += change.spans
            unseen += [change.unseen] if change.unseen else []
    return spans, unseen


def quarter_by_quarter(spans, unseen, recurrence):
    """The same, each moment for itself."""
    said: Counter[Status] = Counter()
    for start, end in unseen:
        said[Status.MAINTENANCE] += sum(
            QUARTER for at in range(start, end, QUARTER) if recurrence.running(from_ms(at))
        )
    for status, start, end in spans:
        for at in range(start, end, QUARTER):
            said[Status.MAINTENANCE if recurrence.running(from_ms(at)) else status] += QUARTER
    return said


@given(
    letters=grades,
    repeat=st.sampled_from(["once", "weekly", "monthly", "cron"]),
    zone=st.sampled_from(sorted(NIGHTS)),
    which=st.integers(0, 1),
    wall=st.integers(0, 95),
    lasts=st.integers(1, 60),
    folded=st.integers(-10, 70),
)
def test_it_counts_every_moment_once(letters, repeat, zone, which, wall, lasts, folded):
    night = NIGHTS[zone][which]
    start, day = to_ms(night - timedelta(hours=6)), night.astimezone(ZoneInfo(zone)).date()
    recurrence = Recurrence(
        repeat, night - timedelta(days=2), night + timedelta(days=2), timedelta(minutes=15 * lasts), zone,
        time(wall // 4, wall % 4 * 15), frozenset({day.weekday()}), day.day, f"{wall % 4 * 15} {wall // 4} * * *",
    )  # fmt: skip
    spans, unseen = spans_of(letters, start)
    moments = recurrence.times(from_ms(start), from_ms(start + 60 * QUARTER))
    times = [(to_ms(a), to_ms(b)) for a, b in moments]
    tally = Tally(Folded(minutes=start + folded * QUARTER))
    for span in out_of(joined(times), spans) + kept_of(joined(times), unseen):
        tally._span(1, span)
    sums: Counter[Status] = Counter()
    for row in tally.rows():
        sums.update({status: row[3 + place] for status, place in PLACE.items()})
    assert +sums == +quarter_by_quarter(spans, unseen, recurrence)


def joined(times):
    """Without overlaps, as the catalogue gives them."""
    found: list[tuple[int, int]] = []
    for start, end in times:
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
