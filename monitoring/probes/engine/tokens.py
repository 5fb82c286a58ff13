"""Tokens that probes sign in with: fetched as runs among the others, kept, and shared by all whose credentials are the same.

A run asks for a token once at the most: it waits for a new one, or goes with the one that is kept and, where that is answered
401, once again with a new one. Not thread-safe.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from monitoring.catalogue.states import Status
from monitoring.probes.engine.runs import Run
from monitoring.probes.kinds import Answer, NoToken, SignIn, Target, Verdict

log = logging.getLogger(__name__)
AGAIN = 5.0  # seconds before those who gave no token are asked again
LEAST = 1.0  # seconds that a run has which goes again
MOST = 1000  # kinds of credentials that are remembered
UNAUTHORIZED = 401


class Question(Run):
    """The run that fetches a token; of no probe."""

    __slots__ = ()


class _Known(NamedTuple):
    """The token, or why there is none, until when (monotonic seconds)."""

    header: str
    trouble: str
    until: float


def asks(sign_in: SignIn) -> Target:
    """The token's own target."""
    return Target(sign_in.request, _judged_by_nobody, sign_in.host, sign_in.request.limit, sign_in)


def _judged_by_nobody(_answer: Answer) -> Verdict:
    return Verdict(Status.UNKNOWN)


class Tokens:
    """`admit` runs that want a token, `sift` all that have ended. `start` begins one, `fail` takes one that ends without asking."""

    def __init__(
        self,
        start: Callable[[Run], None],
        fail: Callable[[Run, str], None],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.start, self.fail, self.steady = start, fail, steady
        self.known: dict[SignIn, _Known] = {}
        self.waiting: dict[SignIn, list[Run]] = {}

    def admit(self, run: Run, target: Target, sign_in: SignIn) -> None:
        known = self.known.get(sign_in)
        if known is None or known.until <= self.steady():
            self._ask(run, target, sign_in)
        elif known.trouble:
            self.fail(run, known.trouble)
        else:
            run.target = target.signed(known.header)
            self.start(run)

    def _ask(self, run: Run, target: Target, sign_in: SignIn) -> None:
        run.target = replace(target, sign_in=None)  # its token will be new: it does not go again
        if sign_in in self.waiting:
            self.waiting[sign_in].append(run)
            return
        self.waiting[sign_in] = [run]
        question = Question.alone(asks(sign_in))
        question.at = question.certificate_seen_at = run.at  # so that its certificate is not read
        self.start(question)

    def sift(self, landed: list[Run]) -> list[Run]:
        """Those that are finished."""
        done = []
        for run in landed:
            if (sign_in := run.target.sign_in if isinstance(run.target, Target) else None) is None:
                done.append(run)
            elif isinstance(run, Question):
                self._answered(run, sign_in)
            elif run.answer.code == UNAUTHORIZED and not run.answer.error:
                self._again(run, sign_in)
            else:
                done.append(run)
        return done

    def _answered(self, question: Run, sign_in: SignIn) -> None:
        if len(self.known) >= MOST:
            self.known.clear()
        known = self.known[sign_in] = self._read(question, sign_in)
        for run in self.waiting.pop(sign_in):
            if known.trouble:
                self.fail(run, known.trouble)
            elif isinstance(run.target, Target):
                run.target = run.target.signed(known.header)
                self.start(run)

    def _read(self, question: Run, sign_in: SignIn) -> _Known:
        now = self.steady()
        try:
            token = sign_in.read(question.answer)
        except NoToken as error:
            return _Known("", str(error), now + AGAIN)
        except Exception:
            log.exception("the answer of a token address could not be read")
            return _Known("", "The console failed to read the answer of the token address.", now + AGAIN)
        return _Known(token.header, "", now + token.seconds)

    def _again(self, run: Run, sign_in: SignIn) -> None:
        """The token is over before its time: with a new one, within the time that the run has left."""
        target = run.target
        assert isinstance(target, Target)
        known = self.known.get(sign_in)
        if known and known.header == target.request.headers["Authorization"]:
            del self.known[sign_in]
        left = max(LEAST, target.request.timeout - run.answer.ms / 1000)
        run.answer = Answer()
        self.admit(run, replace(target, request=replace(target.request, timeout=left), sign_in=None), sign_in)

    def drop(self, runs: list[Run]) -> list[Run]:
        """Those of probes among runs that were abandoned, and those that waited for a token."""
        waiting = [run for group in self.waiting.values() for run in group]
        self.waiting.clear()
        return waiting + [run for run in runs if not isinstance(run, Question)]
