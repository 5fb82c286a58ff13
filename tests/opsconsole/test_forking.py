"""How a forked part of the console ends."""

import pytest

from opsconsole.forking import _status


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [(None, 0, ""), (0, 0, ""), (3, 3, ""), ("The folder is gone.", 1, "The folder is gone.\n")],
)
def test_it_ends_as_python_would(capsys, code, status, said):
    assert _status(SystemExit(code)) == status
    assert capsys.readouterr().err == said
