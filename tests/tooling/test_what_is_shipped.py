"""The layer as slim.py leaves it: every call of ours works in it as in all of botocore, and nothing else lies there."""

import importlib.util
import json
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.loaders import Loader
from botocore.model import Shape
from botocore.regions import EndpointResolver
from botocore.session import Session

from rishta_cli.project import ROOT

_WHOLE = Path(botocore.__file__).parent
_FOLDER = ROOT / "layers" / "dependencies"
_KEPT: dict[str, list[str]] = json.loads((_FOLDER / "kept.json").read_text("utf-8"))
_OPERATIONS = [(service, operation) for service, operations in _KEPT.items() for operation in operations]


def _slim_module() -> Any:
    spec = importlib.util.spec_from_file_location("slim", _FOLDER / "slim.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _filled(folder: Path) -> Path:
    """As pip fills it, as far as slim.py looks: botocore with our services and one that is not ours, and boto3."""
    data = [each.name for each in (_WHOLE / "data").iterdir() if each.is_dir()]
    others = shutil.ignore_patterns("__pycache__", *({*data} - {*_KEPT, "s3"}))
    shutil.copytree(_WHOLE, folder / "botocore", ignore=others)
    for name in ("boto3/__init__.py", "s3transfer/__init__.py", "bin/jp.py", "dateutil/test/test_tz.py"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("#!/usr/bin/env python\n")
    (folder / "botocore-1.0.dist-info").mkdir()
    return folder


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = _filled(tmp_path_factory.mktemp("layer"))
    _slim_module().slim(folder)
    return folder


def _session(data: Path) -> Session:
    """botocore's, which describes services by what lies in `data` and nothing else."""
    session = Session()
    session.set_credentials("testing", "testing")
    session.register_component("data_loader", Loader([str(data)], include_default_search_paths=False))
    return session


@pytest.fixture(scope="module")
def whole() -> Session:
    return _session(_WHOLE / "data")


@pytest.fixture(scope="module")
def slimmed(layer: Path) -> Session:
    return _session(layer / "botocore" / "data")


def _everything(shape: Shape, *, wire: bool, depth: int = 0) -> Any:
    """A value with every member of the shape, to some depth; as it is parsed, or as it comes over the `wire`."""
    match shape.type_name:
        case "structure":
            members = shape.members  # type: ignore[attr-defined]
            if getattr(shape, "is_tagged_union", False) or depth > 4:
                members = dict(list(members.items())[:1])
            return {
                each.serialization.get("name", name) if wire else name: _everything(
                    each, wire=wire, depth=depth + 1
                )
                for name, each in members.items()
                if depth < 9
            }
        case "list":
            return [_everything(shape.member, wire=wire, depth=depth + 1)] if depth < 9 else []  # type: ignore[attr-defined]
        case "map":
            return {"key": _everything(shape.value, wire=wire, depth=depth + 1)} if depth < 9 else {}  # type: ignore[attr-defined]
        case "blob":
            return "Ynl0ZXM=" if wire else b"bytes"
        case "boolean":
            return True
        case "timestamp":
            return 1_800_000_000
        case "integer" | "long" | "float" | "double":
            return 7
        case _:
            return (getattr(shape, "enum", None) or ["text"])[0]


class _Raw:
    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self) -> Iterator[bytes]:
        yield self._body


def _said_and_heard(session: Session, service: str, operation: str, body: Any) -> tuple[Any, Any]:
    """The request that a call makes, and what the caller gets out of this answer."""
    said: list[Any] = []
    client = session.create_client(service, "eu-central-1")

    def answer(request: Any, **_: object) -> Any:
        names = ("X-Amz-Target", "Content-Type", "x-amzn-query-mode")
        said.append(
            (request.method, request.url, request.body, [request.headers.get(name) for name in names])
        )
        headers: Any = {"x-amzn-RequestId": "1", "Content-Type": "application/json"}
        return AWSResponse(request.url, 200, headers, _Raw(json.dumps(body).encode()))

    register: Any = client.meta.events.register
    register(f"before-send.{service}", answer)
    model = session.get_service_model(service).operation_model(operation)
    given = _everything(model.input_shape, wire=False) if model.input_shape else {}
    # Endpoints of several regions at once need a library in C, that we do not ship.
    given.pop("EndpointId", None)
    return said, getattr(client, xform_name(operation))(**given)


@pytest.mark.parametrize(("service", "operation"), _OPERATIONS)
def test_each_call_says_and_hears_what_it_would_with_all_of_botocore(
    whole: Session, slimmed: Session, service: str, operation: str
) -> None:
    output = whole.get_service_model(service).operation_model(operation).output_shape
    body = _everything(output, wire=True) if output else {}
    ours = _said_and_heard(slimmed, service, operation, body)
    assert ours == _said_and_heard(whole, service, operation, body)
    assert ours[0]
    assert ours[1]["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert ours[1].keys() >= (output.members.keys() if output else set())


@pytest.mark.parametrize("service", _KEPT)
def test_each_refusal_of_a_service_still_has_its_name(whole: Session, slimmed: Session, service: str) -> None:
    names = [error.name for error in whole.get_service_model(service).error_shapes]
    ours, before = (session.create_client(service, "eu-central-1").exceptions for session in (slimmed, whole))
    assert names
    for name in names:
        assert getattr(ours, name).__name__ == getattr(before, name).__name__


@pytest.mark.parametrize(("service", "operation"), _OPERATIONS)
def test_what_comes_in_pages_still_does(
    whole: Session, slimmed: Session, service: str, operation: str
) -> None:
    ours, before = (session.create_client(service, "eu-central-1") for session in (slimmed, whole))
    method = xform_name(operation)
    assert ours.can_paginate(method) == before.can_paginate(method)
    if ours.can_paginate(method):
        pages, known = (client.get_paginator(method) for client in (ours, before))
        assert vars(pages)["_pagination_cfg"] == vars(known)["_pagination_cfg"]


def test_every_region_has_the_endpoint_that_it_had(layer: Path) -> None:
    read = [
        Loader([str(root / "data")], include_default_search_paths=False)
        for root in (_WHOLE, layer / "botocore")
    ]
    before, after = [EndpointResolver(each.load_data("endpoints")) for each in read]
    regions = {
        region
        for partition in before.get_available_partitions()
        for region in before.get_available_endpoints("dynamodb", partition)
    }
    assert {"eu-central-1", "us-gov-west-1", "cn-north-1"} <= regions
    for service in (*_KEPT, "email"):
        for region in regions:
            assert after.construct_endpoint(service, region) == before.construct_endpoint(service, region)
    for service in _KEPT:  # which decide where these have a say
        rules = [each.load_service_model(service, "endpoint-rule-set-1") for each in read]
        assert rules[0] == rules[1]
    assert read[0].load_data("partitions") == read[1].load_data("partitions")


def test_the_same_packages_give_the_same_bytes(layer: Path, tmp_path: Path) -> None:
    again = _filled(tmp_path)
    _slim_module().slim(again)
    assert _bytes_of(again) == _bytes_of(layer)


def test_no_more_than_what_is_needed_lies_there(layer: Path) -> None:
    data = layer / "botocore" / "data"
    assert {each.name for each in data.iterdir() if each.is_dir()} == set(_KEPT)
    assert {each.name for each in layer.iterdir()} == {"amazon-roots.pem", "botocore", "dateutil"}
    assert not (layer / "dateutil" / "test").exists()
    assert sum(each.stat().st_size for each in data.rglob("*") if each.is_file()) < 600_000


def test_the_roots_are_amazons_five(layer: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(layer / "amazon-roots.pem")
    names = [dict(each[0] for each in root["subject"])["commonName"] for root in context.get_ca_certs()]  # type: ignore[misc]
    starfield = "Starfield Services Root Certificate Authority - G2"
    assert sorted(names) == [*(f"Amazon Root CA {number}" for number in range(1, 5)), starfield]


def test_a_call_that_aws_does_not_know_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slim = _slim_module()
    monkeypatch.setitem(slim.KEPT, "events", ["PutEvents", "PutEvent"])
    with pytest.raises(ValueError, match=r"events has no \['PutEvent'\]"):
        slim.slim(_filled(tmp_path))


def _bytes_of(folder: Path) -> dict[Path, bytes]:
    return {each.relative_to(folder): each.read_bytes() for each in folder.rglob("*") if each.is_file()}
