"""The mails about points: what they say, to whom, and when there is none after all."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest

from dynamodb_engine import DynamoDBEngine
from engagement.items import to_item
from engagement.mail_composer import MailComposer
from engagement.mail_orders import Premise, SendMail
from engagement.plan import EngagementPlan, engagement_plan
from engagement.profiles import Profiles, profile_attributes
from loyalty.letters import LINK_VALID_FOR, Letters
from loyalty.links import read_points_token
from loyalty.terms import LOWERED, Terms
from loyalty_facts import ASHA, Book, tier_rules
from recording_queue import RecordingQueue
from shop_facts import NOW, a_profile, days, order_paid, rupees
from tests.conftest import table_definition

KEYS = (b"k" * 32,)
PAGES = "https://pages.example.com"
PREMISE = Premise(table="LoyaltyTable", key={"customer_id": ASHA}, still={"last_redemption": None})
REMINDED = datetime(2028, 1, 31, 4, 30, tzinfo=UTC)


def plan_with(*, off: str | None = None, **expiry: Any) -> EngagementPlan:
    """The plan with the mail about a lower tier, without the one that is `off`, or with another expiry."""
    plan = engagement_plan()
    campaigns = {**plan.campaigns, LOWERED: plan.campaign(LOWERED).model_copy(update={"enabled": True})}
    if off:
        campaigns[off] = plan.campaign(off).model_copy(update={"enabled": False})
    settings = plan.campaign("loyalty").settings
    settings = {**settings, "expiry": {**settings["expiry"], **expiry}}
    campaigns["loyalty"] = plan.campaign("loyalty").model_copy(update={"settings": settings})
    return plan.model_copy(update={"campaigns": campaigns})


def a_book(plan: EngagementPlan | None = None) -> Book:
    return Book(Terms.of(plan or plan_with()))


def handed_over(
    book: Book, *mails: str, plan: EngagementPlan | None = None, known: bool = True, **profile: Any
) -> tuple[list[SendMail], list[SendMail]]:
    """What comes to MailQueue, and to BulkMailQueue, of these mails about her."""
    client: Any = DynamoDBEngine({"CustomersTable": table_definition("CustomersTable")})
    if known:
        client.put_item(TableName="CustomersTable", Item=to_item(profile_attributes(a_profile(**profile))))
    plan, queue, bulk = plan or plan_with(), RecordingQueue(), RecordingQueue()
    composer, profiles = MailComposer("loyalty", plan, KEYS, PAGES), Profiles(client, "CustomersTable")
    letters = Letters(composer, profiles, queue, bulk, KEYS, PAGES, plan, book.terms)
    number = letters.hand_over(book.account, mails, PREMISE, book.now)
    assert number == len(queue.messages) + len(bulk.messages)
    return cast("list[SendMail]", queue.messages), cast("list[SendMail]", bulk.messages)


def the_mail(book: Book, mail: str, **how: Any) -> SendMail:
    triggered, bulk = handed_over(book, mail, **how)
    (one,) = triggered + bulk
    return one


def in_the_outbox(book: Book) -> list[str]:
    return [each.removeprefix("mail:") for each in book.account.outbox if each.startswith("mail:")]


def with_350_points(plan: EngagementPlan | None = None) -> Book:
    """They are good until the end of February 2028, and she is reminded a month before."""
    return a_book(plan).look().adjust(350).look(REMINDED)


def silver() -> Book:
    """She bought for ₹60,000, and the time for returns is over."""
    return a_book().tell(order_paid(amount=rupees(60_000))).look(NOW + days(20))


def test_a_reminder_says_how_many_points_end_and_their_last_day() -> None:
    book = with_350_points()
    mail = the_mail(book, "points_expiring:2028-03-01:30")
    assert "points_expiring:2028-03-01:30" in in_the_outbox(book)
    assert mail.subject == "Asha, use 350 points by 29 February 2028"
    for part in (mail.html, mail.text):
        assert "350 points" in part
        assert "good until the end of 29 February 2028" in part


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/Los_Angeles", "Pacific/Auckland"])
def test_the_last_day_is_the_shops_wherever_she_lives(zone: str) -> None:
    mail = the_mail(with_350_points(), "points_expiring:2028-03-01:30", time_zone=zone)
    assert mail.subject.endswith("by 29 February 2028")


def test_it_lists_what_ends_within_the_week_the_earliest_first_and_nothing_later() -> None:
    plan = plan_with(ends_with="day")
    book = a_book(plan).look()
    for later, points in ((0, 10), (2, 20), (6, 30), (7, 40)):
        book.look(NOW + days(later)).adjust(points)
    text = the_mail(book.look(REMINDED), "points_expiring:2028-02-29:30", plan=plan).text
    dated = re.findall(r"(\d+) points\n +good until the end of (.*)|- (.*): (\d+) points", text)
    assert dated == [
        ("10", "28 February 2028", "", ""),
        ("", "", "1 March 2028", "20"),
        ("", "", "5 March 2028", "30"),
    ]
    assert "You can use 100 points in all" in text


def test_points_that_end_for_want_of_orders_end_all_at_once() -> None:
    plan = plan_with(counted_from="activity", ends_with="day", after="100d")
    book = a_book(plan).look().adjust(10).look(NOW + days(75)).adjust(5)
    book.account = replace(book.account, active_on=date(2027, 3, 1))
    mail = the_mail(book, "points_expiring:2027-06-09:30", plan=plan)
    assert mail.subject == "Asha, use 15 points by 8 June 2027"
    book.account = replace(book.account, active_on=date(2027, 5, 15))
    assert handed_over(book, "points_expiring:2027-06-09:30", plan=plan) == ([], [])


def test_a_reminder_leaves_once_while_it_is_of_use_and_unless_points_were_spent_since() -> None:
    mail = the_mail(with_350_points(), "points_expiring:2028-03-01:30")
    assert mail.send_key == "points_expiring:cust-asha:2028-03-01.30"
    assert mail.useful_until == REMINDED + days(3)
    assert (mail.premises, mail.if_untrue) == ((PREMISE,), "skip")
    assert (mail.campaign, mail.topic) == ("points_expiring", "loyalty")


def test_whoever_gets_points_that_end_tomorrow_hears_of_it_until_they_end() -> None:
    book = with_350_points().look(datetime(2028, 2, 28, 12, tzinfo=UTC))
    mail = the_mail(book, "points_expiring:2028-03-01:30")
    assert mail.useful_until == datetime(2028, 2, 29, 18, 30, tzinfo=UTC)


def test_nobody_is_reminded_of_points_that_they_have_spent() -> None:
    assert handed_over(with_350_points().spend(350), "points_expiring:2028-03-01:30") == ([], [])


def test_a_congratulation_says_what_the_tier_brings_and_what_is_missing_for_the_next() -> None:
    book = silver()
    missing = 2000 - book.account.balance
    mail = the_mail(book, *in_the_outbox(book))
    assert mail.subject == "Asha, you are Silver now"
    for said in (
        "1.25 times the points on every order",
        "20% off on your birthday",
        "New harvests a day before everybody else",
        f"{missing:,} points more, and you are Gold.",
    ):
        assert said in mail.html
        assert said in mail.text
    assert f'width="{book.account.balance // 20}%"' in mail.html
    assert mail.send_key == f"tier_reached:cust-asha:silver.{book.account.period_from}"
    assert mail.useful_until == book.account.tiers[-1].since + days(3)


def test_above_the_highest_tier_nothing_is_missing() -> None:
    book = a_book().tell(order_paid(amount=rupees(400_000))).look(NOW + days(20))
    mail = the_mail(book, "tier_reached:gold")
    assert "There is no tier above this one" in mail.text
    assert "more, and you are" not in mail.text
    assert 'width="0%"' not in mail.html


def test_by_spending_what_is_missing_is_money() -> None:
    book = silver()
    rules = tier_rules((0, 100), (1_000_00, 100), (9_000_000, 100), by="spend", currency="INR")
    book.terms = replace(book.terms, tiers=rules)
    assert "₹30,000 more, and you are gold." in the_mail(book, "tier_reached:silver").text


@pytest.mark.parametrize("mail", ["tier_reached:gold", "tier_lowered:bronze"])
def test_there_is_no_mail_about_a_tier_that_is_not_hers_any_more(mail: str) -> None:
    assert handed_over(silver(), mail) == ([], [])


def test_a_lower_tier_is_told_kindly_with_the_way_back() -> None:
    book = silver().look(NOW + days(800))
    mail = the_mail(book, "tier_lowered:bronze")
    assert "tier_lowered:bronze" in in_the_outbox(book)
    assert mail.subject == "Asha, your tier is Bronze now"
    assert "500 points more, and Silver is yours again" in mail.text
    assert "brings you" not in mail.text
    assert mail.send_key == f"tier_lowered:cust-asha:bronze.{book.account.period_from}"


def test_a_statement_has_what_came_and_went_what_there_is_and_what_ends_next() -> None:
    book = a_book().look().adjust(350).spend(30).tell(order_paid(amount=rupees(1000)))
    book.look(datetime(2027, 4, 1, 4, 30, tzinfo=UTC))
    (told,) = in_the_outbox(book)
    mail = the_mail(book, told)
    assert mail.subject == "Asha, your points in March 2027"
    for said in ("- Used: -30", "- Corrected by us: +350", "- Earned: +10", "You have today: 330 points"):
        assert said in mail.text
    assert "The next to end: 320 points, good until the end of 29 February 2028." in mail.text
    assert "On their way" not in mail.text
    assert (mail.send_key, mail.useful_until) == ("points_statement:cust-asha:2027-03", book.now + days(10))


def test_points_that_wait_for_the_time_for_returns_are_on_their_way() -> None:
    book = a_book().tell(order_paid(amount=rupees(1000), occurred_at=NOW + days(27)), at=NOW + days(27))
    book.look(datetime(2027, 4, 1, 4, 30, tzinfo=UTC))
    assert "On their way to you: 10 points." in the_mail(book, "points_statement:2027-03").text


@pytest.mark.parametrize("mail", ["points_statement:2027-02", "points_statement:2027-04"])
def test_there_is_no_statement_of_a_month_in_which_nothing_moved(mail: str) -> None:
    assert handed_over(with_350_points(), mail) == ([], [])


def test_a_statement_and_a_reminder_keep_no_congratulation_waiting() -> None:
    book = silver()
    triggered, bulk = handed_over(book, "tier_reached:silver", "points_statement:2027-03")
    assert [mail.campaign for mail in triggered] == ["tier_reached"]
    assert [mail.campaign for mail in bulk] == ["points_statement"]
    assert bulk[0].premises == triggered[0].premises == ()


def test_whom_nobody_knows_gets_no_mail() -> None:
    assert handed_over(silver(), "tier_reached:silver", known=False) == ([], [])


def test_whoever_was_erased_gets_no_mail() -> None:
    book = silver()
    book.account = replace(book.account, erased_at=book.now)
    assert handed_over(book, "tier_reached:silver", "points_statement:2027-03") == ([], [])


def test_a_mail_that_was_switched_off_meanwhile_is_not_sent() -> None:
    book = silver()
    book.terms = Terms.of(plan_with(off="tier_reached"))
    assert handed_over(book, "tier_reached:silver") == ([], [])


def test_what_cannot_be_written_keeps_nothing_else_back(monkeypatch: pytest.MonkeyPatch) -> None:
    compose = MailComposer.compose

    def failing(self: MailComposer, mail: str, *arguments: Any, **facts: Any) -> SendMail:
        if mail == "tier_reached":
            raise KeyError("a word that the catalogue lacks")
        return compose(self, mail, *arguments, **facts)

    monkeypatch.setattr(MailComposer, "compose", failing)
    triggered, bulk = handed_over(silver(), "tier_reached:silver", "points_statement:2027-03")
    assert (triggered, len(bulk)) == ([], 1)


def test_it_speaks_hindi_to_those_who_read_hindi() -> None:
    mail = the_mail(silver(), "points_statement:2027-03", locale="hi-IN", name="आशा")
    assert mail.subject == "आशा, मार्च 2027 में आपके पॉइंट"
    assert "आपका स्तर: रजत" in mail.text


def test_each_mail_leads_to_her_own_page_for_a_while_in_its_language() -> None:
    book = silver()
    triggered, bulk = handed_over(book, "tier_reached:silver", "points_statement:2027-03", locale="hi-IN")
    for mail in triggered + bulk:
        (url,) = set(re.findall(rf"{re.escape(PAGES)}/points\?\S+", mail.text))
        query = parse_qs(urlsplit(url).query)
        link = read_points_token(KEYS, query["token"][0])
        assert (link.customer_id, link.until) == (ASHA, book.now + LINK_VALID_FOR)
        assert query["lang"] == ["hi"]
