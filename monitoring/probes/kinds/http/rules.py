"""What makes an answer good: pure rules, made ready once and asked for every answer."""

from collections.abc import Callable
from dataclasses import dataclass

from monitoring.catalogue.states import Status
from monitoring.probes import cleaning
from monitoring.probes.kinds import Answer, Verdict
from opsconsole.lib.http import charsets
from opsconsole.lib.phrases import one_line

Check = Callable[[Answer], Verdict | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """`statuses` are closed ranges; limits are milliseconds. `checks` look at what came back, each for one thing."""

    statuses: tuple[tuple[int, int], ...] = ((200, 299),)
    expected: str = "200-299"
    checks: tuple[Check, ...] = ()
    degraded_ms: float | None = None
    down_ms: float | None = None
    upside_down: bool = False


def judge(rule: Rule, answer: Answer) -> Verdict:
    """A fault of ours is unknown, also upside down; then whether it answered, what, and how fast."""
    if answer.ours:
        return Verdict(Status.UNKNOWN, answer.ours)
    verdict = _upright(rule, answer)
    return _turned(verdict, answer) if rule.upside_down else verdict


def _upright(rule: Rule, answer: Answer) -> Verdict:
    if answer.error:
        return Verdict(Status.DOWN, answer.problem)
    if not any(low <= answer.code <= high for low, high in rule.statuses):
        return Verdict(Status.DOWN, f"It answered {answer.code}; expected is {rule.expected}.")
    for check in rule.checks:
        if verdict := check(answer):
            return verdict
    return cleaning.speed(rule.degraded_ms, rule.down_ms, answer.ms)


def _turned(verdict: Verdict, answer: Answer) -> Verdict:
    """Up and down change places; what could not be judged stays so."""
    if verdict.grade == Status.DOWN:
        return Verdict(Status.UP, f"It fails, as this probe expects: {verdict.reason}")
    if verdict.grade == Status.UNKNOWN:
        return verdict
    return Verdict(
        Status.DOWN, f"It answered {answer.code} as if all were well; this probe expects it to fail."
    )


def words(present: tuple[str, ...], absent: tuple[str, ...], any_case: bool) -> Check:
    """All of `present` and none of `absent` must be in the answer."""
    wanted, unwanted = ([(word, _spelt(word, any_case)) for word in group] for group in (present, absent))

    def check(answer: Answer) -> Verdict | None:
        body = _searched(answer, any_case)
        for word, spelt in wanted:
            if spelt not in body:
                return Verdict(Status.DOWN, f"The answer does not contain “{word}”.")
        for word, spelt in unwanted:
            if spelt in body:
                return Verdict(Status.DOWN, f"The answer contains “{word}”.")
        return None

    return check


def _searched(answer: Answer, any_case: bool) -> bytes:
    """The bytes as they came where that will do: most pages are UTF-8, and to read them costs more than to search them."""
    if not any_case and charsets.is_utf8(answer.kind):
        return answer.body
    read = charsets.text(answer.body, answer.kind)
    return (read.casefold() if any_case else read).encode()


def _spelt(word: str, any_case: bool) -> bytes:
    return (word.casefold() if any_case else word).encode("utf-8", "replace")


def leads_to(part: str) -> Check:
    """A redirect that is not followed must lead to an address that contains `part`."""

    def check(answer: Answer) -> Verdict | None:
        if not answer.redirect:
            return Verdict(Status.DOWN, f"It leads nowhere; expected is a redirect to “{part}”.")
        if part in answer.redirect:
            return None
        return Verdict(Status.DOWN, f"It leads to {one_line(answer.redirect)[:200]}; expected is “{part}”.")

    return check
