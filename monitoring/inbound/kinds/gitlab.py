"""GitLab's webhooks: deployments, releases and feature flags become changes."""

from collections.abc import Callable, Mapping
from typing import Any

from monitoring.inbound.kinds import Kind, kinds
from monitoring.inbound.parcels import Parcel, Reading, Told
from monitoring.inbound.signatures import check_token
from monitoring.inbound.wording import first, inside, link, moment, text

TOKEN, DELIVERY = "x-gitlab-token", "idempotency-key"


def read(parcel: Parcel) -> Reading:
    check_token(parcel, TOKEN)
    kind = text(parcel.object.get("object_kind"))
    reader = _READERS.get(kind)
    told = reader(parcel.object) if reader else None
    return Reading(changes=[told]) if told else Reading(note=f"“{kind or 'unnamed'}” tells of no change.")


def _project(said: Mapping[str, Any]) -> str:
    return first(inside(said, "project", "path_with_namespace"), "A project")


def deployed(said: Mapping[str, Any]) -> Told | None:
    """Only the end of a deployment is a change, a success or a failure."""
    state, name = text(said.get("status")), _project(said)
    if state not in ("success", "failed"):
        return None
    how = "deployed to" if state == "success" else "failed to deploy to"
    return Told(
        key=f"deployment:{text(said.get('deployment_id'))}:{state}",
        summary=f"{name} {first(said.get('ref'), said.get('short_sha'))} {how} {first(said.get('environment'), 'an environment')}",
        author=first(inside(said, "user", "username"), inside(said, "user", "name")),
        source=name,
        url=link(said.get("deployable_url")) or link(inside(said, "project", "web_url")),
        details=first(said.get("commit_title")),
        at=_moment(said.get("status_changed_at")),
    )


def released(said: Mapping[str, Any]) -> Told | None:
    if said.get("action") != "create":
        return None
    return Told(
        key=f"release:{text(said.get('id'))}",
        summary=f"{_project(said)} {first(said.get('name'), said.get('tag'))} is released",
        source=_project(said),
        url=link(said.get("url")),
        details=first(said.get("description")),
        at=_moment(said.get("released_at")),
    )


def flagged(said: Mapping[str, Any]) -> Told | None:
    flag = inside(said, "object_attributes")
    state = "on" if inside(flag, "active") else "off"
    return Told(
        key="",
        summary=f"{first(inside(flag, 'name'), 'A flag')} is {state} in {_project(said)}",
        kind="flag",
        author=first(inside(said, "user", "username")),
        source=_project(said),
        url=link(said.get("user_url")),
    )


def _moment(value: Any) -> Any:
    """GitLab writes “2026-11-18 09:00:00 +0100” and “… UTC”."""
    return moment(text(value, 60).replace(" UTC", "+00:00").replace(" +", "+").replace(" -", "-"))


_READERS: dict[str, Callable[[Mapping[str, Any]], Told | None]] = {
    "deployment": deployed,
    "release": released,
    "feature_flag": flagged,
}
SETUP = """Project or group → Settings → Webhooks → Add new webhook
  URL            {url}
  Secret token   a secret of your choice, also given here
  Trigger        Deployment events, Releases events, Feature flag events"""
EXAMPLE = '{"object_kind":"test"}'

kinds.register(
    "gitlab",
    Kind(
        "gitlab",
        "GitLab",
        "Deployments, releases and feature flags, as changes beside alerts and incidents.",
        read,
        "/in/gitlab/{key}",
        SETUP,
        EXAMPLE,
        order=31,
        headers=(TOKEN, DELIVERY),
        identity=lambda parcel: parcel.headers.get(DELIVERY, ""),
        signed_by="Secret token",
        brings="changes",
    ),
)
