"""Which mail may leave, which waits, and what a send key's past means."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.contacts import Contact, RecentMail
from engagement.mail_log import Entry, Status
from engagement.plan import engagement_plan
from engagement.plan_sections import FrequencyCap, QuietHours
from mail_delivery.rules import (
    Circumstances,
    Decision,
    Hold,
    Leave,
    NextStep,
    Send,
    Skip,
    decide,
    is_claim_of,
    next_step,
)
from mail_facts import SEND_KEY, a_mail
from shop_facts import NOW, a_profile, hours

SECOND = timedelta(seconds=1)
# NOW is 17:30 in Kolkata.
RULES = engagement_plan().delivery.model_copy(
    update={
        "frequency_cap": FrequencyCap.model_validate({"mails": 2, "within": "7d"}),
        "quiet_hours": QuietHours(from_hour=21, to_hour=8),
    }
)
AGREED = Contact("cust-asha", granted={"reminders": True, "offers": True})
WELCOME = Circumstances(
    profile=a_profile(),
    contact=AGREED,
    campaign_enabled=True,
    campaign_paused=False,
    premise_holds=True,
)
type Kind = Literal["marketing", "transactional"]
KINDS: tuple[Kind, ...] = ("marketing", "transactional")


def decided(
    known: Circumstances = WELCOME, *, kind: Kind = "marketing", now: datetime = NOW, **mail: Any
) -> Decision:
    return decide(a_mail(kind=kind, **mail), known, RULES, now)


def with_contact(**changes: Any) -> Circumstances:
    return replace(WELCOME, contact=replace(AGREED, **changes))


def sent_before(*ago: timedelta, send_key: str = "birthday_offer:cust-asha:{}") -> Circumstances:
    recent = tuple(RecentMail(send_key.format(number), NOW - each) for number, each in enumerate(ago))
    return with_contact(recent=recent)


def test_a_customer_who_agreed_is_mailed() -> None:
    assert decided() == Send("cust-asha@mail.example.com")


@pytest.mark.parametrize(("granted", "reason"), [({}, "no_consent"), ({"reminders": False}, "unsubscribed")])
def test_marketing_needs_consent_and_transactional_mail_does_not(
    granted: dict[str, bool], reason: str
) -> None:
    assert decided(with_contact(granted=granted)) == Skip(reason)
    assert isinstance(decided(with_contact(granted=granted), kind="transactional"), Send)


def test_consent_to_another_kind_of_mail_is_none_to_this_one() -> None:
    assert decided(with_contact(granted={"offers": True})) == Skip("no_consent")


@pytest.mark.parametrize("kind", KINDS)
def test_a_customer_who_is_unknown_or_erased_gets_no_mail(kind: Kind) -> None:
    assert decided(replace(WELCOME, profile=None), kind=kind) == Skip("no_profile")


def born(birthday: str | None, *, zone: str = "Asia/Kolkata", **contact: Any) -> Circumstances:
    profile = a_profile(birthday=birthday, time_zone=zone)
    return replace(WELCOME, profile=profile, contact=replace(AGREED, **contact))


def test_a_child_gets_no_marketing_but_what_concerns_their_orders() -> None:
    """NOW is 1 March 2027; the plan's minimum age is 16."""
    assert decided(born("2015-06-30")) == Skip("too_young")
    assert isinstance(decided(born("2015-06-30"), kind="transactional"), Send)


def test_who_comes_of_age_is_mailed_from_that_day_on_by_their_own_calendar() -> None:
    assert decided(born("2011-03-02")) == Skip("too_young")
    assert isinstance(decided(born("2011-03-01")), Send)
    # On Kiritimati it is 2 March at 10 o'clock; six hours before our NOW, on Pago Pago, 28 February at 19 o'clock.
    assert isinstance(decided(born("2011-03-02", zone="Pacific/Kiritimati"), now=NOW + hours(8)), Send)
    pago_pago = born("2011-03-01", zone="Pacific/Pago_Pago")
    assert decided(pago_pago, now=NOW - hours(6)) == Skip("too_young")


def test_who_was_born_on_29_february_comes_of_age_on_1_march_in_a_common_year() -> None:
    rules = RULES.model_copy(update={"minimum_age": 15, "quiet_hours": None})
    mail, known = a_mail(), born("2012-02-29", zone="UTC")
    assert decide(mail, known, rules, NOW.replace(hour=0) - SECOND) == Skip("too_young")
    assert isinstance(decide(mail, known, rules, NOW.replace(hour=0)), Send)


@pytest.mark.parametrize("birthday", [None, "--03-02", "1990-03-02"])
def test_whom_nobody_knows_to_be_a_child_is_mailed(birthday: str | None) -> None:
    assert isinstance(decided(born(birthday)), Send)


def test_a_shop_without_a_minimum_age_asks_nobody_for_it() -> None:
    rules = RULES.model_copy(update={"minimum_age": 0})
    assert isinstance(decide(a_mail(), born("2026-06-30"), rules, NOW), Send)


def test_that_a_customer_is_a_child_is_said_before_what_they_agreed_to() -> None:
    assert decided(born("2015-06-30", granted={})) == Skip("too_young")


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_whose_premise_fell_is_not_sent(kind: Kind) -> None:
    outdated = replace(WELCOME, premise_holds=False)
    assert decided(outdated, kind=kind) == Skip("no_longer_true")
    assert decided(outdated, kind=kind, if_untrue="leave") == Leave()


def test_of_a_mail_that_is_too_late_as_well_its_being_too_late_is_told() -> None:
    outdated = replace(WELCOME, premise_holds=False)
    assert decided(outdated, now=NOW + hours(2), useful_until=NOW + hours(1)) == Skip("too_late")


def test_a_mail_is_useful_up_to_its_last_instant() -> None:
    until = NOW + hours(1)
    assert isinstance(decided(now=until, useful_until=until), Send)
    assert decided(now=until + SECOND, useful_until=until) == Skip("too_late")


def test_a_campaign_that_the_plan_stopped_sends_nothing_more() -> None:
    assert decided(replace(WELCOME, campaign_enabled=False)) == Skip("campaign_disabled")


def test_the_mail_of_a_campaign_that_our_plan_does_not_have_yet_waits_for_it() -> None:
    decision = decided(replace(WELCOME, campaign_enabled=None))
    assert isinstance(decision, Hold)
    assert decision.reason == "campaign_unknown"


@pytest.mark.parametrize("kind", KINDS)
def test_the_mails_of_a_paused_campaign_wait_and_are_not_lost(kind: Kind) -> None:
    decision = decided(replace(WELCOME, campaign_paused=True), kind=kind)
    assert isinstance(decision, Hold)
    assert decision.reason == "campaign_paused"
    assert decision.until > NOW


def test_who_asked_for_a_pause_gets_no_marketing_until_it_ends() -> None:
    paused = with_contact(paused_until=NOW + SECOND)
    assert decided(paused) == Skip("paused")
    assert isinstance(decided(paused, kind="transactional"), Send)
    assert isinstance(decided(paused, now=NOW + SECOND), Send)


def test_the_frequency_cap_counts_the_mails_of_all_campaigns_within_its_span() -> None:
    day = timedelta(days=1)
    assert isinstance(decided(sent_before(day)), Send)
    assert decided(sent_before(day, 2 * day)) == Skip("frequency_cap")
    assert isinstance(decided(sent_before(day, 7 * day)), Send)
    assert decided(sent_before(day, 7 * day - SECOND)) == Skip("frequency_cap")
    assert isinstance(decided(sent_before(day, 2 * day), kind="transactional"), Send)


def test_a_mails_own_place_does_not_count_against_it() -> None:
    """It has one from a delivery that SES throttled."""
    assert isinstance(decided(sent_before(timedelta(0), hours(1), send_key=SEND_KEY)), Send)


def test_marketing_waits_for_the_end_of_the_quiet_hours_and_transactional_mail_does_not() -> None:
    late_evening, morning = NOW + hours(4), NOW + hours(14.5)  # 21:30 and 8:00 in Kolkata
    assert decided(now=late_evening) == Hold(morning, "quiet_hours")
    assert isinstance(decided(now=late_evening, kind="transactional"), Send)
    assert isinstance(decided(now=morning, useful_until=morning), Send)


def test_a_mail_that_does_not_wait_for_the_morning_is_skipped_in_the_night() -> None:
    assert decided(now=NOW + hours(4), in_quiet_hours="skip") == Skip("quiet_hours")
    assert isinstance(decided(in_quiet_hours="skip"), Send)


def test_a_mail_that_would_be_of_no_use_after_the_quiet_hours_is_skipped_at_once() -> None:
    assert decided(now=NOW + hours(4), useful_until=NOW + hours(14)) == Skip("quiet_hours")


@given(
    granted=st.sampled_from([{}, {"reminders": True}, {"reminders": False}]),
    flags=st.fixed_dictionaries(
        dict.fromkeys(("campaign_enabled", "campaign_paused", "premise_holds"), st.booleans())
    ),
    known=st.booleans(),
    late=st.booleans(),
    pause=st.booleans(),
    capped=st.booleans(),
    kind=st.sampled_from(KINDS),
    if_untrue=st.sampled_from(["skip", "leave"]),
)
def test_a_mail_leaves_only_if_nothing_at_all_speaks_against_it(
    granted: dict[str, bool],
    flags: dict[str, bool],
    kind: Kind,
    if_untrue: str,
    *,
    known: bool,
    late: bool,
    pause: bool,
    capped: bool,
) -> None:
    recent = sent_before(hours(1), hours(2)).contact.recent if capped else ()
    contact = Contact("cust-asha", granted, NOW + hours(48) if pause else None, recent)
    circumstances = Circumstances(profile=a_profile() if known else None, contact=contact, **flags)
    decision = decided(circumstances, kind=kind, now=NOW + hours(25 if late else 0), if_untrue=if_untrue)
    # An outdated mail that is to be left decides nothing at all.
    assert isinstance(decision, Leave) == (if_untrue == "leave" and not flags["premise_holds"])
    if isinstance(decision, Leave):
        return
    open_to_it = kind == "transactional" or (granted == {"reminders": True} and not pause and not capped)
    sound = flags["campaign_enabled"] and flags["premise_holds"] and known and not late
    assert isinstance(decision, Skip) == (not (sound and open_to_it))
    assert isinstance(decision, Send) == (not isinstance(decision, Skip) and not flags["campaign_paused"])


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in (Status.SENDING, Status.UNKNOWN)]
)
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_decided_stays_decided(status: Status, kind: Kind) -> None:
    assert next_step(a_mail(kind=kind), Entry(status, changed_at=NOW), NOW) is NextStep.LEAVE_IT


@pytest.mark.parametrize("kind", KINDS)
def test_a_mail_that_another_worker_has_is_waited_for(kind: Kind) -> None:
    met = Entry(Status.SENDING, lease_end=NOW + SECOND, changed_at=NOW)
    assert next_step(a_mail(kind=kind), met, NOW) is NextStep.WAIT


def test_marketing_whose_worker_died_is_not_tried_again() -> None:
    assert (
        next_step(a_mail(), Entry(Status.SENDING, lease_end=NOW, changed_at=NOW), NOW)
        is NextStep.RECORD_UNKNOWN
    )
    assert next_step(a_mail(), Entry(Status.UNKNOWN, changed_at=NOW), NOW) is NextStep.LEAVE_IT


def test_transactional_mail_whose_worker_died_is_tried_again() -> None:
    order = a_mail(kind="transactional")
    assert next_step(order, Entry(Status.SENDING, lease_end=NOW, changed_at=NOW), NOW) is NextStep.CLAIM_AGAIN
    assert next_step(order, Entry(Status.UNKNOWN, changed_at=NOW), NOW) is NextStep.CLAIM_AGAIN


def test_transactional_mail_that_was_called_off_meanwhile_is_not_tried_again() -> None:
    met = Entry(Status.SENDING, lease_end=NOW, cancelled=True, changed_at=NOW)
    assert next_step(a_mail(kind="transactional"), met, NOW) is NextStep.RECORD_UNKNOWN


def test_a_claim_is_ones_own_while_nobody_else_has_it_and_it_was_not_called_off() -> None:
    mine = Entry(Status.SENDING, claim_id="mine", changed_at=NOW)
    assert is_claim_of(mine, "mine")
    assert not is_claim_of(mine, "another's")
    assert not is_claim_of(replace(mine, cancelled=True), "mine")
    assert not is_claim_of(replace(mine, status=Status.UNKNOWN), "mine")
    assert not is_claim_of(None, "mine")
