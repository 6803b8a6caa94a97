"""template.yaml for the tests: as it is written, and as CloudFormation gets it with nested stacks written out."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from local_cloud.template import read_template
from rishta_cli.project import ROOT

Properties = Mapping[str, Any]


class _Outline(yaml.SafeLoader):
    """Reads short forms such as `!Ref` as nothing: what is asked of the written template has none."""


_Outline.add_multi_constructor("!", lambda *_: None)


def outline(file: str) -> dict[str, Any]:
    """A template as it is written, without the values of its expressions."""
    written: dict[str, Any] = yaml.load((ROOT / file).read_text(encoding="utf-8"), Loader=_Outline)
    return written


WRITTEN = outline("template.yaml")
FUNCTIONS_IN_TEMPLATE: dict[str, Properties] = {
    name: resource["Properties"]
    for name, resource in WRITTEN["Resources"].items()
    if resource["Type"] == "AWS::Serverless::Function"
}
RESOURCES: dict[str, dict[str, Any]] = read_template(ROOT / "template.yaml").template["Resources"]


def door_name(stanza: Properties) -> str:
    """`cart_nudges.facts_door` for a stanza whose Handler is `cart_nudges.facts_door.handler`."""
    return str(stanza["Handler"]).removesuffix(".handler")


def of_type(type_: str) -> dict[str, Properties]:
    """The properties of all resources of a type, nested stacks' too, by logical id."""
    return {name: each.get("Properties", {}) for name, each in RESOURCES.items() if each["Type"] == type_}


def logical_id(expression: Any) -> str:
    """The resource that a Ref or a GetAtt points to; for a function's alias or version, the function."""
    match expression:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            if RESOURCES.get(name, {}).get("Type") in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
                return logical_id(RESOURCES[name]["Properties"]["FunctionName"])
            return name
        case _:
            raise AssertionError(f"write !Ref or !GetAtt instead of {json.dumps(expression)}")


def listed(value: Any) -> list[Any]:
    """A policy's Action or Resource: one, or a list of them."""
    return value if isinstance(value, list) else [value]


def statements(function: str) -> Iterator[Properties]:
    """What a function's own role allows beyond running and logging."""
    role = RESOURCES[logical_id(of_type("AWS::Lambda::Function")[function]["Role"])]
    for policy in role["Properties"].get("Policies", []):
        yield from listed(policy["PolicyDocument"]["Statement"])


def resource_types() -> Iterator[tuple[str, str]]:
    """(where, type) of every resource that somebody wrote."""
    for file in [
        "template.yaml",
        *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("infra/stacks/*.yaml")),
    ]:
        for name, resource in outline(file)["Resources"].items():
            yield f"{file}: {name}", resource["Type"]
