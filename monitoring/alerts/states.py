"""The words of alerts, and when a group of them tells its news: pure rules over fields and one `now`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models

WAIT = timedelta(seconds=30)  # what is over by then was never told
STORM_FROM = 20  # alerts that began within STORM_SPAN and were not told: so many are no blip
STORM_SPAN = timedelta(minutes=1)
STORM_WAIT = timedelta(seconds=3)  # until what belongs to a storm has come
INTERVAL = timedelta(minutes=5)  # between news of one group
REPEAT = timedelta(hours=4)  # what still fires is said again


class Level(models.IntegerChoices):
    """How bad, from the worst; the same numbers as the severities of incidents."""

    P0 = 0, "P0"
    P1 = 1, "P1"
    P2 = 2, "P2"
    P3 = 3, "P3"


class State(models.TextChoices):
    FIRING = "firing", "Firing"
    RESOLVED = "resolved", "Resolved"


class Kind(models.TextChoices):
    """What happened to an alert."""

    FIRED = "fired", "It fires"
    RESOLVED = "resolved", "It is over"
    ACKNOWLEDGED = "acknowledged", "Acknowledged where it came from"
    HUSHED = "hushed", "Nobody is told for now"
    FLAPS = "flaps", "It goes on and off"
    CALM = "calm", "It has calmed down"
    ENDED = "ended", "Said to be over"


class News(models.TextChoices):
    """What a notice has to say."""

    FIRST = "first", "It fires"
    MORE = "more", "More fire"
    LESS = "less", "Some are over"
    OVER = "over", "All are over"
    AGAIN = "again", "Still firing"
    FLAPS = "flaps", "It goes on and off"
    CALM = "calm", "It has calmed down, and fires"
    TAKEN = "taken", "Acknowledged where it came from"


def look_at(
    *, told_at: datetime | None, due: datetime | None, firing: bool, now: datetime,
    wait: timedelta = WAIT, interval: timedelta = INTERVAL,
) -> datetime:  # fmt: skip
    """When a group in which something changed `now` is to tell it; what ends altogether is told at once."""
    if not firing and told_at:
        return now
    wanted = max(now, told_at + interval) if told_at else now + wait
    return min(due, wanted) if due else wanted


def group_key(
    *, source: str, title: str, labels: Mapping[str, str], service_id: int | None
) -> tuple[str, str]:
    """What belongs together, and the name of what it has in common: alerts of one service, else of one name from one source."""
    if service_id:
        return f"service:{service_id}", ""
    name = labels.get("alertname") or title
    return f"{source}|{name}", name


@dataclass(frozen=True)
class Told:
    """What was last told of an alert: whether it fires, and whether it goes on and off."""

    firing: bool = False
    flaps: bool = False


def is_news(last: Told, *, firing: bool, flaps: bool) -> bool:
    """Whether how an alert stands is to be told, after what was told of it last. What is over and never was told is no news."""
    return last != Told(firing=True, flaps=flaps) if firing else last.firing


def news(
    *,
    fresh: int,
    gone: int,
    firing: int,
    told_at: datetime | None,
    now: datetime,
    flaps: int = 0,
    calm: int = 0,
    repeat: timedelta = REPEAT,
) -> News | None:
    """What there is to say: of `fresh` it is new how they fire, `gone` were told and are over, `firing` were told and go on.

    flaps, calm: how many of the fresh ones have begun to flap, or were told to flap and do not any more.
    """
    if fresh and fresh == flaps:
        return News.FLAPS
    if fresh and fresh == calm:
        return News.CALM
    if fresh:
        return News.MORE if told_at and firing + gone else News.FIRST
    if gone:
        return News.LESS if firing else News.OVER
    return News.AGAIN if firing and told_at and now - told_at >= repeat else None


def tone_of(severity: int | None) -> str:
    """The verdict of something that fires."""
    return "bad" if severity is not None and severity <= Level.P1 else "look"
