"""`celery … worker --region eu-west`: the option that makes a worker that of a region."""

from click import BadParameter, Context, Option, Parameter

from monitoring.regions.selectors import are_offered
from monitoring.regions.states import WANTED, is_name


def named(_context: Context, _option: Parameter, given: str | None) -> str | None:
    """The name as it was given. Raises BadParameter, which ends the command with its sentence."""
    if given is None:
        return None
    if not is_name(given):
        raise BadParameter(WANTED)
    if not are_offered():
        raise BadParameter(
            "A region's worker needs the console's own PostgreSQL and Redis: set DATABASE_URL and REDIS_URL."
        )
    return given


option = Option(["--region"], callback=named, help="Ask probes from this region, and do nothing else.")
