"""GitHub's and GitLab's deployments, releases and flags become changes, once each."""

import hashlib
import hmac
import json
from datetime import UTC, datetime

import pytest

from monitoring.alerts.models import Alert
from monitoring.changes.models import Change
from monitoring.inbound.models import Arrival
from tests.monitoring import make
from tests.monitoring.inbound.conftest import KEY, integration, payload

HUB, LAB = f"/in/github/{KEY}", f"/in/gitlab/{KEY}"
EVENT = {"X-GitHub-Event": "deployment_status"}


@pytest.fixture
def hub(db):
    return integration("github", name="GitHub")


@pytest.fixture
def lab(db):
    return integration("gitlab", name="GitLab", config={"secret": "token"})


def test_it_takes_a_deployment_of_github_for_its_service(post, hub, team):
    service = make.service("Checkout")
    for _ in range(2):
        post(HUB, payload("github_deployment"), **EVENT)
    change = Change.objects.get()
    assert change.summary == "acme/checkout v4.2.0 deployed to production"
    assert (change.author, change.url, change.service) == ("mara", "https://ci.example.com/41", service)
    assert change.at == datetime(2026, 11, 18, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(("state", "count"), [("failure", 1), ("in_progress", 0), ("queued", 0)])
def test_it_takes_only_the_end_of_a_deployment(post, hub, state, count):
    content = payload("github_deployment")
    content["deployment_status"]["state"] = state
    post(HUB, content, **EVENT)
    assert Change.objects.count() == count


def test_it_takes_a_release(post, hub):
    release = {
        "id": 1,
        "tag_name": "v5",
        "html_url": "https://github.com/acme/x",
        "published_at": "2026-11-18T07:00:00Z",
    }
    content = {"action": "published", "release": release, "repository": {"full_name": "acme/x"}}
    post(HUB, content, **{"X-GitHub-Event": "release"})
    assert Change.objects.get().summary == "acme/x v5 is released"


@pytest.mark.parametrize(("given", "status"), [("secret", 200), ("other", 401), ("", 401)])
def test_it_believes_github_by_its_signature(post, hub, given, status):
    type(hub).objects.update(config={"secret": "secret"})
    raw = json.dumps(payload("github_deployment")).encode()
    signed = f"sha256={hmac.new(given.encode(), raw, hashlib.sha256).hexdigest()}" if given else ""
    assert post(HUB, raw, **EVENT, **{"X-Hub-Signature-256": signed}).status_code == status


@pytest.mark.parametrize(
    "content", [{}, {"deployment_status": 7}, {"deployment_status": {"state": "success"}}]
)
def test_it_takes_odd_events_without_falling_over(post, hub, content):
    assert post(HUB, content, **EVENT).status_code == 200
    assert not Alert.objects.exists()


def test_it_knows_a_delivery_of_github_by_its_id(post, hub):
    for zen in "ab":
        post(HUB, {"zen": zen}, **{"X-GitHub-Event": "ping", "X-GitHub-Delivery": "1"})
    assert Arrival.objects.get().note == "“ping” tells of no change."


def test_it_takes_a_deployment_of_gitlab(post, lab):
    post(LAB, payload("gitlab_deployment"), **{"X-Gitlab-Token": "token"})
    change = Change.objects.get()
    assert (change.summary, change.author) == ("acme/checkout v4.2.0 deployed to production", "mara")
    assert change.at == datetime(2026, 11, 18, 7, 30, tzinfo=UTC)


def test_it_takes_a_flag_of_gitlab_each_time(post, lab):
    for active in (True, False, True):
        flag = {"object_kind": "feature_flag", "object_attributes": {"id": 6, "name": "x", "active": active}}
        post(LAB, flag, **{"X-Gitlab-Token": "token"})
    assert list(Change.objects.order_by("pk").values_list("kind", flat=True)) == ["flag"] * 3


@pytest.mark.parametrize("token", ["", "other"])
def test_it_believes_gitlab_by_its_token(post, lab, token):
    assert post(LAB, payload("gitlab_deployment"), **{"X-Gitlab-Token": token}).status_code == 401
    assert not Change.objects.exists()
