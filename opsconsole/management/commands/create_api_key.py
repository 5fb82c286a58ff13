"""A key for a machine, printed once."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from opsconsole.accounts import services
from opsconsole.accounts.models import Scope, User
from opsconsole.accounts.roles import SYSTEM
from opsconsole.management import schema


class Command(BaseCommand):
    help = "Create an API key for a person; it is printed once and cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--scope", choices=Scope.values, default=Scope.READ.value)

    def handle(self, *_args: Any, **options: Any) -> None:
        schema.require()
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if not user:
            raise CommandError(f"Nobody active here has the address {options['email']}.")
        try:
            _, token = services.api_key_create(
                actor=SYSTEM, user=user, name=options["name"], scope=Scope(options["scope"])
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(token)
