"""What proves that a delivery comes from whom it names: pure, in constant time. All raise Forged."""

import hashlib
import hmac

from monitoring.inbound.parcels import Forged, Parcel


def check_hmac(parcel: Parcel, header: str, *, prefix: str = "") -> None:
    """The body's HMAC-SHA256 in hex, under the secret of the integration, where it has one."""
    secret = str(parcel.config.get("secret") or "")
    if not secret:
        return
    made = prefix + hmac.new(secret.encode(), parcel.body, hashlib.sha256).hexdigest()
    _same(parcel.headers.get(header, ""), made)


def check_token(parcel: Parcel, header: str) -> None:
    """The secret itself, as a header."""
    if secret := str(parcel.config.get("secret") or ""):
        _same(parcel.headers.get(header, ""), secret)


def _same(given: str, made: str) -> None:
    if not given:
        raise Forged("The signature is missing, though this integration has a secret.")
    if not hmac.compare_digest(given.encode(), made.encode()):
        raise Forged("The signature does not fit: the secret there is another one.")
