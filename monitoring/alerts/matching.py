"""Matchers on labels: `job=db`, `env!=test`, `host=~web.*`, `team!~ops|dev`. A missing label is not an empty one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_FORM = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_.:-]*)\s*(=~|!~|!=|=)\s*(.*?)\s*")
_NESTED = re.compile(r"[+*}]\)+[+*{]|\|[^()]*\)[+*{]")  # takes for ever on some text
_SEVERAL = re.compile(r",\s*[A-Za-z_][\w.:-]*\s*(=~|!~|!=|=)")  # as Alertmanager writes them side by side
_QUOTED = re.compile(r'"[^"]*"')
MOST, LONGEST = 20, 300


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
        """As it is typed: in quotes, where it would be taken for something else."""
        value = self.value
        odd = _SEVERAL.search(value) or value != value.strip()
        return f'{self.label}{self.sign}"{value}"' if odd else f"{self.label}{self.sign}{value}"


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
    quoted = bool(_QUOTED.fullmatch(form[3]))
    if not quoted and _SEVERAL.search(form[3]):
        raise BadMatcher(
            f"Write one matcher a line: “{line.strip()[:60]}” has several. If it is one value, put that in quotes."
        )
    matcher = Matcher(form[1], form[2], form[3][1:-1] if quoted else form[3])
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


def exactly(labels: Mapping[str, str], first: Sequence[str] = ()) -> list[Matcher]:
    """What fits these labels alone, as far as it can be typed: those that stand `first`, then the others by name."""
    names = sorted(labels, key=lambda name: (name not in first, name))
    found = [Matcher(name, "=", labels[name]) for name in names]
    return [matcher for matcher in found if _can_be_typed(matcher)][:MOST]


def _can_be_typed(matcher: Matcher) -> bool:
    try:
        return parse(str(matcher)) == [matcher]
    except BadMatcher:
        return False


def written(matchers: Iterable[Matcher]) -> str:
    """As they are typed, one a line."""
    return "\n".join(map(str, matchers))


def stored(matchers: Iterable[Matcher]) -> list[list[str]]:
    return [[m.label, m.sign, m.value] for m in matchers]


def read(rows: Sequence[Sequence[str]]) -> list[Matcher]:
    return [Matcher(*row) for row in rows]
