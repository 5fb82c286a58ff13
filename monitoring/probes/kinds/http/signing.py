"""How a probe signs in, and whom it trusts. All of it is kept encrypted and never shown again."""

import base64
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from monitoring.probes.kinds import Config, SignIn
from monitoring.probes.kinds.http import oauth
from monitoring.probes.kinds.http.checks import check_headers
from opsconsole.lib import clock
from opsconsole.lib.http.easy import NO_PAPERS, Papers

WAYS = {
    "none": "No",
    "basic": "Name and password",
    "bearer": "Bearer token",
    "oauth": "OAuth2 client credentials",
}
SECRETS = ("headers", "password", "token", "client_secret", "client_certificate", "client_key", "authority")
LONGEST = 4096
LONGEST_PEM = 65_536


def clean(given: Config, secrets: Config) -> tuple[Config, dict[str, str]]:
    """The secrets that are needed, and what is wrong by field."""
    kept = {name: secrets[name] for name in SECRETS if secrets.get(name)}
    if given["sign_in"] != "basic":
        kept.pop("password", None)
        given["username"] = ""
    if given["sign_in"] != "bearer":
        kept.pop("token", None)
    if given["sign_in"] != "oauth":
        kept.pop("client_secret", None)
        given.update(dict.fromkeys(oauth.FIELDS, ""), client_auth="header")
    return kept, _headers(kept) | _account(given, kept) | _papers(kept)


def _headers(kept: Config) -> dict[str, str]:
    try:
        check_headers(kept.get("headers") or {})
    except ValueError as error:
        return {"headers": str(error)}
    return {}


def _account(given: Config, kept: Config) -> dict[str, str]:
    """Raises nothing; what is wrong with what it signs in with."""
    way = given["sign_in"]
    if way not in WAYS or way == "none":
        return {}
    if any(name.lower() == "authorization" for name in kept.get("headers") or {}):
        return {
            "headers": "It signs in already; leave the Authorization header out, or the other way of signing in."
        }
    if way == "oauth":
        return oauth.complaints(given, kept) | _odd("client_secret", kept.get("client_secret") or "")
    if way == "bearer":
        return _token(kept.get("token") or "")
    if not given["username"] or ":" in given["username"]:
        return {"username": "Write the name that it signs in with, without a colon."}
    return _odd("password", kept.get("password") or "")


def _token(token: str) -> dict[str, str]:
    return _odd("token", token) if token else {"token": "Write the token that it signs in with."}


def _odd(field: str, text: str) -> dict[str, str]:
    if len(text) > LONGEST or not (text.isprintable() and (field != "token" or text.isascii())):
        return {field: f"Write it on one line, of at most {LONGEST:,} characters that can be printed."}
    return {}


def authorization(config: Config, secrets: Mapping[str, Any]) -> dict[str, str]:
    """The header that signs in, if any. libcurl leaves it out where a redirect leads to another host."""
    if config["sign_in"] == "basic":
        pair = f"{config['username']}:{secrets.get('password') or ''}".encode()
        return {"Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    if config["sign_in"] == "bearer":
        return {"Authorization": f"Bearer {secrets.get('token') or ''}"}
    return {}


def sign_in(config: Config, secrets: Mapping[str, Any]) -> SignIn | None:
    """Where the token comes from, of those that fetch one."""
    return oauth.sign_in(config, secrets, papers(secrets)) if config["sign_in"] == "oauth" else None


def papers(secrets: Mapping[str, Any]) -> Papers:
    """What TLS is given, as libcurl takes it: in memory, never in a file."""
    names = ("client_certificate", "client_key", "authority")
    given = Papers(*((secrets.get(name) or "").encode() for name in names))
    return given if any(given) else NO_PAPERS


def _papers(kept: Config) -> dict[str, str]:
    """What is wrong with certificates: they are read, belong together and are not over."""
    certificate, key = kept.get("client_certificate") or "", kept.get("client_key") or ""
    wrong = {}
    if bool(certificate) != bool(key):
        missing = "client_key" if certificate else "client_certificate"
        wrong[missing] = "A client certificate and its key go together; give both, or none."
    elif certificate:
        wrong |= _pair(certificate, key)
    if authority := kept.get("authority"):
        wrong |= _read("authority", authority)[1]
    return wrong


def _pair(certificate: str, key: str) -> dict[str, str]:
    chain, wrong = _read("client_certificate", certificate)
    if wrong:
        return wrong
    opened, complaint = _opened(key)
    if complaint:
        return {"client_key": complaint}
    if opened.public_key() != chain[0].public_key():
        return {"client_key": "This key does not belong to the client certificate."}
    return {}


def _read(field: str, pem: str) -> tuple[list[Any], dict[str, str]]:
    """The certificates of a PEM text, its own first, and what is wrong with them."""
    try:
        if len(pem) > LONGEST_PEM:
            raise ValueError
        chain = list(_x509().load_pem_x509_certificates(pem.encode()))
    except ValueError:
        return [], {field: "This is no certificate in PEM; it begins with -----BEGIN CERTIFICATE-----."}
    first, now = chain[0], clock.now()
    if first.not_valid_after_utc < now:
        return chain, {
            field: f"This certificate is over since {first.not_valid_after_utc:%-d %B %Y}; give its successor."
        }
    if first.not_valid_before_utc > now:
        return chain, {field: f"This certificate is not valid before {first.not_valid_before_utc:%-d %B %Y}."}
    return chain, {}


def _opened(key: str) -> tuple[Any, str]:
    """A private key, or what is wrong with it."""
    serialization = import_module("cryptography.hazmat.primitives.serialization")
    unsupported = import_module("cryptography.exceptions").UnsupportedAlgorithm
    try:
        return serialization.load_pem_private_key(key.encode(), password=None), ""
    except TypeError:
        return None, "This key is locked by a passphrase; give it without one, it is kept encrypted here."
    except (ValueError, unsupported):
        return None, "This is no private key in PEM; it begins with -----BEGIN PRIVATE KEY-----."


def described(pem: str) -> str:
    """“shop-probe, until 3 May 2027”, of the first certificate in a PEM text; "" for what cannot be read."""
    try:
        first = _x509().load_pem_x509_certificate(pem.encode())
        names = first.subject.rfc4514_string()
    except ValueError:
        return ""
    return f"{names[:100] or 'without a name'}, until {first.not_valid_after_utc:%-d %B %Y}"


def _x509() -> Any:
    """Loaded with the first certificate: it costs memory, which a console without any does without."""
    return import_module("cryptography.x509")
