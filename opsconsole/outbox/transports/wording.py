"""What transports make of a message: its title, its text without bare links, and the links as buttons."""

from dataclasses import dataclass

from opsconsole.outbox.transports.base import Outgoing

GRAVE = ("P0", "P1")


@dataclass(frozen=True)
class Link:
    label: str
    url: str


def cut(text: str, most: int) -> str:
    """At most so many characters, the last of them “…” where something was left out."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def severity(outgoing: Outgoing) -> str:
    """“P0” to “P3”, or "" for what has none."""
    return str(outgoing.data.get("severity") or "")


def is_over(outgoing: Outgoing) -> bool:
    """It says that something is well again."""
    return outgoing.type.endswith((".resolved", ".recovered"))


def is_grave(outgoing: Outgoing) -> bool:
    """Somebody must wake up: an incident of the two worst severities that nobody has in hand."""
    return severity(outgoing) in GRAVE and acknowledge_url(outgoing) != ""


def acknowledge_url(outgoing: Outgoing) -> str:
    """The link whose POST acknowledges; "" where there is nothing to acknowledge."""
    is_open = outgoing.data.get("status") == "open" and not is_over(outgoing)
    return str(outgoing.data.get("acknowledge_url") or "") if is_open else ""


def links(outgoing: Outgoing) -> list[Link]:
    """What to do about it, the most wanted first."""
    found = [Link("Acknowledge", acknowledge_url(outgoing)), Link("Open", outgoing.url)]
    return [link for link in found if link.url]


def body(outgoing: Outgoing) -> str:
    """The text without the lines that only lead where a button leads."""
    shown = [link.url for link in links(outgoing)]
    kept = [line for line in outgoing.text.splitlines() if not any(line.endswith(url) for url in shown)]
    return "\n".join(kept).strip()


def tint(outgoing: Outgoing) -> str:
    """The colour of the message as six hex digits: green when it is over, then by severity, grey for all else."""
    if is_over(outgoing):
        return "2E7D32"
    return {"P0": "B3261E", "P1": "D1551F", "P2": "B7791F", "P3": "4A6FA5"}.get(severity(outgoing), "667085")
