"""Am I online? When everything fails to be reached at once, the fault is most likely ours, and nothing is called down."""

from collections.abc import Callable, Collection

from monitoring.probes.engine import resolver
from monitoring.probes.engine.runs import Run

ENOUGH = 3  # different addresses that failed with none reached since
ASK_AGAIN = 10_000  # milliseconds between two looks at the name servers
OFFLINE = "The console reached nothing at all: {count} different addresses failed at once, so the fault is likely its own network."
NO_NAMES = "The console's own name server does not answer."


class Gate:
    """Sees every finished run; marks those that failed through a fault of ours."""

    def __init__(self, names_answered: Callable[[], bool] | None = None) -> None:
        self._names_answered = names_answered or (lambda: resolver.answers(resolver.nameservers()))
        self._asked: tuple[int, bool] = (0, True)
        self.reached_at = 0
        self.failing: dict[str, int] = {}

    def sift(self, runs: Collection[Run], now: int) -> None:
        """Call it with a batch before it is judged. `now` is milliseconds since 1970."""
        if self.reached_at > now or any(at > now for at in self.failing.values()):
            self.reached_at, self.failing = 0, {}  # the clock was set back
        lost = [run for run in runs if not run.answer.reached and not run.answer.ours]
        self._take(runs, lost)
        if not lost:
            return
        self._blame_names(lost, now)
        if len(self.failing) >= ENOUGH:
            for run in lost:
                run.answer.ours = run.answer.ours or OFFLINE.format(count=len(self.failing))

    def _take(self, runs: Collection[Run], lost: list[Run]) -> None:
        """Keep the addresses that failed after the last one that was reached."""
        ends = [run.at + int(run.answer.ms) for run in runs if run.answer.reached and not run.answer.ours]
        self.reached_at = max([self.reached_at, *ends])
        for run in lost:
            self.failing[_address(run)] = run.at
        self.failing = {address: at for address, at in self.failing.items() if at >= self.reached_at}

    def _blame_names(self, lost: list[Run], now: int) -> None:
        nameless = [run for run in lost if not run.answer.peer]
        if not nameless:
            return
        asked_at, answered = self._asked
        if not 0 <= now - asked_at < ASK_AGAIN:
            answered = self._names_answered()
            self._asked = (now, answered)
        for run in nameless:
            run.answer.ours = "" if answered else NO_NAMES

    @property
    def trouble(self) -> str:
        """Why nothing can be said from here at present; "" while something is reached."""
        if self.failing and not self._asked[1]:
            return NO_NAMES
        return OFFLINE.format(count=len(self.failing)) if len(self.failing) >= ENOUGH else ""

    @property
    def doubts(self) -> bool:
        """Something could not be reached and nothing was reached since: ask others before it is confirmed."""
        return 0 < len(self.failing) < ENOUGH


def _address(run: Run) -> str:
    return run.answer.peer or (run.target.host if run.target else "")
