"""ok, look, bad, unknown: what a value means. Unknown is never green."""

from dataclasses import dataclass
from math import isfinite

from django.db import models


class Verdict(models.TextChoices):
    OK = "ok", "Fine"
    LOOK = "look", "Look"
    BAD = "bad", "Bad"
    UNKNOWN = "unknown", "Not verified"


ORDER = (Verdict.BAD, Verdict.LOOK, Verdict.UNKNOWN, Verdict.OK)  # from the worst


def worst(verdicts: list[Verdict]) -> Verdict:
    """bad before look before unknown before ok; unknown of none."""
    return min(verdicts, key=ORDER.index, default=Verdict.UNKNOWN)


@dataclass(frozen=True)
class Reading:
    """A measured value, the share of the period that was measured, how many observations, and where the rows are.

    No value with `n` = 0 and full coverage says that there was nothing to measure (a median over no incidents).
    """

    value: float | None
    coverage: float = 1.0
    n: int | None = None
    evidence_url: str = ""
    detail: str = ""

    @property
    def is_nothing(self) -> bool:
        """Measured, and there was nothing: unlike what could not be measured."""
        return self.value is None and self.n == 0 and self.coverage >= 1


@dataclass(frozen=True)
class Rule:
    """`target` is what we want; up to `limit` one should look, beyond it is bad. Without a limit, missing the target is bad.

    Raises ValueError for a direction that is none, or a limit that asks for more than the target.
    """

    better: str = "higher"  # or "lower"
    target: float | None = None
    limit: float | None = None
    least_coverage: float = 0.5

    def __post_init__(self) -> None:
        if self.better not in ("higher", "lower"):
            raise ValueError(f"“{self.better}” is no direction; better is “higher” or “lower”.")
        if self.limit is not None and (self.target is None or not self._reaches(self.target, self.limit)):
            raise ValueError(
                "A limit lies beyond the target, on its worse side; give both, or the target alone."
            )

    def judge(self, reading: Reading) -> Verdict:
        if not self._is_readable(reading):
            return Verdict.UNKNOWN
        value = reading.value or 0.0
        if self.target is None or self._reaches(value, self.target):
            return Verdict.OK
        return Verdict.LOOK if self.limit is not None and self._reaches(value, self.limit) else Verdict.BAD

    def is_better(self, value: float, than: float) -> bool:
        return value > than if self.better == "higher" else value < than

    def _is_readable(self, reading: Reading) -> bool:
        """Asked so that whatever is not a number counts as not readable."""
        return (
            reading.value is not None and isfinite(reading.value) and reading.coverage >= self.least_coverage
        )

    def _reaches(self, value: float, wanted: float) -> bool:
        return value >= wanted if self.better == "higher" else value <= wanted
