"""Moments kept as whole milliseconds since 1970: datetimes for people, integers for hot paths that speak SQL."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def to_ms(moment: datetime) -> int:
    return (moment - _EPOCH) // _MS


def from_ms(ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=ms)


if TYPE_CHECKING:
    BigIntegerField = models.BigIntegerField[Any, Any]
else:
    BigIntegerField = models.BigIntegerField


class MomentField(BigIntegerField):
    """A datetime in Python, milliseconds since 1970 in the database, on every vendor alike."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any
    _pyi_lookup_exact_type: Any

    def from_db_value(self, value: int | None, _expression: Any, _connection: Any) -> datetime | None:
        return None if value is None else from_ms(value)

    def get_prep_value(self, value: Any) -> int | None:
        if isinstance(value, str):  # a dump gives the parts of a composite key as they are
            value = self.to_python(value)
        return to_ms(value) if isinstance(value, datetime) else super().get_prep_value(value)

    def to_python(self, value: Any) -> Any:
        """Also from ISO 8601, as which a dump of the database holds it."""
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return from_ms(value) if isinstance(value, int) else value
