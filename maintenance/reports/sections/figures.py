"""What the figures themselves say: targets reached and missed, clear changes, and what could not be read."""

from maintenance.reports.figures import Earlier, Figure
from maintenance.reports.sections import Context, Item, contributes
from opsconsole.lib.figures import Written, apart, change, every, written

CLEAR = 0.1  # of the value before; smaller changes are noise


@contributes("well", order=10)
def on_target(context: Context) -> list[Item]:
    judged = [f for f in context.figures if f.target is not None and f.value is not None and not f.is_unread]
    if judged and not any(figure.is_off for figure in judged):
        return [
            Item(
                f"{every(len(judged), 'figure')} with a target reached it."
                if len(judged) > 1
                else f"{judged[0].title} reached the target."
            )
        ]
    return []


@contributes("well", order=20)
def improved(context: Context) -> list[Item]:
    """A tenth or more better than the week before, and on target."""
    found = [(figure, before) for figure in context.figures if (before := _clearly(figure, better=True))]
    return [_item(figure, before, "improved") for figure, before in found if not figure.is_off]


@contributes("attention", order=20)
def off_target(context: Context) -> list[Item]:
    return [
        Item(
            f": {_beside_target(figure)}; the target is {figure.target_words}.",
            label=figure.title,
            url=figure.evidence_url,
            tone=figure.verdict,
        )
        for figure in context.figures
        if figure.is_off
    ]


def _beside_target(figure: Figure) -> Written:
    return apart(figure.value or 0, figure.target or 0, figure.unit, figure.digits)


@contributes("attention", order=60)
def got_worse(context: Context) -> list[Item]:
    """Still on target, but clearly worse than the week before, and another such step would miss it."""
    found = [(figure, before) for figure in context.figures if (before := _clearly(figure, better=False))]
    return [
        _item(
            figure,
            before,
            "got worse",
            " Another such step misses the target." if figure.target is not None else "",
        )
        for figure, before in found
        if not figure.is_off and _is_close(figure, before)
    ]


def _is_close(figure: Figure, before: Earlier) -> bool:
    """Without a target there is nothing to be close to: any clear change counts."""
    if figure.target is None:
        return True
    ahead = (figure.value or 0) + (before.delta or 0)
    return ahead < figure.target if figure.better == "higher" else ahead > figure.target


@contributes("attention", order=80)
def not_verified(context: Context) -> list[Item]:
    return [
        Item(_unverified(figure.detail), figure.title, figure.evidence_url, "unknown")
        for figure in context.figures
        if figure.is_unread
    ]


def _unverified(detail: str) -> str:
    return f"could not be verified. {detail[:1].upper()}{detail[1:]}".strip()


def _clearly(figure: Figure, *, better: bool) -> Earlier | None:
    before = figure.against("previous")
    if before is None or before.delta is None or before.value is None or figure.value is None:
        return None
    went_up = figure.value > before.value
    is_better = went_up == (figure.better == "higher")
    large = before.relative is None or abs(before.relative) >= CLEAR
    shows = change(before.delta, figure.unit, figure.digits) != "same"
    return before if shows and large and is_better == better else None


def _item(figure: Figure, before: Earlier, verb: str, rest: str = "") -> Item:
    now = written(figure.value, figure.unit, figure.digits)
    then = written(before.value, figure.unit, figure.digits)
    text = f"{verb}: {now}, after {then} in {before.name}.{rest}"
    return Item(text, label=figure.title, url=figure.evidence_url)
