"""`rishta replay`, `rishta pause` and `rishta resume`, as an operator types them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import boto3
import pytest

from engagement.campaign_states import CampaignStates
from local_cloud.cloud import LocalCloud
from operated_stack import rishta, watched_stack
from rishta_cli.operating import replaying
from rishta_cli.operating.replaying import Replaying, replay, span_fault
from rishta_cli.operating.rules import rules_of_the_bus
from rishta_cli.stacks import Stack
from shop_facts import NOW, cart_updated, consent_changed, registered

HOUR = timedelta(hours=1)


@pytest.fixture
def cloud() -> Iterator[LocalCloud]:
    with LocalCloud(now=NOW) as cloud:
        yield cloud


def told_again(cloud: LocalCloud) -> dict[str, int]:
    """How many facts came into each queue, told a second time."""
    return dict(cloud.backlog())


def at(cloud: LocalCloud, *facts: Any) -> None:
    for fact in facts:
        cloud.publish(type(fact).__name__, fact.model_dump(mode="json"))
    cloud.settle()


def test_without_go_it_says_what_it_would_do_and_tells_nothing(
    cloud: LocalCloud, capsys: pytest.CaptureFixture[str]
) -> None:
    at(cloud, registered())
    cloud.advance(HOUR)
    assert replay(Stack.of(cloud), Replaying(NOW, cloud.now)) == 0
    out = capsys.readouterr().out
    assert "from 2027-03-01 12:00 UTC to 2027-03-01 13:00 UTC, once more to all rules of local." in out
    assert "Nothing was told: add --go." in out
    assert told_again(cloud) == {}


def test_only_what_was_told_in_the_span_is_told_again(cloud: LocalCloud) -> None:
    at(cloud, registered("cust-asha"))
    cloud.advance(HOUR)
    at(cloud, cart_updated(customer_id="cust-asha", occurred_at=cloud.now))
    since = cloud.now - timedelta(minutes=1)
    cloud.advance(HOUR)
    assert replay(Stack.of(cloud), Replaying(since, cloud.now, go=True)) == 0
    queues = told_again(cloud)
    assert queues["CartNudgesQueue"] == 1
    assert "CustomerProfilesQueue" not in queues


def test_only_the_rules_of_a_capability_are_told(cloud: LocalCloud) -> None:
    at(cloud, registered(), consent_changed())
    cloud.advance(HOUR)
    wanted = Replaying(NOW, cloud.now, capabilities=("preferences",), go=True)
    assert replay(Stack.of(cloud), wanted) == 0
    assert told_again(cloud) == {"PreferencesQueue": 2}


def test_only_one_rule_is_told(cloud: LocalCloud) -> None:
    at(cloud, registered())
    cloud.advance(HOUR)
    wanted = Replaying(NOW, cloud.now, rules=("CustomerProfilesRule",), go=True)
    assert replay(Stack.of(cloud), wanted) == 0
    assert told_again(cloud) == {"CustomerProfilesQueue": 1}


def test_what_was_told_again_changes_nothing(cloud: LocalCloud) -> None:
    at(cloud, registered(), cart_updated(customer_id="cust-asha"))
    cloud.advance(2 * HOUR)
    mails, carts = len(cloud.mails), cloud.table("CartsTable")
    assert mails == 1
    assert replay(Stack.of(cloud), Replaying(NOW, cloud.now, go=True)) == 0
    cloud.advance(2 * HOUR)
    assert len(cloud.mails) == mails
    assert cloud.table("CartsTable") == carts
    assert cloud.dead_letters() == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            {"rules": ("CartNudgeRule",)},
            "There is no CartNudgeRule; there are CartNudgesRule, CartProductsRule",
        ),
        ({"capabilities": ("carts",)}, "There is no carts; there are cart_nudges, cart_recovery"),
    ],
)
def test_a_rule_or_a_capability_that_there_is_not_is_refused(
    cloud: LocalCloud, capsys: pytest.CaptureFixture[str], words: dict[str, Any], said: str
) -> None:
    cloud.advance(HOUR)
    assert replay(Stack.of(cloud), Replaying(NOW, cloud.now, go=True, **words)) == 2
    assert said in capsys.readouterr().out


ARCHIVE = {"CreationTime": NOW - timedelta(days=100), "RetentionDays": 14}


@pytest.mark.parametrize(
    ("since", "until", "archive", "said"),
    [
        (-HOUR, timedelta(), ARCHIVE, None),
        (timedelta(days=-14), timedelta(), ARCHIVE, None),
        (timedelta(days=-14, minutes=-1), timedelta(), ARCHIVE, "The archive begins at 2027-02-15 12:00 UTC"),
        (timedelta(days=-99), timedelta(), ARCHIVE | {"RetentionDays": 0}, None),
        (-HOUR, timedelta(), ARCHIVE | {"CreationTime": NOW}, "The archive begins at 2027-03-01 12:00 UTC"),
        (timedelta(), -HOUR, ARCHIVE, "The span ends before it begins"),
        (-HOUR, HOUR, ARCHIVE, "The span ends in the future"),
    ],
)
def test_a_span_that_the_archive_cannot_tell_of_is_refused(
    since: timedelta, until: timedelta, archive: dict[str, Any], said: str | None
) -> None:
    fault = span_fault(Replaying(NOW + since, NOW + until), archive, NOW)
    assert fault is None if said is None else said in str(fault)


def test_every_rule_of_the_bus_feeds_a_capability() -> None:
    rules = rules_of_the_bus()
    assert rules["cart_nudges"] == ["CartNudgesRule", "CartProductsRule"]
    assert "MailFeedbackRule" not in rules["mail_feedback"]  # on the default bus, where SES tells


@dataclass
class Events:
    """EventBridge, where a replay takes its time and ends as a test says."""

    states: list[str]
    started: dict[str, Any] | None = None
    cancelled: bool = False

    def describe_archive(self, **_: str) -> dict[str, Any]:
        known = {"ArchiveName": "shop", "ArchiveArn": "arn:archive/shop", "EventSourceArn": "arn:bus"}
        return {**known, **ARCHIVE, "EventCount": 3, "SizeBytes": 2_000_000}

    def start_replay(self, **asked: Any) -> None:
        self.started = asked

    def describe_replay(self, **_: str) -> dict[str, Any]:
        return {"State": self.states.pop(0), "EventLastReplayedTime": NOW, "StateReason": "a reason"}

    def cancel_replay(self, **_: str) -> None:
        self.cancelled = True


def replayed(events: Events, sleep: Any) -> int:
    stack = Stack("rishta", {}, {"Archive": "arn:aws:events:eu-central-1:1:archive/shop"})
    with (
        patch.object(Stack, "client", lambda *_: events),
        patch.object(replaying, "datetime", wraps=datetime) as clock,
    ):
        clock.now.return_value = NOW
        return replay(stack, Replaying(NOW - HOUR, NOW - HOUR / 2, go=True), sleep=sleep)


def test_a_replay_is_awaited_until_all_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    events, slept = Events(["STARTING", "RUNNING", "COMPLETED"]), list[float]()
    assert replayed(events, slept.append) == 0
    assert len(slept) == 2
    assert events.started
    assert (events.started["EventStartTime"], events.started["EventEndTime"]) == (NOW - HOUR, NOW - HOUR / 2)
    assert events.started["Destination"] == {"Arn": "arn:bus"}
    assert "Told." in capsys.readouterr().out


def test_a_replay_that_fails_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(Events(["FAILED"]), print) == 1
    assert "The replay is FAILED: a reason" in capsys.readouterr().out


def test_whoever_interrupts_a_replay_cancels_it() -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    events = Events(["RUNNING"])
    assert replayed(events, interrupted) == 1
    assert events.cancelled


def test_a_campaign_is_paused_and_resumed_and_a_dry_run_changes_nothing() -> None:
    with watched_stack() as (stack, _):
        states = CampaignStates(boto3.client("dynamodb"), stack.physical_id("CampaignStatesTable"))
        told = rishta("pause", "cart_nudge", "--stack", "rishta", "--dry-run")
        assert "would be paused" in told.output
        assert states.get("cart_nudge").paused_because is None
        assert rishta("pause", "cart_nudge", "--stack", "rishta").exit_code == 0
        assert states.get("cart_nudge").paused_because == "operator"
        assert "was paused already" in rishta("pause", "cart_nudge", "--stack", "rishta").output
        told = rishta("resume", "cart_nudge", "--stack", "rishta", "--dry-run")
        assert "is paused (operator), and would run again" in told.output
        assert states.get("cart_nudge").paused_because == "operator"
        assert rishta("resume", "cart_nudge", "--stack", "rishta").exit_code == 0
        assert states.get("cart_nudge").paused_because is None
        assert "was running already" in rishta("resume", "cart_nudge", "--stack", "rishta").output
        assert rishta("pause", "carts", "--stack", "rishta").exit_code == 2


def test_the_span_is_read_as_utc() -> None:
    with patch.object(replaying, "run_replay", return_value=0) as run:
        done = rishta("replay", "--from", "2027-03-01T10:00", "--to", "2027-03-01T11:30", "--stack", "rishta")
    assert done.exit_code == 0
    stack, wanted = run.call_args.args
    assert stack == "rishta"
    assert wanted.since == datetime(2027, 3, 1, 10, 0, tzinfo=UTC)
    assert (wanted.until - wanted.since, wanted.go) == (1.5 * HOUR, False)
