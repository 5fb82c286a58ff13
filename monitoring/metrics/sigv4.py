"""AWS' Signature Version 4: pure, over a request and the moment of signing."""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, urlsplit


def signed(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    region: str,
    service: str,
    key: str,
    secret: str,
    now: datetime,
    token: str = "",
) -> dict[str, str]:
    """The headers to send: those given, and X-Amz-Date, X-Amz-Security-Token (of a session) and Authorization."""
    moment = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    sent = dict(headers) | {"X-Amz-Date": moment} | ({"X-Amz-Security-Token": token} if token else {})
    covered = {name.lower(): " ".join(value.split()) for name, value in sent.items()} | {
        "host": urlsplit(url).netloc
    }
    names = ";".join(sorted(covered))
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(
        ("AWS4-HMAC-SHA256", moment, scope, _sha(_canonical(method, url, covered, names, body).encode()))
    )
    signature = hmac.new(_key(secret, moment[:8], region, service), text.encode(), hashlib.sha256).hexdigest()
    sent["Authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return sent


def _canonical(method: str, url: str, covered: Mapping[str, str], names: str, body: bytes) -> str:
    parts = urlsplit(url)
    pairs = sorted(
        (quote(n, safe="-_.~"), quote(v, safe="-_.~"))
        for n, v in parse_qsl(parts.query, keep_blank_values=True)
    )
    query = "&".join(f"{name}={value}" for name, value in pairs)
    lines = "".join(f"{name}:{covered[name]}\n" for name in sorted(covered))
    return "\n".join((method, quote(parts.path or "/", safe="/-_.~"), query, lines, names, _sha(body)))


def _key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
