"""The first sentences of a report, by rules over what is known: pure, so that the same week always reads the same.

A week is hard when a figure is bad or a P0 happened, mixed when a figure is off target or something larger broke, good when
neither; and it is never called good beyond what was measured.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from maintenance.reports.figures import Figure
from maintenance.reports.sections import Broken
from opsconsole.lib import durations
from opsconsole.lib.figures import apart, change
from opsconsole.lib.periods import covered
from opsconsole.lib.phrases import capital, in_words, listed
from opsconsole.measures.verdicts import Verdict

WORDS = {"ok": "Good", "look": "Mixed", "bad": "Hard", "unknown": "Not verified"}  # by tone
_LONG_MINUTES = 60  # a P1 beyond this, or this many in all, makes a week mixed
_MANY = 3


@dataclass(frozen=True)
class Facts:
    """What the verdict rests on. `running` is a week that is not over; `decisions` wait for the reader.

    `broken_known` is false when what broke could not be read: then nothing is claimed of it, and no week is called good.
    """

    figures: Sequence[Figure] = ()
    broken: Sequence[Broken] = ()
    decisions: int = 0
    running: bool = False
    broken_known: bool = True


def tone(facts: Facts) -> Verdict:
    verdicts = [figure.verdict for figure in facts.figures]
    if Verdict.BAD in verdicts or any(broken.rank == 0 for broken in facts.broken):
        return Verdict.BAD
    if Verdict.LOOK in verdicts or _much_broke(facts.broken):
        return Verdict.LOOK
    # Where there was nothing to measure nothing speaks for the week either.
    unread = sum(f.is_unread for f in facts.figures)
    measured = sum(f.value is not None and not f.is_unread for f in facts.figures)
    if not measured or unread > measured or not facts.broken_known:
        return Verdict.UNKNOWN
    return Verdict.OK


def sentence(facts: Facts) -> str:
    parts = [
        opening(facts),
        _broke(facts),
        _figures(facts),
        _progress(facts.figures),
        _wanted(facts.decisions),
    ]
    return " ".join(part for part in parts if part)


def opening(facts: Facts) -> str:
    """The first sentence alone."""
    judged = tone(facts)
    kind = {
        Verdict.OK: "a good week",
        Verdict.LOOK: "a mixed week",
        Verdict.BAD: "a hard week",
        Verdict.UNKNOWN: "a week of which little was measured",
    }[judged]
    partly = judged is Verdict.OK and any(figure.is_unread for figure in facts.figures)
    said = f"{kind}, as far as it was measured" if partly else kind
    return f"So far {said}." if facts.running else f"{capital(said)}."


def _much_broke(broken: Sequence[Broken]) -> bool:
    serious = [one for one in broken if one.rank <= 2]
    open_or_long = any(one.rank <= 1 and (one.is_open or one.minutes > _LONG_MINUTES) for one in broken)
    return open_or_long or len(serious) >= _MANY


def _broke(facts: Facts) -> str:
    broken = facts.broken
    if not facts.broken_known:
        return "What broke could not be read."
    if not broken:
        return "" if tone(facts) is Verdict.UNKNOWN else "Nothing broke."
    if len(broken) == 1:
        return f"One incident, {_named(broken[0])}, {_lasted(broken[0])}."
    hurt = covered((one.start, one.end) for one in broken)
    total = durations.words(max(1, round(hurt / timedelta(minutes=1))) * 60)
    worst = min(broken, key=lambda one: (one.rank, -one.minutes))
    still = sum(one.is_open for one in broken)
    ending = f"; {in_words(still)} still open" if still else ""
    return f"{_count(len(broken))} incidents hurt for {total} in all, the worst was {_named(worst)}{ending}."


def _named(broken: Broken) -> str:
    return f"“{broken.title}” (P{broken.rank})"


def _lasted(broken: Broken) -> str:
    if broken.is_open:
        return "is still open"
    return f"hurt for {durations.words(max(1, round(broken.minutes)) * 60)}"


def _figures(facts: Facts) -> str:
    off = [figure for figure in facts.figures if figure.is_off]
    unread = sum(figure.is_unread for figure in facts.figures)
    judged = [f for f in facts.figures if f.value is not None and f.target is not None and not f.is_unread]
    parts = [_missed(off)] if off else []
    if not off and judged:
        parts.append(f"Every figure{' that was measured' if unread else ''} is on target.")
    if unread:
        parts.append(f"{_count(unread)} figure{'s' if unread > 1 else ''} could not be verified.")
    return " ".join(parts)


def _missed(off: Sequence[Figure]) -> str:
    if len(off) == 1:
        one = off[0]
        value = apart(one.value or 0, one.target or 0, one.unit, one.digits)
        return f"{one.title} missed the target: {value} instead of {one.target_words}."
    names = [off[0].title, *(_inner(figure.title) for figure in off[1:])]
    return f"{listed(names)} missed their targets."


def _progress(figures: Sequence[Figure]) -> str:
    """The largest improvement on the week before, where it is a tenth or more."""
    better = [
        (abs(before.relative), figure, before)
        for figure in figures
        if (before := figure.against("previous"))
        and before.tone == Verdict.OK
        and before.relative
        and not figure.is_off
    ]
    best = max(better, key=lambda found: found[0], default=None)
    if best is None or best[0] < 0.1:
        return ""
    _, figure, before = best
    return f"{figure.title} improved ({change(before.delta, figure.unit, figure.digits)} on {before.name})."


def _wanted(decisions: int) -> str:
    if not decisions:
        return "Nothing is wanted from you."
    return f"{_count(decisions)} decision{' is' if decisions == 1 else 's are'} wanted from you."


def _count(number: int) -> str:
    return capital(in_words(number))


def _inner(title: str) -> str:
    """A title within a sentence: “Time to resolve” → “time to resolve”, but “MTTA” stays."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]
