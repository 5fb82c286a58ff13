"""The files for the scaled console hold together: this machine may have no Docker, but it can read."""

import importlib
import re
from pathlib import Path

import environ
import pytest
from ruamel.yaml import YAML

import opsconsole.settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def compose():
    return YAML(typ="safe").load((ROOT / "docker-compose.yml").read_text())


def test_it_depends_only_on_services_that_exist(compose):
    for name, service in compose["services"].items():
        for needed in service.get("depends_on", {}):
            assert needed in compose["services"], f"{name} waits for {needed}, which does not exist"


def test_it_checks_the_health_of_everything_that_stays(compose):
    staying = {name for name, s in compose["services"].items() if s.get("restart") != "no"}
    assert all("healthcheck" in compose["services"][name] for name in staying)


def test_it_waits_for_a_health_that_is_checked(compose):
    for service in compose["services"].values():
        for needed, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in compose["services"][needed]


def test_it_lists_every_setting_in_the_example():
    read = re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', (ROOT / "opsconsole" / "settings.py").read_text())
    example = (ROOT / ".env.example").read_text()
    assert [name for name in read if f"{name}=" not in example] == ["OPSCONSOLE_TESTING"]


def test_it_hands_every_setting_to_the_containers(compose):
    named = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    handed = compose["services"]["web"]["environment"]
    assert set(named) - set(handed) == {"OPSCONSOLE_DATA_DIR", "DEBUG", "POSTGRES_PASSWORD"}


def test_it_can_be_scaled(compose):
    """Two containers cannot have one port of the machine."""
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert all(re.search(r":\d+-\d+:\d+$", port) for port in ports)


def test_it_keeps_no_files_of_an_older_image():
    assert "\nVOLUME" not in (ROOT / "Dockerfile").read_text()


def test_it_answers_health_checks_whatever_its_name_is(settings, client):
    assert {"localhost", "127.0.0.1"} <= set(settings.ALLOWED_HOSTS)
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS[1:], "console.example.com"]
    assert client.get("/healthz", headers={"host": "127.0.0.1:8000"}).status_code == 200


def test_it_is_tested_without_the_settings_of_a_console_that_runs_here(monkeypatch):
    """A `.env` names real servers."""
    read: list[Path] = []
    monkeypatch.setattr(environ.Env, "read_env", read.append)
    importlib.reload(opsconsole.settings)
    assert read == []
