"""How latencies lie around the usual one: a few shapes, drawn once, stand for all buckets. Drawing each would take minutes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log2
from random import Random

PER_OCTAVE = 8  # as in lib.histograms
SHAPES, DRAWS = 40, 24


@dataclass(frozen=True)
class Shape:
    """Counts by distance from the usual latency, in steps of the histogram; their mean as a factor of it; and a dither."""

    counts: Sequence[tuple[int, int]]
    mean: float
    dither: float

    def of(self, usual: float, answers: int) -> tuple[int, int, int, int, int, str]:
        """Sums of the whole answer and of its phases in milliseconds, and the encoded histogram, over so many answers."""
        if answers <= 0:
            return 0, 0, 0, 0, 0, ""
        share, middle = answers / DRAWS, int(PER_OCTAVE * log2(usual) + self.dither)
        text = " ".join(f"{middle + step}:{max(1, round(count * share))}" for step, count in self.counts)
        total = round(usual * self.mean * answers)
        return total, total // 40, total // 12, total // 8, total // 2, text


def shapes(dice: Random) -> list[Shape]:
    return [
        _shape([dice.lognormvariate(0, 0.25) for _ in range(DRAWS)], dice.random()) for _ in range(SHAPES)
    ]


def _shape(factors: Sequence[float], dither: float) -> Shape:
    steps = Counter(round(PER_OCTAVE * log2(factor)) for factor in factors)
    return Shape(sorted(steps.items()), sum(factors) / len(factors), dither)
