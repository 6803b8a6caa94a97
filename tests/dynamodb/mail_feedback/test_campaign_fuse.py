"""The fuse on the real engine, and its resuming."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from engagement.plan_sections import Fuse
from feedback_house import TODAY, Office
from mail_feedback.table import MailCounters
from ses_facts import bounce, complaint, delivery, opened, sent
from shop_facts import NOW, days, hours

CAMPAIGN = "cart_nudge"


@pytest.fixture
def fused(office: Office) -> Office:
    """Twenty mails mean something here; more than a tenth of complaints or a fifth of hard bounces is too much."""
    office.fuse = Fuse(within="7d", at_least=20, complaints="10%", hard_bounces="20%")  # type: ignore[arg-type]
    return office


def mails(office: Office, number: int, start: int = 0) -> Iterator[str]:
    """So many mails that arrived."""
    worker = office.worker()
    for each in range(start, start + number):
        key = f"cart_nudge:cart-{each}:step-1"
        office.claim(key)
        office.tell(delivery(send_key=key), by=worker)
        yield key


def alarms(printed: str) -> int:
    """How often CampaignPaused was counted without a dimension, as the alarm sees it."""
    lines = [json.loads(line) for line in printed.splitlines() if "CampaignPaused" in line]
    return sum(line["_aws"]["CloudWatchMetrics"][0]["Dimensions"] in ([], [[]]) for line in lines)


def counters(office: Office) -> dict[date, dict[str, int]]:
    found = MailCounters(office.dynamodb, office.tables["MailCountersTable"], shards=office.shards).by_day(
        CAMPAIGN, TODAY
    )
    return {day: dict(counted) for day, counted in found.items()}


def test_too_many_complaints_pause_the_campaign_and_raise_the_alarm_once(
    fused: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = list(mails(fused, 20))
    for key in keys[:2]:
        fused.tell(complaint(send_key=key))
    assert fused.states.get(CAMPAIGN).paused_because is None
    assert alarms(capsys.readouterr().out) == 0
    for key in keys[2:5]:
        fused.tell(complaint(send_key=key), now=NOW + hours(1))
    state = fused.states.get(CAMPAIGN)
    assert (state.paused_because, state.paused_at) == ("complaints", NOW + hours(1))
    assert alarms(capsys.readouterr().out) == 1


def test_too_many_hard_bounces_pause_it_soft_ones_do_not(fused: Office) -> None:
    keys = list(mails(fused, 20))
    for key in keys:
        fused.tell(bounce("Transient", "MailboxFull", send_key=key))
    assert fused.states.get(CAMPAIGN).paused_because is None
    for key in keys[:5]:
        fused.tell(bounce(send_key=key))
    assert fused.states.get(CAMPAIGN).paused_because == "hard_bounces"


def test_too_few_mails_mean_nothing(fused: Office) -> None:
    for key in mails(fused, 19):
        fused.tell(complaint(send_key=key))
    assert fused.states.get(CAMPAIGN).paused_because is None


def test_mails_sent_before_the_span_do_not_count(fused: Office) -> None:
    for key in mails(fused, 20):
        fused.tell(complaint(send_key=key), now=NOW + days(9))
    assert fused.states.get(CAMPAIGN).paused_because is None


def test_one_campaign_is_not_paused_for_another(fused: Office) -> None:
    for key in mails(fused, 20):
        fused.tell(complaint(send_key=key))
    fused.claim("review_request:order-1:first", campaign="review_request")
    fused.tell(complaint(send_key="review_request:order-1:first"))
    assert fused.states.get("review_request").paused_because is None


def test_what_was_counted_before_it_was_resumed_does_not_pause_it_again_but_what_follows_may(
    fused: Office,
) -> None:
    keys = list(mails(fused, 20))
    for key in keys[:5]:
        fused.tell(complaint(send_key=key))
    assert fused.states.resume(CAMPAIGN, NOW, counters(fused))
    # One more of the old mails, and new ones that do no harm.
    fused.tell(complaint(send_key=keys[5]))
    later = list(mails(fused, 25, start=100))
    fused.tell(complaint(send_key=later[0]))
    assert fused.states.get(CAMPAIGN).paused_because is None
    for key in later[1:4]:
        fused.tell(complaint(send_key=key))
    assert fused.states.get(CAMPAIGN).paused_because == "complaints"


def test_a_function_killed_after_counting_looks_at_the_fuse_when_told_again(fused: Office) -> None:
    keys = list(mails(fused, 20))
    told = [complaint(send_key=key) for key in keys[:3]]
    calm = Fuse(within="7d", at_least=10_000, complaints="10%", hard_bounces="20%")  # type: ignore[arg-type]
    strict, fused.fuse = fused.fuse, calm
    fused.tell(*told)  # counted, and never looked at
    fused.fuse = strict
    fused.tell(told[-1])
    assert fused.states.get(CAMPAIGN).paused_because == "complaints"


def test_nothing_is_looked_up_for_what_does_no_harm(fused: Office) -> None:
    (key,) = mails(fused, 1)
    fused.tables["CampaignStatesTable"] = "there-is-no-such-table"
    fused.tell(sent(send_key=key), delivery(send_key=key), opened(send_key=key))


def test_an_operators_pause_is_not_overwritten_and_ends_with_resuming_alone(fused: Office) -> None:
    assert fused.states.pause(CAMPAIGN, "operator", NOW)
    assert not fused.states.pause(CAMPAIGN, "complaints", NOW)
    for key in mails(fused, 20):
        fused.tell(complaint(send_key=key))
    assert fused.states.get(CAMPAIGN).paused_because == "operator"
    assert fused.states.resume(CAMPAIGN, NOW, {})
    assert not fused.states.resume(CAMPAIGN, NOW, {})
    assert fused.states.get(CAMPAIGN).resumed_at == NOW
