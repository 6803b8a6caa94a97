"""What functions are, and what they may do."""

import pytest

from tests.architecture.source_code import assert_none
from tests.architecture.stack import (
    FUNCTIONS_IN_TEMPLATE,
    RESOURCES,
    WRITTEN,
    listed,
    logical_id,
    of_type,
    resource_types,
    statements,
)

_FUNCTIONS = of_type("AWS::Lambda::Function")
_SENDER = "MailDeliveryFunction"
# A new type makes somebody think: does the local cloud know it (local_cloud/ground.py)? May it be lost? What does it
# cost while nothing happens? Then it is added here.
_KNOWN_TYPES = {
    "AWS::Budgets::Budget",
    "AWS::CloudFormation::Stack",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::Table",
    "AWS::Events::Archive",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::Lambda::EventSourceMapping",
    "AWS::Logs::LogGroup",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SES::EmailIdentity",
    "AWS::SNS::Topic",
    "AWS::SNS::TopicPolicy",
    "AWS::SQS::Queue",
    "AWS::SQS::QueuePolicy",
    "AWS::SSM::Parameter",
    "AWS::Serverless::Function",
    "AWS::Serverless::HttpApi",
    "AWS::Serverless::LayerVersion",
}


def test_every_type_of_resource_is_one_that_we_know() -> None:
    new = [f"{where} is a {type_}" for where, type_ in resource_types() if type_ not in _KNOWN_TYPES]
    assert_none(new, "think about what the comment on _KNOWN_TYPES asks, then add it there")


@pytest.mark.parametrize("function", _FUNCTIONS)
def test_every_function_runs_the_same_python_on_arm(function: str) -> None:
    properties = _FUNCTIONS[function]
    assert (properties["Runtime"], properties["Architectures"]) == ("python3.13", ["arm64"])


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_what_all_share_is_said_once(function: str) -> None:
    repeated = {"Runtime", "Architectures", "Layers", "Tracing"} & FUNCTIONS_IN_TEMPLATE[function].keys()
    assert not repeated, f"{function}: leave {sorted(repeated)} to Globals"
    assert {"Runtime", "Architectures", "Layers"} <= WRITTEN["Globals"]["Function"].keys()


# IAM's service authorization reference lists no resource for these: they take "*" or nothing.
_WITHOUT_RESOURCE = (["ses:GetAccount"],)


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_a_function_may_do_named_things_to_named_resources(function: str) -> None:
    wide = [
        f"{function}: {kind} {value}"
        for statement in statements(function)
        for kind in ("Action", "Resource")
        for value in listed(statement[kind])
        if "*" in str(value) and statement["Action"] not in _WITHOUT_RESOURCE
    ]
    assert_none(wide, "name each action and each resource")
    stranger = [key for statement in statements(function) for key in statement if key.startswith("Not")]
    assert_none(stranger, "say what a function may, not what it may not")


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_a_functions_policies_are_spelled_out(function: str) -> None:
    """SAM's policy templates grant more than is needed: SESCrudPolicy, for one, changes identities as well."""
    policies = FUNCTIONS_IN_TEMPLATE[function].get("Policies", [])
    ready_made = [
        str(policy) for policy in policies if not isinstance(policy, dict) or policy.keys() != {"Statement"}
    ]
    assert_none(ready_made, f"write {function}'s statements: an action and a resource for each thing it does")


@pytest.mark.parametrize("function", FUNCTIONS_IN_TEMPLATE)
def test_only_mail_delivery_may_call_ses(function: str) -> None:
    actions = [action for statement in statements(function) for action in listed(statement["Action"])]
    mailing = [action for action in actions if action.startswith("ses:")]
    assert bool(mailing) == (function == _SENDER), (
        f"{function}: {mailing}; hand mail over to MailQueue instead"
    )


def test_a_role_is_written_in_its_functions_policies_and_nowhere_else() -> None:
    """Of what SAM adds, FunctionsBoundary leaves the logs of this stack, and X-Ray where it is on."""
    of_sam = ("AWSLambdaBasicExecutionRole", "AWSXrayWriteOnlyAccess")
    managed = [
        f"{role}: {policy}"
        for role in {logical_id(properties["Role"]) for properties in _FUNCTIONS.values()}
        for policy in RESOURCES[role]["Properties"].get("ManagedPolicyArns", [])
        if not str(policy).endswith(of_sam)
    ]
    assert_none(managed, "spell the statements in the function's Policies")
