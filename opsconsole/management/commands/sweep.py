"""Everything that is due, once, without Celery: for tests, for repair, and for cron on very small machines."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opsconsole.health import runner
from opsconsole.health.models import SweepRun
from opsconsole.lib import clock
from opsconsole.lib.phrases import listed
from opsconsole.lib.sweeps import sweeps
from opsconsole.management import schema
from opsconsole.schedule import TABLE


class Command(BaseCommand):
    help = "Run every sweep once, in the order of the schedule, and say what each did."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", help="only these sweeps")
        parser.add_argument(
            "--now", help="pretend that it is this moment (ISO, UTC unless it says otherwise)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        schema.require()
        try:
            now = clock.parse(options["now"])
        except ValueError as error:
            raise CommandError(str(error)) from None
        if unknown := [name for name in options["names"] if name not in sweeps]:
            raise CommandError(f"There is no sweep {', '.join(unknown)}; there are {', '.join(TABLE)}.")
        failed = [name for name in options["names"] or TABLE if not self.ran(name, now)]
        if failed:
            raise CommandError(f"{listed(failed)} failed; the log says why.")

    def ran(self, name: str, now: datetime) -> bool:
        done = runner.run(name, now) or 0
        well = not SweepRun.objects.filter(sweep=name, failed_at=now).exists()
        self.stdout.write(f"{name}: {done if well else 'failed'}")
        return well
