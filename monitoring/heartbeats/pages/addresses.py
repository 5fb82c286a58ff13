"""The lines to copy into a crontab or a script."""

import re
from dataclasses import dataclass

from django.conf import settings

from monitoring.heartbeats.figures import demands
from monitoring.heartbeats.meanings import Rules
from monitoring.heartbeats.models import Heartbeat
from opsconsole.accounts.selectors import team


@dataclass(frozen=True)
class Addresses:
    """The lines to copy, with the real key."""

    url: str
    by_slug: str
    push: str
    mail: str
    cron: str
    rules: Rules
    figures: tuple[str, ...] = ()

    @classmethod
    def of(cls, beat: Heartbeat) -> "Addresses":
        base, ours = settings.OPSCONSOLE_URL, team()
        return cls(
            f"{base}/ping/{beat.key}",
            f"{base}/ping/{ours.ping_key}/{beat.slug}" if ours else "",
            f"{base}/api/push/{beat.key.hex}?status=up&msg=OK&ping=",
            f"{beat.key}@",
            beat.plan.cron or "0 3 * * *",
            beat.rules,
            tuple(dict.fromkeys(demand.name for demand in demands(beat.assertions))),
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
        """At the end of the job; around it where what it writes is judged."""
        if self.rules.reads_body:
            return f"/path/to/job 2>&1 | tail -c 10000 | {curl(f'--data-binary @- {self._target}')}"
        return curl(f"{self._post}{self._target}")

    @property
    def crontab(self) -> str:
        return f"{self.cron} {'' if self.rules.reads_body else '/path/to/job && '}{self.curl}"

    @property
    def script(self) -> str:
        """Start and end, with exit status and the last output, as one run; none where words count rather than addresses."""
        if self.rules.reads_body:
            return ""
        return (
            "#!/bin/sh\n"
            f"url={self.url}\n"
            "run=$(cat /proc/sys/kernel/random/uuid)\n"
            f'curl -fsS -m 10 --retry 5 -o /dev/null {self._post}"$url/start?rid=$run"\n'
            "output=$(/path/to/job 2>&1)\n"
            "status=$?\n"
            'printf %s "$output" | tail -c 10000 |\n'
            f'  curl -fsS -m 10 --retry 5 -o /dev/null --data-binary @- "$url/$status?rid=$run{self._said("&")}"\n'
            "exit $status"
        )

    @property
    def _post(self) -> str:
        return "-X POST " if self.rules.post_only else ""

    @property
    def _target(self) -> str:
        return f'"{self.url}{self._said("?")}"' if self.figures else self.url

    def _said(self, sign: str) -> str:
        """The figures that a run must tell, from variables of the shell."""
        told = (f"{name}=${re.sub(r'[.-]', '_', name)}" for name in self.figures)
        return sign + "&".join(told) if self.figures else ""


def curl(url: str) -> str:
    """It gives up after ten seconds and tries again five times, so that our restart costs no ping."""
    return f"curl -fsS -m 10 --retry 5 -o /dev/null {url}"
