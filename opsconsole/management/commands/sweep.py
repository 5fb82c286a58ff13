"""Everything that is due, once, without Celery: for tests, for repair, and for cron on very small machines."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opsconsole.health import runner
from opsconsole.lib import clock
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
        for name in options["names"] or TABLE:
            self.stdout.write(f"{name}: {runner.run(name, now) or 0}")
