"""What the form of a probe asks for by its kind. Each kind brings a form of its own; forms.py joins it with what all have."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms

from opsconsole.lib.secrets import Unreadable


class Question(forms.Form):
    """The fields of one kind: those of FIRST stand open, each of FOLDS is a title and fields that fold away.

    SECRET ones are kept encrypted, all others become the config. PACE holds what of the usual pace does not suit the kind, by
    the names of `services.Pace` in their units. `kept` are the secrets of the probe that is edited, none of which can be
    read if it `is_lost`.
    """

    FIRST: ClassVar[tuple[str, ...]] = ()
    FOLDS: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    SECRET: ClassVar[tuple[str, ...]] = ()
    PACE: ClassVar[Mapping[str, int]] = {}

    def __init__(self, *args: Any, kept: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.kept, self.is_lost = dict(kept or {}), isinstance(kept, Unreadable)
        super().__init__(*args, **kwargs)

    @classmethod
    def shown(cls, config: Mapping[str, Any], _secrets: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields say of a probe that exists; secrets are left out, or masked."""
        return dict(config)

    @property
    def config(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._own() if name not in self.SECRET}

    @property
    def secrets(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._own() if name in self.SECRET}

    @classmethod
    def _own(cls) -> list[str]:
        return [*cls.FIRST, *(name for _, names in cls.FOLDS for name in names)]

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]
