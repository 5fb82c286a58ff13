"""ok, look, bad, unknown: what a value means. Unknown is never green."""

from dataclasses import dataclass

from django.db import models


class Verdict(models.TextChoices):
    OK = "ok", "Fine"
    LOOK = "look", "Look"
    BAD = "bad", "Bad"
    UNKNOWN = "unknown", "Not verified"


_WORST = (Verdict.BAD, Verdict.LOOK, Verdict.UNKNOWN, Verdict.OK)


def worst(verdicts: list[Verdict]) -> Verdict:
    """bad before look before unknown before ok; unknown of none."""
    return min(verdicts, key=_WORST.index, default=Verdict.UNKNOWN)


@dataclass(frozen=True)
class Reading:
    """A measured value, the share of the period that was measured, how many observations, and where the rows are."""

    value: float | None
    coverage: float = 1.0
    n: int | None = None
    evidence_url: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Rule:
    """`target` is what we want; up to `limit` one should look, beyond it is bad. Without a limit, missing the target is bad."""

    better: str = "higher"  # or "lower"
    target: float | None = None
    limit: float | None = None
    least_coverage: float = 0.5

    def judge(self, reading: Reading) -> Verdict:
        if reading.value is None or reading.coverage < self.least_coverage:
            return Verdict.UNKNOWN
        if self.target is None or self._reaches(reading.value, self.target):
            return Verdict.OK
        return (
            Verdict.LOOK
            if self.limit is not None and self._reaches(reading.value, self.limit)
            else Verdict.BAD
        )

    def _reaches(self, value: float, wanted: float) -> bool:
        return value >= wanted if self.better == "higher" else value <= wanted
