"""What signs in is checked when it is saved: it fits together, is not over, and only what is needed is kept."""

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from django.core.exceptions import ValidationError

from monitoring.probes.kinds.http.config import clean
from monitoring.probes.kinds.http.requests import target
from monitoring.probes.kinds.http.signing import described
from tests.monitoring.probes import papers

URL = {"url": "https://shop.example.com/"}
OURS = papers.authority()
PROBE = OURS.signs("shop-probe")
LOCKED = PROBE.locked(BestAvailableEncryption(b"open sesame"))


def refused(config, secrets) -> dict[str, str]:
    with pytest.raises(ValidationError) as error:
        clean(URL | config, secrets)
    return {field: messages[0] for field, messages in error.value.message_dict.items()}


@pytest.mark.parametrize(
    ("config", "secrets", "header"),
    [
        ({"sign_in": "basic", "username": "joe"}, {"password": "hush"}, "Basic am9lOmh1c2g="),
        ({"sign_in": "basic", "username": "joe"}, {}, "Basic am9lOg=="),
        ({"sign_in": "bearer"}, {"token": "abc.def"}, "Bearer abc.def"),
    ],
)
def test_it_makes_the_header_once(config, secrets, header):
    config, kept = clean(URL | config, secrets)
    assert (kept, target(config, kept, 5.0).request.headers) == (secrets, {"Authorization": header})


def test_it_keeps_only_what_is_needed():
    config, kept = clean(URL | {"sign_in": "none", "username": "joe"}, {"password": "a", "token": "b"})
    assert (config["username"], kept) == ("", {})


@pytest.mark.parametrize(
    ("config", "secrets", "field", "says"),
    [
        ({"sign_in": "basic"}, {}, "username", "Write the name"),
        ({"sign_in": "basic", "username": "a:b"}, {}, "username", "without a colon"),
        ({"sign_in": "basic", "username": "a"}, {"password": "a\nb"}, "password", "on one line"),
        ({"sign_in": "bearer"}, {}, "token", "Write the token"),
        ({"sign_in": "bearer"}, {"token": "a\r\nHost: b"}, "token", "on one line"),
        (
            {"sign_in": "bearer"},
            {"token": "a", "headers": {"authorization": "b"}},
            "headers",
            "signs in already",
        ),
        ({"sign_in": "kerberos"}, {}, "sign_in", "Choose one of"),
        ({}, {"client_certificate": PROBE.pem}, "client_key", "go together"),
        ({}, {"client_key": PROBE.key_pem}, "client_certificate", "go together"),
        ({}, {"client_certificate": PROBE.pem, "client_key": OURS.key_pem}, "client_key", "does not belong"),
        ({}, {"client_certificate": PROBE.pem, "client_key": LOCKED}, "client_key", "passphrase"),
        ({}, {"client_certificate": PROBE.pem, "client_key": "-----"}, "client_key", "no private key"),
        (
            {},
            {"client_certificate": PROBE.key_pem, "client_key": PROBE.key_pem},
            "client_certificate",
            "no certificate",
        ),
        ({}, {"authority": "ours"}, "authority", "no certificate in PEM"),
        ({}, {"authority": "x" * 70_000}, "authority", "no certificate in PEM"),
    ],
)
def test_it_says_what_does_not_fit(config, secrets, field, says):
    assert says in refused(config, secrets)[field]


def test_it_takes_no_certificate_that_is_over():
    over = OURS.signs("old", days=-1)
    secrets = {"client_certificate": over.pem, "client_key": over.key_pem}
    assert "is over since" in refused({}, secrets)["client_certificate"]


def test_it_keeps_keys_out_of_what_is_logged():
    config, kept = clean(
        URL, {"client_certificate": PROBE.pem, "client_key": PROBE.key_pem, "headers": {"X": "hush"}}
    )
    assert "PRIVATE" not in repr(target(config, kept, 5.0))
    assert "hush" not in repr(target(config, kept, 5.0))


def test_it_says_which_one_is_kept():
    assert described(PROBE.pem).startswith("CN=shop-probe, until ")
    assert described("nonsense") == ""
