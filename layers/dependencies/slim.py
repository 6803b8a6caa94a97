"""Leaves out of the layer of third-party packages what takes time at a start: `python3.13 slim.py FOLDER`.

Of botocore's 28 MB of descriptions those of the calls in kept.json stay. The five roots that the certificates of
Amazon's services come from lie beside all that the world trusts. The same packages give the same bytes.
"""

import gzip
import hashlib
import json
import re
import shutil
import ssl
import sys
from pathlib import Path
from typing import Any

KEPT: dict[str, list[str]] = json.loads(Path(__file__).with_name("kept.json").read_text("utf-8"))
ROOTS = "amazon-roots.pem"
# SHA-256 of each certificate: https://www.amazontrust.com/repository/
_TRUSTED = {
    "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e",  # Amazon Root CA 1
    "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4",  # Amazon Root CA 2
    "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4",  # Amazon Root CA 3
    "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092",  # Amazon Root CA 4
    "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5",  # Starfield Services Root CA, G2
}
_OF_ALL_SERVICES = ("_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json")
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n?", re.DOTALL)


def slim(folder: Path) -> None:
    """Of a folder as pip fills it. Raises ValueError for what it does not find there."""
    data = folder / "botocore" / "data"
    for entry in data.iterdir():
        if entry.is_dir() and entry.name not in KEPT:
            shutil.rmtree(entry)
        elif entry.is_file() and entry.name not in _OF_ALL_SERVICES:
            entry.unlink()
    for service, operations in KEPT.items():
        _slim_service(data / service, operations)
    _slim_endpoints(data / "endpoints.json")
    _write_roots(folder / "botocore" / "cacert.pem", folder / ROOTS)
    # Our clients are botocore's, without boto3. Of the rest pip has need; pydantic would look for plugins in it.
    for entry in [*folder.glob("*.dist-info"), *(folder / name for name in ("bin", "boto3", "s3transfer"))]:
        shutil.rmtree(entry, ignore_errors=True)
    for name in ("tests", "test"):
        for tests in [found for found in folder.rglob(name) if found.is_dir()]:
            shutil.rmtree(tests)


def _slim_service(service: Path, operations: list[str]) -> None:
    """The newest description, and in it what these operations need. All errors stay: code catches them by name."""
    *old, newest = sorted(service.iterdir())
    for version in old:
        shutil.rmtree(version)
    for entry in newest.iterdir():
        if not entry.name.startswith(("service-2", "endpoint-rule-set-1", "paginators-1")):
            entry.unlink()
    path = newest / "service-2.json.gz"
    model = json.loads(gzip.decompress(path.read_bytes()))
    if unknown := set(operations) - model["operations"].keys():
        raise ValueError(f"{service.name} has no {sorted(unknown)}: see kept.json")
    model["operations"] = {name: model["operations"][name] for name in operations}
    shapes = model["shapes"]
    wanted = [name for name, shape in shapes.items() if shape.get("exception")]
    for operation in model["operations"].values():
        wanted += [shape["shape"] for shape in _shapes_in(operation)]
    reached: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in reached:
            reached.add(name)
            wanted += [shape["shape"] for shape in _shapes_in(shapes[name])]
    model["shapes"] = {name: shapes[name] for name in shapes if name in reached}
    # Not packed: unpacking takes longer than reading.
    (newest / "service-2.json").write_text(json.dumps(_without_words(model), separators=(",", ":")), "utf-8")
    path.unlink()
    pages = newest / "paginators-1.json"
    if pages.exists():
        known = json.loads(pages.read_text("utf-8"))["pagination"]
        kept = {name: known[name] for name in known if name in operations}
        pages.write_text(json.dumps({"pagination": kept}), "utf-8")


def _shapes_in(node: Any) -> list[dict[str, Any]]:
    """Every reference to a shape below a node of a description."""
    if isinstance(node, list):
        return [shape for each in node for shape in _shapes_in(each)]
    if not isinstance(node, dict):
        return []
    own = [node] if isinstance(node.get("shape"), str) else []
    return own + [shape for each in node.values() for shape in _shapes_in(each)]


def _without_words(node: Any) -> Any:
    """Without what is for people to read. A member may have such a name, and then is no text."""
    if isinstance(node, list):
        return [_without_words(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _without_words(each)
        for name, each in node.items()
        if not (name in ("documentation", "documentationUrl") and isinstance(each, str))
    }


def _slim_endpoints(path: Path) -> None:
    """All partitions and regions; of the services ours."""
    endpoints = json.loads(path.read_text("utf-8"))
    for partition in endpoints["partitions"]:
        services = partition["services"]
        partition["services"] = {name: services[name] for name in services if name in {*KEPT, "email"}}
    path.write_text(json.dumps(endpoints, separators=(",", ":")), "utf-8")


def _write_roots(bundle: Path, path: Path) -> None:
    found = {
        hashlib.sha256(ssl.PEM_cert_to_DER_cert(each)).hexdigest(): each
        for each in _CERTIFICATE.findall(bundle.read_text("utf-8"))
    }
    if missing := _TRUSTED - found.keys():
        raise ValueError(f"{bundle} has no certificates {sorted(missing)}")
    path.write_text("".join(found[each] for each in sorted(_TRUSTED)), "utf-8")


if __name__ == "__main__":
    slim(Path(sys.argv[1]))
