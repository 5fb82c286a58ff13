"""What the pages of alerts show, put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitoring.alerts.models import Alert, Group
from monitoring.alerts.muting import Mutes
from monitoring.alerts.selectors import MOST, firing_count, open_groups
from monitoring.alerts.sentences import Step, board, standing, story
from monitoring.alerts.states import Level, tone_of
from monitoring.changes.models import Change
from monitoring.changes.selectors import changes_before
from opsconsole.lib.durations import rough
from opsconsole.lib.figures import number


@dataclass(frozen=True)
class Row:
    """A group in which something fires: `names` are some of its alerts, `muted` until when nobody is told of them,
    `silent` what fires because of which nobody is."""

    group: Group
    tone: str
    word: str
    firing: int
    lasts: str
    names: Sequence[Alert]
    muted: datetime | None = None
    silent: Alert | None = None

    @property
    def beside(self) -> str:
        """What its title does not say: how its alerts are called, else of what they are, or where they come from."""
        return self._titles() if self.firing > 1 and self._titles() else " · ".join(self._places())

    def _titles(self) -> str:
        named = [alert.title for alert in self.names if alert.title != str(self.group)]
        more = self.firing - len(named)
        said = ", ".join(dict.fromkeys(named))
        return f"{said} and {number(more)} more" if said and more > 0 else said

    def _places(self) -> list[str]:
        title = self.names[0].title if self.firing == 1 and self.names else str(self.group)
        places = [str(self.group), *(alert.origin.name for alert in self.names)]
        return [place for place in dict.fromkeys(places) if place != title]


@dataclass(frozen=True)
class Board:
    heading: str
    rows: list[Row]
    cut: bool


NAMED = 3


def board_of(now: datetime) -> Board:
    """What fires now, in groups."""
    groups = list(open_groups()[: MOST + 1])
    named = _named([group.pk for group in groups[:MOST]])
    mutes = Mutes(now)
    rows = [_row(group, named.get(group.pk, []), mutes, now) for group in groups[:MOST]]
    return Board(board(firing_count(), len(groups)), rows, len(groups) > MOST)


def _named(ids: Sequence[int]) -> dict[int, list[Alert]]:
    """The newest alerts of each group: one short query for all, whatever fires in a storm."""
    found: dict[int, list[Alert]] = {}
    for alert in (
        Alert.objects.firing()
        .filter(group__in=ids)
        .select_related("service", "inhibited_by")
        .order_by("-pk")[: MOST * 10]
    ):
        names = found.setdefault(alert.group_id or 0, [])
        if len(names) < NAMED:
            names.append(alert)
    return found


def _row(group: Group, names: Sequence[Alert], mutes: Mutes, now: datetime) -> Row:
    worst, since = getattr(group, "worst", None), getattr(group, "since", now)
    word = Level(worst).label if worst is not None else "Fires"
    word = names[0].word if getattr(group, "firing", 0) == 1 and names else word
    ends = [mute.ends_at for alert in names if (mute := mutes.of_alert(alert))]
    muted = min(ends) if ends and len(ends) == len(names) else None
    silent = names[0].inhibited_by if names and all(alert.is_silent() for alert in names) else None
    return Row(
        group, tone_of(worst), word, getattr(group, "firing", 0), rough(now - since), names, muted, silent
    )


@dataclass(frozen=True)
class View:
    """One alert with its story; `labels` and `annotations` as they came; `changed` is what was changed shortly before."""

    alert: Alert
    tone: str
    standing: str
    steps: list[Step]
    labels: list[tuple[str, str]]
    annotations: list[tuple[str, str]]
    changed: list[Change]


def view_of(alert: Alert, now: datetime) -> View:
    lines = list(alert.lines.select_related("notice__group"))
    return View(
        alert=alert,
        tone=tone_of(alert.severity) if alert.is_firing() else "ok",
        standing=standing(alert, lines, Mutes(now).of_alert(alert), now),
        steps=story(list(alert.changes.all()), lines),
        labels=sorted(alert.labels.items()),
        annotations=sorted(alert.annotations.items()),
        changed=changes_before(alert.starts_at, [alert.service_id] if alert.service_id else []),
    )
