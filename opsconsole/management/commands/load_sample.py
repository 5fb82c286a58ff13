"""The sample company: more than a year of plausible data, the same for the same seed and day."""

import time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from maintenance.setup.sample.load import sample_load
from opsconsole.accounts import services
from opsconsole.accounts.selectors import is_set_up
from opsconsole.lib import clock
from opsconsole.lib.secrets import new_token
from opsconsole.management import schema

OWNER = "demo@larkfield.example"
JOBS = (
    "Nothing runs its jobs or reports its figures: rules soon do not know, and from tonight on jobs turn late and incidents open,"
    " as for real. Pause them if you stay longer."
)


class Command(BaseCommand):
    help = "Load the sample company; with no owner yet, make one and print how to sign in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--days", type=int, default=400)

    def handle(self, *_args: Any, **options: Any) -> None:
        if not 30 <= options["days"] <= 3650:
            raise CommandError("The sample has 30 days at least and ten years, 3650 days, at the most.")
        schema.migrate()
        started = time.monotonic()
        if not is_set_up():
            self.make_owner()
        try:
            sample_load(now=clock.now(), seed=options["seed"], days=options["days"], say=self.say)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"The sample company is loaded ({time.monotonic() - started:.0f} s).")
        self.stdout.write(JOBS)

    def make_owner(self) -> None:
        """The password is told at once: whatever becomes of the sample, nobody can ask for it again."""
        password = new_token(14)
        services.owner_create(
            email=OWNER, password=password, name="Demo", team_name="Larkfield", time_zone="Europe/Vienna"
        )
        self.stdout.write(f"Sign in as {OWNER} with the password {password}")
        self.stdout.flush()

    def say(self, line: str) -> None:
        self.stdout.write(f"  {line}")
        self.stdout.flush()
