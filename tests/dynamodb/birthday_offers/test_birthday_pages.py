"""Celebrating page by page, with the customers and the offers on the real engine."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from birthday_house import ProcessDiedError, RememberingQueue, birthday_settings, disabled_plan
from birthday_offers.celebrating import PAGE_SIZE, Celebration
from birthday_offers.pages import CelebratePage
from engagement.items import from_item, to_item
from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.offers import Offers
from engagement.plan import EngagementPlan, engagement_plan
from engagement.profiles import Profiles, profile_attributes
from shop_facts import NOW, a_profile

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY = b"a key of the tests, 32 bytes long"
FIRST_OF_MARCH = CelebratePage(time_zone="Asia/Kolkata", local_date=date(2027, 3, 1), month_days=("03-01",))


class House:
    def __init__(self, client: "DynamoDBClient", make_table: Callable[[str], str]) -> None:
        self.client = client
        self.customers_table = make_table("CustomersTable")
        self.offers_table = make_table("OffersTable")
        self.mails = RememberingQueue(SendMail)
        self.pages = RememberingQueue(CelebratePage)
        self.celebration = self.celebration_under(engagement_plan())

    def celebration_under(self, plan: EngagementPlan) -> Celebration:
        return Celebration(
            profiles=Profiles(self.client, self.customers_table),
            offers=Offers(self.client, self.offers_table, KEY),
            composer=MailComposer("birthday_offers", plan, (KEY,), "https://pages.example.com"),
            mail_queue=self.mails,
            pages_queue=self.pages,
            plan=plan,
            settings=birthday_settings(),
        )

    def welcome(self, customer_id: str, birthday: str, **more: Any) -> None:
        item = profile_attributes(a_profile(customer_id, birthday=birthday, **more))
        self.client.put_item(TableName=self.customers_table, Item=to_item(item))

    def celebrate_all(self, first: CelebratePage) -> list[int]:
        """All pages from the first on, as the queue would bring them; how many mails each handed over."""
        self.pages.put([first])
        sizes = []
        while pages := self.pages.take_all():
            (page,) = pages
            before = len(self.mails.messages)
            self.celebration.celebrate(page, NOW)
            sizes.append(len(self.mails.messages) - before)
        return sizes

    def offers(self) -> list[dict[str, Any]]:
        return [from_item(item) for item in self.client.scan(TableName=self.offers_table)["Items"]]


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, dynamodb_table)


def test_a_page_holds_exactly_so_many_customers_and_knows_where_the_next_begins(house: House) -> None:
    for number in range(7):
        house.welcome(f"cust-{number}", "1990-03-01")
    profiles = house.celebration.profiles
    page = profiles.born_on("03-01", "Asia/Kolkata", limit=3)
    assert [profile.customer_id for profile in page.profiles] == ["cust-0", "cust-1", "cust-2"]
    assert page.cursor == "cust-2"
    page = profiles.born_on("03-01", "Asia/Kolkata", limit=4, cursor=page.cursor)
    assert [profile.customer_id for profile in page.profiles] == ["cust-3", "cust-4", "cust-5", "cust-6"]
    # Full to the brim, DynamoDB cannot know that nothing follows.
    assert page.cursor == "cust-6"
    assert profiles.born_on("03-01", "Asia/Kolkata", limit=4, cursor=page.cursor).profiles == ()


def test_exactly_the_customers_whose_day_it_is_get_one_mail_each(house: House) -> None:
    for number in range(2 * PAGE_SIZE):
        house.welcome(f"cust-{number:03d}", "--03-01")
    house.welcome("cust-other-day", "1990-03-02")
    house.welcome("cust-other-zone", "1990-03-01", time_zone="Asia/Kathmandu")
    assert house.celebrate_all(FIRST_OF_MARCH) == [PAGE_SIZE, PAGE_SIZE, 0]
    mailed = [mail.customer_id for mail in house.mails.messages]
    assert mailed == [f"cust-{number:03d}" for number in range(2 * PAGE_SIZE)]
    assert len({offer["code"] for offer in house.offers()}) == 2 * PAGE_SIZE


def test_the_mail_and_the_offer_keep_to_the_customers_own_day(house: House) -> None:
    house.welcome("cust-asha", "1990-03-01", locale="hi-IN")
    house.celebrate_all(FIRST_OF_MARCH)
    (mail,), (offer,) = house.mails.messages, house.offers()
    assert (mail.send_key, mail.topic, mail.locale) == ("birthday_offer:cust-asha:2027", "offers", "hi-IN")
    assert mail.useful_until == datetime(2027, 3, 1, 14, 30, tzinfo=UTC)
    assert offer["code"] in mail.html
    assert (offer["offer_key"], offer["value"]) == ("birthday_offer:cust-asha:2027", 15)
    assert offer["expires_at"] == "2027-03-15T18:30:00.000000Z"
    assert "15 मार्च 2027" in mail.text


def test_in_a_common_year_those_of_the_leap_day_are_celebrated_on_the_28th_too(house: House) -> None:
    house.welcome("cust-28", "1990-02-28")
    house.welcome("cust-29", "--02-29")
    page = CelebratePage(
        time_zone="Asia/Kolkata", local_date=date(2027, 2, 28), month_days=("02-28", "02-29"), cursor=None
    )
    assert house.celebrate_all(page) == [1, 1]
    assert [mail.customer_id for mail in house.mails.messages] == ["cust-28", "cust-29"]


@pytest.mark.parametrize("mails_before_death", [0, 1, 9])
def test_a_page_that_was_killed_anywhere_and_comes_again_makes_the_same_offers_and_mails(
    house: House, mails_before_death: int
) -> None:
    for number in range(9):
        house.welcome(f"cust-{number}", "1990-03-01")
    house.welcome("cust-leap", "2000-02-29")
    page = FIRST_OF_MARCH.model_copy(update={"month_days": ("03-01", "02-29")})
    if mails_before_death == 9:
        house.pages.dies_after = 0
    else:
        house.mails.dies_after = mails_before_death
    with pytest.raises(ProcessDiedError):
        house.celebration.celebrate(page, NOW)
    first = {mail.send_key: mail.html for mail in house.mails.take_all()}
    house.pages.dies_after = house.mails.dies_after = None
    house.pages.take_all()  # the next page, if it was ordered, comes too; here the whole order comes again
    assert house.celebrate_all(page) == [9, 1]
    again = {mail.send_key: mail.html for mail in house.mails.messages}
    assert first.items() <= again.items()
    assert len(again) == len(house.offers()) == 10


def test_a_customer_who_moves_west_gets_the_same_offer_under_the_same_send_key(house: House) -> None:
    house.welcome("cust-asha", "1990-03-01", time_zone="Pacific/Kiritimati")
    house.celebrate_all(FIRST_OF_MARCH.model_copy(update={"time_zone": "Pacific/Kiritimati"}))
    house.welcome("cust-asha", "1990-03-01", time_zone="Pacific/Honolulu")
    house.celebrate_all(FIRST_OF_MARCH.model_copy(update={"time_zone": "Pacific/Honolulu"}))
    assert len({mail.send_key for mail in house.mails.messages}) == 1
    (offer,) = house.offers()
    assert all(offer["code"] in mail.html for mail in house.mails.messages)


def test_a_corrected_birthday_is_no_second_one_in_the_year(house: House) -> None:
    house.welcome("cust-asha", "1990-03-01")
    house.celebrate_all(FIRST_OF_MARCH)
    house.welcome("cust-asha", "1990-11-07")
    november = FIRST_OF_MARCH.model_copy(update={"local_date": date(2027, 11, 7), "month_days": ("11-07",)})
    house.celebrate_all(november)
    assert len({mail.send_key for mail in house.mails.messages}) == 1
    assert len(house.offers()) == 1


def test_an_erased_customer_is_not_found(house: House) -> None:
    house.welcome("cust-asha", "1990-03-01")
    tombstone = to_item({"customer_id": "cust-asha", "erased_at": "2027-03-01T00:00:00.000000Z"})
    house.client.put_item(TableName=house.customers_table, Item=tombstone)
    assert house.celebrate_all(FIRST_OF_MARCH) == [0]


def test_a_disabled_campaign_sends_nothing_and_goes_no_further(house: House) -> None:
    for number in range(PAGE_SIZE):
        house.welcome(f"cust-{number}", "1990-03-01")
    house.celebration_under(disabled_plan()).celebrate(FIRST_OF_MARCH, NOW)
    assert (house.mails.messages, house.pages.messages, house.offers()) == ([], [], [])
