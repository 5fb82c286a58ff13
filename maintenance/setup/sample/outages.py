"""What went wrong at Larkfield, drawn with dice: about two troubles a month, rarer as the team learns."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from maintenance.setup.sample.world import World

# service, reason the probe gave, note while working, root cause, action that followed
CASES = (
    ("Payments", "Answered 502 instead of 200–299", "Rolled the release back; errors fell at once.",
     "A release went out without a load test; its query locked the invoices table.", "Run the load test before each release"),
    ("API", "No complete answer in time", "Connection pool was full; raised it and restarted one node.",
     "A report of one large customer held all database connections.", "Give reports a pool of their own"),
    ("Search", "Answered 500 instead of 200–299", "Index was half written; rebuilt it from the database.",
     "The nightly index job ran out of disk.", "Alarm at 80 % of the index disk"),
    ("Web app", "The certificate is not trusted", "Renewed by hand, then found the failing hook.",
     "The renewal hook did not reload the proxy.", "Watch the certificate's days left"),
    ("Mail delivery", "Nothing accepts connections there", "Provider confirmed trouble; queued mails went out after.",
     "Outage of the mail provider.", "Add a second mail provider"),
    ("Calendar sync", "Answered 429 instead of 200–299", "Slowed the sync down to stay inside their limit.",
     "Their limit was lowered without notice.", "Back off by what the answer says"),
    ("Back office", "No complete answer in time", "Restarted it; memory was used up.",
     "An export kept all rows in memory.", "Stream exports"),
    ("Help centre", "Answered 404 instead of 200–299", "Deployed the missing page again.",
     "The deploy removed a folder that was still linked.", "Check links before a deploy"),
)  # fmt: skip


@dataclass(frozen=True)
class Outage:
    """One trouble: [start, end) is when the probes saw it; `acknowledged` and `resolved` are what people did, if they did."""

    service: str
    reason: str
    note: str
    cause: str
    action: str
    start: datetime
    end: datetime
    acknowledged: datetime | None
    resolved: datetime
    who: str


def draw(world: World) -> list[Outage]:
    """In order of time; never two of one service on one day, none in the last 30 hours."""
    found = []
    for day in world.dates[3:-2]:
        age = (world.now.date() - day).days / world.days
        if world.dice.random() < 0.06 + 0.05 * age:
            found.append(_one(world, datetime.combine(day, datetime.min.time(), world.zone)))
    return found


def _one(world: World, midnight: datetime) -> Outage:
    case = world.dice.choices(CASES, weights=(4, 4, 3, 1, 3, 3, 2, 2))[0]
    start = (midnight + timedelta(minutes=world.dice.randint(20, 1300))).astimezone(world.now.tzinfo)
    start = start.replace(second=world.dice.choice((4, 19, 34, 49)), microsecond=0)
    end = start + timedelta(minutes=max(3, round(world.dice.lognormvariate(2.9, 0.7))))
    seen = world.dice.random() > 0.15
    acknowledged = start + timedelta(minutes=1 + world.dice.lognormvariate(1.0, 0.6)) if seen else None
    resolved = max(end, acknowledged or end) + timedelta(minutes=world.dice.randint(2, 15))
    return Outage(
        *case, start, end, acknowledged, resolved, world.dice.choice(("Jonas Lind", "Sarah Okafor"))
    )
