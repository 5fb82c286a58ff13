"""Loading the sample company by command."""

import pytest
from django.core.management import call_command

from opsconsole.accounts.models import User
from opsconsole.management.commands import load_sample


@pytest.mark.django_db
def test_it_tells_how_to_sign_in_whatever_becomes_of_the_sample(monkeypatch, capsys):
    def interrupted(**_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(load_sample, "sample_load", interrupted)
    with pytest.raises(KeyboardInterrupt):
        call_command("load_sample")
    said = capsys.readouterr().out.split()
    assert said[:3] == ["Sign", "in", "as"]
    assert User.objects.get(email=said[3]).check_password(said[-1])
