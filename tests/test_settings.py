"""A setting that makes no sense is named when the console starts, with what is wanted instead."""

import logging
import runpy
from typing import Any

import pytest

import opsconsole.settings


@pytest.fixture
def settings_of(monkeypatch):
    """The settings that an environment makes."""

    def read(**environment: str) -> dict[str, Any]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(opsconsole.settings.__file__)

    return read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "localhost"),
        ("DATABASE_URL", "mysql://localhost/console"),
        ("REDIS_URL", "localhost"),
        ("EMAIL_URL", "mail.acme.example"),
        ("SENTRY_DSN", "yes"),
        ("OPSCONSOLE_URL", "ops.acme.example"),
        ("OPSCONSOLE_TIME_ZONE", "Mars/Phobos"),
        ("OPSCONSOLE_ALLOWED_NETWORKS", "the office"),
        ("OPSCONSOLE_PROXIES", "one"),
        ("OPSCONSOLE_PROXIES", "-2"),
        ("LOG_LEVEL", "loud"),
    ],
)
def test_it_names_the_setting_and_what_is_wanted(settings_of, name, value):
    with pytest.raises(SystemExit, match=rf"^{name} in the environment .* cannot be used: \w") as ended:
        settings_of(**{name: value})
    assert value not in str(ended.value)


@pytest.mark.parametrize("pool", ["many", "0"])
def test_it_says_how_large_the_pool_may_be(settings_of, pool):
    with pytest.raises(SystemExit, match="OPSCONSOLE_DB_POOL"):
        settings_of(DATABASE_URL="postgres://console@localhost/console", OPSCONSOLE_DB_POOL=pool)


def test_it_takes_an_empty_setting_for_none(settings_of):
    made = settings_of(DATABASE_URL="", OPSCONSOLE_URL="", OPSCONSOLE_TIME_ZONE="", LOG_LEVEL="")
    assert made["DATABASES"]["default"]["ENGINE"].endswith("sqlite3")
    assert (made["OPSCONSOLE_URL"], made["OPSCONSOLE_TIME_ZONE"]) == ("http://127.0.0.1:8000", "UTC")


def test_it_takes_a_key_as_it_is(settings_of):
    made = settings_of(SECRET_KEY="$0me", SECRET_KEY_FALLBACKS="$0ld,older")
    assert (made["SECRET_KEY"], made["SECRET_KEY_FALLBACKS"]) == ("$0me", ["$0ld", "older"])


def test_it_bears_a_level_in_small_letters(settings_of):
    assert settings_of(LOG_LEVEL="debug")["LOGGING"]["root"]["level"] == logging.DEBUG


@pytest.mark.parametrize("name", ["my console", "ops#1", "what?", "50%25", "zürich"])
def test_it_keeps_the_database_in_the_data_folder_whatever_that_is_called(settings_of, tmp_path, name):
    made = settings_of(DATABASE_URL="", OPSCONSOLE_DATA_DIR=str(tmp_path / name))
    assert made["DATABASES"]["default"]["NAME"] == str(tmp_path / name / "console.sqlite3")
