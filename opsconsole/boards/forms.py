"""The form of a board."""

from collections.abc import Sequence
from typing import Any

from django import forms

from opsconsole.boards import order, windows
from opsconsole.measures.registry import measures


class BoardForm(forms.Form):
    """Its cleaned values are arguments of `board_create` and `board_update`. `chosen` are offered first, so that their order stays."""

    name = forms.CharField(max_length=80, label="Name")
    span = forms.ChoiceField(choices=list(windows.CHOICES.items()), label="Opens with", initial="7d")
    is_shared = forms.BooleanField(required=False, label="Share it with the team")
    figures = forms.MultipleChoiceField(label="Figures", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, chosen: Sequence[str], may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = {slug: measure.title for slug, measure in measures.items()}
        by_title = sorted(titles, key=lambda slug: titles[slug].casefold())
        offered = order.first([slug for slug in chosen if slug in titles], by_title)
        self.fields["figures"].choices = [(slug, titles[slug]) for slug in offered]  # type: ignore[attr-defined]
        if not may_share:
            self.fields["is_shared"].disabled = True
            self.fields["is_shared"].help_text = "Whoever may only read keeps boards to themselves."
