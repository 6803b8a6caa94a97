"""The ground everything stands on: moto, in this process. Its inside is known here and in moto_queues alone."""

from __future__ import annotations

import hashlib
from typing import Any

from moto.cloudformation.parsing import ResourceMap, clean_json
from moto.moto_api._internal import mock_random

from local_cloud.aws_environment import ACCOUNT, REGION
from local_cloud.intrinsics import Expression, rewrite
from local_cloud.template import STACK, Translated

# What moto is asked to create. Everything else (functions, schedules, roles, APIs …) is read from the template by
# this package itself, and a reference to it gets a plausible name.
_CREATED = {
    "AWS::DynamoDB::Table",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::SQS::Queue",
    "AWS::SSM::Parameter",
}
_NAME_PROPERTY = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::IAM::Role": "RoleName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::Scheduler::Schedule": "Name",
    "AWS::Scheduler::ScheduleGroup": "Name",
}


class Ground:
    """The stack as created in moto: resolves the template's expressions."""

    def __init__(self, translated: Translated) -> None:
        mock_random.seed(STACK)
        template = translated.template
        resources: dict[str, Any] = template["Resources"]
        for name, resource in resources.items():
            if resource["Type"] == "AWS::DynamoDB::Table":
                resource.setdefault("Properties", {}).setdefault("TableName", f"{STACK}-{name}")
        self._types = {name: str(resource["Type"]) for name, resource in resources.items()}
        self._properties = {name: resource.get("Properties", {}) for name, resource in resources.items()}
        self._scheduled_rules = {
            name
            for name, type_ in self._types.items()
            if type_ == "AWS::Events::Rule" and "ScheduleExpression" in self._properties[name]
        }
        self._template = {
            **template,
            "Resources": self._named(resources),
            "Outputs": self._named(template.get("Outputs", {})),
        }
        self._conditions = {name: resource.get("Condition") for name, resource in resources.items()}
        self._create(translated.parameters)

    def resources(self, type_: str) -> dict[str, dict[str, Any]]:
        """Logical id → resolved properties, of every resource of this type whose condition holds."""
        return {
            name: self.resolve(self._template["Resources"][name].get("Properties", {}))
            for name, its_type in self._types.items()
            if its_type == type_ and self._holds(self._conditions[name])
        }

    def resolve(self, expression: Expression) -> Any:
        """The value of an expression: a text, a number, or a tree without any intrinsic function in it."""
        return _without_nothing(clean_json(expression, self._map))

    def physical_ids(self) -> dict[str, str]:
        return {
            name: str(self.resolve(self.ref(name) or {"Ref": name}))
            for name in self._types
            if self._holds(self._conditions[name])
        }

    def outputs(self) -> dict[str, str]:
        return {
            name: str(self.resolve(output["Value"]))
            for name, output in self._template["Outputs"].items()
            if self._holds(output.get("Condition"))
        }

    def _holds(self, condition: str | None) -> bool:
        return condition is None or bool(self._map.lazy_condition_map[condition])

    def _create(self, parameters: dict[str, str]) -> None:
        created = {
            name: _without_encryption(resource)
            for name, resource in self._template["Resources"].items()
            if self._types[name] in _CREATED and name not in self._scheduled_rules
        }
        # An SSM-typed parameter stands for a value in somebody else's account: take the given value itself.
        declared = {
            name: {**parameter, "Type": "String"} if str(parameter["Type"]).startswith("AWS::") else parameter
            for name, parameter in self._template.get("Parameters", {}).items()
        }
        body: dict[str, Any] = {
            "Parameters": declared,
            "Conditions": self._template.get("Conditions", {}),
            "Mappings": self._template.get("Mappings", {}),
            "Resources": created,
        }
        # What moto's CreateStack does, without its slow reading of the template as YAML.
        self._map: Any = ResourceMap(
            stack_id=f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{STACK}/local",
            stack_name=STACK,
            parameters=parameters,
            tags={},
            region_name=REGION,
            account_id=ACCOUNT,
            template=body,
            cross_stack_resources={},
        )
        self._map.load()
        self._map.create(body)

    def _named(self, node: Expression) -> Any:
        return rewrite(node, self.ref, self.get_att)

    def ref(self, name: str) -> Expression | None:
        """What stands for a `Ref` to a resource that moto does not create; None for any other name."""
        type_ = self._types.get(name)
        if type_ is None:
            return None
        if type_ == "AWS::Events::EventBus":
            return {"Fn::GetAtt": [name, "Name"]}
        if type_ in _CREATED and name not in self._scheduled_rules:
            return None
        if type_ in ("AWS::Lambda::Alias", "AWS::Lambda::Version"):
            properties = self._properties[name]
            qualifier = properties["Name"] if type_.endswith("Alias") else "1"
            function = rewrite(properties["FunctionName"], self.ref, self.get_att)
            return _join(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:", function, ":", qualifier)
        if type_.startswith("AWS::ApiGateway"):
            return hashlib.sha256(name.encode()).hexdigest()[:10]
        return self._name(name, type_)

    def _name(self, name: str, type_: str) -> Expression:
        declared = self._properties[name].get(_NAME_PROPERTY.get(type_, ""))
        return f"{STACK}-{name}" if declared is None else rewrite(declared, self.ref, self.get_att)

    def get_att(self, name: str, attribute: str) -> Expression | None:
        """The same for Fn::GetAtt."""
        type_ = self._types.get(name)
        if type_ == "AWS::SQS::Queue" and attribute == "QueueUrl":
            return {"Ref": name}
        if type_ is None or (type_ in _CREATED and name not in self._scheduled_rules):
            return None
        if type_ == "AWS::ApiGatewayV2::Api" and attribute == "ApiEndpoint":
            return _join("https://", self.ref(name), f".execute-api.{REGION}.amazonaws.com")
        if attribute == "Arn":
            service = type_.split("::")[1].lower()
            kind = type_.split("::")[2].lower()
            region = "" if service == "iam" else REGION
            separator = "/" if service in ("iam", "scheduler") else ":"
            return _join(f"arn:aws:{service}:{region}:{ACCOUNT}:{kind}{separator}", self._name(name, type_))
        return f"{STACK}-{name}-{attribute}"


def _join(*parts: Expression) -> Expression:
    return "".join(parts) if all(isinstance(part, str) for part in parts) else {"Fn::Join": ["", list(parts)]}


def _without_encryption(resource: dict[str, Any]) -> dict[str, Any]:
    """For a table's encryption moto would make a real RSA key, which takes longer than all the rest."""
    properties = {
        key: value for key, value in resource.get("Properties", {}).items() if key != "SSESpecification"
    }
    return {**resource, "Properties": properties}


def _without_nothing(value: Any) -> Any:
    """moto leaves an AWS::NoValue in a list as None."""
    if isinstance(value, list):
        return [_without_nothing(item) for item in value if item is not None]
    if isinstance(value, dict):
        return {key: _without_nothing(item) for key, item in value.items()}
    return value
