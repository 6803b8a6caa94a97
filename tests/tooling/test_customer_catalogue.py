"""Whatever the template keeps, the catalogue says how a person's part of it is found, or why there is none."""

from functools import cache
from typing import Any

from local_cloud.template import read_template
from rishta_cli.customers.catalogue import ARCHIVE, NOTHING, PLACES, Ending
from rishta_cli.project import LOCAL_PARAMETERS, ROOT, rooms

# What can keep something. A new kind in the template fails the second test until it is put here, or there.
KEEPS = {
    "AWS::DynamoDB::Table",
    "AWS::Events::Archive",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SSM::Parameter",
    "AWS::SecretsManager::Secret",
    "AWS::SQS::Queue",
}
KEEPS_NOTHING = (
    "AWS::ApiGatewayV2::",
    "AWS::Budgets::",
    "AWS::CloudFormation::",
    "AWS::CloudWatch::",
    "AWS::CodeDeploy::",
    "AWS::Events::EventBus",
    "AWS::Events::Rule",
    "AWS::IAM::",
    "AWS::Lambda::",
    "AWS::SES::",
    "AWS::SNS::",
    "AWS::SQS::QueuePolicy",
    "AWS::Scheduler::",
)


@cache
def resources() -> dict[str, Any]:
    found: dict[str, Any] = read_template(ROOT / "template.yaml", LOCAL_PARAMETERS).template["Resources"]
    return found


def test_everything_that_keeps_something_is_in_the_catalogue_and_nothing_else() -> None:
    # Queues are found by the stack itself, each with its dead letters (see the test below).
    keeping = {
        name
        for name, each in resources().items()
        if each["Type"] in KEEPS and each["Type"] != "AWS::SQS::Queue"
    }
    assert keeping == {*PLACES, *NOTHING, ARCHIVE}
    assert not PLACES.keys() & NOTHING.keys()


def test_of_every_kind_of_resource_it_is_known_whether_it_can_keep_something() -> None:
    kinds = {each["Type"] for each in resources().values()} - KEEPS
    assert {kind for kind in kinds if not kind.startswith(KEEPS_NOTHING)} == set()


def test_every_queue_has_dead_letters_that_are_looked_at() -> None:
    queues = {name for name, each in resources().items() if each["Type"] == "AWS::SQS::Queue"}
    letters = {name for name in queues if name.endswith("DeadLetterQueue")}
    assert queues - letters == {name.removesuffix("DeadLetterQueue") + "Queue" for name in letters}


def test_what_stays_has_its_reason_and_every_place_its_capability() -> None:
    assert {place.room for place in PLACES.values()} <= set(rooms())
    assert all(place.stays for place in PLACES.values() if place.ending is Ending.NOBODY)
    assert all(NOTHING.values())
