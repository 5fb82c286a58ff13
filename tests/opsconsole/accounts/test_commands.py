"""The first owner and keys of machines, without a browser."""

import io

import pytest
from django.core.management import CommandError, call_command

from opsconsole.accounts.models import ApiKey, Team, User
from opsconsole.lib.secrets import digest
from opsconsole.outbox.models import Channel


@pytest.fixture
def typed(monkeypatch):
    """What stands on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.django_db
def test_it_makes_the_first_owner(typed, ending):
    typed(f"four words make one{ending}")
    call_command("create_owner", "--email", "Olga@example.com", "--team", "Acme", "--password-stdin")
    assert User.objects.get().check_password("four words make one")
    assert Team.objects.get().name == "Acme"


@pytest.mark.django_db
def test_it_brings_what_the_first_visit_brings(typed):
    typed("four words make one\n")
    call_command("create_owner", "--email", "olga@example.com", "--password-stdin")
    channel = Channel.objects.get()
    assert (channel.kind, channel.config, channel.user) == (
        "email",
        {"address": "olga@example.com"},
        User.objects.get(),
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (["--time-zone", "Mars/Olympus"], "not a time zone"),
        (["--email", "olga"], "valid email address"),
        (["--name", "x" * 81], "at most 80 characters"),
        (["--team", "x" * 81], "at most 80 characters"),
        ([], "too short"),
    ],
)
@pytest.mark.django_db
def test_it_says_in_one_line_what_is_wrong(typed, given, sentence):
    typed("short\n")
    with pytest.raises(CommandError, match=sentence):
        call_command("create_owner", "--email", "o@example.com", "--password-stdin", *given)
    assert not User.objects.exists()
    assert not Team.objects.exists()


@pytest.mark.django_db
def test_it_takes_no_password_that_nobody_could_type(typed):
    typed("four words\0make one\n")
    with pytest.raises(CommandError, match="Null characters are not allowed"):
        call_command("create_owner", "--email", "o@example.com", "--password-stdin")


def test_it_makes_no_second_owner(typed, owner):
    typed("four words make one\n")
    with pytest.raises(CommandError, match="has an owner already"):
        call_command("create_owner", "--email", "o@example.com", "--password-stdin")


def test_it_prints_a_key_once(viewer):
    out = io.StringIO()
    call_command(
        "create_api_key", "--email", "VERA@example.com", "--name", "ci", "--scope", "write", stdout=out
    )
    key = ApiKey.objects.get()
    assert key.digest == digest(out.getvalue().strip())
    assert (key.user, key.scope) == (viewer, "write")


def test_it_makes_no_key_for_somebody_deactivated(viewer):
    User.objects.update(is_active=False)
    with pytest.raises(CommandError, match="Nobody active here"):
        call_command("create_api_key", "--email", "vera@example.com", "--name", "ci")


def test_it_refuses_a_key_whose_name_does_not_fit(viewer):
    with pytest.raises(CommandError, match="at most 80 characters"):
        call_command("create_api_key", "--email", "vera@example.com", "--name", "x" * 81)
    assert not ApiKey.objects.exists()
