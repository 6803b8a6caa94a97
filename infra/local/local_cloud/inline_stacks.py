"""Nested stacks, written out in their parent: moto does not resolve the outputs of a nested stack."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_cloud.intrinsics import Expression, rewrite

Template = dict[str, Any]


def inline_stacks(template: Template, load: Callable[[str], Template]) -> Template:
    """`template` without its `AWS::CloudFormation::Stack` resources; their resources stand in it instead.

    The child's logical ids get the stack's as prefix (`CartNudgesQueue` + `Queue`); its parameters become the
    values given, or their defaults; `!GetAtt CartNudgesQueue.Outputs.QueueArn` becomes the output's expression.
    `load(template_url)` returns a child template that is already inlined itself. Pure but for `load`.
    """
    stacks = {
        name: resource
        for name, resource in template.get("Resources", {}).items()
        if resource.get("Type") == "AWS::CloudFormation::Stack"
    }
    children = {
        name: _Child(name, stack, load(stack["Properties"]["TemplateURL"])) for name, stack in stacks.items()
    }
    outputs = {name: child.outputs() for name, child in children.items()}

    def get_att(name: str, attribute: str) -> Expression | None:
        if name not in outputs or not attribute.startswith("Outputs."):
            return None
        output = attribute.removeprefix("Outputs.")
        if output not in outputs[name]:
            raise ValueError(f"Nested stack {name} has no output {output}; it has {sorted(outputs[name])}")
        # An output may come from a sibling stack's output, through a parameter.
        return rewrite(outputs[name][output], _keep, get_att)

    flat: Template = {key: value for key, value in template.items() if key != "Resources"}
    resources: dict[str, Any] = {}
    for name, resource in template.get("Resources", {}).items():
        if name in children:
            child = children[name].renamed()
            resources.update(child["Resources"])
            for section in ("Conditions", "Mappings"):
                if child[section]:
                    flat[section] = {**flat.get(section, {}), **child[section]}
        else:
            resources[name] = resource
    flat["Resources"] = resources
    flat = rewrite(flat, _keep, get_att)
    for resource in flat["Resources"].values():
        if "DependsOn" in resource:
            named = (
                resource["DependsOn"] if isinstance(resource["DependsOn"], list) else [resource["DependsOn"]]
            )
            resource["DependsOn"] = [
                each
                for name in named
                for each in (children[name].resource_ids() if name in children else [name])
            ]
    return flat


def _keep(_: str) -> None:
    return None


class _Child:
    def __init__(self, name: str, stack: Template, template: Template) -> None:
        self.name = name
        self.stack = stack
        self.template = template
        given = stack["Properties"].get("Parameters", {})
        self.parameters: dict[str, Expression] = {}
        for parameter, declared in template.get("Parameters", {}).items():
            if parameter not in given and "Default" not in declared:
                raise ValueError(f"Nested stack {name} is given no value for its parameter {parameter}")
            self.parameters[parameter] = given.get(parameter, declared.get("Default"))

    def resource_ids(self) -> list[str]:
        return [self.name + child for child in self.template["Resources"]]

    def outputs(self) -> dict[str, Expression]:
        return {
            key: self._rename(output["Value"]) for key, output in self.template.get("Outputs", {}).items()
        }

    def renamed(self) -> Template:
        conditions = {
            self.name + key: self._rename(value) for key, value in self.template.get("Conditions", {}).items()
        }
        resources = {}
        for key, declared in self.template["Resources"].items():
            resource = self._rename(declared)
            if "DependsOn" in resource:
                named = (
                    resource["DependsOn"]
                    if isinstance(resource["DependsOn"], list)
                    else [resource["DependsOn"]]
                )
                resource["DependsOn"] = [self.name + each for each in named]
            outer = self.stack.get("Condition")
            if outer and "Condition" in resource:
                both = f"{outer}And{resource['Condition']}"
                conditions[both] = {"Fn::And": [{"Condition": outer}, {"Condition": resource["Condition"]}]}
                resource["Condition"] = both
            elif outer:
                resource["Condition"] = outer
            resources[self.name + key] = resource
        mappings = {self.name + key: value for key, value in self.template.get("Mappings", {}).items()}
        return {"Resources": resources, "Conditions": conditions, "Mappings": mappings}

    def _rename(self, node: Expression) -> Expression:
        own = set(self.template["Resources"])

        def ref(name: str) -> Expression | None:
            if name in self.parameters:
                return self.parameters[name]
            if name == "AWS::StackName":
                return {"Fn::Sub": "${AWS::StackName}-" + self.name}
            return {"Ref": self.name + name} if name in own else None

        def get_att(name: str, attribute: str) -> Expression | None:
            return {"Fn::GetAtt": [self.name + name, attribute]} if name in own else None

        return self._rename_conditions(rewrite(node, ref, get_att))

    def _rename_conditions(self, node: Expression) -> Expression:
        conditions, mappings = self.template.get("Conditions", {}), self.template.get("Mappings", {})
        if isinstance(node, list):
            return [self._rename_conditions(item) for item in node]
        if not isinstance(node, dict):
            return node
        renamed = {key: self._rename_conditions(value) for key, value in node.items()}
        if isinstance(renamed.get("Condition"), str) and renamed["Condition"] in conditions:
            renamed["Condition"] = self.name + renamed["Condition"]
        if "Fn::If" in renamed and renamed["Fn::If"][0] in conditions:
            renamed["Fn::If"][0] = self.name + renamed["Fn::If"][0]
        if "Fn::FindInMap" in renamed and renamed["Fn::FindInMap"][0] in mappings:
            renamed["Fn::FindInMap"][0] = self.name + renamed["Fn::FindInMap"][0]
        return renamed
