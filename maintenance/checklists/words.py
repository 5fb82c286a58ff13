"""Rules, values and schedules in plain words."""

from opsconsole.lib.calendars import WEEKDAYS as SHORT
from opsconsole.lib.figures import exact
from opsconsole.lib.phrases import capital, in_words, listed
from opsconsole.measures.verdicts import Rule

DIGITS = (
    4  # of what a person gave, at the most: rounded, a number could seem to reach a target that it missed
)
ORDINALS = {-1: "last", 1: "first", 2: "second", 3: "third", 4: "fourth"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def rule_words(rule: Rule, unit: str = "") -> str:
    """“wanted at least 99.9 %, bad below 99 %”; empty without a target."""
    if rule.target is None:
        return ""
    least, beyond = ("at least", "below") if rule.better == "higher" else ("at most", "above")
    wanted = f"wanted {least} {exact(rule.target, unit, DIGITS)}"
    return wanted if rule.limit is None else f"{wanted}, bad {beyond} {exact(rule.limit, unit, DIGITS)}"


def schedule_words(weekdays: list[int], ordinal: int, months: list[int]) -> str:
    """“every day”, “Mondays, Wednesdays and Fridays”, “the first Monday of Jan, Apr, Jul and Oct”."""
    named = "" if len(months) == 12 else listed(MONTHS[m - 1] for m in sorted(months))
    if ordinal:
        which = listed(WEEKDAYS[d] for d in sorted(weekdays))
        return f"the {ORDINALS[ordinal]} {which} of {named or 'a month'}"
    return f"{_days(sorted(weekdays))}{f' in {named}' if named else ''}"


def _days(weekdays: list[int]) -> str:
    if weekdays == list(range(7)):
        return "every day"
    if weekdays == list(range(5)):
        return f"{SHORT[0]} to {SHORT[4]}"
    return listed(f"{WEEKDAYS[d]}s" for d in weekdays) or "never"


def need_words(exceptions: int, questions: int) -> str:
    """“Three things need you”, “One question waits for your answer”, “Two things need you, and 14 questions wait …”."""
    thing = "thing needs" if exceptions == 1 else "things need"
    asked = "question waits" if questions == 1 else "questions wait"
    needs, waits = f"{in_words(exceptions)} {thing} you", f"{in_words(questions)} {asked} for your answer"
    return capital(needs if not questions else waits if not exceptions else f"{needs}, and {waits}")
