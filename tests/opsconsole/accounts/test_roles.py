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
def test_each_may_do_what_those_below_may(a, b, c):
    assert allows(a, b) or allows(b, a)
    assert not (allows(a, b) and allows(b, c)) or allows(a, c)


@given(roles, roles)
def test_pages_show_what_services_permit(held, needed):
    assert ui.allows(User(role=held), needed.value) == allows(held, needed)


def test_a_refusal_says_what_it_needs():
    with pytest.raises(PermissionDenied, match="needs the role manager; yours is viewer"):
        require(User(role=Role.VIEWER), Role.MANAGER)


def test_somebody_deactivated_may_do_nothing():
    with pytest.raises(PermissionDenied):
        require(User(role=Role.OWNER, is_active=False), Role.VIEWER)


def test_the_console_itself_may_do_everything():
    require(SYSTEM, Role.OWNER)
    assert str(SYSTEM) == "console"
