"""Lists and small numbers as they stand in a sentence."""

from collections.abc import Iterable

_SMALL = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
]


def listed(things: Iterable[object], most: int = 0) -> str:
    """“A”, “A and B”, “A, B and C”. With `most`, of more things the first and how many are left: “A, B and 2 more”."""
    named = [str(thing) for thing in things]
    if 0 < most < len(named):
        named = [*named[:most], f"{len(named) - most} more"]
    return f"{', '.join(named[:-1])} and {named[-1]}" if len(named) > 1 else "".join(named)


def in_words(number: int) -> str:
    """3 → “three”, 14 → “14”."""
    return _SMALL[number] if number < len(_SMALL) else str(number)


def one_line(said: bytes | str) -> str:
    """What another server said, printable, on one line."""
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def storable(text: str) -> str:
    """With question marks where no database takes a character: zeros, and halves of characters."""
    return text.replace("\x00", "?").encode("utf-8", "replace").decode()


def capital(text: str) -> str:
    """As a sentence begins; the rest stays as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def closed(text: str) -> str:
    """As a sentence ends, so that another may follow; what ends already, and nothing at all, stays as it is."""
    return f"{text}." if text and text[-1] not in ".!?…" else text
