"""Whom our clients believe to be AWS: whoever has a certificate of the roots that they are given, and nobody else."""

import datetime as dt
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import SSLError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from engagement import aws

_SETTINGS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
}
_CACHED = (aws.dynamodb, aws._session)
ANSWER = b'{"Item":{"id":{"S":"ok"}}}'


class _Answering(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a server on this machine, by nobody's authority but its own; its key lies in the same file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1)
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    builder = builder.add_extension(here, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    pem, encoding = tmp_path_factory.mktemp("tls") / "certificate.pem", serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(encoding) + secret)
    return pem


@pytest.fixture
def server(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """All that our clients ask, they ask it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listening = ThreadingHTTPServer(("127.0.0.1", 0), _Answering)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    listening.daemon_threads = True
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    for name, value in _SETTINGS.items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"https://127.0.0.1:{listening.server_port}")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    for each in _CACHED:
        each.cache_clear()
    yield
    for each in _CACHED:
        each.cache_clear()
    listening.shutdown()
    listening.server_close()


def _asked() -> Any:
    client = aws.dynamodb()
    try:
        return client.get_item(TableName="t", Key={"id": {"S": "1"}})["Item"]
    finally:
        client.close()


@pytest.mark.usefixtures("server")
def test_a_server_that_nobody_vouches_for_is_no_server_of_awss() -> None:
    with pytest.raises(SSLError):
        _asked()


@pytest.mark.usefixtures("server")
def test_where_the_layer_has_roots_these_are_believed(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws, "_ROOTS", certificate)
    assert _asked() == {"id": {"S": "ok"}}


@pytest.mark.usefixtures("server")
def test_the_bundle_of_whoever_deploys_comes_before_the_layers(
    certificate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = tmp_path / "others.pem"
    others.write_text("")
    monkeypatch.setattr(aws, "_ROOTS", others)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(certificate))
    assert _asked() == {"id": {"S": "ok"}}


@pytest.mark.usefixtures("server")
def test_regions_with_other_certificates_keep_botocores_roots(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws, "_ROOTS", certificate)
    for region, roots in (("cn-north-1", None), ("us-gov-west-1", str(certificate)), ("us-iso-east-1", None)):
        monkeypatch.setenv("AWS_DEFAULT_REGION", region)
        aws._session.cache_clear()
        assert aws._roots(aws._session()) == roots
