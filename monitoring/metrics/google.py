"""Signing in to Google's APIs: as a service account (a JWT that we sign), or by a refresh token of a person's consent."""

import json
import time
from base64 import urlsafe_b64encode
from datetime import datetime
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

from monitoring.metrics.fetching import fetch, loaded
from monitoring.metrics.sources import SourceFailed
from opsconsole.lib.secrets import digest

TOKENS = "https://oauth2.googleapis.com/token"
_JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_known: dict[str, tuple[float, str]] = {}


def account_of(text: str) -> dict[str, Any]:
    """The file of a service account. Raises ValueError with a sentence."""
    try:
        found = json.loads(text)
        if found["client_email"] and "PRIVATE KEY" in found["private_key"]:
            return dict(found)
    except (ValueError, KeyError, TypeError):
        pass
    raise ValueError("This is not the key file of a service account: paste all of its JSON.")


def account_token(text: str, scope: str, now: datetime) -> str:
    """An access token for a service account. Raises SourceFailed."""
    return _remembered(
        f"{text}{scope}", {"grant_type": _JWT}, lambda: _assertion(account_of(text), scope, now)
    )


def _remembered(key: str, form: dict[str, str], assertion: Any = None) -> str:
    """Asked for anew when five minutes of its hour are left."""
    key = digest(key)
    until, token = _known.get(key, (0.0, ""))
    if time.monotonic() < until:
        return token
    token, seconds = _asked(form | ({"assertion": assertion()} if assertion else {}))
    if len(_known) > 200:
        _known.clear()
    _known[key] = (time.monotonic() + seconds - 300, token)
    return token


def refreshed_token(client_id: str, client_secret: str, refresh_token: str) -> str:
    """An access token by a refresh token. Raises SourceFailed."""
    form = {
        "grant_type": "refresh_token",
        "client_id": client_id,
        "client_secret": client_secret,
        "refresh_token": refresh_token,
    }
    return _remembered(json.dumps(form), form)


def _asked(form: dict[str, str]) -> tuple[str, float]:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    said = loaded(fetch(TOKENS, headers=headers, body=urlencode(form).encode()).body)
    if not isinstance(said, dict) or "access_token" not in said:
        raise SourceFailed("Google gave no token.")
    return str(said["access_token"]), float(said.get("expires_in", 3600))


def _assertion(account: dict[str, Any], scope: str, now: datetime) -> str:
    issued = round(now.timestamp())
    claims = {
        "iss": account["client_email"],
        "scope": scope,
        "aud": TOKENS,
        "iat": issued,
        "exp": issued + 3600,
    }
    text = f"{_coded({'alg': 'RS256', 'typ': 'JWT'})}.{_coded(claims)}"
    return f"{text}.{_base64(_rs256(account['private_key'], text.encode()))}"


def _rs256(pem: str, data: bytes) -> bytes:
    base = "cryptography.hazmat.primitives"
    padding, hashes = import_module(f"{base}.asymmetric.padding"), import_module(f"{base}.hashes")
    try:
        key = import_module(f"{base}.serialization").load_pem_private_key(pem.encode(), None)
    except ValueError:
        raise SourceFailed("The private key in the file of the service account cannot be read.") from None
    signature: bytes = key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return signature


def _coded(part: dict[str, Any]) -> str:
    return _base64(json.dumps(part, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
