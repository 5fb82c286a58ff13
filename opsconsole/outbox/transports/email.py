"""Mail, through the server that EMAIL_URL names."""

import smtplib
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from opsconsole.lib.smtp import backend, words
from opsconsole.outbox.transports.base import (
    PATIENT,
    Config,
    ConfigForm,
    Outgoing,
    Receipt,
    Transport,
    TransportError,
    transports,
)

NOT_SET_UP = (
    "Mail is not set up: set EMAIL_URL, for example smtp+tls://user:password@mail.example.com:587, and restart. "
    "What waits is sent then."
)


class EmailForm(ConfigForm):
    address = forms.EmailField(
        label="Address",
        widget=forms.EmailInput(attrs={"placeholder": "ops@example.com", "autocomplete": "off"}),
        error_messages={"invalid": "Write one mail address, such as ops@example.com."},
    )


class EmailTransport(Transport):
    kind, label, icon, form = "email", "E-mail", "mail", EmailForm
    about = "To a mailbox that somebody reads. It goes through the server that EMAIL_URL names."
    waits, shared = PATIENT, True

    def send(self, outgoing: Outgoing) -> Receipt:
        if not settings.EMAIL_URL:
            raise TransportError(NOT_SET_UP)
        connection = backend(settings.EMAIL_URL, timeout=settings.EMAIL_TIMEOUT)
        try:
            compose(outgoing, connection).send()
        except (smtplib.SMTPException, OSError) as error:
            raise verdict(error) from error
        return Receipt(getattr(connection, "said", "") or "handed over")

    def target(self, config: Config) -> str:
        return str(config.get("address", ""))

    def missing(self) -> str:
        return "" if settings.EMAIL_URL else NOT_SET_UP


def compose(outgoing: Outgoing, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    """The same Message-ID on every attempt, so that a mailbox shows a repeated one once; one thread for each cause."""
    host = urlsplit(settings.OPSCONSOLE_URL).hostname or "localhost"
    headers = {"Message-ID": f"<{outgoing.uuid}@{host}>", "Auto-Submitted": "auto-generated"}
    if outgoing.url:
        cause = urlsplit(outgoing.url).path.strip("/").replace("/", ".") or "console"
        headers["References"] = f"<{cause}@{host}>"
    mail = EmailMultiAlternatives(
        outgoing.subject,
        outgoing.text,
        None,
        [outgoing.config["address"]],
        headers=headers,
        connection=connection,
    )
    if outgoing.html:
        mail.attach_alternative(outgoing.html, "text/html")
    return mail


def verdict(error: Exception) -> TransportError:
    """Permanent is only what is wrong with the address; everything else may be mended, on our side or theirs."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _answered(
            "refused the address:", code, words(said), permanent=_no_such_address(code, words(said))
        )
    if isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, words(error.smtp_error)
        what = "refused our sign-in:" if isinstance(error, smtplib.SMTPAuthenticationError) else "answered"
        # After the message itself 5xx is mostly about its content or our reputation, unless the answer names the address.
        after_data = isinstance(error, smtplib.SMTPDataError)
        return _answered(what, code, text, permanent=after_data and text.startswith("5.1."))
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return TransportError("The mail server did not answer in time.")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return TransportError(
            "The mail server closed the connection before it said that it took the message."
        )
    return TransportError(f"The mail server could not be reached: {error}")


def _no_such_address(code: int, said: str) -> bool:
    """530 and 5.7.x are about policy, such as relaying without a sign-in: nothing is wrong with the address."""
    return code >= 500 and code != 530 and not said.startswith("5.7.")


def _answered(what: str, code: int, said: str, *, permanent: bool) -> TransportError:
    return TransportError(f"The mail server {what} {code} {said}", permanent=permanent)


transports.register("email", EmailTransport())
