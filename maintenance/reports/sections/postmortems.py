"""Postmortems and their actions: what was promised and kept, what slipped, what falls due, and what waits for a decision."""

from datetime import timedelta

from django.urls import reverse

from incidents.postmortems.models import Action, Postmortem
from incidents.postmortems.selectors import actions_late_at, actions_open_at, late_drafts
from maintenance.reports.sections import Context, Item, contributes
from opsconsole.lib.figures import counted

MOST = 5


@contributes("promised", order=10)
def kept(context: Context) -> list[Item]:
    """Of the actions that fell due in the week, how many are done."""
    first, last = context.week.monday, context.week.monday + timedelta(days=6)
    due = list(Action.objects.filter(due_on__range=(first, last), created_at__lte=context.now))
    if not due:
        return []
    done = sum(one.done_at is not None and one.done_at <= context.now for one in due)
    return [
        Item(f"{done} of {counted(len(due), 'action')} due this week {'is' if done == 1 else 'are'} done.")
    ]


@contributes("promised", order=20)
def slipped(context: Context) -> list[Item]:
    """Open beyond its day, from whenever; the oldest first."""
    today = context.local(context.now).date()
    rows = actions_late_at(context.now, today).select_related("owner", "postmortem__incident")
    found = list(rows.order_by("due_on", "pk")[: MOST + 1])
    items = [_slipped(one) for one in found[:MOST]]
    return (
        [*items, Item("are late.", "More actions", reverse("postmortems:list"))]
        if len(found) > MOST
        else items
    )


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
    first, last = context.week.plus(1).monday, context.week.plus(1).monday + timedelta(days=6)
    actions = actions_open_at(context.now).filter(due_on__range=(first, last)).select_related("owner")
    named = [
        f"{one.title} ({one.owner or 'nobody'}, {one.due_on:%A})" for one in actions.order_by("due_on", "pk")
    ]
    span = context.ahead
    reviews = Postmortem.objects.filter(
        published_at=None, due_at__gte=span.start, due_at__lt=span.end
    ).count()
    said = [(counted(len(named), "action"), f"due: {'; '.join(named[:MOST])}.")] if named else []
    said += [(counted(reviews, "postmortem"), "due.")] if reviews else []
    url = reverse("postmortems:list")
    return [Item(f"{'is' if label[:2] == '1 ' else 'are'} {text}", label, url) for label, text in said]


def _url(review: Postmortem) -> str:
    return reverse("postmortems:detail", args=[review.incident.number])
