"""Certificates for tests: an authority of one's own, and what it signs."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Paper:
    """A certificate and its key; `pem` and `key_pem` are what people paste into a form."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        return self.locked(serialization.NoEncryption())

    def locked(self, lock: serialization.KeySerializationEncryption) -> str:
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, lock).decode()

    def signs(
        self, name: str, days: float = 90, *, is_authority: bool = False, host: str = "127.0.0.1"
    ) -> "Paper":
        return _made(name, days, self, is_authority=is_authority, host=host)

    def context(self, folder: Path, trusted: Self | None = None, between: str = "") -> ssl.SSLContext:
        """A server that shows this, and asks for a certificate signed by `trusted` if one is given.

        `between` are certificates of authorities that it shows along.
        """
        file = folder / f"{self.certificate.serial_number}.pem"
        file.write_text(self.key_pem + self.pem + between)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        if trusted:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=trusted.pem)
        return context


def authority(name: str = "Our own authority") -> Paper:
    return _made(name, 3650, None)


def _made(
    name: str, days: float, issuer: Paper | None, *, is_authority: bool = False, host: str = "127.0.0.1"
) -> Paper:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(
            x509.BasicConstraints(ca=issuer is None or is_authority, path_length=None), critical=True
        )
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False)
    )
    return Paper(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)
