"""The console may always watch its own /healthz, and nothing else of itself."""

import pytest

from opsconsole.lib.http.guard import is_own


@pytest.mark.parametrize("end", ["/healthz", "/healthz?service=api"])
def test_it_may_ask_for_its_own_sign_of_life(settings, end):
    settings.OPSCONSOLE_URL = "http://127.0.0.1:8000"
    assert is_own(f"http://127.0.0.1:8000{end}")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/",
        "http://127.0.0.1:8000/healthz/../readyz",
        "http://127.0.0.1:8000/healthzz",
        "http://127.0.0.1:80001/healthz",
        "http://127.0.0.1:8000@10.0.0.1/healthz",
        "http://127.0.0.1:6379/",
    ],
)
def test_it_may_not_ask_for_anything_else_of_itself(settings, url):
    settings.OPSCONSOLE_URL = "http://127.0.0.1:8000"
    assert not is_own(url)
