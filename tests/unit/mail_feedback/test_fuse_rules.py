"""When a campaign pauses by itself, and when an address has bounced softly too often."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.plan import engagement_plan
from engagement.plan_sections import Fuse, SoftBounces
from engagement.suppression import suppressed_until
from mail_feedback.rules import reason_to_pause, since_resumed
from shop_facts import NOW, days, hours

FUSE = Fuse(within="7d", at_least=1000, complaints="0.2%", hard_bounces="4%")  # type: ignore[arg-type]
SOFT = SoftBounces(mails=3, within="30d", suppress_for="90d")  # type: ignore[arg-type]
MONDAY, TUESDAY = date(2027, 3, 1), date(2027, 3, 2)


def counted(sent: int, complained: int = 0, bounced: int = 0) -> dict[str, int]:
    return {"sent": sent, "complained": complained, "bounced": bounced}


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        (counted(1000, complained=2), None),  # the share itself may be
        (counted(1000, complained=3), "complaints"),
        (counted(1000, bounced=40), None),
        (counted(1000, bounced=41), "hard_bounces"),
        (counted(1000, complained=3, bounced=41), "complaints"),
        (counted(999, complained=999, bounced=999), None),  # too few to mean anything
        (counted(100_000, complained=200, bounced=4000), None),
        (counted(0), None),
    ],
)
def test_a_campaign_pauses_when_a_share_of_enough_mails_is_passed(
    counts: Mapping[str, int], reason: str | None
) -> None:
    assert reason_to_pause(counts, FUSE) == reason


@given(st.integers(0, 10**7), st.integers(0, 10**5), st.integers(0, 10**5))
def test_more_mails_that_did_no_harm_never_blow_a_fuse_that_held(
    sent: int, complained: int, bounced: int
) -> None:
    few, many = counted(sent + 1000, complained, bounced), counted(sent + 2000, complained, bounced)
    if reason_to_pause(few, FUSE) is None:
        assert reason_to_pause(many, FUSE) is None


def test_what_was_counted_before_the_campaign_was_resumed_does_not_count_again() -> None:
    before = {MONDAY: counted(2000, 50, 500), TUESDAY: counted(500, 5, 50)}
    since = since_resumed(before | {TUESDAY: counted(1600, 6, 50)}, before)
    assert since == counted(1100, 1, 0)
    assert reason_to_pause(since, FUSE) is None
    assert since_resumed(before, before) == counted(0)


def test_a_day_that_the_counters_forgot_meanwhile_takes_nothing_from_the_others() -> None:
    assert since_resumed({TUESDAY: counted(10, 1)}, {MONDAY: counted(2000, 50)}) == counted(10, 1)


def test_the_plan_pauses_before_mailbox_providers_and_ses_do() -> None:
    """Mailbox providers block from 0.3 % of complaints on, SES reviews an account from 5 % of hard bounces on."""
    fuse = engagement_plan().delivery.fuse
    assert fuse.complaints < Decimal("0.003")
    assert fuse.hard_bounces < Decimal("0.05")


def test_three_soft_bounces_within_the_span_suppress_for_a_while_after_the_last() -> None:
    assert suppressed_until([NOW, NOW + days(10), NOW + days(30)], SOFT) == NOW + days(120)


@pytest.mark.parametrize("bounced", [[], [NOW], [NOW, NOW + days(1)], [NOW, NOW + days(16), NOW + days(31)]])
def test_fewer_or_farther_apart_they_suppress_nobody(bounced: list[datetime]) -> None:
    assert suppressed_until(bounced, SOFT) is None


@given(st.lists(st.integers(0, 24 * 120), max_size=12), st.randoms())
def test_the_order_in_which_they_are_told_does_not_matter_and_one_more_never_frees(
    after_hours: list[int], chance: "object"
) -> None:
    bounced = [NOW + hours(each) for each in after_hours]
    shuffled = list(bounced)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    until = suppressed_until(bounced, SOFT)
    assert suppressed_until(shuffled, SOFT) == until
    more = suppressed_until([*bounced, NOW + hours(24 * 130)], SOFT)
    assert until is None or (more is not None and more >= until)
    if until is not None:
        last = until - SOFT.suppress_for
        assert sum(last - timedelta(days=30) <= each <= last for each in bounced) >= 3
