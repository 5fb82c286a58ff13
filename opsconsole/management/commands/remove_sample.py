"""Take the sample company out again."""

from typing import Any

from django.core.management.base import BaseCommand

from maintenance.setup.sample.load import sample_remove
from opsconsole.management import schema


class Command(BaseCommand):
    help = "Remove everything that the sample company brought."

    def handle(self, *_args: Any, **_options: Any) -> None:
        schema.require()
        removed = sample_remove()
        self.stdout.write(f"{removed} rows removed." if removed else "There is no sample company here.")
