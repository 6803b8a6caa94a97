"""`rishta reviews`, as a moderator types it, against a stack."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import boto3
import pytest
import time_machine
from moto import mock_aws
from typer.testing import CliRunner, Result

from engagement.review_links import review_id_of
from local_cloud.template import read_template
from reviews.review import Draft, Review, State
from reviews.reviews_table import Reviews
from rishta_cli.main import app
from rishta_cli.project import ROOT
from rishta_cli.review_desk import seen
from shop_facts import NOW, hours

TEA = review_id_of("cust-asha", "assam-tea")
HELD = Review(
    review_id=TEA,
    customer_id="cust-asha",
    order_id="order-77",
    product_id="assam-tea",
    product_name="Assam tea",
    image_url=None,
    state=State.PENDING,
    reason="word",
    draft=Draft(
        rating=2, title="Bitter", text="First line\nSecond line", photo_url=None, name="Asha", language="en"
    ),
    revision=2,
    submitted_at=NOW,
    published_at=None,
    changed_at=NOW,
)


@dataclass
class Stack:
    reviews: Reviews
    events: Any
    queue_url: str

    def hold(self, review: Review = HELD) -> None:
        assert self.reviews.write(None, review)

    def told(self) -> list[dict[str, Any]]:
        """What came over the bus."""
        sqs = boto3.client("sqs")
        answer = sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


@cache
def the_table() -> dict[str, Any]:
    table = read_template(ROOT / "template.yaml").template["Resources"]["ReviewsTable"]["Properties"]
    kept = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
    return {name: value for name, value in table.items() if name in kept}


@pytest.fixture
def stack() -> Iterator[Stack]:
    """The table and the bus, of a stack called rishta that CloudFormation knows."""
    resources = {
        "ReviewsTable": {"Type": "AWS::DynamoDB::Table", "Properties": the_table()},
        "ShopBus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "rishta-shop"}},
    }
    with mock_aws(), time_machine.travel(NOW, tick=False):
        cloudformation, events, sqs = (
            boto3.client("cloudformation"),
            boto3.client("events"),
            boto3.client("sqs"),
        )
        outputs = {"ShopBusName": {"Value": {"Fn::GetAtt": ["ShopBus", "Name"]}}}
        body = json.dumps({"Resources": resources, "Outputs": outputs})
        cloudformation.create_stack(StackName="rishta", TemplateBody=body)
        found = cloudformation.list_stack_resources(StackName="rishta")["StackResourceSummaries"]
        names = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}
        url = sqs.create_queue(QueueName="heard")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        pattern = json.dumps({"detail-type": ["ReviewModerated"], "source": ["shop"]})
        events.put_rule(Name="all", EventBusName="rishta-shop", EventPattern=pattern)
        events.put_targets(Rule="all", EventBusName="rishta-shop", Targets=[{"Id": "1", "Arn": arn}])
        yield Stack(Reviews(boto3.client("dynamodb"), names["ReviewsTable"]), events, url)


def rishta(*words: str, stack: str = "rishta") -> Result:
    return CliRunner().invoke(app, ["reviews", *words, "--stack", stack])


def test_what_waits_is_listed_with_its_words_and_why_it_is_held_the_longest_waiting_first(
    stack: Stack,
) -> None:
    assert rishta("pending").output == "No review waits for anybody's look.\n"
    stack.hold()
    cups = review_id_of("cust-ravi", "clay-cups")
    stack.hold(replace(HELD, review_id=cups, product_name="Clay cups", submitted_at=NOW - hours(1)))
    stack.hold(replace(HELD, review_id="0" * 32, state=State.REJECTED, product_name="Decided"))
    done = rishta("pending")
    assert done.exit_code == 0, done.output
    assert done.output.index(cups) < done.output.index(TEA)
    (line,) = [line for line in done.output.splitlines() if "Assam tea" in line]
    for shown in (TEA, " 2 ", "2027-03-01 12:00 UTC", "word"):
        assert shown in line
    assert "  | Bitter\n  | First line\n  | Second line\n" in done.output
    assert "Decided" not in done.output


def test_what_a_customer_wrote_does_nothing_to_the_terminal(stack: Stack) -> None:
    draft = Draft(1, "[red]\x1b[2J:smile:", "\u202etxt\r\x07 क्‍ष", None, "[bold]A[/]\nB", "en")
    stack.hold(replace(HELD, draft=draft, product_name="[blink]Tea[/nothing]"))
    done = rishta("pending")
    assert done.exit_code == 0, done.output
    assert not set("\x1b\u202e\r\x07") & set(done.output)
    for plain in ("[red]\ufffd[2J:smile:", "\ufffdtxt", "क्‍ष", "by [bold]A[/]\ufffdB", "[blink]Tea[/nothing]"):
        assert plain in done.output


def test_letters_of_every_script_are_left_alone() -> None:
    assert seen("Größe, हिन्दी क्‍ष, שלום, 茶 🫖!") == "Größe, हिन्दी क्‍ष, שלום, 茶 🫖!"


def test_one_is_shown_as_it_is_now_in_any_state(stack: Stack) -> None:
    stack.hold()
    decided = replace(HELD, state=State.REJECTED, reason="spam", moderator="Meera\x1b")
    stack.hold(replace(decided, review_id="0" * 32))
    stack.hold(replace(HELD, review_id="1" * 32, state=State.INVITED, draft=None, submitted_at=None))
    done = rishta("show", TEA)
    for said in ("Assam tea (assam-tea), order order-77", "2 of 5 stars, since 2027-03-01 12:00 UTC, word\n"):
        assert said in done.output
    assert f"{TEA}, revision 2, pending, by Asha\n  | Bitter\n" in done.output
    done = rishta("show", "0" * 32)
    assert ", spam, decided by Meera\ufffd\n" in done.output
    assert "revision 2, rejected, by Asha" in done.output
    done = rishta("show", "1" * 32)
    assert (done.exit_code, "is not written yet" in done.output) == (0, True)


def test_a_review_that_cannot_be_shown_is_said_so(stack: Stack) -> None:
    for review_id, said, code in (
        ("f" * 32, f"There is no review {'f' * 32}.", 1),
        ("tea", "A review's id has 32 digits", 2),
        ("erased#" + "0" * 64, "A review's id has 32 digits", 2),
    ):
        done = rishta("show", review_id)
        assert (done.exit_code, said in done.output) == (code, True), done.output
    assert stack.told() == []


def test_a_review_is_published_by_whoever_looked_at_it(stack: Stack) -> None:
    stack.hold()
    done = rishta("publish", TEA, "--revision", "2", "--by", "Meera")
    assert done.output == f"The decision of Meera to publish {TEA} is on its way.\n"
    (event,) = stack.told()
    assert (event["detail-type"], event["source"]) == ("ReviewModerated", "shop")
    decision = event["detail"]
    assert (decision["review_id"], decision["revision"], decision["published"]) == (TEA, 2, True)
    assert (decision["moderator"], decision["reason"]) == ("Meera", None)
    assert decision["occurred_at"].startswith("2027-03-01T12:00:00")


def test_a_review_is_rejected_for_a_reason(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rishta_cli.review_desk.getuser", lambda: "ravi")
    stack.hold()
    done = rishta("reject", TEA, "--revision", "2", "--reason", "off_topic")
    assert done.output == f"The decision of ravi to reject {TEA} is on its way.\n"
    (event,) = stack.told()
    decision = event["detail"]
    assert (decision["published"], decision["reason"], decision["moderator"]) == (False, "off_topic", "ravi")


def test_what_cannot_be_decided_is_said_and_not_told(stack: Stack) -> None:
    asked = review_id_of("cust-asha", "clay-cups")
    stack.hold()
    stack.hold(replace(HELD, review_id=asked, state=State.INVITED, draft=None, submitted_at=None))
    for words, said, code in (
        (("publish", TEA, "--revision", "1"), "was changed, or decided about, meanwhile", 1),
        (("publish", "f" * 32, "--revision", "2"), "There is no review", 1),
        (("publish", asked, "--revision", "2"), "is not written yet", 1),
        (("publish", "tea", "--revision", "2"), "review_id: String should match", 2),
        (("publish", TEA, "--revision", "0"), "revision: Input should be greater", 2),
        (("reject", TEA, "--revision", "2", "--reason", "Off topic!"), "reason: String should match", 2),
    ):
        done = rishta(*words, "--by", "Meera")
        assert (done.exit_code, said in done.output) == (code, True), done.output
    assert stack.told() == []


def test_one_that_was_changed_meanwhile_is_shown_as_it_is_now(stack: Stack) -> None:
    stack.hold(replace(HELD, revision=3))
    done = rishta("reject", TEA, "--revision", "2", "--reason", "spam", "--by", "Meera")
    assert f"{TEA}, revision 3, pending, by Asha\n  | Bitter\n" in done.output


def test_a_bus_that_does_not_take_the_decision_is_said_so(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rishta_cli.review_desk._put", lambda *_: False)
    stack.hold()
    done = rishta("publish", TEA, "--revision", "2", "--by", "Meera")
    assert (done.exit_code, done.output) == (1, "The bus did not take it: try again.\n")


@pytest.mark.usefixtures("stack")
def test_a_stack_that_does_not_exist_is_said_so_in_a_line() -> None:
    for words in (["pending"], ["publish", TEA, "--revision", "2"]):
        done = rishta(*words, stack="rishti")
        assert done.exit_code == 1
        assert "rishti" in done.output
        assert "Traceback" not in done.output
