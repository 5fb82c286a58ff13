"""Fixtures of the outbox's tests."""

from typing import Any

import pytest
from django.template import Engine

from opsconsole.lib.http import guard


@pytest.fixture
def names(monkeypatch):
    """No name server is asked: every name stands for a public address."""
    monkeypatch.setattr(
        guard, "resolve", lambda host, _port: [host if host[0].isdigit() else "93.184.216.34"]
    )


@pytest.fixture
def templates(tmp_path, monkeypatch):
    """`templates(**{"hello.txt": "…"})` writes message templates for one test."""
    cached: Any = Engine.get_default().template_loaders[0]
    folder = tmp_path / "messages"
    folder.mkdir()
    files = cached.loaders[0]
    monkeypatch.setattr(files, "dirs", [tmp_path, *files.get_dirs()])
    cached.reset()

    def write(**texts: str) -> None:
        for name, text in texts.items():
            (folder / name).write_text(text)

    yield write
    cached.reset()
