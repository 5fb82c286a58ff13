"""The checklists that come with the console, as data. A team edits its copies; these lines only make the first ones.

Where the console can know the answer today, an item is bound; otherwise a person answers, with the value where there is one.
"""

from dataclasses import asdict, dataclass, field
from datetime import time
from typing import Any


@dataclass(frozen=True)
class Ask:
    """The fields of an item that differ from their defaults."""

    section: str
    question: str
    help: str = ""
    kind: str = "manual"
    binding: str = ""
    better: str = ""
    target: float | None = None
    limit: float | None = None
    freshness_minutes: int = 30
    answer_kind: str = "tick"
    choices: list[str] = field(default_factory=list)
    unit: str = ""

    def fields(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Shipped:
    slug: str
    name: str
    description: str
    wall: time
    expected_minutes: int
    deadline_minutes: int
    asks: tuple[Ask, ...]


def measured(section: str, question: str, binding: str, **more: Any) -> Ask:
    return Ask(section, question, kind="measure", binding=binding, **more)


def checked(section: str, question: str, binding: str, **more: Any) -> Ask:
    return Ask(section, question, kind="check", binding=binding, **more)


def number(section: str, question: str, unit: str, **more: Any) -> Ask:
    return Ask(section, question, answer_kind="number", unit=unit, **more)


HEALTH, NIGHT, ALERTS = "System health", "The night in figures", "Critical alerts"
PATH, JOBS, MONEY, FEEDBACK = "The main path", "Jobs and agents", "Payments", "Feedback of customers"

MORNING = Shipped(
    slug="morning",
    name="Morning checklist",
    description="What happened overnight, and whether the day can begin.",
    wall=time(9, 0),
    expected_minutes=15,
    deadline_minutes=120,
    asks=(
        checked(HEALTH, "Every probe finds its service up", "probes.all_up"),
        measured(HEALTH, "Uptime of the last 24 hours", "monitoring.uptime"),
        checked(HEALTH, "No incident is open", "incidents.none_open"),
        checked(HEALTH, "The console keeps time with its own work", "health.sweeps_on_time"),
        checked(HEALTH, "The console's disk has room", "health.disk_space"),
        number(NIGHT, "Volume overnight: as many requests, calls or orders as expected", ""),
        number(NIGHT, "Success rate of what customers do most", "%", better="higher", target=95),
        measured(
            NIGHT,
            "Runs of jobs and workflows that succeeded",
            "heartbeats.success",
            better="higher",
            target=90,
        ),
        measured(NIGHT, "Response time, 95th percentile", "monitoring.latency_p95"),
        number(NIGHT, "Errors logged overnight, by your error tracker", "errors", better="lower", target=9),
        measured(
            ALERTS, "No service has stopped answering", "monitoring.services_down", better="lower", target=0
        ),
        measured(ALERTS, "Incidents opened overnight", "incidents.opened", better="lower", target=0, limit=2),
        measured(
            ALERTS,
            "No high error rate: answers to probes that failed",
            "monitoring.error_share",
            help="What your error tracker counts is asked for above.",
        ),
        checked(
            ALERTS,
            "No falling success rate: jobs reach their end as often as in the week before",
            "heartbeats.success_holds",
        ),
        checked(ALERTS, "No slowness: answers come as fast as in the week before", "probes.latency"),
        Ask(ALERTS, "No alarm for rising cost per lead", "Advertising and infrastructure alike."),
        checked(ALERTS, "Alarms can get out: every channel works", "outbox.channels_work"),
        checked(
            PATH,
            "A test transaction goes through from end to end",
            "heartbeat:test-transaction",
            help="A heartbeat named test-transaction answers this: let a job do from outside what a customer does, see it"
            " arrive on the other side within two seconds, and ping. Until there is one, try it by hand; if it fails, open an"
            " incident from here.",
        ),
        checked(JOBS, "Every job and agent reported on time", "heartbeats.all_on_time"),
        checked(JOBS, "What was detected overnight has been seen by somebody", "incidents.all_seen"),
        Ask(JOBS, "What was changed automatically is understood", "Scaling, budgets, flags, restarts."),
        number(MONEY, "Payments that failed", "%", better="lower", target=0, limit=5),
        Ask(
            MONEY,
            "Every payment of the last 24 hours was processed",
            "None hangs between the provider and our books.",
        ),
        number(MONEY, "Chargebacks", "chargebacks", better="lower", target=0),
        number(MONEY, "Fraud alerts", "alerts", better="lower", target=0),
        number(FEEDBACK, "New reviews", "reviews"),
        number(FEEDBACK, "Average rating", "of 5", better="higher", target=4.5),
        Ask(FEEDBACK, "Each negative review has an answer within 24 hours"),
        number(FEEDBACK, "Requests for a review that were followed", "%", better="higher", target=30),
        checked("Access and learning", "Failed sign-ins are nothing unusual", "accounts.failed_sign_ins"),
        checked("Access and learning", "Nobody is locked out", "accounts.locked_out"),
        checked("Access and learning", "No postmortem is overdue", "postmortems.none_overdue"),
    ),
)

DAY, PENDING, TOMORROW, BACKUPS = "The day in figures", "Pending", "Tomorrow", "Backups"

EVENING = Shipped(
    slug="evening",
    name="Evening checklist",
    description="How the day went, what must not wait, and whether the backups are there.",
    wall=time(17, 0),
    expected_minutes=10,
    deadline_minutes=120,
    asks=(
        number(
            DAY, "New leads or sign-ups", "leads", help="The trend beside it compares with the days before."
        ),
        number(DAY, "Leads that became customers", "%"),
        number(DAY, "Cost per lead", "€"),
        number(DAY, "Revenue of the day", "€"),
        number(DAY, "Utilisation of the people who do the work", "%"),
        Ask(DAY, "Compared with yesterday and the same day last week", answer_kind="text"),
        measured(DAY, "Uptime of the last 24 hours", "monitoring.uptime"),
        checked(DAY, "No incident is left open", "incidents.none_open"),
        number(PENDING, "Quotes older than a day without follow-up", "quotes", better="lower", target=0),
        number(PENDING, "Bookings or orders not confirmed", "orders", better="lower", target=0),
        number(PENDING, "Payments pending", "payments", better="lower", target=0),
        number(PENDING, "Reviews without an answer", "reviews", better="lower", target=0),
        measured(
            PENDING, "Messages of the console not delivered", "outbox.undelivered", better="lower", target=0
        ),
        measured(PENDING, "Action items past their date", "actions.overdue", better="lower", target=0),
        Ask(TOMORROW, "Tomorrow's rota and schedule are known"),
        Ask(
            TOMORROW,
            "Capacity is enough for what is expected",
            answer_kind="choice",
            choices=["Enough", "Too little"],
        ),
        Ask(
            TOMORROW, "What moves demand tomorrow is known", "Weather, campaigns, releases, public holidays."
        ),
        Ask(TOMORROW, "The advertising budget fits it"),
        checked(
            BACKUPS,
            "The database was backed up (2:00)",
            "heartbeat:backup-database",
            help="A heartbeat named backup-database answers this: let the job ping it when it has finished.",
        ),
        checked(
            BACKUPS,
            "Files were backed up (3:00)",
            "heartbeat:backup-files",
            help="A heartbeat named backup-files answers this.",
        ),
        checked(
            BACKUPS,
            "The configuration was backed up (4:00)",
            "heartbeat:backup-configuration",
            help="A heartbeat named backup-configuration answers this.",
        ),
        checked(BACKUPS, "The console itself was backed up", "health.own_backup"),
        Ask(
            BACKUPS,
            "The newest backups are in their store",
            "Look there: last night's date, and a plausible size.",
        ),
    ),
)

SHIPPED = (MORNING, EVENING)
