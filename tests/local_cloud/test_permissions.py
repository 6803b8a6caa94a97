"""What a role does not grant, the local cloud denies, as AWS does."""

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from local_cloud.permissions import allows
from tests.local_cloud.house import House

READS_THE_TABLE = """
    import boto3, os

    def handler(event, context):
        answer = boto3.client("dynamodb").get_item(TableName=os.environ["TABLE"], Key={"thing_id": {"S": "x"}})
        return answer.get("Item")
"""
TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/carts"


def a_statement(
    effect: str = "Allow", action: str = "dynamodb:GetItem", resource: str = TABLE
) -> dict[str, object]:
    return {"Effect": effect, "Action": [action], "Resource": [resource]}


def test_a_call_that_the_role_does_not_grant_fails_and_says_what_is_missing(house: House) -> None:
    house.consumer("Reader", READS_THE_TABLE)
    cloud = house.open()
    error = cloud.invoke("Reader", {}).error
    assert isinstance(error, ClientError)
    assert error.response["Error"]["Code"] == "AccessDeniedException"
    assert "dynamodb:GetItem on resource: arn:aws:dynamodb" in error.response["Error"]["Message"]
    assert cloud.calls == []


def test_what_is_not_allowed_is_denied() -> None:
    assert not allows([], "dynamodb:GetItem", TABLE)
    assert not allows([a_statement(action="dynamodb:PutItem")], "dynamodb:GetItem", TABLE)
    assert not allows([a_statement(resource=TABLE + "-other")], "dynamodb:GetItem", TABLE)
    assert allows([a_statement()], "dynamodb:GetItem", TABLE)


def test_a_table_does_not_stand_for_its_indexes() -> None:
    assert not allows([a_statement(action="dynamodb:Query")], "dynamodb:Query", f"{TABLE}/index/due")


def test_a_deny_wins_over_every_allow() -> None:
    statements = [a_statement(), a_statement("Deny", action="dynamodb:*", resource="*")]
    assert not allows(statements, "dynamodb:GetItem", TABLE)


def test_actions_ignore_case_and_resources_do_not() -> None:
    assert allows([a_statement(action="DynamoDB:getitem")], "dynamodb:GetItem", TABLE)
    assert not allows([a_statement(resource=TABLE.upper())], "dynamodb:GetItem", TABLE)


def test_a_condition_is_not_passed_over_in_silence() -> None:
    with pytest.raises(ValueError, match="Condition"):
        allows([{**a_statement(), "Condition": {}}], "dynamodb:GetItem", TABLE)


@given(st.text(st.characters(codec="ascii", exclude_characters="*?"), min_size=1))
def test_without_wildcards_a_pattern_matches_itself_alone(name: str) -> None:
    assert allows([a_statement(resource=name)], "dynamodb:GetItem", name)
    assert not allows([a_statement(resource=name)], "dynamodb:GetItem", name + "x")
    assert allows([a_statement(resource=name + "*")], "dynamodb:GetItem", name + "x")
