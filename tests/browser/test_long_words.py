"""Names and reasons that are one word without end break where the window ends, and leave the menu where it is."""

from datetime import UTC, datetime

import pytest

from incidents.response.opening import incident_open
from opsconsole.accounts.models import Team, User
from tests.browser.conftest import DESKTOP, PHONE
from tests.monitoring import make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# A phone whose letters are twice as large has room for half of it.
DOUBLED = PHONE // 2
WORD = "Zahlungsabwicklungsdienstleistungsschnittstellenueberwachungsverantwortlichkeit"


@pytest.fixture
def wordy(owner):
    """An owner, a team, a service, a job and an incident whose names are one long word each."""
    Team.objects.update(name=WORD)
    User.objects.filter(pk=owner.pk).update(name=WORD)
    service = make.service(WORD, owner=owner, runbook_url=f"https://wiki.example.com/{WORD}")
    make.heartbeat(WORD, service=service)
    incident_open(actor=owner, title=WORD * 2, severity=1, now=datetime.now(UTC), service=service)
    return owner


@pytest.mark.parametrize("width", [DOUBLED, 320, PHONE, DESKTOP])
def test_it_breaks_words_without_end(wordy, page_at, wider_than_the_window, forgive, width):
    page = page_at(width, "dark", user=wordy)
    for path in ("today/", "reports/weekly/", "measures/", "monitoring/services/", "monitoring/heartbeats/", "monitoring/heartbeats/1/edit/", "incidents/",
                 "incidents/INC-001/", "settings/", "settings/profile/", "nowhere/"):  # fmt: skip
        page.goto(f"/{path}")
        assert not wider_than_the_window(page), path
    forgive("404")
