"""Run a Kafka that encrypts: mutual TLS on one listener, SASL over TLS on another.

The certificates are made here, by an authority that exists for a test only. The broker takes a
password (SCRAM-SHA-512) and an unsigned token (OAUTHBEARER); `token_endpoint` gives such tokens.
"""

import base64
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from deploy.local.children import stop_all
from deploy.local.folder import Folder
from deploy.local.kafka import Kafka
from deploy.local.ports import LOOPBACK, Ports
from deploy.local.servers import open_folder
from deploy.local.settings import LocalSettings, load_local_settings

USER, PASSWORD = "registration", "a password of a test"
DAY = timedelta(days=1)
MODULE = "org.apache.kafka.common.security"
LISTENERS = """
listeners=PLAINTEXT://{host}:{broker},CONTROLLER://{host}:{controller},\
SSL://{host}:{tls},SASL_SSL://{host}:{sasl}
advertised.listeners=PLAINTEXT://{host}:{broker},SSL://{host}:{tls},SASL_SSL://{host}:{sasl}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/authority.pem
listener.name.ssl.ssl.client.auth=required
sasl.enabled.mechanisms=SCRAM-SHA-512,OAUTHBEARER
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={module}.scram.ScramLoginModule required;
listener.name.sasl_ssl.oauthbearer.sasl.jaas.config=\
{module}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";
listener.name.sasl_ssl.oauthbearer.sasl.server.callback.handler.class=\
{module}.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler
"""


GUARDED = """
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
"""
"""Rights are asked for, but not of those who come by the plain listener, which has no names."""


@dataclass(frozen=True)
class Certificates:
    """The files of an authority, of the broker, and of clients with their keys."""

    authority: Path
    broker: Path

    def client(self, name: str = "client") -> Path:
        """Return the file of the certificate of a client."""
        return self.authority.with_name(f"{name}.pem")

    def client_key(self, name: str = "client") -> Path:
        """Return the file of its key."""
        return self.authority.with_name(f"{name}-key.pem")


class SecuredKafka(Kafka):
    """A Kafka with the two listeners beside the plain one."""

    added = LISTENERS

    def __init__(
        self, folder: Folder, settings: LocalSettings, ports: Ports, certificates: Certificates
    ) -> None:
        super().__init__(folder, settings, ports)
        self._tls_port, self._sasl_port = ports.take("kafka-tls"), ports.take("kafka-sasl")
        self._certificates = certificates

    @property
    def tls(self) -> str:
        """The address where a client shows a certificate."""
        return f"{LOOPBACK}:{self._tls_port}"

    @property
    def sasl(self) -> str:
        """The address where a client shows a password or a token."""
        return f"{LOOPBACK}:{self._sasl_port}"

    def prepare(self) -> None:
        super().prepare()
        path = self._properties()
        lines = [line for line in path.read_text().splitlines() if not _is_listener(line)]
        added = self.added.format(
            host=LOOPBACK,
            broker=self._port,
            controller=self._controller_port,
            tls=self._tls_port,
            sasl=self._sasl_port,
            folder=self._certificates.broker.parent,
            module=MODULE,
        )
        path.write_text("\n".join([*lines, added]))

    def _java(self, main_class: str, *arguments: str) -> Sequence[str]:
        if main_class.endswith("StorageTool"):
            scram = f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]"
            arguments = (*arguments, "--add-scram", scram)
        return super()._java(main_class, *arguments)


class GuardedKafka(SecuredKafka):
    """A Kafka that checks the rights of each client that shows a certificate."""

    added = LISTENERS + GUARDED


def _is_listener(line: str) -> bool:
    return line.startswith(("listeners=", "advertised.listeners=", "listener.security.protocol"))


@contextmanager
def secured_kafka(
    path: Path, kind: type[SecuredKafka] = SecuredKafka, clients: Sequence[str] = ("client",)
) -> Iterator[tuple[SecuredKafka, Certificates]]:
    """Run a broker of this kind in this folder, with these clients, until the block ends."""
    settings = load_local_settings().model_copy(update={"local_kafka_port": None})
    certificates = make_certificates(path / "certificates", clients)
    with open_folder(path / "server", empty=True) as folder:
        kafka = kind(folder, settings, Ports(folder.path / "ports.json"), certificates)
        try:
            kafka.start()
            yield kafka, certificates
        finally:
            stop_all([kafka])


def make_certificates(folder: Path, clients: Sequence[str] = ("client",)) -> Certificates:
    """Make an authority, and certificates of a broker on the loopback address and of clients."""
    folder.mkdir(parents=True)
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority = _signed("authority", authority_key, "authority", authority_key)
    made = Certificates(folder / "authority.pem", folder / "broker.pem")
    made.authority.write_bytes(_pem(authority))
    broker_key = ec.generate_private_key(ec.SECP256R1())
    broker = _signed("broker", broker_key, "authority", authority_key)
    made.broker.write_bytes(_pem_key(broker_key) + _pem(broker) + _pem(authority))
    for name in clients:
        key = ec.generate_private_key(ec.SECP256R1())
        made.client(name).write_bytes(_pem(_signed(name, key, "authority", authority_key)))
        made.client_key(name).write_bytes(_pem_key(key))
    return made


def _signed(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.BasicConstraints(ca=subject == issuer, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(LOOPBACK))]), critical=False
        )
    )
    return builder.sign(issuer_key, hashes.SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _pem_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@contextmanager
def token_endpoint() -> Iterator[str]:
    """Serve unsigned tokens as an issuer would, and yield the address, until the block ends."""

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            now = int(time.time())
            claims = {"sub": USER, "iat": now, "exp": now + 3_600, "scope": "kafka"}
            token = ".".join([_encoded({"alg": "none"}), _encoded(claims), ""])
            body = json.dumps(
                {"access_token": token, "token_type": "Bearer", "expires_in": 3_600}
            ).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer((LOOPBACK, 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}/token"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _encoded(part: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
