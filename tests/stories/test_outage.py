"""The whole story in a real browser, against real servers: a site fails, people are told, and the founder reads of it.

The pictures it takes lie in build/screenshots; morning.png is the README's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from opsconsole.lib.periods import Week
from tests.browser.conftest import DESKTOP, HEIGHTS, PHONE
from tests.sinks import SmtpSink, WebhookSink
from tests.stories.console import ROOT, Console, console, until
from tests.stories.halting import hooked, set_clock
from tests.stories.site import Site

pytestmark = [pytest.mark.servers, pytest.mark.browser]
PASSWORD = "three words and more"
VIENNA = ZoneInfo("Europe/Vienna")
SHOTS = ROOT / "build" / "screenshots"


@dataclass
class Story:
    """Everything that takes part."""

    console: Console
    browser: Browser
    site: Site
    mail: SmtpSink
    hook: WebhookSink
    links: dict[str, str] = field(default_factory=dict)
    cookies: list = field(default_factory=list)  # type: ignore[type-arg] # playwright's own dictionaries

    def context(self, width: int, scheme: str = "light") -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.console.url,
            viewport={"width": width, "height": HEIGHTS[width]},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        context.set_default_timeout(20_000)
        context.add_cookies(self.cookies)
        return context

    def look(self, path: str, name: str) -> None:
        """Take pictures of a page, wide and narrow, light and dark; none may be wider than its window."""
        folder = SHOTS / ("postgres" if self.console.scaled else "sqlite")
        for width, scheme in ((DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")):
            page = self.context(width, scheme).new_page()
            answer = page.goto(path)
            assert answer and answer.status == 200, f"{path}: {answer and answer.status}"
            page.wait_for_load_state()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (
                f"{path} is wider than {width}"
            )
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
            page.context.close()


@pytest.fixture
def story(tmp_path: Path, empty: dict[str, str], browser: Browser) -> Iterator[Story]:
    site = Site()
    site.start()
    with (
        SmtpSink() as mail,
        WebhookSink() as hook,
        console(tmp_path, EMAIL_URL=mail.url, **empty, **hooked(tmp_path, clock=True)) as running,
    ):
        yield Story(running, browser, site, mail, hook)
    site.stop()


def test_it_leads_from_a_failing_probe_to_the_founders_page(story: Story) -> None:
    page = story.context(DESKTOP).new_page()
    first_visit(story, page)
    watch_something(story, page)
    report_from_a_job(story, page)
    tell_a_webhook(story, page)
    the_site_fails(story)
    somebody_acknowledges_on_a_phone(story)
    the_site_returns(story)
    the_postmortem_is_drafted(story, page)
    the_morning_is_signed_off(story, page)
    the_founder_reads(story, page)
    nothing_broke_in_the_console(story)


def first_visit(story: Story, page: Page) -> None:
    page.goto("/")
    page.get_by_label("Name of your team or product").fill("Acme")
    page.get_by_label("Your name").fill("Olga")
    page.get_by_label("Your e-mail").fill("olga@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("[name=time_zone]").fill("Europe/Vienna")
    page.locator("form button.primary").click()
    page.wait_for_url("**/setup/next/")
    story.cookies = [c for c in page.context.cookies() if "session" in str(c["name"])]
    story.look("/setup/next/", "next-steps")


def watch_something(story: Story, page: Page) -> None:
    """A service and the address to watch, in one form; then a quicker pace, since a story should not take an hour."""
    page.goto("/monitoring/services/new/")
    page.get_by_label("Name", exact=True).fill("Shop")
    page.get_by_label("Address").first.fill(story.site.url)
    page.get_by_role("button", name="Add the service").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Shop")
    page.goto("/monitoring/probes/")
    page.locator("main .row a").first.click()
    page.wait_for_load_state()
    page.get_by_role("link", name="Edit").click()
    page.wait_for_load_state()
    for fold in page.locator("main details > summary").all():
        fold.click()
    page.locator("[name=interval]").fill("5 s")
    page.locator("[name=retry_interval]").fill("5 s")
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()
    until(lambda: "is up" in page.goto("/monitoring/services/").text(), 60)  # type: ignore[union-attr]
    story.look("/monitoring/services/", "services")


def report_from_a_job(story: Story, page: Page) -> None:
    """The page shows the curl line with the real key; it works as it stands."""
    page.goto("/monitoring/heartbeats/new/")
    page.get_by_label("Name", exact=True).fill("Nightly backup")
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()
    line = page.locator("pre, code").filter(has_text="/ping/").first.inner_text()
    address = re.search(r"https?://\S+/ping/[\w-]+", line)
    assert address, line
    job = story.context(DESKTOP).request.get(address[0])
    assert (job.status, job.text()) == (200, "OK")
    until(lambda: "Nightly backup" in page.goto("/monitoring/heartbeats/").text(), 20)  # type: ignore[union-attr]
    story.look("/monitoring/heartbeats/", "heartbeats")


def tell_a_webhook(story: Story, page: Page) -> None:
    page.goto("/settings/channels/new/webhook/")
    page.locator("[name=name]").fill("Team chat")
    page.locator("[name=url]").fill(story.hook.url)
    page.locator("main form button.primary").first.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Team chat")


def the_site_fails(story: Story) -> None:
    """A mail over real SMTP and a signed webhook; the incident is open with its timeline begun."""
    story.site.stop()
    mail = next(m for m in story.mail.wait(1, 60) if "INC-001" in str(m["Subject"]))
    assert mail["To"] == "olga@example.com"
    link = re.search(r"https?://\S+/a/[\w-]+", plain_text(mail))
    assert link, "no link to acknowledge in the mail"
    story.links["acknowledge"] = link[0].removeprefix(story.console.url)
    call = next(c for c in story.hook.wait(1, 30) if b"incident" in c.body)
    assert call.headers["webhook-signature"].startswith("v1,")
    story.look("/incidents/", "incidents")
    story.look("/incidents/INC-001/", "incident-open")
    story.look(story.links["acknowledge"], "acknowledge")


def plain_text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


def somebody_acknowledges_on_a_phone(story: Story) -> None:
    """Opening the link does nothing; the button does. No session, no script needed."""
    context = story.browser.new_context(
        base_url=story.console.url,
        viewport={"width": PHONE, "height": HEIGHTS[PHONE]},
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(story.links["acknowledge"])
    page.reload()
    expect(page.get_by_role("button", name="Acknowledge")).to_be_visible()
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    page.locator("[name=text]").fill("Restarted the web server, since its log was full.")
    page.get_by_role("button", name="Add the note").click()
    expect(page.locator("main")).to_contain_text("its log was full")


def the_site_returns(story: Story) -> None:
    """Everything is up again; the person who acknowledged it resolves it."""
    page = story.browser.new_context(base_url=story.console.url).new_page()
    page.goto(story.links["acknowledge"])
    story.site.start()

    def up_again() -> bool:
        page.reload()
        return "up again" in page.locator("main").inner_text().lower()

    until(up_again, 60)
    page.get_by_role("button", name=re.compile("^Resolve")).first.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text(re.compile("resolved", re.IGNORECASE))
    story.look("/incidents/INC-001/", "incident-resolved")


def the_postmortem_is_drafted(story: Story, page: Page) -> None:
    def drafted() -> bool:
        page.goto("/incidents/INC-001/postmortem/")
        return "Root cause" in page.locator("main").inner_text()

    until(drafted, 30)
    expect(page.locator("main")).to_contain_text("Olga")
    story.look("/incidents/INC-001/postmortem/", "postmortem")


def the_morning_is_signed_off(story: Story, page: Page) -> None:
    """Tomorrow its lists are open by themselves, answered where the console knows; the rest is a person's, by keyboard."""
    go_on_to(story, datetime.now(VIENNA).date() + timedelta(days=1), time(9, 5))
    until(lambda: "answered by machine" in page.goto("/today/").text(), 60)  # type: ignore[union-attr]
    while (
        first_list(page) != "Morning checklist"
    ):  # this evening's is still open, if the story begins before five
        sign_off_by_keyboard(page)
        page.goto("/today/")
    read_again(story, page)
    page.screenshot(path=SHOTS / "morning.png")
    story.look("/today/", "today")
    sign_off_by_keyboard(page)
    story.look("/today/", "today-signed")


def read_again(story: Story, page: Page) -> None:
    """Once the console has caught up with its clock, so that the list does not speak of that."""
    until(lambda: "The console is well" in page.goto("/settings/health/").text(), 90)  # type: ignore[union-attr]
    story.console.nudge("checklists.refresh")
    until(lambda: "Late: " not in page.goto("/today/").text(), 60)  # type: ignore[union-attr]
    page.wait_for_load_state()


def first_list(page: Page) -> str:
    return page.locator("main a[href*='/maintenance/checklists/']").first.inner_text()


def go_on_to(story: Story, day: date, at: time) -> None:
    """Every clock of the console goes on to that moment in the team's zone."""
    moment = datetime.combine(day, at, VIENNA)
    set_clock(story.console, (moment - datetime.now(UTC)).total_seconds())


def sign_off_by_keyboard(page: Page) -> None:
    """Deal with what needs a person, one after the other, and sign the first list off."""
    name = first_list(page)
    while not (heading := page.inner_text("h1")).endswith("Sign off."):
        page.keyboard.press("x")
        if page.locator("input:focus, select:focus").count():  # it wants a value: write it, and on to “Save”
            page.keyboard.type("12")
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
        expect(page.locator("h1")).not_to_have_text(heading, timeout=20_000)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".notice.ok")).to_contain_text(f"{name}: signed off")


def the_founder_reads(story: Story, page: Page) -> None:
    """On Monday at seven the report is published and mailed by itself."""
    week = Week.of(datetime.now(VIENNA).date())
    page.goto(f"/reports/weekly/{week}/")
    expect(page.locator("main")).to_contain_text("INC-001")
    go_on_to(story, week.plus(1).monday, time(7, 5))
    until(lambda: any("eek" in str(m["Subject"]) for m in story.mail.received), 60)
    story.look(f"/reports/weekly/{week}/", "weekly")
    page.goto(f"/reports/weekly/{week}/")
    expect(page.locator("main")).to_contain_text("frozen")
    every_number_opens_its_rows(page)


def every_number_opens_its_rows(page: Page) -> None:
    links = [str(a.get_attribute("href")) for a in page.locator("main table a[href]").all()]
    assert len(links) > 5, links
    for link in links:
        answer = page.goto(link)
        assert answer and answer.status == 200, f"{link}: {answer and answer.status}"


def nothing_broke_in_the_console(story: Story) -> None:
    log = story.console.log()
    assert "Traceback" not in log, log[-4000:]
