"""What the template declares, in the words of this package: functions, queue mappings, schedules, routes, senders."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_cloud.aws_environment import ACCOUNT, REGION
from local_cloud.ground import Ground
from local_cloud.roles import read_roles
from local_cloud.template import code_folder

_FUNCTION_ARN = re.compile(r"function:([^:/]+)")


@dataclass(frozen=True)
class FunctionSpec:
    """`timeout` in seconds, `memory` in MB. `statements` are the role's policy statements, resolved, as IAM has
    them, each with "Effect", "Action" (a list) and "Resource" (a list)."""

    logical_id: str
    name: str
    handler: str
    import_roots: tuple[Path, ...]
    timeout: float
    memory: int
    environment: Mapping[str, str]
    statements: tuple[Mapping[str, Any], ...]

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{self.name}"


@dataclass(frozen=True)
class QueueMapping:
    """An event source mapping: the queue is polled for `function`, up to `batch_size` messages at a time."""

    function: str
    queue_arn: str
    batch_size: int
    partial_responses: bool


@dataclass(frozen=True)
class ScheduleSpec:
    """`payload` is the input's text with EventBridge's keywords in it, or None for the classic rule's event.
    `dead_letters` is the ARN of the queue for a payload that was given up, if there is one."""

    logical_id: str
    arn: str
    function: str
    expression: str
    timezone: str
    payload: str | None
    retries: int
    dead_letters: str | None


@dataclass(frozen=True)
class Route:
    """`path` as in the template, with {placeholders}; `method` in capitals, or ANY; `api` is the API's id. `signed`:
    open only to requests that are signed with AWS credentials (AWS_IAM)."""

    api: str
    method: str
    path: str
    function: str
    signed: bool = False


@dataclass(frozen=True)
class Senders:
    """What SES knows: verified identities, and per configuration set the event types it publishes."""

    identities: tuple[str, ...]
    configuration_sets: Mapping[str, frozenset[str]]


class Declared:
    """Everything the template declares that moto does not create. Raises ValueError for what cannot be run."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._roles = read_roles(ground)
        self.functions = self._read_functions()
        self._by_name = {spec.name: spec.logical_id for spec in self.functions.values()}
        self.mappings = self._read_mappings()
        self.schedules = self._read_schedules()
        self.routes = self._read_routes()
        self.senders = self._read_senders()
        for name, rule in ground.resources("AWS::Events::Rule").items():
            for target in rule.get("Targets", []):
                if ":lambda:" in target["Arn"] and "ScheduleExpression" not in rule:
                    raise ValueError(f"Rule {name} calls a function directly; put a queue between them")

    def _function_of(self, reference: str) -> str:
        """The logical id behind a function's name, its ARN, an alias or an API's integration URI."""
        found = _FUNCTION_ARN.search(reference)
        name = found.group(1) if found else reference
        if name not in self._by_name:
            raise ValueError(f"No function {reference!r} in the template; there are {sorted(self._by_name)}")
        return self._by_name[name]

    def _read_functions(self) -> dict[str, FunctionSpec]:
        layers = {
            self._ground.resolve(self._ground.ref(name)): _layer_root(code_folder(layer["Content"]))
            for name, layer in self._ground.resources("AWS::Lambda::LayerVersion").items()
        }
        functions = {}
        for name, properties in self._ground.resources("AWS::Lambda::Function").items():
            roots = [
                code_folder(properties["Code"]),
                *(layers.get(layer) for layer in properties.get("Layers", [])),
            ]
            functions[name] = FunctionSpec(
                logical_id=name,
                name=str(self._ground.resolve(self._ground.ref(name))),
                handler=properties["Handler"],
                import_roots=tuple(root for root in roots if root is not None),
                timeout=float(properties.get("Timeout", 3)),
                memory=int(properties.get("MemorySize", 128)),
                environment={
                    k: _text(v) for k, v in properties.get("Environment", {}).get("Variables", {}).items()
                },
                statements=self._roles.get(properties["Role"], ()),
            )
        return functions

    def _read_mappings(self) -> tuple[QueueMapping, ...]:
        mappings = []
        for name, mapping in self._ground.resources("AWS::Lambda::EventSourceMapping").items():
            arn = str(mapping.get("EventSourceArn", ""))
            if ":sqs:" not in arn or "FilterCriteria" in mapping:
                raise ValueError(
                    f"Event source mapping {name}: only a queue without FilterCriteria can be run here"
                )
            if _text(mapping.get("Enabled", True)) == "false":
                continue
            mappings.append(
                QueueMapping(
                    function=self._function_of(mapping["FunctionName"]),
                    queue_arn=arn,
                    batch_size=int(mapping.get("BatchSize", 10)),
                    partial_responses="ReportBatchItemFailures" in mapping.get("FunctionResponseTypes", []),
                )
            )
        return tuple(mappings)

    def _read_schedules(self) -> tuple[ScheduleSpec, ...]:
        found = [
            (name, schedule, schedule["Target"])
            for name, schedule in self._ground.resources("AWS::Scheduler::Schedule").items()
        ] + [
            (name, rule, target)
            for name, rule in self._ground.resources("AWS::Events::Rule").items()
            if "ScheduleExpression" in rule
            for target in rule.get("Targets", [])
        ]
        return tuple(
            ScheduleSpec(
                logical_id=name,
                arn=str(self._ground.resolve(self._ground.get_att(name, "Arn"))),
                function=self._function_of(target["Arn"]),
                expression=schedule["ScheduleExpression"],
                timezone=schedule.get("ScheduleExpressionTimezone", "UTC"),
                payload=target.get("Input"),
                retries=int(target.get("RetryPolicy", {}).get("MaximumRetryAttempts", 2)),
                dead_letters=target.get("DeadLetterConfig", {}).get("Arn"),
            )
            for name, schedule, target in found
            if schedule.get("State", "ENABLED") == "ENABLED"
        )

    def _read_routes(self) -> tuple[Route, ...]:
        routes = []
        for name, api in self._ground.resources("AWS::ApiGatewayV2::Api").items():
            for path, operations in api.get("Body", {}).get("paths", {}).items():
                for method, operation in operations.items():
                    uri = operation.get("x-amazon-apigateway-integration", {}).get("uri")
                    if uri is None:
                        continue
                    any_method = method == "x-amazon-apigateway-any-method"
                    verb = "ANY" if any_method else method.upper()
                    api_id = str(self._ground.resolve(self._ground.ref(name)))
                    routes.append(
                        Route(
                            api_id,
                            verb,
                            path,
                            self._function_of(uri),
                            signed=_is_signed(path, api, operation),
                        )
                    )
        return tuple(routes)

    def _read_senders(self) -> Senders:
        identities = self._ground.resources("AWS::SES::EmailIdentity").values()
        sets: dict[str, frozenset[str]] = {
            str(self._ground.resolve(self._ground.ref(name))): frozenset()
            for name in self._ground.resources("AWS::SES::ConfigurationSet")
        }
        for each in self._ground.resources("AWS::SES::ConfigurationSetEventDestination").values():
            destination = each["EventDestination"]
            if _text(destination.get("Enabled", True)) == "true":
                types = destination.get("MatchingEventTypes") or DEFAULT_EVENT_TYPES
                name = str(each["ConfigurationSetName"])
                sets[name] = sets.get(name, frozenset()) | {str(type_).upper() for type_ in types}
        return Senders(tuple(str(each["EmailIdentity"]) for each in identities), sets)


DEFAULT_EVENT_TYPES = frozenset({"DELIVERY", "BOUNCE", "COMPLAINT"})


def _is_signed(path: str, api: Mapping[str, Any], operation: Mapping[str, Any]) -> bool:
    """Raises ValueError for an authorizer that is not played here: the route would stand open."""
    schemes = api["Body"].get("components", {}).get("securitySchemes", {})
    asked = [name for each in operation.get("security", []) for name in each]
    for name in asked:
        if schemes.get(name, {}).get("x-amazon-apigateway-authtype") != "awsSigv4":
            raise ValueError(f"Route {path}: the authorizer {name} cannot be run; only AWS_IAM can")
    return bool(asked)


def _layer_root(folder: Path) -> Path | None:
    """The folder that the layer adds to sys.path, or None for a layer of third-party packages: these come from the
    environment that runs the local cloud."""
    root = folder / "python" if (folder / "python").is_dir() else folder
    # As it lies in the repository, as pip fills it, and as it is shipped.
    third_party = ("requirements.txt", "*.dist-info", "botocore")
    if not root.is_dir() or any(path for pattern in third_party for path in root.glob(pattern)):
        return None
    holds_packages = any(root.glob("*.py")) or any(root.glob("*/__init__.py"))
    return root if holds_packages else None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
