"""Badges for a README or a wall: a picture, JSON, or what shields.io reads. Pure.

“2” knows up and down, “3” late as well. What is not measured is “unknown” in both, and never green.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from monitoring.heartbeats.standing import Standing

COLOURS = {"up": "#2e7d32", "late": "#b26a00", "down": "#c62828", "unknown": "#616161"}
_SHIELDS = {"up": "success", "late": "important", "down": "critical", "unknown": "inactive"}
_BY_TONE = {"ok": "up", "look": "late", "bad": "down", "unknown": "unknown"}
_SILENT = ("Paused", "New", "Maintenance")
_CHARACTER, _ROOM = 7, 10


@dataclass(frozen=True)
class Badge:
    """What is known of one or of all heartbeats; `late` and `down` are numbers of them."""

    label: str
    status: str
    total: int
    late: int
    down: int

    @property
    def json(self) -> dict[str, object]:
        return {"status": self.status, "total": self.total, "grace": self.late, "down": self.down}

    @property
    def shields(self) -> dict[str, object]:
        return {
            "schemaVersion": 1,
            "label": self.label,
            "message": self.status,
            "color": _SHIELDS[self.status],
        }

    @property
    def svg(self) -> SafeString:
        left, right = (_CHARACTER * len(text) + _ROOM for text in (self.label, self.status))
        return format_html(
            _SVG, width=left + right, left=left, right=right, colour=COLOURS[self.status], label=self.label,
            status=self.status, middle=left / 2, centre=left + right / 2,
        )  # fmt: skip


def badge(label: str, standings: Collection[Standing], states: int) -> Badge:
    """Of heartbeats that are neither paused nor new nor maintained; the worst of them tells."""
    words = [_BY_TONE[standing.tone] for standing in standings if standing.word not in _SILENT]
    late, down = words.count("late"), words.count("down")
    shown = {"up" if word == "late" and states == 2 else word for word in words}
    worst = next((word for word in ("down", "late", "unknown", "up") if word in shown), "unknown")
    return Badge(label, worst, len(words), late, down)


_SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{label}: {status}">'
    "<title>{label}: {status}</title>"
    '<rect width="{width}" height="20" rx="3" fill="#444"/>'
    '<rect x="{left}" width="{right}" height="20" rx="3" fill="{colour}"/><rect x="{left}" width="4" height="20" fill="{colour}"/>'
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
    '<text x="{middle}" y="14">{label}</text><text x="{centre}" y="14">{status}</text></g></svg>'
)
