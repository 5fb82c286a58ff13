"""Heartbeats in a real browser: fit for everybody, and a schedule that says what it means while it is typed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from monitoring.heartbeats.models import Heartbeat
from monitoring.heartbeats.tasks import fold_and_judge
from tests.browser.conftest import DESKTOP, PHONE, everywhere
from tests.monitoring import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/monitoring/heartbeats/"


@pytest.fixture
def lively(owner):
    """One job that failed, one that is fine, one that is paused, one that is new."""
    now = datetime.now(UTC)
    failed, fine = make.heartbeat("Invoice run"), make.heartbeat()
    make.heartbeat("Log rotation", status="paused", last_ping_at=now)
    make.heartbeat("Newsletter", schedule="cron", cron="0 9 * * 1", zone="Europe/Vienna")
    for hours in range(20, 0, -1):
        make.ping(fine, now - timedelta(hours=hours), "start", rid=UUID(int=hours))
        make.ping(
            fine, now - timedelta(hours=hours - 0.3), rid=UUID(int=hours), body="41 tables\nchecksum ok"
        )
    make.ping(failed, now, "fail", exit_status=3, body="connection_to_server_failed_" * 20)
    fold_and_judge(now)
    return owner


@everywhere
def test_it_is_fit_for_everybody(lively, page_at, good, width, scheme):
    page = page_at(width, scheme, user=lively)
    details = [f"{pk}/" for pk in Heartbeat.objects.values_list("pk", flat=True)]
    for path in ["", "new/", "runs/", f"{details[0]}edit/", *details]:
        page.goto(LIST + path)
        good(page)


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_it_is_fit_for_everybody_at_the_first_visit(owner, page_at, good, width):
    page = page_at(width, user=owner)
    page.goto(LIST)
    good(page)


def test_it_says_what_a_schedule_means_while_it_is_typed(owner, page_at):
    page = page_at(user=owner)
    page.goto(f"{LIST}new/")
    page.wait_for_load_state()
    page.get_by_label("At set times (cron)").check()
    assert not page.get_by_label("Every", exact=True).is_visible()
    page.get_by_label("Time zone").fill("Europe/Vienna")
    page.get_by_label("Cron expression").fill("0 3 * * 1")
    page.get_by_text("Monday").first.wait_for()
    assert page.locator("#preview li").count() == 5
    page.get_by_label("Cron expression").fill("0 0 31 2 *")
    page.get_by_text("never fires").wait_for()


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_it_copies_the_line_that_a_job_needs(owner, page_at, scheme):
    page = page_at(user=owner)
    if scheme == "http":  # where a console is reached by its name and without encryption
        page.add_init_script("delete Navigator.prototype.clipboard")
    page.goto(f"{LIST}{make.heartbeat().pk}/")
    page.get_by_role("button", name="Copy the curl line").click()
    page.get_by_role("status").get_by_text("Copied").wait_for(state="attached")
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").press("Control+V")
    assert page.locator("textarea").input_value() == page.locator("#curl").text_content()


def test_it_changes_the_page_of_a_new_job_with_its_first_ping(owner, page_at):
    beat = make.heartbeat()
    page = page_at(user=owner)
    page.goto(f"{LIST}{beat.pk}/")
    page.get_by_role("heading", name="waits for its first ping").wait_for()
    make.ping(beat, datetime.now(UTC))
    fold_and_judge(datetime.now(UTC))
    page.get_by_role("heading", name="is on time").wait_for()


def test_it_removes_a_job_and_brings_it_back_without_scripts(owner, page_at):
    beat = make.heartbeat()
    page = page_at(user=owner, scripts=False)
    page.goto(f"{LIST}{beat.pk}/edit/")
    page.get_by_role("button", name="Remove Nightly backup").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("heading", name="Nightly backup").first.wait_for()
