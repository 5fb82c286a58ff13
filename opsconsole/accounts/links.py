"""Links by which a person sets a password: single use, since what they sign changes with the password, and soon over."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from opsconsole.accounts.models import User

RESET_LASTS = timedelta(hours=24)
INVITATION_LASTS = timedelta(hours=72)


class Links(PasswordResetTokenGenerator):
    """Dead after use, after a sign-in, after a change of role or address, and when the person is deactivated.

    Somebody invited, who has no password yet, has three days; everybody else one.
    """

    key_salt = "opsconsole.accounts.links"

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.role}{user.is_active}"

    def check_token(self, user: Any, token: str | None) -> bool:
        if not super().check_token(user, token) or not token:
            return False
        made = int(token.partition("-")[0], 36)
        return self._num_seconds(self._now()) - made <= lasts(user).total_seconds()


links = Links()


def lasts(user: User) -> timedelta:
    return RESET_LASTS if user.has_usable_password() else INVITATION_LASTS


def password_link(user: User) -> str:
    """The whole address, for a mail or to hand over."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    path = reverse("accounts:password_set", args=[uid, links.make_token(user)])
    return f"{settings.OPSCONSOLE_URL}{path}"
