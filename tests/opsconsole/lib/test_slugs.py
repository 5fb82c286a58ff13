"""Short names: made from names, and nobody else's."""

import pytest

from monitoring.catalogue.models import Service
from opsconsole.lib.slugs import free_slug
from tests.monitoring import make

pytestmark = pytest.mark.django_db


def slug_beside(taken, name, **more):
    for slug in taken:
        make.service(slug, slug=slug)
    return free_slug(name, Service.objects.all(), instead="list", **more)


@pytest.mark.parametrize(
    ("taken", "name", "slug"),
    [
        ([], "Nightly backup", "nightly-backup"),
        (["backup"], "Backup", "backup-2"),
        (["backup", "backup-2", "backup-4"], "Backup!", "backup-3"),
        (["list"], "每日", "list-2"),
    ],
)
def test_it_numbers_what_is_taken(taken, name, slug):
    assert slug_beside(taken, name) == slug


def test_it_leaves_the_addresses_of_pages_to_them():
    assert slug_beside([], "New", reserved={"new"}) == "new-2"


def test_it_leaves_room_for_a_number():
    assert slug_beside(["a" * 70], "a" * 200) == "a" * 70 + "-2"
