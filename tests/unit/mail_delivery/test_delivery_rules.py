"""Which mail may leave, and what a send key's past means."""

from datetime import datetime, timedelta
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.mail_log import Claim, Status
from mail_delivery.rules import NextStep, Recipient, Send, Skip, decide, next_step
from mail_facts import a_mail
from shop_facts import NOW, hours

ADDRESS = "asha@mail.example.com"
SECOND = timedelta(seconds=1)


def a_recipient(*, consent: bool | None = True, suppressed: bool = False) -> Recipient:
    return Recipient(ADDRESS, consent, suppressed)


def decided(
    recipient: Recipient | None,
    *,
    kind: Literal["marketing", "transactional"] = "marketing",
    now: datetime = NOW,
    enabled: bool = True,
) -> Send | Skip:
    return decide(a_mail(kind=kind), recipient, campaign_enabled=enabled, now=now)


def test_a_customer_who_agreed_is_mailed() -> None:
    assert decided(a_recipient()) == Send(ADDRESS)


@pytest.mark.parametrize(("consent", "reason"), [(None, "no_consent"), (False, "unsubscribed")])
def test_marketing_needs_consent_and_transactional_mail_does_not(consent: bool | None, reason: str) -> None:
    assert decided(a_recipient(consent=consent)) == Skip(reason)
    assert decided(a_recipient(consent=consent), kind="transactional") == Send(ADDRESS)


@pytest.mark.parametrize("kind", ["marketing", "transactional"])
def test_a_suppressed_address_gets_no_mail_of_any_kind(kind: Literal["marketing", "transactional"]) -> None:
    assert decided(a_recipient(suppressed=True), kind=kind) == Skip("suppressed")


@pytest.mark.parametrize("kind", ["marketing", "transactional"])
def test_a_customer_who_is_unknown_or_erased_gets_no_mail(
    kind: Literal["marketing", "transactional"],
) -> None:
    assert decided(None, kind=kind) == Skip("no_profile")


def test_a_mail_is_useful_up_to_its_last_instant() -> None:
    assert decided(a_recipient(), now=NOW + hours(24)) == Send(ADDRESS)
    assert decided(a_recipient(), now=NOW + hours(24) + SECOND) == Skip("too_late")


def test_a_campaign_that_the_plan_stopped_sends_nothing_more() -> None:
    assert decided(a_recipient(), enabled=False) == Skip("campaign_disabled")


@given(
    consent=st.sampled_from([True, False, None]),
    suppressed=st.booleans(),
    enabled=st.booleans(),
    late=st.booleans(),
    kind=st.sampled_from(["marketing", "transactional"]),
)
def test_a_mail_leaves_only_if_nothing_at_all_speaks_against_it(
    consent: bool | None,
    suppressed: bool,
    enabled: bool,
    late: bool,
    kind: Literal["marketing", "transactional"],
) -> None:
    now = NOW + hours(25 if late else 0)
    decision = decided(
        a_recipient(consent=consent, suppressed=suppressed), kind=kind, now=now, enabled=enabled
    )
    may = enabled and not late and not suppressed and (consent is True or kind == "transactional")
    assert isinstance(decision, Send) == may


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in (Status.SENDING, Status.UNKNOWN)]
)
def test_what_is_decided_stays_decided(status: Status) -> None:
    for kind in ("marketing", "transactional"):
        assert next_step(a_mail(kind=kind), Claim(won=False, status=status), NOW) is NextStep.LEAVE_IT


@pytest.mark.parametrize("kind", ["marketing", "transactional"])
def test_a_mail_that_another_worker_has_is_waited_for(kind: str) -> None:
    met = Claim(won=False, status=Status.SENDING, lease_end=NOW + SECOND)
    assert next_step(a_mail(kind=kind), met, NOW) is NextStep.WAIT


def test_marketing_whose_worker_died_is_not_tried_again() -> None:
    met = Claim(won=False, status=Status.SENDING, lease_end=NOW)
    assert next_step(a_mail(), met, NOW) is NextStep.RECORD_UNKNOWN
    assert next_step(a_mail(), Claim(won=False, status=Status.UNKNOWN), NOW) is NextStep.LEAVE_IT


def test_transactional_mail_whose_worker_died_is_tried_again() -> None:
    order = a_mail(kind="transactional")
    assert (
        next_step(order, Claim(won=False, status=Status.SENDING, lease_end=NOW), NOW) is NextStep.CLAIM_AGAIN
    )
    assert next_step(order, Claim(won=False, status=Status.UNKNOWN), NOW) is NextStep.CLAIM_AGAIN


def test_transactional_mail_that_was_called_off_meanwhile_is_not_tried_again() -> None:
    met = Claim(won=False, status=Status.SENDING, lease_end=NOW, cancelled=True)
    assert next_step(a_mail(kind="transactional"), met, NOW) is NextStep.RECORD_UNKNOWN
