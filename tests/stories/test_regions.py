"""Two regions on real servers: one that is cut off alarms nobody, both open an incident, and one that is dead, or does not get to
the database, has no vote until it is back."""

from functools import partial

import pytest

from tests.stories.console import Console, console, until
from tests.stories.halting import hooked
from tests.stories.relay import Relay

pytestmark = [pytest.mark.servers, pytest.mark.usefixtures("scaled")]
EU, US = "eu-west", "us-east"


@pytest.fixture
def relay(database):
    """The way of us-east alone to the database."""
    with Relay(database["DATABASE_URL"]) as made:
        yield made


@pytest.fixture
def running(tmp_path, database, relay, site):
    with console(tmp_path, **database) as made:
        for name, way in ((EU, {}), (US, {"DATABASE_URL": relay.url})):
            (tmp_path / name).mkdir()
            made.start_region(name, **hooked(tmp_path / name, cut=True), **way)
        until(lambda: made.count("regions_region") == 2, 60)
        made.session = made.make("far", site=site.url, regions=[EU, US])
        until(partial(says, made, "up"), 60)
        yield made


def says(running: Console, status: str) -> bool:
    return running.rows("SELECT status FROM probes_probe") == [(status,)]


def shows(running: Console, page: str, words: str) -> bool:
    return words in running.page(page)


def sees(running: Console, region: str, status: str) -> bool:
    return running.count(f"probes_sighting WHERE region_id = '{region}' AND status = '{status}'") == 1


def votes_again(running: Console) -> None:
    """Wait for two more counts of the votes."""
    before = running.count("probes_result")
    until(lambda: running.count("probes_result") >= before + 2, 30)


def test_it_takes_more_than_one_region_to_open_an_incident(running):
    (running.folder / US / "cut").touch()
    until(partial(sees, running, US, "down"), 30)
    votes_again(running)
    assert says(running, "up")
    assert "1 of 2 regions says otherwise, us-east" in running.page("/monitoring/probes/1/")
    (running.folder / EU / "cut").touch()
    until(lambda: running.count("response_incident WHERE status = 'open'") == 1, 60)
    assert "2 of 2 regions say so" in running.page("/monitoring/probes/1/")


def test_it_tries_a_question_from_the_region_that_is_named(running, site):
    (running.folder / US / "cut").touch()
    for region, said in ((EU, "It answered 200"), (US, "Nothing accepts connections")):
        page = f"/monitoring/probes/trials/{running.make('tried', site=site.url, region=region)}/"
        until(partial(shows, running, page, f"What came back to {region}"), 30)
        assert said in running.page(page)


def test_it_does_not_know_when_the_worker_of_a_region_is_dead(running):
    running.kill_part(US)
    until(partial(says, running, "unknown"), 120)
    assert "1 of 2 regions can tell, and 2 are needed: us-east" in running.page("/monitoring/probes/1/")
    until(lambda: "Nothing has been heard from it" in running.page("/monitoring/probes/regions/"), 90)
    running.start_what_died()
    until(partial(says, running, "up"), 60)
    assert running.count("catalogue_statuschange WHERE new = 'down'") == 0


def test_it_goes_on_by_itself_when_a_region_gets_to_the_database_again(running, relay):
    relay.stop()
    until(partial(says, running, "unknown"), 120)
    relay.start()
    until(partial(says, running, "up"), 60)
    assert all(process.poll() is None for process in running.processes)
    assert running.count("catalogue_statuschange WHERE new = 'down'") == 0
