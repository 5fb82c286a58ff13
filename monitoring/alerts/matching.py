"""Matchers on labels: `job=db`, `env!=test`, `host=~web.*`, `team!~ops|dev`. A missing label is not an empty one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_FORM = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_.:-]*)\s*(=~|!~|!=|=)\s*(.*?)\s*")
_NESTED = re.compile(r"[+*}]\)+[+*{]")  # takes for ever on some text
_SEVERAL = re.compile(r'"\s*,\s*[A-Za-z_][\w.:-]*\s*(=~|!~|!=|=)')  # as Alertmanager writes them side by side
MOST, LONGEST = 20, 200


class BadMatcher(ValueError):
    """Its message is a sentence for the form."""


@dataclass(frozen=True)
class Matcher:
    """`=` and `=~` want the label to be there; `!=` and `!~` hold as well where it is missing. A pattern fits the whole value."""

    label: str
    sign: str
    value: str

    def holds(self, labels: Mapping[str, str]) -> bool:
        known = labels.get(self.label)
        if known is None:
            return self.sign.startswith("!")
        same = bool(re.fullmatch(self.value, known[:1000])) if "~" in self.sign else known == self.value
        return same != self.sign.startswith("!")

    def __str__(self) -> str:
        return f"{self.label}{self.sign}{self.value}"


def parse(text: str) -> list[Matcher]:
    """One a line. Raises BadMatcher."""
    found = [_one(line) for line in text.splitlines() if line.strip()]
    if not found or len(found) > MOST:
        raise BadMatcher(f"Write 1 to {MOST} lines such as service=checkout.")
    if all(matcher.sign.startswith("!") for matcher in found):
        raise BadMatcher(
            "One line at least must say what it is, with = or =~; these say only what it is not."
        )
    return found


def _one(line: str) -> Matcher:
    form = _FORM.fullmatch(line)
    if not form or len(line) > LONGEST:
        raise BadMatcher(f"“{line[:60]}” is no matcher: write a label, one of = != =~ !~, and a value.")
    if _SEVERAL.search(form[3]):
        raise BadMatcher(f"Write one matcher a line: “{line.strip()[:60]}” has several.")
    matcher = Matcher(form[1], form[2], form[3].strip('"'))
    if "~" in matcher.sign:
        _refuse(matcher.value)
    return matcher


def _refuse(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise BadMatcher(f"“{pattern[:60]}” is no pattern: {error}.") from None
    if _NESTED.search(pattern):
        raise BadMatcher(f"“{pattern[:60]}” repeats what repeats already; write it more simply.")


def all_hold(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    return all(matcher.holds(labels) for matcher in matchers)


_LABEL = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]{0,99}")
_NAMES = 10


def label_names(text: str) -> list[str]:
    """Names of labels, with commas or blanks between them. Raises ValueError with a sentence."""
    names = list(dict.fromkeys(text.replace(",", " ").split()))
    if wrong := [name for name in names if not _LABEL.fullmatch(name)]:
        raise ValueError(f"“{wrong[0][:60]}” is no name of a label: write e.g. service, instance.")
    if len(names) > _NAMES:
        raise ValueError(f"Name {_NAMES} labels at the most.")
    return names


def written(matchers: Iterable[Matcher]) -> str:
    """As they are typed, one a line."""
    return "\n".join(map(str, matchers))


def stored(matchers: Iterable[Matcher]) -> list[list[str]]:
    return [[m.label, m.sign, m.value] for m in matchers]


def read(rows: Sequence[Sequence[str]]) -> list[Matcher]:
    return [Matcher(*row) for row in rows]
