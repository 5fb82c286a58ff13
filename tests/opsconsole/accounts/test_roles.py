"""Five roles in a line, the same in services and in pages."""

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from opsconsole.accounts.models import User
from opsconsole.accounts.roles import SYSTEM, Role, allows
from opsconsole.accounts.selectors import require
from opsconsole.ui.templatetags import ui

roles = st.sampled_from(Role)


@given(roles, roles, roles)
def test_it_lets_each_do_what_those_below_may(a, b, c):
    assert allows(a, b) or allows(b, a)
    assert not (allows(a, b) and allows(b, c)) or allows(a, c)


@given(roles, roles)
def test_it_shows_on_pages_what_services_permit(held, needed):
    assert ui.allows(User(role=held), needed.value) == allows(held, needed)


def test_it_says_in_a_refusal_what_it_needs():
    with pytest.raises(PermissionDenied, match="needs the role manager; yours is viewer"):
        require(User(role=Role.VIEWER), Role.MANAGER)


def test_it_lets_somebody_deactivated_do_nothing():
    with pytest.raises(PermissionDenied):
        require(User(role=Role.OWNER, is_active=False), Role.VIEWER)


def test_it_lets_the_console_itself_do_everything():
    require(SYSTEM, Role.OWNER)
    assert str(SYSTEM) == "console"
