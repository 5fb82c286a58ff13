"""The first owner without a browser."""

import getpass
import sys
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from maintenance.setup.services import console_set_up
from opsconsole.lib import clock
from opsconsole.management import schema


class Command(BaseCommand):
    help = "Create the first owner of this console, with all that the first visit in the browser brings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--team", default="")
        parser.add_argument("--time-zone", default=settings.OPSCONSOLE_TIME_ZONE)
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        schema.migrate()
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else asked()
        try:
            owner = console_set_up(
                email=options["email"],
                password=password,
                name=options["name"],
                team_name=options["team"],
                time_zone=options["time_zone"],
                now=clock.now(),
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{owner.email} is the owner.")


def asked() -> str:
    try:
        return getpass.getpass()
    except EOFError:
        raise CommandError(
            "No password was typed; give it on standard input with --password-stdin."
        ) from None
