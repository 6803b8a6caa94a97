"""What `sam build` made, as MiniStack takes it: folders as zips in its S3, nested templates too, and what it does not
know left out. What is left out or changed is in `CHANGES`, each with its reason, and nothing else is; the
routes of the pages are made beside the template, see `routes`."""

import compileall
import io
import json
import py_compile
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_cloud.template import load_template
from ministack_local.server import REPOSITORY

BUILD = REPOSITORY / ".aws-sam" / "build"
BUCKET = "rishta-e2e"
_DEPENDENCIES = REPOSITORY / "layers" / "dependencies" / "requirements.txt"
_WHEELS = REPOSITORY / ".local" / "ministack-layer"

type Template = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """`change` alters a template in place and says how often it did; a test finds one that has nothing left to do."""

    what: str
    why: str
    change: Callable[[Template], int]


def _without(*types: str) -> Callable[[Template], int]:
    def change(template: Template) -> int:
        gone = [name for name, each in template["Resources"].items() if each["Type"] in types]
        for name in gone:
            del template["Resources"][name]
        outputs = template.get("Outputs", {})
        for name in [key for key, each in outputs.items() if any(f'"{n}' in json.dumps(each) for n in gone)]:
            del outputs[name]
        return len(gone)

    return change


def _of_functions(*keys: str) -> Callable[[Template], int]:
    def change(template: Template) -> int:
        sections = [template.get("Globals", {}).get("Function", {})]
        sections += [
            each["Properties"]
            for each in template["Resources"].values()
            if each["Type"] == "AWS::Serverless::Function"
        ]
        return sum(section.pop(key, None) is not None for section in sections for key in keys)

    return change


def _this_machines_processor(template: Template) -> int:
    section = template.get("Globals", {}).get("Function", {})
    layers = [
        each["Properties"]
        for each in template["Resources"].values()
        if each["Type"] == "AWS::Serverless::LayerVersion"
    ]
    return int(section.pop("Architectures", None) is not None) + sum(
        layer.pop("CompatibleArchitectures", None) is not None for layer in layers
    )


def _wheels_beside_the_layer(template: Template) -> int:
    layer = template["Resources"].get("DependenciesLayer")
    if not layer:
        return 0
    layer["Properties"]["ContentUri"] = str(_DEPENDENCIES.parent)
    template["Globals"]["Function"]["Environment"]["Variables"]["PYTHONPATH"] = str(_WHEELS / "python")
    return 1


CHANGES = (
    Change(
        "DeploymentPreference of functions",
        "MiniStack has no CodeDeploy; a first deployment is all at once anyway",
        _of_functions("DeploymentPreference"),
    ),
    Change(
        "Architectures of functions and layers",
        "functions run as processes of this machine, which need not be arm64",
        _this_machines_processor,
    ),
    Change(
        "the wheels of DependenciesLayer",
        "they are arm64's; and MiniStack unpacks a layer for every execution environment, 5000 files each time: "
        "the same versions for this machine stand unpacked once, on PYTHONPATH",
        _wheels_beside_the_layer,
    ),
    Change(
        "AWS::Events::Archive",
        "MiniStack's CloudFormation does not know it",
        _without("AWS::Events::Archive"),
    ),
    Change(
        "the output DnsRecords",
        "MiniStack makes no DKIM tokens of an identity",
        lambda template: int(template["Outputs"].pop("DnsRecords", None) is not None),
    ),
)


@dataclass(frozen=True)
class Route:
    """`key` as API Gateway has it: "GET /points". `signed`: by AWS_IAM."""

    key: str
    function: str
    signed: bool


def routes() -> list[Route]:
    """The routes of PagesApi. SAM writes them into an OpenAPI body, which MiniStack does not read: they are made over
    the API, as they are declared."""
    template = load_template(BUILD / "template.yaml")
    return [
        Route(
            f"{each['Properties']['Method']} {each['Properties']['Path']}", name, "Auth" in each["Properties"]
        )
        for name, resource in template["Resources"].items()
        for each in resource.get("Properties", {}).get("Events", {}).values()
        if each["Type"] == "HttpApi"
    ]


def packaged(upload: Callable[[str, bytes], str]) -> Template:
    """The built template, changed by `CHANGES`; `upload(key, content)` puts a file into S3 and says its URL."""
    _install_wheels()
    template = load_template(BUILD / "template.yaml")
    for change in CHANGES:
        change.change(template)
    zips: dict[Path, dict[str, str]] = {}
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        match resource["Type"]:
            case "AWS::Serverless::Function":
                properties["CodeUri"] = _zipped(BUILD / properties["CodeUri"], zips, upload)
            case "AWS::Serverless::LayerVersion":
                properties["ContentUri"] = _zipped(BUILD / properties["ContentUri"], zips, upload)
            case "AWS::CloudFormation::Stack":
                child = load_template(BUILD / properties["TemplateURL"])
                properties["TemplateURL"] = upload(f"{name}.json", json.dumps(child).encode())
            case _:
                continue
    return template


def _zipped(
    folder: Path, zips: dict[Path, dict[str, str]], upload: Callable[[str, bytes], str]
) -> dict[str, str]:
    if folder not in zips:
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    archive.write(file, file.relative_to(folder))
        key = f"{folder.name}.zip"
        upload(key, content.getvalue())
        zips[folder] = {"Bucket": BUCKET, "Key": key}
    return zips[folder]


def _install_wheels() -> None:
    """The layer's very versions, by its own hashes, but for this processor."""
    done = _WHEELS / ".requirements.txt"
    wanted = _DEPENDENCIES.read_text(encoding="utf-8")
    if not done.is_file() or done.read_text(encoding="utf-8") != wanted:
        uv = (REPOSITORY / ".local" / "uv-command").read_text(encoding="utf-8").strip()
        shutil.rmtree(_WHEELS, ignore_errors=True)
        only = ["--require-hashes", "--only-binary", ":all:", "--python-version", "3.13"]
        into = ["--target", str(_WHEELS / "python"), "--requirements", str(_DEPENDENCIES)]
        subprocess.run([uv, "pip", "install", "--quiet", *only, *into], check=True, cwd=REPOSITORY)
        # Compiled once: each function is a process that begins cold.
        mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(_WHEELS / "python", quiet=2, invalidation_mode=mode)
        done.write_text(wanted, encoding="utf-8")
