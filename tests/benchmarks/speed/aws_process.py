"""`fake_aws.py` in a process of its own, and the certificate by which it is believed."""

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_SERVER = Path(__file__).with_name("fake_aws.py")
_HOST = "127.0.0.1"


class AwsProcess:
    """`url` is every service's endpoint."""

    def __init__(self, url: str, certificate: Path | None) -> None:
        self.url = url
        self._certificate = certificate

    def begin(self, scene: str, *, latency: float = 0.0) -> None:
        """All is as it was before; each answer takes `latency` seconds."""
        self._ask("/_scene", json.dumps({"scene": scene, "latency": latency}).encode())

    def seen(self) -> list[tuple[str, str, str]]:
        """What was asked since `begin`: target, request and answer."""
        return [tuple(each) for each in self._ask("/_seen", b"{}")]

    @cached_property
    def _trust(self) -> ssl.SSLContext | None:
        return ssl.create_default_context(cafile=self._certificate) if self._certificate else None

    def _ask(self, path: str, body: bytes) -> Any:
        with urlopen(Request(self.url + path, data=body), context=self._trust, timeout=60) as answer:
            return json.load(answer)


@contextmanager
def fake_aws(scenes: Path, certificate: Path | None = None) -> Iterator[AwsProcess]:
    """It answers from `scenes`, as `scenes.write` wrote them; with a certificate over TLS."""
    command = [sys.executable, str(_SERVER), str(scenes), *([str(certificate)] if certificate else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        port = process.stdout.readline().strip()
        try:
            yield AwsProcess(f"{'https' if certificate else 'http'}://{_HOST}:{port}", certificate)
        finally:
            assert process.stdin
            process.stdin.close()
            process.wait(timeout=10)


def make_certificate(path: Path) -> Path:
    """A certificate for this machine that signs itself, and its key, in one PEM file: good for a day."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "AWS on this machine")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address(_HOST))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    path.chmod(0o600)
    return path
