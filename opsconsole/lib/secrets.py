"""Secrets at rest. The newest key encrypts; older keys (SECRET_KEY_FALLBACKS) still open what they once closed."""

import base64
import hashlib
import json
import secrets
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models


class SecretUnreadable(Exception):
    """No key of this console opens it: the secret key was changed without keeping the old one as a fallback."""


def _fernet() -> Any:
    """Loaded with the first secret: it costs 8 MB, which a console without any does without."""
    return import_module("cryptography.fernet")


@lru_cache(maxsize=4)
def _opener(keys: tuple[str, ...]) -> Any:
    derived = (hashlib.sha256(b"opsconsole.secrets" + key.encode()).digest() for key in keys)
    return _fernet().MultiFernet([_fernet().Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def _box() -> Any:
    return _opener((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def seal(plain: str) -> str:
    sealed: bytes = _box().encrypt(plain.encode())
    return sealed.decode()


def unseal(sealed: str) -> str:
    """Raises SecretUnreadable."""
    try:
        plain: bytes = _box().decrypt(sealed.encode())
    except _fernet().InvalidToken as error:
        raise SecretUnreadable(
            "No key of this console opens this secret; restore the old SECRET_KEY."
        ) from error
    return plain.decode()


def new_token(length: int = 32) -> str:
    """A random token that is safe in a URL, about 6 bits a character."""
    return secrets.token_urlsafe(length)[:length]


def digest(token: str) -> str:
    """What is stored of a random token. Tokens have 128 bits and more, so a plain hash suffices."""
    return hashlib.sha256(token.encode()).hexdigest()


class Unreadable(dict[str, Any]):
    """What no key opens: reading it raises SecretUnreadable, saving it keeps what was stored.

    So one lost key does not take down every list in which the row stands.
    """

    def __init__(self, sealed: str | None) -> None:
        super().__init__()
        self.sealed = sealed

    def _refuse(self, *_: Any, **__: Any) -> Any:
        unseal(self.sealed or "")

    __getitem__ = __iter__ = __contains__ = __len__ = get = items = keys = values = _refuse

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return "(unreadable)"


if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
else:
    TextField = models.TextField


_EMPTY = "{}"


class EncryptedJSONField(TextField):
    """JSON that is encrypted in the database and plain in Python; nothing in it is nothing to hide, and needs no key."""

    _pyi_private_set_type: Any
    _pyi_private_get_type: Any

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> Any:
        return self.to_python(value)

    def get_prep_value(self, value: Any) -> str | None:
        if isinstance(value, Unreadable):
            return value.sealed
        if value is None:
            return None
        return seal(json.dumps(value)) if value != {} else _EMPTY

    def to_python(self, value: Any) -> Any:
        """From what the database, or a dump of it, holds."""
        if value == _EMPTY:
            return {}
        try:
            return json.loads(unseal(value)) if isinstance(value, str) else value
        except SecretUnreadable:
            return Unreadable(value)

    def value_to_string(self, obj: models.Model) -> Any:
        """A dump of the database holds it as sealed as the database does."""
        return self.get_prep_value(self.value_from_object(obj))
