"""Celebrating page by page, with the customers and the offers on the real engine."""

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from engagement.items import from_item
from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.plan import EngagementPlan
from occasion_house import birthdays_alone, disabled_plan, plan_with
from occasion_offers.choosing import PAGE_SIZE
from occasion_offers.mailing import OccasionMails
from occasion_offers.pages import CelebratePage
from occasion_world import KEY, TABLES, OccasionWorld
from shop_facts import days, hours

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Nine in the morning in Kolkata, where everybody lives.
NINE = datetime(2027, 3, 1, 3, 30, tzinfo=UTC)
FIRST_OF_MARCH = CelebratePage(
    campaign="birthday_offer",
    time_zone="Asia/Kolkata",
    local_date=date(2027, 3, 1),
    occasion_day=date(2027, 3, 1),
    month_day="03-01",
    shard=0,
)


class House:
    """Composes the real mails."""

    def __init__(self, client: "DynamoDBClient", make_table: Callable[[str], str]) -> None:
        self.client, self.tables = client, {name: make_table(name) for name in TABLES}
        self.under(birthdays_alone())

    def under(self, plan: EngagementPlan) -> None:
        """From now on this plan holds."""
        self.world = OccasionWorld(self.client, self.tables, plan)
        composer = MailComposer("occasion_offers", plan, (KEY,), "https://pages.example.com")
        self.world.mails = OccasionMails(composer, plan)

    def welcome(self, customer_id: str, told: str = "1990-03-01", **more: Any) -> None:
        self.world.welcome(customer_id, told, now=NINE, **more)

    def celebrate(self, page: CelebratePage = FIRST_OF_MARCH, now: datetime = NINE) -> list[int]:
        """All pages from this on, as the queue would bring them; how many orders each handed over."""
        self.world.posted.pages.append(page.model_dump_json())
        sizes = []
        while self.world.posted.pages:
            before = len(self.world.posted.mails)
            self.world.celebrate_next(now)
            sizes.append(len(self.world.posted.mails) - before)
        return sizes

    @property
    def orders(self) -> list[dict[str, Any]]:
        """What was handed over to the mail path."""
        return [json.loads(body) for body in self.world.posted.mails]

    @property
    def facts(self) -> list[dict[str, Any]]:
        return [json.loads(body) for body in self.world.posted.facts]

    def offers(self) -> list[dict[str, Any]]:
        return [from_item(item) for item in self.client.scan(TableName=self.tables["OffersTable"])["Items"]]


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, dynamodb_table)


def the_line(message: str, log: pytest.LogCaptureFixture) -> dict[str, Any]:
    """All that the log's one line with this message says."""
    (record,) = (record for record in log.records if record.getMessage() == message)
    return vars(record)


def test_exactly_the_customers_whose_day_it_is_get_one_mail_each(house: House) -> None:
    for number in range(PAGE_SIZE):
        house.welcome(f"cust-{number:03d}", "--03-01")
    house.welcome("cust-other-day", "1990-03-02")
    house.welcome("cust-other-zone", profile={"time_zone": "Asia/Kathmandu"})
    house.welcome("cust-other-occasion", "2020-03-01", occasion="joining")
    # Full to the brim, DynamoDB cannot know that nothing follows.
    assert house.celebrate() == [PAGE_SIZE, 0]
    assert [mail["customer_id"] for mail in house.orders] == [
        f"cust-{number:03d}" for number in range(PAGE_SIZE)
    ]
    assert len({offer["code"] for offer in house.offers()}) == PAGE_SIZE


def test_mail_offer_and_fact_agree_and_keep_to_the_customers_own_day(house: House) -> None:
    house.welcome("cust-asha", profile={"locale": "hi-IN"})
    house.celebrate()
    (mail,), (offer,), (fact,) = house.orders, house.offers(), house.facts
    key = "birthday_offer:cust-asha:2027"
    assert (mail["send_key"], mail["topic"], mail["locale"]) == (key, "offers", "hi-IN")
    assert mail["useful_until"] == "2027-03-01T14:30:00Z"  # eight in the evening
    assert offer["code"] in mail["html"]
    assert "15 मार्च 2027" in mail["text"]
    assert (offer["offer_key"], offer["benefit"]) == (key, {"percent": 15})
    assert offer["ends_at"] == "2027-03-15T18:30:00.000000Z"
    assert offer["remind_at"] == "2027-03-12T03:30:00.000000Z"
    assert (fact["code"], fact["offer_key"], fact["expires_at"]) == (
        offer["code"],
        key,
        "2027-03-15T18:30:00Z",
    )


def test_a_tier_has_an_offer_of_its_own(house: House) -> None:
    house.welcome("cust-gold", tier="gold")
    house.welcome("cust-silver", tier="silver")
    house.welcome("cust-unheard-of", tier="platinum")
    house.celebrate()
    assert {offer["customer_id"]: offer["benefit"]["percent"] for offer in house.offers()} == {
        "cust-gold": 25,
        "cust-silver": 20,
        "cust-unheard-of": 15,
    }


def test_those_who_are_passed_over_cost_no_offer_and_are_counted_by_their_reasons(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.welcome("cust-asha")
    house.welcome("cust-new", since=NINE - days(3))
    house.welcome("cust-newer", since=NINE - days(2))
    house.welcome("cust-quiet", topics=())
    house.welcome("cust-child", "2015-03-01")
    house.welcome("cust-erased")
    house.client.delete_item(
        TableName=house.tables["CustomersTable"], Key={"customer_id": {"S": "cust-erased"}}
    )
    house.celebrate()
    assert [offer["customer_id"] for offer in house.offers()] == ["cust-asha"]
    skipped = {
        order["customer_id"]: order["reason"] for order in house.orders if order["order"] == "SkipMail"
    }
    assert skipped == {
        "cust-new": "date_too_new",
        "cust-newer": "date_too_new",
        "cust-quiet": "no_consent",
        "cust-child": "too_young",
    }, "the mail log tells why; of an erased customer nothing is kept"
    line = the_line("passed over", caplog)
    assert line["reasons"] == {"date_too_new": 2, "no_consent": 1, "too_young": 1, "no_profile": 1}
    assert "cust-" not in str(line)


def test_a_page_reads_no_customer_whose_date_decides_already(house: House) -> None:
    for number in range(60):
        house.welcome(f"cust-{number}", since=NINE - days(3))
    calls: list[str] = []
    house.world.watch = lambda moment, call: calls.append(call) if moment == "before" else None
    house.celebrate()
    assert set(calls) == {"query", "send_message_batch"}


def test_whoever_moves_west_or_corrects_the_birthday_gets_the_same_offer_under_the_same_send_key(
    house: House,
) -> None:
    house.welcome("cust-asha")
    house.celebrate()
    house.welcome("cust-asha", profile={"time_zone": "Pacific/Honolulu"})
    honolulu = FIRST_OF_MARCH.model_copy(update={"time_zone": "Pacific/Honolulu"})
    house.celebrate(honolulu, datetime(2027, 3, 1, 19, 0, tzinfo=UTC))
    house.welcome("cust-asha", "1990-11-07")
    november = {"local_date": date(2027, 11, 7), "occasion_day": date(2027, 11, 7), "month_day": "11-07"}
    house.celebrate(FIRST_OF_MARCH.model_copy(update=november), datetime(2027, 11, 7, 3, 30, tzinfo=UTC))
    assert len(house.orders) == 3
    assert len({mail["send_key"] for mail in house.orders}) == 1
    (offer,) = house.offers()
    assert all(offer["code"] in mail["html"] for mail in house.orders)


def test_in_time_to_the_last_second_and_then_skipped_with_the_reason(house: House) -> None:
    house.welcome("cust-asha")
    house.welcome("cust-quiet", topics=())
    eight_in_the_evening = datetime(2027, 3, 1, 14, 30, tzinfo=UTC)
    house.celebrate(now=eight_in_the_evening)
    reasons = [(order["order"], order["send_key"], order["reason"]) for order in house.orders]
    assert reasons == [
        ("SkipMail", "birthday_offer:cust-quiet:2027", "no_consent"),
        ("SkipMail", "birthday_offer:cust-asha:2027", "too_late"),
    ]
    assert (house.offers(), house.facts) == ([], [])


def test_those_who_were_missed_are_counted_for_the_alarm(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        house.welcome(f"cust-{number}")
    house.celebrate(now=NINE + days(2))
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "OccasionMissed" in line]
    assert [line["OccasionMissed"] for line in counted] == [[3.0], [3.0]]
    assert counted[0]["campaign"] == "birthday_offer"


def test_each_anniversary_has_its_own_campaign(house: House) -> None:
    house.under(plan_with())
    joined = {"cust-one": "2026-03-01", "cust-seven": "2020-03-01", "cust-today": "2027-03-01"}
    for customer_id, day in joined.items():
        house.welcome(customer_id, day, occasion="joining", profile={"birthday": None})
    for campaign in ("first_anniversary_offer", "anniversary_offer"):
        house.celebrate(FIRST_OF_MARCH.model_copy(update={"campaign": campaign}), NINE + hours(1))
    assert [mail["send_key"] for mail in house.orders] == [
        "first_anniversary_offer:cust-one:2027",
        "anniversary_offer:cust-seven:2027",
    ]
    assert [
        offer["benefit"].keys() for offer in sorted(house.offers(), key=lambda each: each["campaign"])
    ] == [
        {"points"},
        {"amount"},
    ]


class FailsFor(OccasionMails):
    """No mail can be made of these customers."""

    def occasion(self, profile: Any, offer: Any, **facts: Any) -> SendMail:
        if re.search("broken", profile.customer_id):
            raise KeyError("a word that is missing")
        return super().occasion(profile, offer, **facts)


def test_one_customer_of_whom_no_mail_can_be_made_fails_alone_until_that_is_mended(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    whole = house.world.mails
    house.world.mails = FailsFor(whole.composer, house.world.plan)
    for customer_id in ("cust-a", "cust-broken", "cust-c"):
        house.welcome(customer_id)
    with pytest.raises(KeyError):
        house.celebrate()
    assert [order["customer_id"] for order in house.orders] == ["cust-a", "cust-c"]
    (own_page,) = house.world.posted.pages
    assert json.loads(own_page)["customer_id"] == "cust-broken"
    house.world.mails = whole
    house.world.celebrate_all(NINE)
    assert [order["customer_id"] for order in house.orders] == ["cust-a", "cust-c", "cust-broken"]
    line = the_line("no mail", caplog)
    assert (line["error"], line["levelname"]) == ("KeyError", "ERROR")
    assert "cust-broken" not in str(line)


def test_a_disabled_campaign_sends_nothing_and_goes_no_further(house: House) -> None:
    for number in range(3):
        house.welcome(f"cust-{number}")
    house.under(disabled_plan())
    house.celebrate()
    assert (house.orders, house.offers(), house.facts) == ([], [], [])


def test_a_page_of_a_campaign_that_left_the_plan_is_put_aside_with_a_warning(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.welcome("cust-asha")
    house.celebrate(FIRST_OF_MARCH.model_copy(update={"campaign": "wedding_day_offer"}))
    assert (house.orders, house.offers()) == ([], [])
    line = the_line("a page of a campaign that left the plan", caplog)
    assert (line["levelname"], line["campaign"]) == ("WARNING", "wedding_day_offer")


def test_a_page_keeps_to_the_day_that_was_ordered_though_the_plan_has_changed(house: House) -> None:
    """A lead that is deployed while pages lie on their queue makes no other year's or day's offers of them."""
    house.welcome("cust-asha")
    house.under(birthdays_alone(("days_before: 0", "days_before: 9")))
    house.celebrate()
    (offer,) = house.offers()
    assert (offer["offer_key"], offer["ends_at"]) == (
        "birthday_offer:cust-asha:2027",
        "2027-03-15T18:30:00.000000Z",
    )


def test_one_customers_own_page_celebrates_with_them_alone_and_only_where_they_are_by_then(
    house: House,
) -> None:
    house.welcome("cust-asha")
    house.welcome("cust-noah")
    house.welcome("cust-moved", profile={"time_zone": "Asia/Tokyo"})
    for customer_id in ("cust-asha", "cust-moved", "cust-nobody"):
        house.celebrate(FIRST_OF_MARCH.model_copy(update={"customer_id": customer_id}))
    assert [order["customer_id"] for order in house.orders] == ["cust-asha"]
