"""A certificate authority for one test run, and certificates that are good, expired, for another host, or nobody's."""

from __future__ import annotations

import datetime as dt
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey


def _name(said: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, said)])


def _certificate(subject: str, key: Key, issuer: str, signer: Key, days: tuple[int, int], ca: bool) -> x509.Certificate:
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(days=days[0]))
        .not_valid_after(now + dt.timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if not ca:
        builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
    return builder.sign(signer, hashes.SHA256())


class Authority:
    """Signs for one run; ``root`` is the file that a client trusts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._other = ec.generate_private_key(ec.SECP256R1())
        self.root = folder / "root.pem"
        root = _certificate("authority", self._key, "authority", self._key, (-30, 30), ca=True)
        self.root.write_bytes(root.public_bytes(Encoding.PEM))

    def context(self, host: str, days: tuple[int, int] = (-1, 10), *, known: bool = True) -> ssl.SSLContext:
        """A server's context with a certificate for ``host``; ``known`` false: signed by an authority nobody trusts."""
        key = ec.generate_private_key(ec.SECP256R1())
        signer, issuer = (self._key, "authority") if known else (self._other, "another authority")
        made = _certificate(host, key, issuer, signer, days, ca=False)
        path = self._folder / f"{host}.{days[1]}.{known}.pem"
        path.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context
