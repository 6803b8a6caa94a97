"""Who may do what, what is encrypted, and what stands open to the world: asked of what CloudFormation gets."""

import json
import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

from tests.architecture.source_code import assert_none
from tests.architecture.stack import RESOURCES, WRITTEN, Properties, listed, logical_id, of_type

_FUNCTIONS = of_type("AWS::Lambda::Function")
_ROLES = of_type("AWS::IAM::Role")
_FUNCTION_ROLES = {logical_id(function["Role"]): name for name, function in _FUNCTIONS.items()}
_BOUNDARY = of_type("AWS::IAM::ManagedPolicy")["FunctionsBoundary"]["PolicyDocument"]["Statement"]

# IAM knows no resource for these.
_WITHOUT_A_RESOURCE = {"ses:GetAccount", "cloudwatch:DescribeAlarms"}
_OURS = "function:${AWS::StackName}-*"
# SAM gives them to every function's role; the boundary leaves of them the stack's own log group, and traces if wanted.
_WITHIN_THE_BOUNDARY = ("AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess")

_OPEN = {
    "/cart": {"get", "head"},
    "/mail": {"get", "head"},
    "/points": {"get", "head"},
    "/preferences": {"get", "head", "post"},
    "/preferences/erase": {"get", "head", "post"},
    "/review": {"get", "head", "post"},
    "/unsubscribe": {"get", "head", "post"},
}
"""The pages behind the links in mails; each verifies the token in its link: tests/functional/test_open_pages.py."""

_ENCRYPTED: dict[str, Callable[[Properties], bool]] = {
    "AWS::DynamoDB::Table": lambda table: table.get("SSESpecification") == {"SSEEnabled": True},
    "AWS::SQS::Queue": lambda queue: queue.get("SqsManagedSseEnabled") is True,
}
_ENCRYPTED_BY_AWS = {  # always and without being asked; a key of our own would cost by the month and by the call
    "AWS::Events::Archive": "the shop's facts, kept for days; a key that AWS owns",
    "AWS::Events::EventBus": "the shop's facts on their way; a key that AWS owns",
    "AWS::Lambda::Function": "names of tables and parameters; AWS's own key for Lambda",
    "AWS::Logs::LogGroup": "name nobody; a key that AWS owns",
    "AWS::SNS::Topic": "alarms name nobody, and CloudWatch may not use SNS's free key; its disks are encrypted",
}
_HOLDS_NOTHING_OF_CUSTOMERS = {"AWS::Lambda::EventSourceMapping", "AWS::Scheduler::Schedule"}


def _statements(role: str) -> Iterator[Properties]:
    for policy in _ROLES[role].get("Policies", []):
        yield from listed(policy["PolicyDocument"]["Statement"])


def _faults(role: str) -> Iterator[str]:
    """What a role may do beyond its work."""
    for managed in _ROLES[role].get("ManagedPolicyArns", []):
        if role not in _FUNCTION_ROLES or not str(managed).endswith(_WITHIN_THE_BOUNDARY):
            yield f"{role} has {managed}, which is for whatever AWS thinks of"
    if role in _FUNCTION_ROLES and _ROLES[role].get("PermissionsBoundary") != {"Ref": "FunctionsBoundary"}:
        yield f"{role} has no boundary, and so may write into every log group of the account"
    for statement in _statements(role):
        if statement["Effect"] != "Allow" or {"NotAction", "NotResource"} & statement.keys():
            yield f"{role}: say what is allowed, and not what is not: {json.dumps(statement)}"
        for action in listed(statement.get("Action", [])):
            if "*" in action or "?" in action:
                yield f"{role}: {action}"
            wide = [
                each for each in listed(statement["Resource"]) if "*" in json.dumps(each).replace(_OURS, "")
            ]
            if wide and (wide != ["*"] or action not in _WITHOUT_A_RESOURCE):
                yield f"{role}: {action} on {json.dumps(wide)}"


def test_no_role_may_do_more_than_its_work() -> None:
    """That each grant is also used is tested where two days at the shop pass, in tests/functional."""
    assert len(_ROLES) >= len(_FUNCTIONS)
    assert_none([fault for role in _ROLES for fault in _faults(role)], "roles without least privilege")


def test_every_function_has_a_role_of_its_own() -> None:
    assert len(_FUNCTION_ROLES) == len(_FUNCTIONS)
    assert_none([role for role in _FUNCTION_ROLES if not list(_statements(role))], "what does it do?")


def test_a_role_is_taken_on_by_one_service() -> None:
    services = {
        role: [statement["Principal"] for statement in properties["AssumeRolePolicyDocument"]["Statement"]]
        for role, properties in _ROLES.items()
    }
    known = {"lambda.amazonaws.com", "scheduler.amazonaws.com", "codedeploy.amazonaws.com"}
    faults = [
        f"{role}: {principals}"
        for role, principals in services.items()
        if len(principals) != 1
        or set(principals[0]) != {"Service"}
        or not set(listed(principals[0]["Service"])) <= known
    ]
    assert_none(faults, "a role that somebody else can take on")


def _passes(action: str, *, traced: bool) -> list[Properties]:
    """The boundary's statements that let an action through."""
    found = []
    for statement in _BOUNDARY:
        chosen = _chosen(statement, traced)
        if chosen is None:
            continue
        named = "NotAction" not in chosen
        patterns = [_chosen(each, traced) for each in listed(chosen["Action" if named else "NotAction"])]
        if any(pattern and fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns) == named:
            found.append(chosen)
    return found


def _chosen(value: Any, traced: bool) -> Any:
    """An `Fn::If` over tracing decided; None for what it leaves out."""
    if isinstance(value, dict) and "Fn::If" in value:
        condition, yes, no = value["Fn::If"]
        assert condition == "IsTraced"
        value = yes if traced else no
    return None if value == {"Ref": "AWS::NoValue"} else value


def test_the_boundary_lets_through_what_the_roles_say() -> None:
    said = {
        action
        for role in _FUNCTION_ROLES
        for statement in _statements(role)
        for action in listed(statement["Action"])
    }
    stopped = [
        action
        for action in sorted(said)
        if not any(statement["Resource"] == "*" for statement in _passes(action, traced=False))
    ]
    assert_none(stopped, "a role says it and the boundary stops it")


@pytest.mark.parametrize("action", ["kms:Decrypt", "kms:GenerateDataKey"])
def test_the_boundary_lets_the_keys_of_tables_and_parameters_through(action: str) -> None:
    """Their key policies grant it to callers by way of DynamoDB and SSM; a boundary can stop even that."""
    assert [statement["Resource"] for statement in _passes(action, traced=False)] == ["*"]


@pytest.mark.parametrize("action", ["logs:CreateLogStream", "logs:PutLogEvents"])
def test_a_function_writes_into_the_logs_of_this_stack_alone(action: str) -> None:
    [statement] = _passes(action, traced=True)
    assert statement["Resource"]["Fn::Sub"].endswith(":log-group:/rishta/${AWS::StackName}:*")
    [groups] = {json.dumps(function["LoggingConfig"]["LogGroup"]) for function in _FUNCTIONS.values()}
    name = of_type("AWS::Logs::LogGroup")[logical_id(json.loads(groups))]["LogGroupName"]
    assert name == {"Fn::Sub": "/rishta/${AWS::StackName}"}


@pytest.mark.parametrize(
    "action", ["logs:CreateLogGroup", "logs:DeleteLogGroup", "iam:PassRole", "iam:CreateUser"]
)
def test_no_function_ever_makes_log_groups_or_rights(action: str) -> None:
    assert _passes(action, traced=True) == []


def test_traces_are_written_where_they_are_wanted_alone() -> None:
    assert _passes("xray:PutTraceSegments", traced=True)
    assert not _passes("xray:PutTraceSegments", traced=False)


def _who_may(action: str, parameter: str) -> set[str]:
    return {
        _FUNCTION_ROLES[role]
        for role in _FUNCTION_ROLES
        for statement in _statements(role)
        if action in listed(statement["Action"])
        and any(
            json.dumps(resource).endswith(f'/{parameter}"}}') for resource in listed(statement["Resource"])
        )
    }


@pytest.mark.parametrize("parameter", ["signing-keys", "hash-key"])
def test_a_secret_is_read_by_those_who_are_told_its_name_and_written_by_one(parameter: str) -> None:
    variable = f"{parameter.replace('-', '_').upper()}_PARAMETER"
    told = {name for name, function in _FUNCTIONS.items() if variable in function["Environment"]["Variables"]}
    # Who makes the hash key never reads it.
    readers = told - {"KeyRotationFunction"} if parameter == "hash-key" else told
    assert _who_may("ssm:GetParameter", parameter) == readers
    assert _who_may("ssm:PutParameter", parameter) == {"KeyRotationFunction"}


def test_no_secret_passes_through_the_template() -> None:
    """A parameter's value, NoEcho or not, and a dynamic reference's are in the stack's events or variables."""
    assert not [name for name, each in WRITTEN["Parameters"].items() if "NoEcho" in each]
    assert "{{resolve:" not in json.dumps(RESOURCES)
    assert not of_type("AWS::SecretsManager::Secret")


def _can_be_encrypted() -> set[str]:
    """The types of the stack for which CloudFormation knows a property about keys or encryption."""
    types = {resource["Type"] for resource in RESOURCES.values()}
    schemas = {
        each: PROVIDER_SCHEMA_MANAGER.get_resource_schema("eu-central-1", each).schema for each in types
    }
    about = re.compile("kms|sse(enabled|spec)|encrypt", re.IGNORECASE)
    return {each for each, schema in schemas.items() if any(map(about.search, schema["properties"]))}


def test_everything_that_can_be_encrypted_at_rest_is() -> None:
    decided = _ENCRYPTED.keys() | _ENCRYPTED_BY_AWS.keys() | _HOLDS_NOTHING_OF_CUSTOMERS
    assert_none(sorted(_can_be_encrypted() - decided), "say how it is encrypted")
    plain = [
        name for kind, holds in _ENCRYPTED.items() for name, each in of_type(kind).items() if not holds(each)
    ]
    assert_none(plain, "encrypt what it holds")
    assert len(_ENCRYPTED_BY_AWS) <= 5


def _resource_statements() -> Iterator[tuple[str, Properties]]:
    """Policies of queues and topics: those who are let in, or kept out, by the resource."""
    for kind in ("AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"):
        for name, policy in of_type(kind).items():
            for statement in policy["PolicyDocument"]["Statement"]:
                yield name, statement.get("Fn::If", ["", statement])[1]


def test_queues_and_topics_are_reached_over_tls_alone() -> None:
    policies = {name for name, _ in _resource_statements()}
    over_tls = {
        name
        for name, each in _resource_statements()
        if each["Effect"] == "Deny" and each["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }
    assert policies == over_tls
    kept = {
        logical_id(each)
        for kind, property_ in (("AWS::SQS::QueuePolicy", "Queues"), ("AWS::SNS::TopicPolicy", "Topics"))
        for policy in of_type(kind).values()
        for each in policy[property_]
    }
    assert kept == of_type("AWS::SQS::Queue").keys() | of_type("AWS::SNS::Topic").keys()


def test_queues_and_topics_take_from_services_of_this_account_alone() -> None:
    own = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    let_in = [(name, each) for name, each in _resource_statements() if each["Effect"] == "Allow"]
    assert let_in
    strangers = [
        name for name, each in let_in if set(each["Principal"]) != {"Service"} or each["Condition"] != own
    ]
    assert_none(strangers, "whom does it let in?")


def test_mails_leave_encrypted() -> None:
    [configuration] = of_type("AWS::SES::ConfigurationSet").values()
    assert configuration["DeliveryOptions"] == {"TlsPolicy": "REQUIRE"}


def _routes() -> Iterator[tuple[str, str, Properties]]:
    for api in of_type("AWS::ApiGatewayV2::Api").values():
        for path, methods in api["Body"]["paths"].items():
            for method, route in methods.items():
                yield path, method, route


def test_nothing_is_open_but_the_pages_of_signed_links() -> None:
    opened: dict[str, set[str]] = {}
    for path, method, route in _routes():
        if route.get("security") != [{"AWS_IAM": []}]:
            opened.setdefault(path, set()).add(method)
    assert opened == _OPEN


def test_a_page_that_is_open_can_verify_its_links() -> None:
    verify = _who_may("ssm:GetParameter", "signing-keys")
    pages = {
        re.findall(r"\$\{(\w+?)Aliaslive\}", json.dumps(route))[0]
        for path, _, route in _routes()
        if path in _OPEN
    }
    assert pages
    assert pages <= verify


def test_no_other_resource_opens_a_door() -> None:
    doors = {"AWS::Lambda::Url", "AWS::ApiGateway::RestApi", "AWS::S3::Bucket", "AWS::Events::EventBusPolicy"}
    assert not doors & {resource["Type"] for resource in RESOURCES.values()}
    assert len(of_type("AWS::ApiGatewayV2::Api")) == 1
    for name, permission in of_type("AWS::Lambda::Permission").items():
        assert permission["Principal"] == "apigateway.amazonaws.com", name
        assert "${PagesApi}" in json.dumps(permission["SourceArn"]) or "__ApiId__" in json.dumps(
            permission
        ), name


def test_the_pages_are_throttled() -> None:
    [stage] = of_type("AWS::ApiGatewayV2::Stage").values()
    assert 0 < stage["DefaultRouteSettings"]["ThrottlingRateLimit"] <= 100
    assert 0 < stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] <= 200
    assert "RouteSettings" not in stage, "a route with a limit of its own escapes this one"
