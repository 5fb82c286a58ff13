"""Sentences that say how reviews stand."""

from datetime import datetime

from django.utils import timezone

from incidents.postmortems.models import Postmortem
from incidents.postmortems.states import QUESTIONS, Status, is_late, missing
from opsconsole.lib.durations import rough
from opsconsole.lib.phrases import capital, listed
from opsconsole.ui.templatetags.ui import said


def standing(postmortem: Postmortem, now: datetime) -> str:
    """The heading of a postmortem: what is true now."""
    name = f"The postmortem of {postmortem.incident}"
    if postmortem.status == Status.PUBLISHED and postmortem.published_at:
        day = said(timezone.localtime(postmortem.published_at), "day")
        since = (
            ""
            if not _is_older(postmortem)
            else " The incident was opened again since; take it back to draft."
        )
        return f"{name} was published by {postmortem.published_by or 'somebody'} on {day}.{since}"
    left = _left(postmortem)
    if postmortem.waits:
        return f"{name} waits, since the incident is open again; {left}."
    if is_late(postmortem, now):
        return f"{name} is {rough(now - postmortem.due_at)} late; {left}."
    return f"{name} is due in {rough(postmortem.due_at - now)}; {left}."


def _left(postmortem: Postmortem) -> str:
    """What it still wants: the root cause besides the questions."""
    wanted = len(list(missing(postmortem)))
    if not wanted:
        return f"everything is answered{'' if postmortem.waits else '; publish it'}"
    return f"{wanted} of {1 + len(QUESTIONS)} answers {'is' if wanted == 1 else 'are'} missing"


def _is_older(postmortem: Postmortem) -> bool:
    """Whether the incident went on after the publication."""
    ended, said = postmortem.incident.resolved_at, postmortem.published_at
    return ended is None or (said is not None and ended > said)


def board(late: int, drafts: int, actions_late: int, actions: int) -> str:
    """The heading of the list."""
    if not (drafts or actions):
        return "Nothing is left to review, and every action is done."
    parts = [_count(late, "postmortem is late", "postmortems are late")] if late else []
    parts += [_count(actions_late, "action is late", "actions are late")] if actions_late else []
    if parts:
        return f"{capital(listed(parts))}."
    waiting = [_count(drafts, "postmortem", "postmortems")] if drafts else []
    waiting += [_count(actions, "action", "actions")] if actions else []
    return f"Nothing is late; {listed(waiting)} to finish."


def _count(number: int, one: str, many: str) -> str:
    return f"one {one}" if number == 1 else f"{number} {many}"
