"""A SAM template, read and translated to plain CloudFormation, offline."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from local_cloud.aws_environment import REGION, only
from local_cloud.inline_stacks import Template, inline_stacks
from local_cloud.managed_policies import MANAGED_POLICIES

STACK = "local"
REPOSITORY = Path(__file__).resolve().parents[3]

# Where translated code is said to lie; the key is the absolute path of its folder.
# Nothing here rings, releases or is drawn: what is left out need not be resolved for every cloud that a test makes.
_WITHOUT_PART = {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::CodeDeploy::DeploymentGroup"}
# What the cloud does side by side comes here one after the other, so that every run is the same.
_HERE = {"MailsAtOnce": "1"}
_CODE_BUCKET = "local-code"


@dataclass(frozen=True)
class Translated:
    """`resources`, `conditions` … are CloudFormation; `parameters` has a value for every parameter.

    `stacks` says for a resource of a nested stack which stack it was in: "CartNudgesQueueQueue" → "CartNudgesQueue".
    """

    template: Template
    parameters: dict[str, str]
    stacks: dict[str, str]


def read_template(path: Path, parameters: Mapping[str, str] | None = None) -> Translated:
    """The template at `path`, nested stacks written out, `AWS::Serverless::*` translated.

    Raises ValueError for a parameter the template does not have, and SAM's InvalidDocumentException (whose
    `.message` says what is wrong) for a template SAM does not accept.
    """
    stamps = tuple(sorted((str(file), file.stat().st_mtime_ns) for file in _files(path.resolve())))
    return copy.deepcopy(_read(path.resolve(), tuple(sorted((parameters or {}).items())), stamps))


def read_runnable(path: Path, parameters: Mapping[str, str] | None = None) -> Translated:
    """The same, without what has no part in running it."""
    stamps = tuple(sorted((str(file), file.stat().st_mtime_ns) for file in _files(path.resolve())))
    return copy.deepcopy(_runnable(path.resolve(), tuple(sorted((parameters or {}).items())), stamps))


@functools.lru_cache(maxsize=8)
def _runnable(
    path: Path, given: tuple[tuple[str, str], ...], stamps: tuple[tuple[str, int], ...]
) -> Translated:
    whole = _read(path, given, stamps)
    resources = whole.template["Resources"].items()
    kept = {name: each for name, each in resources if each["Type"] not in _WITHOUT_PART}
    return Translated({**whole.template, "Resources": kept}, whole.parameters, whole.stacks)


@functools.lru_cache(maxsize=8)
def _read(path: Path, given: tuple[tuple[str, str], ...], _stamps: tuple[tuple[str, int], ...]) -> Translated:
    flat = _load_inlined(path)
    stacks = {
        name + child: name
        for name, resource in load_template(path).get("Resources", {}).items()
        if resource.get("Type") == "AWS::CloudFormation::Stack"
        for child in _load_inlined(path.parent / resource["Properties"]["TemplateURL"])["Resources"]
    }
    parameters = _parameter_values(flat.get("Parameters", {}), dict(given))
    policies = {arn.rsplit("/", 1)[-1]: arn for arn in MANAGED_POLICIES}
    # The translator makes a session of boto3's, which would look for a developer's profile.
    with only({"AWS_DEFAULT_REGION": REGION}):
        translator = Translator(policies, Parser())
        translated = translator.translate(copy.deepcopy(flat), parameter_values=dict(parameters))
        translator.metrics.publish()  # to nowhere; unpublished, they would warn
    return Translated(copy.deepcopy(translated), parameters, stacks)


def code_folder(location: Mapping[str, Any]) -> Path:
    """The folder that a translated `Code` or `Content` ({"S3Bucket", "S3Key"}) stands for."""
    if location.get("S3Bucket") != _CODE_BUCKET:
        raise ValueError(f"Only local folders can be run, not {dict(location)}")
    return Path("/" + str(location["S3Key"]))


def _parameter_values(declared: Mapping[str, Any], given: dict[str, str]) -> dict[str, str]:
    if unknown := sorted(set(given) - set(declared)):
        raise ValueError(f"The template has no parameter {unknown}; it has {sorted(declared)}")
    known = _HERE | given
    return {name: known.get(name, _local_value(name, parameter)) for name, parameter in declared.items()}


def _local_value(name: str, parameter: Mapping[str, Any]) -> str:
    if "Default" in parameter:
        value = parameter["Default"]
        return str(value).lower() if isinstance(value, bool) else str(value)
    if parameter.get("AllowedValues"):
        return str(parameter["AllowedValues"][0])
    if parameter.get("Type") == "Number":
        return str(parameter.get("MinValue", 1))
    return f"local-{name}-{'0123456789abcdef' * 4}"[: int(parameter.get("MaxLength", 64))]


def _files(path: Path) -> list[Path]:
    children = [
        path.parent / resource["Properties"]["TemplateURL"]
        for resource in _parse(path, path.stat().st_mtime_ns).get("Resources", {}).values()
        if resource.get("Type") == "AWS::CloudFormation::Stack"
    ]
    return [path, *(file for child in children for file in _files(child.resolve()))]


def _load_inlined(path: Path) -> Template:
    template = load_template(path)
    folder = path.parent
    sections = [template.get("Globals", {}).get("Function", {})]
    sections += [resource.get("Properties", {}) for resource in template.get("Resources", {}).values()]
    for properties in sections:
        for key in ("CodeUri", "ContentUri"):
            if isinstance(properties.get(key), str):
                properties[key] = f"s3://{_CODE_BUCKET}{(folder / properties[key]).resolve()}"
    return inline_stacks(template, lambda url: _load_inlined((folder / url).resolve()))


def load_template(path: Path) -> Template:
    """One template as it is written, short forms written out: `!GetAtt A.B` is {"Fn::GetAtt": ["A", "B"]}."""
    return copy.deepcopy(_parse(path, path.stat().st_mtime_ns))


@functools.lru_cache(maxsize=32)
def _parse(path: Path, _stamp: int) -> Template:
    loaded = yaml.load(path.read_text(), Loader=_Loader)  # noqa: S506 - derived from the safe one
    if not isinstance(loaded, dict):
        raise TypeError(f"{path} is no template")
    return loaded


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's short forms: `!GetAtt A.B` is {"Fn::GetAtt": ["A", "B"]}."""


def _short_form(loader: _Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if tag == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}


_Loader.add_multi_constructor("!", _short_form)
# A template's `Version: 2012-10-17` is a text, not a date.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
