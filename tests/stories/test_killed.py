"""From a failing probe to the report, killed at each step between claim and confirm: everything is done, and done once.

What went out before it was noted goes out again, under the same id.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.sinks import SmtpSink, WebhookSink
from tests.stories.console import Console, console, until
from tests.stories.halting import go_on, halt_at, halted, hooked, kill_all, kill_one
from tests.stories.site import Site

pytestmark = pytest.mark.servers
Kill = Callable[[Console, int], None]

# What confirms each step; the claim is committed by then, or the work has been done outside.
STEPS = {
    "probe": "UPDATE probes_probe (p )?SET status",
    "change": 'UPDATE "catalogue_statuschange" SET "handled_at"',
    "delivery": 'INSERT INTO "outbox_attempt"',
    "page": 'UPDATE "response_page" SET "outcome"',
    "checklist": 'UPDATE "checklists_template" SET "next_at" = \\S+ "leased_until"',
    "report": 'UPDATE "reports_weeklyreport" SET',
}


def test_it_does_everything_once_though_its_engine_is_killed_at_each_step(tmp_path, database, site):
    """On PostgreSQL and Redis two workers and two beats are at it."""
    kill_at_each_step(tmp_path, database, site, kill_one)


def test_it_does_everything_once_though_the_power_goes_at_each_step(embedded, tmp_path, database, site):
    kill_at_each_step(tmp_path, database, site, kill_all)


def kill_at_each_step(tmp_path: Path, database: dict[str, str], site: Site, kill: Kill) -> None:
    with (
        SmtpSink() as mail,
        WebhookSink() as hook,
        console(tmp_path, EMAIL_URL=mail.url, **database, **hooked(tmp_path)) as running,
    ):
        running.start_second()
        running.make("shop", site=site.url, hook=hook.url)
        until(lambda: running.rows("SELECT 1 FROM probes_probe WHERE status = 'up'"), 60)
        halt_at(running, STEPS["probe"])
        site.stop()
        for following in [*list(STEPS)[1:], ""]:
            pid = halted(running)
            if following:
                halt_at(running, STEPS[following])
            kill(running, pid)
            forget_leases(running)
            make_due(running, following)
            go_on(running)
        until(lambda: not left_to_do(running), 60)
        everything_is_there_once(running)
        repeats_have_the_same_id(running, mail, hook)


def forget_leases(running: Console) -> None:
    """Instead of waiting until they run out."""
    for table in ("outbox_delivery", "checklists_template", "probes_probe"):
        running.rows(f"UPDATE {table} SET leased_until = NULL")


def make_due(running: Console, step: str) -> None:
    """What a day or a week would bring."""
    now = datetime.now(UTC)
    if step == "checklist":
        running.rows("UPDATE checklists_template SET next_at = %s WHERE slug = 'morning'", str(now)[:19])
    if step == "report":
        running.rows("UPDATE accounts_team SET created_at = %s", str(now - timedelta(days=8))[:19])


LEFT = """
SELECT 'change' FROM catalogue_statuschange WHERE handled_at IS NULL
UNION ALL SELECT 'message' FROM outbox_delivery WHERE status <> 'sent'
UNION ALL SELECT 'page' FROM response_page WHERE outcome = 'waiting'
UNION ALL SELECT 'checklist' WHERE NOT EXISTS (SELECT 1 FROM checklists_run)
UNION ALL SELECT 'report' WHERE NOT EXISTS (SELECT 1 FROM reports_weeklyreport WHERE status = 'published')
"""


def left_to_do(running: Console) -> list[str]:
    return [what for (what,) in running.rows(LEFT)]


def everything_is_there_once(running: Console) -> None:
    count = running.count
    assert count("catalogue_statuschange WHERE new = 'down'") == 1
    assert count("response_incident") == count("response_timelineentry WHERE kind = 'opened'") == 1
    assert count("response_page") == count("outbox_delivery WHERE event LIKE 'incident.opened%'") == 2
    assert count("outbox_delivery WHERE event LIKE 'report.weekly%'") == count("outbox_delivery") - 2 == 2
    assert count("checklists_run") == 1
    asked = count(
        "checklists_item i JOIN checklists_template t ON t.id = i.template_id WHERE t.slug = 'morning'"
    )
    assert count("checklists_answer") == asked > 0


def repeats_have_the_same_id(running: Console, mail: SmtpSink, hook: WebhookSink) -> None:
    """Each message went out once, and those that were killed before they were noted once more."""
    known = {UUID(str(uuid)).hex for (uuid,) in running.rows("SELECT uuid FROM outbox_delivery")}
    sent = [str(m["Message-ID"]).strip("<>").partition("@")[0] for m in mail.received]
    sent += [call.headers["webhook-id"] for call in hook.received]
    times = Counter(UUID(uuid).hex for uuid in sent)
    assert set(times) == known
    assert set(times.values()) == {1, 2}
