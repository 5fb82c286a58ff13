"""SMTP conversations that end in time and keep what the server said."""

import smtplib
import socket
import threading
from contextlib import suppress
from typing import Any

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from environ import Env

from opsconsole.lib.phrases import one_line

IN_ALL = 30  # seconds for a whole conversation, however slowly the other side drips


def backend(url: str, *, timeout: float) -> BaseEmailBackend:
    """The connection that EMAIL_URL names: ours for SMTP, Django's others (consolemail:, filemail:) for trying things out.

    timeout: seconds for each step of the conversation.
    """
    found = Env.email_url_config(url)
    if not found["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        return get_connection(found["EMAIL_BACKEND"], file_path=found["EMAIL_FILE_PATH"] or None)
    tls, tunnel = found.get("EMAIL_USE_TLS", False), found.get("EMAIL_USE_SSL", False)
    return PunctualBackend(
        host=found["EMAIL_HOST"],
        port=found["EMAIL_PORT"] or (465 if tunnel else 587 if tls else 25),
        username=found["EMAIL_HOST_USER"] or "",
        password=found["EMAIL_HOST_PASSWORD"] or "",
        use_tls=tls,
        use_ssl=tunnel,
        timeout=timeout,
    )


class Punctual(smtplib.SMTP):
    """smtplib's own time-out begins anew with every byte; this conversation is hung up after IN_ALL seconds."""

    said = ""
    is_over = False

    def __init__(self, *args: Any, **options: Any) -> None:
        self.alarm = threading.Timer(IN_ALL, self._hang_up)
        self.alarm.daemon = True
        self.alarm.start()
        try:
            super().__init__(*args, **options)
        except BaseException:
            self.alarm.cancel()
            raise

    def _get_socket(self, *place: Any) -> Any:
        """Looking the name up and trying its addresses may take all the time there is."""
        found: Any = super()._get_socket(*place)  # type: ignore[misc]
        if self.is_over:
            found.close()
            raise TimeoutError("timed out")
        return found

    def _hang_up(self) -> None:
        self.is_over = True
        with suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    def data(self, msg: Any) -> tuple[int, bytes]:
        code, said = super().data(msg)
        self.said = f"{code} {words(said)}"
        return code, said

    def close(self) -> None:
        self.alarm.cancel()
        super().close()


class PunctualSSL(Punctual, smtplib.SMTP_SSL):
    """The same inside TLS from the first byte."""


class PunctualBackend(EmailBackend):
    """A server that fails to say good-bye has taken the message nevertheless."""

    said = ""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return PunctualSSL if self.use_ssl else Punctual

    def _close_connection(self, connection: Punctual) -> None:
        self.said = connection.said
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()
        connection.close()


def words(said: bytes | str) -> str:
    """The beginning of a server's answer."""
    return one_line(said)[:300]
