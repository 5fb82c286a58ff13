"""The lines of a histogram, put together: `name_bucket{le="0.5"}` and its like become one sample called `name`.

`name_count` and `name_sum` stay counters of their own, since how many there were is a figure too.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import inf

from monitoring.metrics import buckets
from monitoring.metrics.samples import LARGEST, Labels, Sample
from monitoring.metrics.states import Kind

_END = "_bucket"
Key = tuple[str, Labels, int | None]


def gathered(samples: Iterable[Sample], kinds: Mapping[str, str], units: Mapping[str, str]) -> list[Sample]:
    """`kinds` is what TYPE said by name, and `units` what UNIT said. Buckets of which nothing can be made stay what they are."""
    found, groups = list[Sample](), defaultdict[Key, dict[float, Sample]](dict)
    for sample in samples:
        bound = _bound(sample, kinds)
        if bound is None:
            found.append(sample)
        else:
            groups[_key(sample)][bound] = sample
    sums = {(s.name, s.labels, s.at): s.value for s in found if s.name.endswith("_sum")} if groups else {}
    for (name, labels, at), group in groups.items():
        said = {bound: sample.value for bound, sample in group.items()}
        if made := buckets.made(said, sums.get((f"{name}_sum", labels, at))):
            found.append(Sample(name, labels, made.n, at, Kind.DISTRIBUTION.value, units.get(name, ""), made))
        else:
            found.extend(group.values())
    return found


def _bound(sample: Sample, kinds: Mapping[str, str]) -> float | None:
    """Up to where a bucket goes; None for what is none."""
    if (
        not sample.name.endswith(_END)
        or kinds.get(sample.name.removesuffix(_END), "histogram") != "histogram"
    ):
        return None
    try:
        bound = float(dict(sample.labels).get("le", ""))
    except ValueError:
        return None
    return bound if abs(bound) <= LARGEST or bound == inf else None


def _key(sample: Sample) -> Key:
    labels = tuple(pair for pair in sample.labels if pair[0] != "le")
    return sample.name.removesuffix(_END), labels, sample.at
