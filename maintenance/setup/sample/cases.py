"""What can go wrong at Larkfield, and what they wrote about it. Only data: `outages` draws from it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """`reason` is what the probe saw or the job said; `note` is written while working; the rest is for the postmortem.

    `actions` are (what, within how many days), `change` is the kind and summary of what caused it, if that was a change. Tier 1 services have postmortems, others need none.
    """

    service: str
    reason: str
    note: str
    cause: str
    customers: str = ""
    why: str = ""
    unnoticed: str = ""
    helped: str = ""
    improve: str = ""
    actions: tuple[tuple[str, int], ...] = ()
    job: str = ""
    change: tuple[str, str] = ("", "")


CASES = (
    Case(
        "Payments",
        "Answered 502 instead of 200–299",
        "Errors began with release 4.31. Rolled it back; the rate fell at once.",
        "A migration locked the invoices table",
        "Nobody could pay a deposit. 41 payments failed; all but three customers tried again the same day.",
        "The release added an index without `CONCURRENTLY`. On our copy the table is small, so nobody noticed how long it locks.",
        "The load test runs on a copy with a hundredth of the rows.",
        "The roll-back is one command, and Jonas had used it the week before.",
        "Migrations are tried on a copy of real size, and a lock longer than two seconds stops the release.",
        (("Try each migration on a copy of real size", 14), ("Stop a release that waits for a lock", 21)),
        change=("migration", "Payments 4.31: an index on invoices"),
    ),
    Case(
        "Payments",
        "No complete answer in time",
        "The provider answers after 20 s; switched to the second region.",
        "The payment provider was slow in one region, and our time-out was longer than our customers' patience",
        "Paying took half a minute and often failed. About a fifth of the customers gave up.",
        "We waited 30 seconds for the provider, and each waiting request held a worker. After four minutes none was left.",
        "The provider's status page stayed green for the first hour.",
        "The second region was ready, and switching takes one setting.",
        "A slow provider must not take our own pages along.",
        (("Wait five seconds for the provider, then queue", 10), ("Switch regions by itself after ten slow answers", 28)),
    ),
    Case(
        "Payments",
        "Answered 500 instead of 200–299",
        "Their new field breaks our parser. Patched it to ignore what it does not know.",
        "The provider added a field that our parser refused",
        "Deposits were taken, but the confirmation page showed an error. 12 customers paid twice and got their money back.",
        "The parser was strict about unknown fields, a choice that nobody remembered.",
        "The provider had announced it in a newsletter that went to somebody who has left.",
        "The payments themselves were safe: they are booked by the webhook, not by the page.",
        "Parsers of other people's data ignore what they do not know.",
        (("Read the providers' announcements in one shared mailbox", 7), ("Ignore unknown fields in all importers", 21)),
    ),
    Case(
        "API",
        "No complete answer in time",
        "All 40 database connections are held by one report. Killed it and raised the pool to 60.",
        "A report of one large customer held all database connections",
        "The booking page loaded slowly or not at all for 20 minutes; the mobile app showed its offline screen.",
        "Reports share the pool with the booking page. This customer has 60,000 bookings, thirty times the next one.",
        "Nothing watches how many connections are in use, only whether the page answers.",
        "The slow-query log named the report at once.",
        "Reports get a pool of their own, with a limit.",
        (("Give reports a pool of their own", 14), ("Alarm at 80 % of the database connections", 7)),
    ),
    Case(
        "API",
        "Answered 503 instead of 200–299",
        "Two of three nodes restart in circles, out of memory. Took the new cache out.",
        "The new cache grew without a limit",
        "Every second request failed. Bookings made in that time were safe, but customers saw errors.",
        "The cache kept whole calendars and never let go of one. Under the load of a Monday it filled the memory within the hour.",
        "On staging it never lives long enough to fill.",
        "The nodes restart by themselves, so one was always there.",
        "Whatever grows gets a limit in the review.",
        (("Limit every cache, and say so in the review checklist", 10), ("Plot memory of each node on the dashboard", 14)),
        change=("deploy", "API: calendars are cached"),
    ),
    Case(
        "API",
        "Answered 500 instead of 200–299",
        "The clock change doubled 02:30; the query finds two rows. Guarded it.",
        "An hour that comes twice in autumn was not foreseen",
        "Customers in two time zones could not open their calendar for the night.",
        "The query expects one row for each slot and hour; on the night of the clock change there are two.",
        "Tests run in UTC, where no hour comes twice.",
        "Sarah remembered the same night of another year.",
        "Tests of calendars run over both nights of the clock change, in three zones.",
        (("Run calendar tests over both clock changes", 21),),
    ),
    Case(
        "Web app",
        "The certificate is not trusted",
        "Renewed by hand, then found the hook that failed.",
        "The renewal hook did not reload the proxy",
        "Browsers warned of an unsafe page. Most customers left; 60 wrote to support.",
        "The certificate had been renewed ten days before, but the proxy still served the old one.",
        "We watched the file on the disk, not what the server presents.",
        "The runbook for certificates was up to date.",
        "We watch what customers are given.",
        (("Watch the certificate that the server presents", 7),),
        change=("config", "Certificates are renewed by a hook"),
    ),
    Case(
        "Web app",
        "Answered 404 instead of 200–299",
        "The new bundle is missing on one of two nodes; deployed it again there.",
        "The deploy skipped a node that was being restarted",
        "Half of the visitors saw an empty page for a quarter of an hour.",
        "The deploy asks for the list of nodes once, at its start. A node that was away at that moment kept the old version.",
        "The deploy said “done” for each node that it knew.",
        "Reloading mostly reached the good node, so few were stopped for long.",
        "A deploy is done when every node says its version.",
        (("Compare versions of all nodes after each deploy", 14),),
        change=("deploy", "Web app: a smaller bundle"),
    ),
    Case("Search", "Answered 500 instead of 200–299", "The index is half written; built it again from the database.",
         "The nightly index ran out of disk"),
    Case("Search", "No complete answer in time", "One query with 200 words. Limited queries to 20.",
         "A customer pasted a whole mail into the search"),
    Case("Mail delivery", "Nothing accepts connections there", "The provider confirms trouble; queued mails went out after.",
         "Outage of the mail provider"),
    Case("Mail delivery", "Answered 429 instead of 200–299", "A newsletter used up the hour's limit; moved it to the night.",
         "Newsletters and confirmations shared one limit", change=("other", "The newsletter goes out")),
    Case("Calendar sync", "Answered 429 instead of 200–299", "Slowed the sync down to stay inside their limit.",
         "Their limit was lowered without notice"),
    Case("Calendar sync", "Answered 401 instead of 200–299", "The token had run out; renewed it and set a reminder.",
         "A token that nobody renews by itself"),
    Case("Back office", "No complete answer in time", "Restarted it; an export had used up the memory.",
         "An export kept all rows in memory"),
    Case("Help centre", "Answered 404 instead of 200–299", "Deployed the missing page again.",
         "The deploy removed a folder that was still linked", change=("deploy", "Help centre: guides in new folders")),
)  # fmt: skip

JOB_CASES = (
    Case(
        "API",
        "pg_dump: error: could not write to output file: No space left on device",
        "The disk for backups was full; removed copies older than the 30 days we keep, and ran it again.",
        "Old backups were not removed",
        "Nothing. For a few hours the newest backup was a day old.",
        "The clean-up runs after the backup and only when it succeeds, so once the disk was full it never ran again.",
        "Nobody looked at the disk of the backup host.",
        "The job reports here, so we knew within the hour.",
        "The clean-up runs first, and the disk has an alarm.",
        (("Clean up before the backup", 5), ("Alarm at 80 % of the backup disk", 14)),
        job="Backup database",
    ),
    Case(
        "Web app",
        "rsync: connection unexpectedly closed (23 bytes received so far)",
        "The backup host had restarted for an update in the middle of it; ran it again.",
        "Updates of the backup host fall into the hour of the backup",
        "Nothing. Files were copied an hour and a half late.",
        "The host installs updates at three, exactly when files are copied.",
        "It happens only when an update wants a restart.",
        "Running it again is one command in the runbook.",
        "Hosts that keep backups are updated by day.",
        (("Move updates of the backup host to the afternoon", 7),),
        job="Backup files",
    ),
    Case("Back office", "tar: /etc/larkfield/secrets: Cannot open: Permission denied", "Gave the backup user its group back.",
         "A clean-up of groups took the backup user out of one", job="Backup configuration"),
    Case("Search", "No space left on device", "Removed the index of last month and started it again.",
         "The index keeps the last one until the new one is done", job="Search index"),
    Case("Mail delivery", "smtplib.SMTPServerDisconnected: Connection unexpectedly closed", "Sent the rest by hand.",
         "The provider drops connections after an hour", job="Reminder mails"),
)  # fmt: skip


class Deck:
    """Cases of each service in turn, so that none comes again before the others have."""

    def __init__(self, cases: tuple[Case, ...]) -> None:
        self.cases = cases
        self.drawn: dict[str, int] = {}

    @property
    def services(self) -> list[str]:
        return list(dict.fromkeys(case.service for case in self.cases))

    def draw(self, service: str) -> Case:
        mine = [case for case in self.cases if case.service == service]
        turn = self.drawn.get(service, 0)
        self.drawn[service] = turn + 1
        return mine[turn % len(mine)]
