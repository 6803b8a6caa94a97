"""The judge of the mails sees each mail that must never leave, and is quiet about one that may."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from engagement.events.base import Event
from engagement.mail_orders import SendMail, send_key_tag
from local_cloud.cloud import SentMail
from mail_facts import SEND_KEY, a_mail
from ses_facts import bounce, complaint
from shop_facts import (
    NOW,
    consent_changed,
    days,
    erased,
    hours,
    on_the_bus,
    order_cancelled,
    order_placed,
    profile_updated,
    registered,
)
from tests.simulation.judges.books_records import a_record, published
from tests.simulation.judges.mails_judge import (
    ADDRESS,
    BOUGHT,
    CALLED_OFF,
    CAP,
    CONSENT,
    DECIDED,
    ERASED,
    LATE,
    LOGS,
    NIGHT,
    ONCE,
    ORDERED,
    OTHERS,
    SUPPRESSED,
    TWICE,
    WAY_OUT,
    WORDS,
    MailsJudge,
)
from tests.simulation.judges.mails_known import Keeper
from tests.simulation.record import HandedOver, Handled, Record, Told

# In Kolkata it is 17:30 then.
_BEFORE = NOW - hours(1)
_AGREED = registered(occurred_at=NOW - days(60))


def known(*more: tuple[str, Event | str], joined: Event = _AGREED) -> Record:
    """A customer who agreed to everything long ago; and what else was taken in an hour before the mail."""
    record = a_record()
    record.told.append(Told(NOW - days(60), joined))
    record.handled += [
        Handled(NOW - days(60), function, on_the_bus(joined))
        for function in (Keeper.PROFILES, Keeper.CONSENTS)
    ]
    for function, what in more:
        record.handled.append(Handled(_BEFORE, function, what if isinstance(what, str) else on_the_bus(what)))
    return record


def mailed(
    record: Record, order: SendMail, at: datetime = NOW, *, ordered: bool = True, **changes: Any
) -> Record:
    if ordered:
        record.handed_over.append(HandedOver(at, "Anyone", "MailQueue", order.model_dump_json()))
    sent: dict[str, Any] = {
        "to": ("cust-asha@mail.example.com",),
        "sender": "shop@example.com",
        "subject": order.subject,
        "html": order.html,
        "text": order.text,
        "headers": {
            "List-Unsubscribe": "<https://pages.example.com/unsubscribe?token=1.a.b>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
        "tags": {"SendKey": send_key_tag(order.send_key)},
        "configuration_set": None,
        "message_id": f"message-{len(record.mails)}",
        "sent_at": at,
    }
    record.mails.append(SentMail(**sent | changes))
    return record


def broken(record: Record) -> list[str]:
    return [finding.rule for finding in MailsJudge().look(record)]


def test_a_mail_that_may_leave_breaks_no_rule() -> None:
    assert broken(mailed(known(), a_mail())) == []


def test_a_mail_leaves_once_and_only_when_it_was_handed_over() -> None:
    assert broken(mailed(mailed(known(), a_mail()), a_mail())) == [ONCE]
    assert broken(mailed(known(), a_mail(), ordered=False)) == [ORDERED]


def test_a_second_look_at_the_same_mail_finds_nothing_new() -> None:
    judge, record = MailsJudge(), mailed(known(), a_mail())

    assert judge.look(record) == judge.look(record) == []
    assert [finding.rule for finding in judge.look(mailed(record, a_mail()))] == [ONCE]


def test_nobody_is_mailed_who_never_agreed_or_agrees_no_more() -> None:
    withdrawn = consent_changed(occurred_at=_BEFORE)
    assert broken(mailed(known((Keeper.CONSENTS, withdrawn)), a_mail())) == [CONSENT]
    assert broken(mailed(known(joined=registered(consents=())), a_mail())) == [CONSENT]
    assert broken(mailed(known(joined=registered(consents=("offers",))), a_mail())) == [CONSENT]

    assert broken(mailed(known((Keeper.PROFILES, withdrawn)), a_mail())) == [], (
        "who keeps consents has not heard of it"
    )
    again = consent_changed(occurred_at=_BEFORE, granted=True)
    earlier = consent_changed(occurred_at=_BEFORE - days(1))
    assert broken(mailed(known((Keeper.CONSENTS, again), (Keeper.CONSENTS, earlier)), a_mail())) == []
    assert broken(mailed(known((Keeper.CONSENTS, withdrawn)), a_mail(kind="transactional"))) == []


def test_a_withdrawal_on_our_page_holds_from_its_answer_on() -> None:
    withdrawn = consent_changed(occurred_at=_BEFORE)
    page = "PreferencesPageFunction"

    assert broken(mailed(published(known(), page, withdrawn, at=_BEFORE), a_mail())) == [CONSENT]
    assert broken(mailed(published(known(), page, withdrawn, at=NOW + hours(1)), a_mail())) == []


@pytest.mark.parametrize(
    ("event", "rules"),
    [(bounce(), [SUPPRESSED]), (complaint(), [SUPPRESSED]), (bounce("Transient"), [])],
)
def test_no_address_is_mailed_that_bounced_or_complained(event: str, rules: Sequence[str]) -> None:
    assert broken(mailed(known((Keeper.FEEDBACK, event)), a_mail())) == rules


def test_nobody_is_mailed_once_they_are_erased() -> None:
    gone = erased(occurred_at=_BEFORE)

    assert ERASED in broken(mailed(known((Keeper.PROFILES, gone)), a_mail()))
    assert CONSENT in broken(mailed(known((Keeper.CONSENTS, gone)), a_mail()))


def test_a_mail_goes_to_the_newest_address() -> None:
    moved = profile_updated(email="new@mail.example.com", occurred_at=_BEFORE)
    record = known((Keeper.PROFILES, moved))
    assert broken(mailed(record, a_mail())) == [ADDRESS]

    assert broken(mailed(known((Keeper.PROFILES, moved)), a_mail(), to=("new@mail.example.com",))) == []
    older = moved.model_copy(update={"occurred_at": NOW - days(90)})
    assert broken(mailed(known((Keeper.PROFILES, older)), a_mail())) == []


def test_a_cart_that_was_bought_is_not_nudged() -> None:
    assert broken(mailed(known((Keeper.CARTS, order_placed(cart_id="cart-9"))), a_mail())) == [BOUGHT]
    assert broken(mailed(known((Keeper.CARTS, order_placed(cart_id="cart-8"))), a_mail())) == []


def test_no_review_is_asked_for_of_a_cancelled_order() -> None:
    asked = a_mail("review_request:order-77:first", campaign="review_request", topic="reviews")

    assert broken(mailed(known((Keeper.REQUESTS, order_cancelled())), asked)) == [CALLED_OFF]
    assert broken(mailed(known((Keeper.REQUESTS, order_cancelled("order-78"))), asked)) == []
    of_the_others = asked.model_copy(update={"send_key": "review_request:order-77:reminder"})
    assert broken(mailed(known((Keeper.REQUESTS, order_cancelled())), of_the_others)) == []


@pytest.mark.parametrize(("utc_hour", "rules"), [(2, [NIGHT]), (3, []), (15, []), (16, [NIGHT])])
def test_nobody_is_mailed_at_night_on_their_own_clock(utc_hour: int, rules: Sequence[str]) -> None:
    at = NOW.replace(hour=utc_hour, minute=0)

    assert broken(mailed(known(), a_mail(), at)) == rules
    assert broken(mailed(known(), a_mail(kind="transactional"), at)) == []


@pytest.mark.parametrize(("apart", "rules"), [(days(1), [CAP]), (days(2), [])])
def test_a_week_has_no_more_mails_than_the_cap(apart: timedelta, rules: Sequence[str]) -> None:
    record = known()
    for number in range(5):
        order = a_mail(f"cart_nudge:cart-{number}:step-1", useful_until=NOW + days(30))
        mailed(record, order, NOW + number * apart)

    assert broken(record) == rules


def test_a_mail_does_not_leave_when_it_is_of_no_use_any_more() -> None:
    assert broken(mailed(known(), a_mail(), NOW + hours(25))) == [LATE]
    assert broken(mailed(known(), a_mail(), NOW + hours(24))) == []


def test_an_occasion_has_one_mail_in_a_year_and_its_reminder() -> None:
    def birthdays(second: str, after: timedelta) -> list[str]:
        record, late = known(), NOW + days(400)
        for key, at in (("2027", NOW), (second, NOW + after)):
            order = a_mail(f"birthday_offer:cust-asha:{key}", topic="offers", useful_until=late)
            mailed(record, order, at)
        return broken(record)

    assert birthdays("2028", days(30)) == [TWICE]
    assert birthdays("2028", days(366)) == birthdays("2027:follow_up", days(7)) == []


def test_nothing_of_another_customer_is_in_a_mail() -> None:
    for words in ("Hello Ravi.Rao@mail.example.org", "Hello cust-ravi."):
        record = known()
        record.told.append(Told(NOW, registered("cust-ravi")))
        assert broken(mailed(record, a_mail(text=words))) == [OTHERS]

    record.mails.clear()
    own = a_mail(text="cust-asha at cust-asha@mail.example.com has cust-ravier")
    assert broken(mailed(record, own)) == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"List-Unsubscribe": "<https://pages.example.com/unsubscribe>"},
        {"List-Unsubscribe": "<>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
    ],
)
def test_a_marketing_mail_has_a_way_out_by_one_click(headers: dict[str, str]) -> None:
    assert broken(mailed(known(), a_mail(), headers=headers)) == [WAY_OUT]
    assert broken(mailed(known(), a_mail(kind="transactional"), headers=headers)) == []


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Hello None", [WORDS]),
        ("Hello {name}", [WORDS]),
        ("Hello ,\nyour cart waits", [WORDS]),
        ("Hello\nyour cart waits", [WORDS]),
        ("Hello Asha,\nyour cart waits", []),
    ],
)
def test_a_mail_has_no_gap_in_its_words(text: str, rules: Sequence[str]) -> None:
    assert broken(mailed(known(), a_mail(text=text))) == rules


@pytest.mark.parametrize(
    ("entry", "rules"),
    [("sent", []), ("skipped", []), ("unknown", []), ("sending", [DECIDED]), (None, [DECIDED])],
)
def test_what_is_handed_over_leaves_or_has_its_reason(entry: str | None, rules: Sequence[str]) -> None:
    log = [{"send_key": SEND_KEY, "mail_status": entry}] if entry else []
    record = a_record({"MailLogTable": log}, over=True)
    record.handed_over.append(HandedOver(NOW, "Anyone", "MailQueue", a_mail().model_dump_json()))
    assert broken(record) == rules

    record.is_over = False
    assert broken(record) == []


def test_what_its_capability_says_anew_needs_no_reason_and_a_dead_letter_is_one() -> None:
    def left(order: SendMail, *dead: str) -> list[str]:
        record = a_record(over=True)
        record.handed_over.append(HandedOver(NOW, "Anyone", "MailQueue", order.model_dump_json()))
        record.dead_letters = {"MailQueue": dead}
        return broken(record)

    assert left(a_mail()) == [DECIDED]
    assert left(a_mail(if_untrue="leave")) == left(a_mail(), a_mail().model_dump_json()) == []


@pytest.mark.parametrize(
    ("line", "rules"),
    [
        ({"customer_ref": "3f2a"}, []),
        ({"to": "asha@mail.example.com"}, [LOGS]),
        ({"customer": "cust-asha"}, [LOGS]),
        ({"customer": "cust-ashas"}, []),
    ],
)
def test_no_line_of_the_log_says_who_somebody_is(line: dict[str, str], rules: Sequence[str]) -> None:
    record = known()
    record.logs.append(("MailDeliveryFunction", json.dumps(line)))

    assert broken(record) == rules
