"""Self-made certificates: an authority, and what it issues to a signer, as P12 files; for tests alone."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "测试-1"  # noqa: S105 -- of a certificate that is made anew for each test
SINCE, UNTIL = datetime(2021, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


class Authority:
    """Issues certificates; `root` is its own as a PEM file."""

    def __init__(self, folder: Path, name: str = "测试根证书") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._folder, self._name = folder, x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        made = self._builder(self._name, SINCE, UNTIL).public_key(self._key.public_key())
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
        self._certificate = made.sign(self._key, hashes.SHA256())
        self.root = folder / "root.pem"
        self.root.write_bytes(self._certificate.public_bytes(Encoding.PEM))

    def p12(self, name: str, *, since: datetime = SINCE, until: datetime = UNTIL, password: str = PASSWORD) -> bytes:
        """A P12 file of a new key certified under the name."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=True,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=False,
            crl_sign=False,
            encipher_only=False,
            decipher_only=False,
        )
        made = self._builder(subject, since, until).public_key(key.public_key()).add_extension(usage, critical=True)
        certificate = made.sign(self._key, hashes.SHA256())
        encryption = BestAvailableEncryption(password.encode())
        return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, [self._certificate], encryption)

    def _builder(self, subject: x509.Name, since: datetime, until: datetime) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name)
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(since).not_valid_after(until)
