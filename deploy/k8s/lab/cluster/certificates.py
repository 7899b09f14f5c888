"""Make the certificates of a cluster: an authority, and a client or server for each program.

All last for a day. The API server takes the common name of a certificate as the user, and its
organisation as the group of the user.
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=1)
RSA_BITS = 2048
RSA_EXPONENT = 65_537


class Authority:
    """The authority of one cluster, with its files in a folder."""

    def __init__(self, folder: Path, server: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._server = folder, server
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("lab-authority", "")
        builder = _builder(self._name, self._name, self._key.public_key()).add_extension(
            x509.BasicConstraints(ca=True, path_length=None), critical=True
        )
        self.path = folder / "ca.crt"
        self.path.write_bytes(_pem(builder.sign(self._key, hashes.SHA256())))

    def issue(self, name: str, *, user: str, group: str = "", hosts: Sequence[str] = ()) -> None:
        """Write `name`.crt and `name`.key, for a client and for a server at these hosts."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = _builder(_name(user, group), self._name, key.public_key()).add_extension(
            x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]
            ),
            critical=False,
        )
        if hosts:
            names = x509.SubjectAlternativeName([_host(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        self.file(f"{name}.crt").write_bytes(_pem(certificate))
        _write_key(self.file(f"{name}.key"), key)

    def issue_kubeconfig(self, name: str, *, user: str, group: str = "") -> Path:
        """Issue a certificate of a client, and return the file with which kubectl is this user."""
        self.issue(name, user=user, group=group)
        path = self.file(f"{name}.kubeconfig")
        path.write_text(json.dumps(self._configuration(name)))
        return path

    def issue_signer(self) -> None:
        """Write `accounts.key`, which signs the tokens of service accounts, and `accounts.pub`."""
        key = rsa.generate_private_key(RSA_EXPONENT, RSA_BITS)
        _write_key(self.file("accounts.key"), key)
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.file("accounts.pub").write_bytes(public)

    def file(self, name: str) -> Path:
        """Return the path of a file in the folder of certificates."""
        return self._folder / name

    def _configuration(self, name: str) -> dict[str, object]:
        cluster = {"server": self._server, "certificate-authority": str(self.path)}
        client = {
            "client-certificate": str(self.file(f"{name}.crt")),
            "client-key": str(self.file(f"{name}.key")),
        }
        return {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "lab", "cluster": cluster}],
            "users": [{"name": name, "user": client}],
            "contexts": [{"name": "lab", "context": {"cluster": "lab", "user": name}}],
            "current-context": "lab",
        }


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey
) -> x509.CertificateBuilder:
    # An hour ago: the clocks of the programs need not agree to the second.
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
    )


def _name(user: str, group: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, user)]
    if group:
        parts.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, group))
    return x509.Name(parts)


def _host(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> None:
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    path.chmod(0o600)
