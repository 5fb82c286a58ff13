"""Postmortems and their actions: what was promised and kept, what slipped, what falls due, and what waits for a decision."""

from django.db.models import Q
from django.urls import reverse

from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.selectors import (
    actions_due,
    actions_open_at,
    late_actions,
    late_drafts,
    reviews_due,
)
from maintenance.reports.sections import Context, Item, contributes
from opsconsole.lib.figures import counted
from opsconsole.measures.evidence import moment_url, span_url

MOST = 5


@contributes("promised", order=10)
def kept(context: Context) -> list[Item]:
    """Of the actions that fell due in the week, how many are done."""
    week = context.week.period(context.zone)
    due = list(actions_due(week).filter(created_at__lte=context.now))
    if not due:
        return []
    done = sum(one.done_at is not None and one.done_at <= context.now for one in due)
    said, url = f"{done} of {counted(len(due), 'action')}", span_url("postmortems:list", "actions.kept", week)
    return [Item(f"due this week {'is' if 1 in (done, len(due)) else 'are'} done.", said, url)]


@contributes("promised", order=20)
def slipped(context: Context) -> list[Item]:
    """Open beyond its day, from whenever; the oldest first."""
    rows = late_actions(context.now).select_related("owner", "postmortem__incident")
    found = list(rows.order_by("due_on", "pk")[: MOST + 1])
    items = [_slipped(one) for one in found[:MOST]]
    url = moment_url("postmortems:list", "actions.overdue", context.period, context.now)
    return [*items, Item("are late.", "More actions", url)] if len(found) > MOST else items


def _slipped(action: Action) -> Item:
    day = f"{action.due_on.day} {action.due_on:%B}"
    who = action.owner or "nobody has it"
    return Item(f", due on {day}: {action.title} ({who}).", "Slipped", _url(action.postmortem), "look")


@contributes("wanted", order=10)
def late(context: Context) -> list[Item]:
    """A review that is late needs somebody to see to it."""
    rows = late_drafts(context.now).select_related("incident").order_by("due_at", "pk")[:MOST]
    return [_late(one, context) for one in rows]


def _late(review: Postmortem, context: Context) -> Item:
    day = context.local(review.due_at)
    text = (
        f"The postmortem of {review.incident} has been due since {day:%A} {day.day} {day:%B}. Who writes it?"
    )
    return Item(text, url=_url(review), action="Open the postmortem")


@contributes("upcoming", order=20)
def coming(context: Context) -> list[Item]:
    """Actions and postmortems that fall due in the week ahead."""
    span = context.ahead
    actions = actions_due(span) & actions_open_at(context.now)
    named = [
        f"{one.title} ({one.owner or 'nobody'}, {one.due_on:%A})"
        for one in actions.select_related("owner").order_by("due_on", "pk")
    ]
    waiting = Q(published_at=None) | Q(published_at__gt=context.now)
    reviews = reviews_due(span).filter(waiting, created_at__lte=context.now).count()
    said = (
        [(counted(len(named), "action"), f"due: {'; '.join(named[:MOST])}.", "actions.kept")] if named else []
    )
    said += [(counted(reviews, "postmortem"), "due.", "")] if reviews else []
    return [
        Item(
            f"{'is' if label[:2] == '1 ' else 'are'} {text}",
            label,
            f"{span_url('postmortems:list', of, span)}&state=open",
        )
        for label, text, of in said
    ]


def _url(review: Postmortem) -> str:
    return reverse("postmortems:detail", args=[review.incident.number])
