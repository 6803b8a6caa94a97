"""Soft bounces on the real engine: again and again, no mail for a while."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from feedback_house import SOFT, Office
from ses_facts import ADDRESS, bounce, complaint
from shop_facts import NOW, days

UNTIL = NOW + days(2) + SOFT.suppress_for


def full(number: int, at: datetime | None = None) -> str:
    at = at or NOW + days(number)
    return bounce("Transient", "MailboxFull", send_key=f"cart_nudge:cart-{number}:step-1", at=at)


def test_the_third_mail_that_bounced_softly_suppresses_the_address_for_a_while(office: Office) -> None:
    office.tell(full(0), full(1))
    assert office.suppression.reason(ADDRESS, NOW + days(1)) is None
    office.tell(full(2), now=NOW + days(2))
    assert office.suppression.reason(ADDRESS, NOW + days(3)) == "soft_bounces"
    assert office.suppression.reason(ADDRESS, UNTIL - days(1)) == "soft_bounces"
    assert office.suppression.reason(ADDRESS, UNTIL) is None


def test_the_same_mails_bounce_told_again_counts_once(office: Office) -> None:
    office.tell(full(0), full(0), full(0), full(1), full(1))
    assert not office.suppression.holds(ADDRESS, NOW)


def test_the_same_mail_told_with_another_instant_counts_once(office: Office) -> None:
    office.tell(full(0), full(0, at=NOW + days(1)), full(0, at=NOW + days(2)))
    assert not office.suppression.holds(ADDRESS, NOW)


def test_a_mailbox_that_was_full_now_and_then_over_the_year_is_written_to(office: Office) -> None:
    for number in range(5):
        office.tell(full(number, at=NOW + days(20 * number)), now=NOW + days(20 * number))
    assert not office.suppression.holds(ADDRESS, NOW + days(81))


def test_mails_without_our_tags_count_by_sess_own_id(office: Office) -> None:
    for number in range(3):
        office.tell(bounce("Transient", "MailboxFull", send_key=None, message_id=f"0107-{number}"))
    assert office.suppression.reason(ADDRESS, NOW) == "soft_bounces"


@pytest.mark.parametrize("hard", [bounce, complaint])
def test_what_is_for_good_stays_for_good(office: Office, hard: object) -> None:
    office.tell(full(0), full(1), full(2), hard(), full(3), now=NOW + days(3))  # type: ignore[operator]
    assert office.suppression.reason(ADDRESS, UNTIL + days(1000)) in ("bounced", "complained")
    (item,) = office.dynamodb.scan(TableName=office.tables["SuppressionTable"])["Items"]
    assert "expires_at" not in item


def test_an_entry_of_soft_bounces_alone_is_forgotten_when_nothing_can_follow_from_it(office: Office) -> None:
    office.tell(full(0), full(1), full(2), now=NOW + days(2))
    (item,) = office.dynamodb.scan(TableName=office.tables["SuppressionTable"])["Items"]
    assert int(item["expires_at"]["N"]) > UNTIL.timestamp()


def test_an_old_bounce_told_late_ends_no_suppression_early(office: Office) -> None:
    office.tell(full(1), full(2), full(3), full(0), now=NOW + days(3))
    assert office.suppression.reason(ADDRESS, NOW + days(3) + SOFT.suppress_for - days(1)) == "soft_bounces"


def test_three_told_at_the_same_moment_suppress(office: Office) -> None:
    with ThreadPoolExecutor(3) as pool:
        for future in [pool.submit(office.tell, full(number)) for number in range(3)]:
            future.result()
    assert office.suppression.holds(ADDRESS, UNTIL - days(1))
