"""GitHub's webhooks: deployments and releases become changes."""

from collections.abc import Callable, Mapping
from typing import Any

from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.parcels import Parcel, Reading, Told
from monitoring.inbound.signatures import check_hmac
from monitoring.inbound.wording import first, inside, link, moment, text

EVENT, SIGNATURE, DELIVERY = "x-github-event", "x-hub-signature-256", "x-github-delivery"


def read(parcel: Parcel) -> Reading:
    check_hmac(parcel, SIGNATURE, prefix="sha256=")
    event = parcel.headers.get(EVENT, "")
    reader = _READERS.get(event)
    told = reader(parcel.object) if reader else None
    return Reading(changes=[told]) if told else Reading(note=f"“{event or 'unnamed'}” tells of no change.")


def deployed(said: Mapping[str, Any]) -> Told | None:
    """`deployment_status`: only its end is a change, a success or a failure."""
    state = text(inside(said, "deployment_status", "state"))
    if state not in ("success", "failure", "error"):
        return None
    what, status = inside(said, "deployment"), inside(said, "deployment_status")
    name = first(inside(said, "repository", "full_name"), "A repository")
    ref = first(inside(what, "ref"), text(inside(what, "sha"), 8))
    place = first(inside(status, "environment"), inside(what, "environment"), "an environment")
    how = "deployed to" if state == "success" else "failed to deploy to"
    return Told(
        key=f"deployment:{text(inside(what, 'id'))}:{state}",
        summary=f"{name} {ref} {how} {place}",
        author=first(inside(what, "creator", "login"), inside(said, "sender", "login")),
        source=name,
        url=link(inside(status, "target_url")) or link(inside(said, "repository", "html_url")),
        details=first(inside(status, "description"), inside(what, "description")),
        at=moment(inside(status, "created_at")),
    )


def released(said: Mapping[str, Any]) -> Told | None:
    """`release`: published."""
    if said.get("action") != "published":
        return None
    release, name = inside(said, "release"), first(inside(said, "repository", "full_name"), "A repository")
    return Told(
        key=f"release:{text(inside(release, 'id'))}",
        summary=f"{name} {first(inside(release, 'name'), inside(release, 'tag_name'))} is released",
        author=first(inside(release, "author", "login")),
        source=name,
        url=link(inside(release, "html_url")),
        details=first(inside(release, "body")),
        at=moment(inside(release, "published_at")),
    )


_READERS: dict[str, Callable[[Mapping[str, Any]], Told | None]] = {
    "deployment_status": deployed,
    "release": released,
}
SETUP = """Repository or organisation → Settings → Webhooks → Add webhook
  Payload URL    {url}
  Content type   application/json
  Secret         a secret of your choice, also given here
  Events         Deployment statuses, Releases"""
EXAMPLE = '{"zen":"A test of the console"}'

kinds.register(
    "github",
    Kind(
        "github",
        "GitHub",
        "Deployments and releases, as changes beside alerts and incidents.",
        read,
        "/in/github/{key}",
        SETUP,
        EXAMPLE,
        order=30,
        headers=(EVENT, SIGNATURE, DELIVERY),
        identity=lambda parcel: parcel.headers.get(DELIVERY, ""),
        signed_by="Secret of the webhook",
        brings="changes",
    ),
)
