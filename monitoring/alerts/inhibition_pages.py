"""What the pages of rules show by which one alert silences others."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from monitoring.alerts.inhibitions import meant
from monitoring.alerts.matching import all_hold
from monitoring.alerts.models import Alert, Inhibition
from monitoring.alerts.muting import labels_of
from monitoring.alerts.silencing import firing, judged
from opsconsole.lib.figures import counted
from opsconsole.lib.phrases import listed

SHOWN = 20


@dataclass(frozen=True)
class Row:
    """`silent`: how many alerts it keeps silent now."""

    rule: Inhibition
    silent: int

    @property
    def what(self) -> str:
        """“While a=b fires, c=d is silent, if alike in service”."""
        rule = self.rule.rule
        alike = f", if alike in {listed(rule.equal)}" if rule.equal else ""
        return (
            f"While {listed(map(str, rule.source))} fires, {listed(map(str, rule.target))} is silent{alike}"
        )


def rows() -> list[Row]:
    """Every rule, by two queries; of several that silence an alert the one is counted whose alert began first."""
    rules = list(Inhibition.objects.all())
    found = judged(firing().values(), [row.rule for row in rules]) if rules else {}
    silent = Counter(because.rule for because in found.values())
    return [Row(row, silent[row.pk]) for row in rules]


def heading(rows: Iterable[Row]) -> str:
    known = list(rows)
    if not known:
        return "No alert silences another."
    silent = sum(row.silent for row in known)
    return f"{counted(silent, 'alert')} {'is' if silent == 1 else 'are'} silent because others fire."


@dataclass(frozen=True)
class Preview:
    """What a rule would silence now: pairs of an alert and the one because of which; or what is wrong with it."""

    wrong: str = ""
    fits: tuple[int, int] = (0, 0)
    pairs: list[tuple[Alert, Alert]] = field(default_factory=list)

    @property
    def shown(self) -> list[tuple[Alert, Alert]]:
        return self.pairs[:SHOWN]

    @property
    def more(self) -> int:
        return len(self.pairs) - len(self.shown)

    @property
    def sentence(self) -> str:
        if self.pairs:
            return f"It would silence {counted(len(self.pairs), 'alert')} of those that fire now."
        fires, fits = (f"{counted(n, 'alert')} {'fits' if n == 1 else 'fit'}" for n in self.fits)
        return f"It would silence nothing now: of what fires {fires} the first, {fits} the second."


def preview(given: Mapping[str, str]) -> Preview:
    """Of a rule as it stands in the form; one query. What nobody has typed yet is not wrong."""
    names = ("source", "target", "equal")
    values = {name: str(given.get(name) or "")[:4000] for name in names}
    if not values["source"].strip() or not values["target"].strip():
        return Preview(
            wrong="Say both what fires and what is silent then; what it would silence now is shown here."
        )
    try:
        rule = Inhibition(**meant("-", **values)).rule
    except ValidationError as error:
        return Preview(wrong=" ".join(error.messages))
    alerts = firing()
    labels = [labels_of(alert) for alert in alerts.values()]
    fits = (
        sum(all_hold(rule.source, one) for one in labels),
        sum(all_hold(rule.target, one) for one in labels),
    )
    found = judged(alerts.values(), [rule])
    return Preview(
        "", fits, [(alerts[pk], alerts[because.source.pk]) for pk, because in sorted(found.items())]
    )
