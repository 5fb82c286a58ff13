"""INC-001 and P0 in addresses: `<inc:number>` and `<level:level>`."""

from django.urls import register_converter


class NumberConverter:
    """`<inc:number>` takes 001 and 42 and writes at least three digits."""

    regex = r"\d{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return f"{value:03d}"


class LevelConverter(NumberConverter):
    regex = r"[0-3]"

    def to_url(self, value: int) -> str:
        return str(int(value))


register_converter(NumberConverter, "inc")
register_converter(LevelConverter, "level")
