"""What the plan may say about points and tiers."""

from datetime import date

import pytest

from engagement.errors import InvalidPlanError
from engagement.plan import PLAN_FILE, EngagementPlan, engagement_plan, read_plan
from loyalty.campaign import LoyaltyMailSettings, LoyaltySettings
from loyalty.entries import NEVER, Lot
from loyalty.terms import Terms

PLAN = PLAN_FILE.read_text(encoding="utf-8")


def changed(old: str, new: str) -> EngagementPlan:
    assert old in PLAN
    return read_plan(PLAN.replace(old, new, 1), source="plan.yaml")


def test_the_plan_that_ships_is_valid() -> None:
    plan = engagement_plan()
    settings = plan.settings(LoyaltySettings)
    assert {earning.currency for earning in settings.earning} >= {"INR", "USD"}
    assert [tier.threshold for tier in plan.tiers.steps] == [0, 500, 2000]
    mails = plan.all_settings(LoyaltyMailSettings)
    assert {name: one.mail for name, one in mails.items()} == {name: name for name in mails}
    assert set(mails) - set(Terms.of(plan).mails) == {"tier_lowered"}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{currency: USD, points", "{currency: INR, points", "give each currency once"),
        ("for_each_minor: 10000}", "for_each_minor: 0}", "for_each_minor"),
        ("for_each_minor: 10000}", "for_each_minor: 99.5}", "for_each_minor"),
        ("{currency: INR, points: 1", "{currency: INR, points: 1001", "points"),
        ("{currency: INR, points: 1,", "{currency: rupees, points: 1,", "currency"),
        ("{single_estate: 2x}", "{single_estate: 2}", "multiplier"),
        ("{single_estate: 2x}", "{single_estate: 10.01x}", "multiplier"),
        ("{single_estate: 2x}", "{single_estate: 0x}", "multiplier"),
        ("last_day: 2027-10-31", "last_day: 2027-10-21", "last_day is before first_day"),
        ("last_day: 2027-10-31", "last_day: on the last", "last_day"),
        ("pending_for: 14d", "pending_for: 36h", "write whole days"),
        ("birthday: 50", "birthday: -50", "birthday"),
        ("below_zero: true", "below_zero: sometimes", "below_zero"),
        ("reserved_for: 30m", "reserved_for: 0m", "reserved_for"),
        ("{after: 365d", "{after: 30m", "write whole days"),
        ("counted_from: earning", "counted_from: login", "counted_from"),
        ("remind_before: [30d, 7d]", "remind_before: [6d, 5d, 4d, 3d, 2d, 1d]", "remind_before"),
    ],
)
def test_a_wrong_line_is_named(old: str, new: str, complaint: str) -> None:
    plan = changed(old, new)
    with pytest.raises(InvalidPlanError, match=complaint) as raised:
        plan.settings(LoyaltySettings)
    assert str(raised.value).startswith("plan.yaml:")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("threshold: 0\n", "threshold: 1\n", "the first tier's threshold is 0"),
        ("threshold: 500", "threshold: 2000", "more than the one before"),
        ("threshold: 500", "threshold: 3000", "more than the one before"),
        ("- name: silver", "- name: gold", "a name of its own"),
        # A tier's name is told as a fact, and campaigns name tiers by it.
        ("- name: silver", "- name: Silver Club", "should match pattern"),
        ("times: 1.25x", "times: 1.255x", "multiplier"),
        ("over: rolling_year", "over: month", "over"),
        ("by: one_step}", "by: two_steps}", "downgrade.by"),
        ("{grace: 30d,", "{grace: 36h,", "grace is in whole days"),
        ("  by: points\n", "  by: spend\n", "spend has a currency"),
        ("  by: points\n", "  by: points\n  currency: INR\n", "points have none"),
    ],
)
def test_a_wrong_line_about_tiers_is_named(old: str, new: str, complaint: str) -> None:
    with pytest.raises(InvalidPlanError, match=complaint) as raised:
        changed(old, new)
    assert str(raised.value).startswith("plan.yaml:")


@pytest.mark.parametrize("hour", ["25", "ten"])
def test_a_mail_about_points_leaves_at_an_hour_of_the_day(hour: str) -> None:
    plan = changed("{mail: points_expiring, local_hour: 10,", f"{{mail: points_expiring, local_hour: {hour},")
    with pytest.raises(InvalidPlanError, match="local_hour"):
        plan.all_settings(LoyaltyMailSettings)


def test_nothing_new_is_earned_while_the_campaign_is_switched_off() -> None:
    assert Terms.of(engagement_plan()).earns
    assert not Terms.of(changed("channel: points", "channel: points\n    enabled: false")).earns


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("points: 1, for_each_minor: 10000", "points: 2, for_each_minor: 10000"),
        ("threshold: 500", "threshold: 600"),
        ("  points: 20\n", "  points: 30\n"),
        ("below_zero: true", "below_zero: false"),
    ],
)
def test_every_change_of_the_rules_is_another_version_of_them(old: str, new: str) -> None:
    version = Terms.of(engagement_plan()).version
    assert version != Terms.of(changed(old, new)).version
    assert version == Terms.of(changed("owner: Loyalty team", "owner: Tea team")).version


EXPIRY = "{after: 365d, counted_from: earning, ends_with: month"


@pytest.mark.parametrize(
    ("expiry", "ends_on"),
    [
        (EXPIRY, date(2028, 4, 1)),
        (EXPIRY.replace("month", "day"), date(2028, 3, 14)),
        (EXPIRY.replace("earning", "activity"), NEVER),
    ],
    ids=["with the month", "on the day", "after the last activity"],
)
def test_points_mature_after_the_return_window_and_end_as_planned(expiry: str, ends_on: date) -> None:
    lot = Terms.of(changed(EXPIRY, expiry)).lot_of(date(2027, 3, 1), pending=True)
    assert lot == Lot(date(2027, 3, 15), ends_on)
