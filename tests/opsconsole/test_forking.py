"""How a forked part of the console ends."""

import gc
import signal

import pytest
from django.db import connections

from opsconsole import forking
from opsconsole.forking import _status


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [(None, 0, ""), (0, 0, ""), (3, 3, ""), ("The folder is gone.", 1, "The folder is gone.\n")],
)
def test_it_ends_as_python_would(capsys, code, status, said):
    assert _status(SystemExit(code)) == status
    assert capsys.readouterr().err == said


def test_it_collects_garbage_again_once_all_is_loaded(monkeypatch):
    monkeypatch.setattr(forking, "_fork", lambda _name, _run: int(gc.isenabled()))
    for of, name in ((signal, "pthread_sigmask"), (connections, "close_all"), (gc, "freeze")):
        monkeypatch.setattr(of, name, lambda *_: None)
    gc.disable()
    try:
        assert forking.fork({"web": lambda: None}) == {"web": 1}
    finally:
        gc.enable()
