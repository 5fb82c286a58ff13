"""Form fields that several nouns use."""

from datetime import UTC, date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from opsconsole.lib import durations
from opsconsole.lib.calendars import BadSchedule, instant, zone, zone_names

if TYPE_CHECKING:
    SeveralRows = forms.ModelMultipleChoiceField[Any]
else:
    SeveralRows = forms.ModelMultipleChoiceField


class ZoneInput(forms.TextInput):
    """A text input that suggests zones; the browser's own one is filled in where `guess` is asked for and scripts run."""

    def __init__(self, *, guess: bool = False) -> None:
        super().__init__({"autocomplete": "off"} | ({"data-guess-zone": ""} if guess else {}))

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        suggestions = f"{(attrs or {}).get('id', name)}_zones"
        control = super().render(name, value, {**(attrs or {}), "list": suggestions}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', control, suggestions, _options())


@cache
def _options() -> SafeString:
    """“UTC” and the zones named after places."""
    places = sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/"))
    return format_html_join("", '<option value="{}">', ((name,) for name in ("UTC", *places)))


class ZoneField(forms.CharField):
    """The name of a time zone, e.g. Europe/Vienna."""

    def __init__(
        self,
        *,
        guess: bool = False,
        label: str = "Time zone",
        help_text: str = "",
        required: bool = True,
        initial: str = "",
    ) -> None:
        super().__init__(
            max_length=64,
            widget=ZoneInput(guess=guess),
            label=label,
            help_text=help_text,
            required=required,
            initial=initial,
        )

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        try:
            return zone(name).key if name else ""
        except BadSchedule as error:
            raise ValidationError(str(error)) from None


BETWEEN = "Choose a day between the years 2000 and 2200."


class DayField(forms.DateField):
    """A day of the calendar, of years in which zones and weeks can be reckoned."""

    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"required": "Choose a day.", "invalid": "Write a day as 2026-11-16."}

    def __init__(self, **options: Any) -> None:
        edges = [MinValueValidator(date(2000, 1, 1), BETWEEN), MaxValueValidator(date(2199, 12, 31), BETWEEN)]
        super().__init__(input_formats=["%Y-%m-%d"], validators=edges, **options)


class MomentField(forms.DateTimeField):
    """A moment on the reader's clock, of the same years. Where clocks are changed, a schedule's rule holds (`lib.calendars`)."""

    widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages = {"invalid": "Write date and time, such as 2026-11-16T03:04."}

    def __init__(self, **options: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **options)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            with timezone.override(UTC):  # raises again for what is no time at all
                wall: Any = super().to_python(value)
        return instant(wall.date(), wall.time(), zone(timezone.get_current_timezone_name()))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not 2000 <= value.year < 2200:
            raise ValidationError(BETWEEN)


class RowsField(SeveralRows):
    """Several rows, each with a box to tick. A number too large for any row is no choice, on every database."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        for pk in value or ():
            if len(str(pk)) > len("9223372036854775807") - 1:
                raise ValidationError(self.error_messages["invalid_choice"], params={"value": str(pk)[:40]})
        return super().clean(value)


class SpanField(forms.CharField):
    """A span of time as people write it, “30 s” or “1 h 30 min”; cleaned to a timedelta, None when left empty.

    `least` and `most` bound it, both included.
    """

    def __init__(
        self,
        *,
        least: timedelta | None = None,
        most: timedelta | None = None,
        label: str = "",
        help_text: str = "",
        required: bool = True,
        initial: timedelta | None = None,
    ) -> None:
        super().__init__(max_length=40, label=label, help_text=help_text, required=required)
        self.initial, self.least, self.most = initial, least, most
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        """In words, unless words would round it."""
        if not isinstance(value, timedelta):
            return value
        said = durations.words(value)
        return said if durations.parse(said) == value else f"{value // timedelta(seconds=1)} s"

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value))
        if not text:
            return None
        try:
            span = durations.parse(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        except OverflowError:
            raise ValidationError("That is too long; choose less.") from None
        if self.least is not None and span < self.least:
            raise ValidationError(f"Choose {durations.words(self.least)} or more.")
        if self.most is not None and span > self.most:
            raise ValidationError(f"Choose {durations.words(self.most)} or less.")
        return span
