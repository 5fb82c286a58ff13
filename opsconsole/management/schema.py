"""Whether the database has the tables of this version. Commands bring it up to date, or say in a sentence that it is not."""

from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor


def is_current() -> bool:
    """Asking costs 50 ms, migrating for nothing a second. Raises CommandError when the database cannot be reached."""
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        raise CommandError(
            f"The database cannot be reached ({error}). Is it running, and is DATABASE_URL right?"
        ) from None
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def migrate() -> bool:
    """Whether anything was missing."""
    if is_current():
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def require() -> None:
    """For commands that may run beside a console, under which nothing must be migrated. Raises CommandError."""
    if not is_current():
        raise CommandError(
            "The database is not set up for this version yet: start the console (make run), or run manage.py migrate."
        )
