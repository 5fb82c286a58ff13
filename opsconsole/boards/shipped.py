"""The dashboards that come with the console. What stands on each, its measures say themselves: `@measure(boards=("health",))`."""

from dataclasses import dataclass

from opsconsole.measures.registry import measures


@dataclass(frozen=True)
class Shipped:
    """`span` is what it opens with; `lacks` and `brings` say, while it has no figure, that it has none, and what will bring some.

    `leads` come first, in this order, where they are defined.
    """

    slug: str
    title: str
    span: str
    lacks: str
    brings: str
    leads: tuple[str, ...] = ()

    @property
    def figures(self) -> list[str]:
        """Its measures: those that lead, then the others in the order in which they were defined."""
        mine = [slug for slug, measure in measures.items() if self.slug in measure.boards]
        return sorted(
            mine, key=lambda slug: self.leads.index(slug) if slug in self.leads else len(self.leads)
        )


SHIPPED = {
    board.slug: board
    for board in (
        Shipped(
            "health",
            "Health",
            "7d",
            "Nothing is watched yet.",
            "Uptime, jobs, incidents and messages stand here as soon as something is watched.",
            ("monitoring.uptime", "monitoring.services_down", "incidents.open", "heartbeats.late"),
        ),
        Shipped(
            "performance",
            "Performance",
            "24h",
            "Nothing is timed yet.",
            "Response times and failing answers stand here as soon as a probe asks.",
        ),
        Shipped(
            "business",
            "Business",
            "30d",
            "No figure of the business is defined yet.",
            "Revenue, customers won and lost, and costs stand here as soon as the console is told of them.",
        ),
        Shipped(
            "support",
            "Support",
            "7d",
            "No figure of support is defined yet.",
            "Open tickets, the time to the first answer and how content people are stand here as soon as tickets reach the console.",
        ),
        Shipped(
            "engagement",
            "Engagement",
            "30d",
            "No figure of engagement is defined yet.",
            "People who came back, features used and phases reached stand here as soon as the console is told how the product is used.",
        ),
        Shipped(
            "security",
            "Security",
            "30d",
            "No figure of security is defined yet.",
            "Open weaknesses, patches that are due and certificates that end stand here as soon as the console is told of them.",
        ),
        Shipped(
            "executive",
            "Executive",
            "30d",
            "No headline figure is defined yet.",
            "The figures of the weekly report stand here as soon as something is measured.",
            (
                "monitoring.uptime",
                "incidents.opened",
                "incidents.tta",
                "monitoring.latency_p95",
                "heartbeats.success",
            ),
        ),
    )
}
