"""Numbers in addresses that are none, or larger than any id: no page falls over one."""

import pytest

from tests.monitoring import make


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/settings/channels/?removed={}",
        "/settings/deliveries/?after={}",
        "/monitoring/services/?page={}",
        "/monitoring/services/shop/?after={}",
        "/monitoring/probes/?after=0.{}.x",
        "/monitoring/probes/?after={}.1.x",
        "/monitoring/heartbeats/?after={}",
        "/monitoring/metrics/?after={}",
        "/monitoring/heartbeats/?removed={}",
        "/monitoring/heartbeats/runs/?after={}",
        "/incidents/?after={}",
        "/incidents/postmortems/?after={}",
        "/maintenance/checklists/runs/?after={}",
        "/settings/audit/?after={}",
        "/settings/audit/?who={}",
        "/dashboards/?removed={}",
    ],
)
@pytest.mark.parametrize("text", ["٣", "²", "9" * 30, "9" * 5000])
def test_it_is_answered_by_a_page_all_the_same(owner, signed_in, path, text):
    make.service(slug="shop")
    assert signed_in(owner).get(path.format(text)).status_code == 200
