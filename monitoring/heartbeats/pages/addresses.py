"""The lines to copy into a crontab or a script."""

from dataclasses import dataclass

from django.conf import settings

from monitoring.heartbeats.models import Heartbeat
from opsconsole.accounts.selectors import team


@dataclass(frozen=True)
class Addresses:
    """The lines to copy, with the real key."""

    url: str
    by_slug: str
    push: str
    cron: str

    @classmethod
    def of(cls, beat: Heartbeat) -> "Addresses":
        base, ours = settings.OPSCONSOLE_URL, team()
        return cls(
            f"{base}/ping/{beat.key}",
            f"{base}/ping/{ours.ping_key}/{beat.slug}" if ours else "",
            f"{base}/api/push/{beat.key.hex}?status=up&msg=OK&ping=",
            beat.plan.cron or "0 3 * * *",
        )

    @staticmethod
    def to_create() -> str:
        """The line that makes a heartbeat with its first call."""
        ours = team()
        return (
            curl(f'"{settings.OPSCONSOLE_URL}/ping/{ours.ping_key}/nightly-backup?create=1"') if ours else ""
        )

    @property
    def curl(self) -> str:
        return curl(self.url)

    @property
    def crontab(self) -> str:
        return f"{self.cron} /path/to/job && {curl(self.url)}"

    @property
    def script(self) -> str:
        """Start and end, with exit status and the last output, as one run."""
        return (
            "#!/bin/sh\n"
            f"url={self.url}\n"
            "run=$(cat /proc/sys/kernel/random/uuid)\n"
            'curl -fsS -m 10 --retry 5 -o /dev/null "$url/start?rid=$run"\n'
            "output=$(/path/to/job 2>&1)\n"
            "status=$?\n"
            'printf %s "$output" | tail -c 10000 |\n'
            '  curl -fsS -m 10 --retry 5 -o /dev/null --data-binary @- "$url/$status?rid=$run"\n'
            "exit $status"
        )


def curl(url: str) -> str:
    """It gives up after ten seconds and tries again five times, so that our restart costs no ping."""
    return f"curl -fsS -m 10 --retry 5 -o /dev/null {url}"
