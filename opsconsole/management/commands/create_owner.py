"""The first owner without a browser."""

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from opsconsole.accounts import services


class Command(BaseCommand):
    help = "Create the first owner of this console."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--team", default="")
        parser.add_argument("--time-zone", default="UTC")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else getpass.getpass()
        try:
            owner = services.owner_create(
                email=options["email"],
                password=password,
                name=options["name"],
                team_name=options["team"],
                time_zone=options["time_zone"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{owner.email} is the owner.")
