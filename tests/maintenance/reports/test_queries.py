"""Pages of figures ask the database as often for much as for little, with the console's own measures and parts."""

from datetime import timedelta

import pytest

from monitoring.catalogue.states import Status
from monitoring.probes import folding
from tests.incidents import make as incidents
from tests.monitoring import make
from tests.monitoring.probes.test_folding import minutes


@pytest.fixture(params=[1, 8])
def filled(request, old_team, frozen, now):
    """So many services with a probe that was down for a while yesterday, a job, and an incident each."""
    for n in range(request.param):
        service = make.service(f"Service {n}")
        probe = make.probe(service=service, status=Status.UP, created_at=now - timedelta(days=3))
        minutes(probe, now - timedelta(hours=30), 60)
        minutes(probe, now - timedelta(hours=29), 20, up=0, down=60_000, histogram="")
        make.heartbeat(f"Job {n}", service=service)
        incidents.incident(f"Service {n} is down", service=service, now=now - timedelta(hours=29))
    folding.fold(now)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("path", "most"), [("/reports/weekly/2026-W47/", 75), ("/measures/", 65), ("/reports/weekly/", 14)]
)
def test_it_asks_no_more_often_for_many_rows(viewer, signed_in, django_assert_max_num_queries, path, most):
    client = signed_in(viewer)
    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200
