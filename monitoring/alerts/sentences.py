"""Sentences that say how alerts stand, and why somebody was told of one or was not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from monitoring.alerts.episodes import CALM
from monitoring.alerts.models import Alert, AlertChange, Line, Rule
from monitoring.alerts.muting import Mute
from monitoring.alerts.rules.base import Verdict
from monitoring.alerts.states import Kind, News
from opsconsole.lib.durations import rough
from opsconsole.lib.figures import counted
from opsconsole.ui.templatetags.ui import said


def board(firing: int, groups: int) -> str:
    """The heading of the list."""
    if not firing:
        return "No alert fires."
    if firing == 1:
        return "One alert fires."
    return f"{counted(firing, 'alert')} fire" + (f" in {counted(groups, 'group')}." if groups > 1 else ".")


@dataclass(frozen=True)
class Step:
    """One moment in the story of an alert."""

    at: datetime
    words: str
    tone: str = ""


_SAID = {
    News.FIRST: "Told as the first of its group",
    News.MORE: "Told as one more of its group",
    News.LESS: "Told that it is over; others of its group still fired",
    News.OVER: "Told that it is over",
    News.TAKEN: "Told that somebody has it in hand",
    News.CALM: "Told that it has calmed down, and fires",
}


def story(changes: Sequence[AlertChange], lines: Sequence[Line]) -> list[Step]:
    """What happened to an alert and who heard of it, in order."""
    tones = {"fired": "bad", "resolved": "ok"}
    steps = [Step(c.noticed_at, _happened(c), tones.get(c.kind, "")) for c in changes]
    steps += [Step(line.notice.at, _told(line)) for line in lines]
    return sorted(steps, key=lambda step: step.at)


def _happened(change: AlertChange) -> str:
    if change.kind in (Kind.ACKNOWLEDGED, Kind.ENDED) and change.note:
        return f"{change.get_kind_display()}, by {change.note}"
    if change.note:
        return f"Nobody is told: {change.note}"
    late = change.noticed_at - change.at
    words = change.get_kind_display()
    return f"{words}, as was heard {rough(late)} later" if late.total_seconds() >= 60 else words


def _told(line: Line) -> str:
    words = _SAID.get(News(line.notice.news), "Told")
    if line.flaps and line.notice.news != News.TAKEN:
        words = "Told that it goes on and off"
    elif line.firing == (line.notice.news in {News.LESS, News.OVER}):
        words = "Told"
    return f"{words} ({line.notice.group})"


def standing(alert: Alert, told: Sequence[Line], mute: Mute | None, now: datetime) -> str:
    """Whether anybody was told of it, and why not."""
    if mute and alert.is_firing():
        return f"Nobody is told of what happens to it until {said(timezone.localtime(mute.ends_at), 'short')}: {mute.words}."
    if alert.is_silent():
        return f"Nobody is told of it while “{alert.inhibited_by}” fires. If it still fires then, it is told."
    return _told_so(alert, told) if told else _untold(alert, now)


def _told_so(alert: Alert, told: Sequence[Line]) -> str:
    if alert.is_flapping() and told[-1].flaps:
        return _flaps(alert)
    first = timezone.localtime(told[0].notice.at)
    return f"It was told at {said(first, 'short')}, with the others of its group."


def _untold(alert: Alert, now: datetime) -> str:
    if not alert.is_firing():
        when = f"while “{alert.inhibited_by}” fired" if alert.inhibited_by else "before it was to be told"
        return f"It was over {when}: nobody was told."
    group = alert.group
    if group and group.look_at and group.look_at > now:
        return f"Its group waits {rough(group.look_at - now)} for others before it is told."
    return "It is about to be told."


def ended(alert: Alert, over: Alert | None) -> str:
    """What became of somebody's word that it is over."""
    if over is None:
        return f"“{alert}” was over already."
    if over.is_firing():
        return f"“{alert}” goes on and off: it is over once nothing is heard of it for {rough(CALM)}."
    return f"“{alert}” is over. It begins anew when its sender says so of a later moment."


def _flaps(alert: Alert) -> str:
    """“It goes on and off: 7 changes so far. Off since 10:31; nothing …”."""
    off = timezone.localtime(alert.off_at) if alert.off_at else None
    now = f"off since {said(off, 'short')}" if off else "on"
    return (
        f"It goes on and off: {counted(alert.turns, 'change')} so far, and now it is {now}."
        f" What it does is told once it has not changed for {rough(CALM)}."
    )


def rules_board(rules: Sequence[Rule]) -> str:
    """The heading of the list of rules. What is not known is said, since it cannot fire."""
    on = [rule for rule in rules if rule.is_on]
    if not on:
        return "No rule watches anything."
    firing = sum(rule.verdict == Verdict.FIRING for rule in on)
    dark = sum(rule.verdict == Verdict.UNKNOWN for rule in on)
    says = f"{counted(firing, 'rule')} {'fires' if firing == 1 else 'fire'}" if firing else "No rule fires"
    return f"{says}, and of {counted(dark, 'rule')} nobody knows." if dark else f"{says}."
