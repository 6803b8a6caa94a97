"""The customers' table on the real engine: the newest told wins, in every order of arrival."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations, product
from typing import TYPE_CHECKING, Any

import pytest

from customer_profiles.keeping import ProfileKeeping
from customer_profiles.table import Customers
from engagement.clock import to_text
from engagement.events.customers import CustomerErased, CustomerRegistered, CustomerUpdated
from engagement.items import from_item
from engagement.plan import engagement_plan
from engagement.profiles import Profiles
from shop_facts import NOW, a_profile, erased, profile_updated, registered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SECOND = timedelta(seconds=1)
Fact = CustomerRegistered | CustomerUpdated | CustomerErased


class House:
    """What is told, and what can be read of it."""

    def __init__(self, client: "DynamoDBClient", make_table: Callable[[str], str]) -> None:
        self.client = client
        self.table = make_table("CustomersTable")
        self.profiles = Profiles(client, self.table)
        self.customers = Customers(client, self.table, b"k" * 32)
        self._keeping = ProfileKeeping(self.customers, engagement_plan().shop)

    def tell(self, *facts: Fact) -> None:
        for fact in facts:
            self._keeping.apply(fact)

    def item(self, customer_id: str = "cust-asha") -> dict[str, Any]:
        answer = self.client.get_item(TableName=self.table, Key={"customer_id": {"S": customer_id}})
        return from_item(answer["Item"])


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, dynamodb_table)


def test_a_registered_customer_can_be_read_as_they_were_told(house: House) -> None:
    house.tell(registered(birthday="1991-03-02", dates={"wedding_day": "2014-11-23"}))
    dates = {"wedding_day": "2014-11-23"}
    assert house.profiles.get("cust-asha") == a_profile(birthday="1991-03-02", dates=dates)


def test_an_older_update_told_late_changes_nothing(house: House) -> None:
    house.tell(
        profile_updated(name="Asha Iyer", occurred_at=NOW), registered(name="A.", occurred_at=NOW - SECOND)
    )
    assert house.item()["name"] == "Asha Iyer"


def test_the_dates_of_the_newest_fact_are_all_that_is_kept(house: House) -> None:
    house.tell(registered(dates={"wedding_day": "2014-11-23", "name_day": "--06-13"}))
    house.tell(profile_updated(dates={"name_day": "--06-14"}, occurred_at=NOW + SECOND))
    assert house.item()["dates"] == {"name_day": "--06-14"}


def test_dates_that_a_newer_profile_lacks_are_gone_and_so_is_their_attribute(house: House) -> None:
    house.tell(registered(birthday="1991-03-02", dates={"name_day": "--06-13"}))
    house.tell(profile_updated(occurred_at=NOW + SECOND))
    assert not {"birthday", "dates"} & house.item().keys()
    assert house.profiles.get("cust-asha") == a_profile()


def test_dates_that_are_all_refused_leave_no_attribute_either(house: House) -> None:
    house.tell(registered(birthday="1900-01-01", dates={"name_day": "1970-01-01"}))
    assert not {"birthday", "dates"} & house.item().keys()


def test_an_erased_customer_leaves_nothing_personal(house: House) -> None:
    dates = {"wedding_day": "2014-11-23"}
    house.tell(registered(birthday="1991-03-02", dates=dates), erased(occurred_at=NOW + SECOND))
    assert house.item() == {"customer_id": "cust-asha", "erased_at": to_text(NOW + SECOND)}
    assert house.profiles.get("cust-asha") is None


def test_what_was_told_before_the_erasure_brings_nobody_back(house: House) -> None:
    house.tell(
        erased(occurred_at=NOW), registered(occurred_at=NOW - SECOND), profile_updated(occurred_at=NOW)
    )
    assert house.profiles.get("cust-asha") is None


def test_a_new_account_after_the_erasure_is_a_customer_again(house: House) -> None:
    house.tell(erased(occurred_at=NOW), registered(occurred_at=NOW + SECOND))
    assert house.profiles.get("cust-asha") is not None
    assert house.item()["registered_at"] == to_text(NOW + SECOND)
    assert "erased_at" not in house.item()


def test_no_update_brings_an_erased_customer_back_however_late_it_is_told(house: House) -> None:
    house.tell(registered(), erased(occurred_at=NOW + SECOND), profile_updated(occurred_at=NOW + 9 * SECOND))
    assert house.item() == {"customer_id": "cust-asha", "erased_at": to_text(NOW + SECOND)}


def test_an_erasure_takes_what_was_told_after_it_without_a_new_registration(house: House) -> None:
    house.tell(registered(), profile_updated(occurred_at=NOW + 9 * SECOND), erased(occurred_at=NOW + SECOND))
    assert house.profiles.get("cust-asha") is None


def test_an_erasure_told_late_spares_the_account_that_was_opened_since(house: House) -> None:
    house.tell(
        registered(occurred_at=NOW + 2 * SECOND),
        profile_updated(name="Asha Iyer", occurred_at=NOW + 3 * SECOND),
        erased(occurred_at=NOW),
    )
    assert house.item()["name"] == "Asha Iyer"


def test_an_erasure_older_than_a_registration_that_came_after_its_update_spares_the_customer(
    house: House,
) -> None:
    house.tell(
        profile_updated(name="Asha Iyer", occurred_at=NOW + 3 * SECOND),
        registered(name="Asha", occurred_at=NOW + 2 * SECOND),
        erased(occurred_at=NOW + SECOND),
    )
    assert house.item()["name"] == "Asha Iyer"


def test_of_two_erasures_the_newer_one_is_remembered(house: House) -> None:
    house.tell(erased(occurred_at=NOW + 2 * SECOND), erased(), registered(occurred_at=NOW + SECOND))
    assert house.item() == {"customer_id": "cust-asha", "erased_at": to_text(NOW + 2 * SECOND)}


def test_the_instant_of_the_newest_fact_can_be_read_beside_the_profile(house: House) -> None:
    assert house.profiles.told("cust-asha") is None
    house.tell(registered(), profile_updated(occurred_at=NOW + SECOND))
    told = house.profiles.told("cust-asha")
    assert told is not None
    assert told.told_at == NOW + SECOND
    assert told.profile == house.profiles.get("cust-asha")
    house.tell(erased(occurred_at=NOW + 2 * SECOND))
    assert house.profiles.told("cust-asha") is None


def test_all_orders_of_arrival_end_alike_even_within_one_instant(
    dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]
) -> None:
    house = House(dynamodb, dynamodb_table)
    for number, instants in enumerate(product(range(3), repeat=3)):
        outcomes = []
        for turn, order in enumerate(permutations(range(3))):
            customer_id = f"cust-{number}-{turn}"
            moments = [NOW + instant * SECOND for instant in instants]
            facts = (
                registered(customer_id, name="Asha", email="asha@example.com", occurred_at=moments[0]),
                profile_updated(
                    customer_id, name="Asha Iyer", email="asha@example.com", occurred_at=moments[1]
                ),
                erased(customer_id, occurred_at=moments[2]),
            )
            house.tell(*(facts[position] for position in order), *(facts[position] for position in order))
            outcomes.append({**house.item(customer_id), "customer_id": "anyone"})
        assert all(outcome == outcomes[0] for outcome in outcomes), instants


def test_within_one_instant_an_update_wins_over_the_registration_and_the_erasure_over_both(
    house: House,
) -> None:
    house.tell(profile_updated(name="Asha Iyer"), registered(name="Asha"))
    assert house.item()["name"] == "Asha Iyer"
    house.tell(erased(), profile_updated(name="Asha Iyer"), registered(name="Asha"))
    assert "erased_at" in house.item()


def test_of_many_told_at_once_the_newest_is_kept(house: House) -> None:
    facts = [
        profile_updated(name=f"Asha {number}", occurred_at=NOW + number * SECOND) for number in range(40)
    ]
    shuffled = [facts[(position * 17) % 40] for position in range(40)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(house.tell, shuffled))
    assert house.item()["name"] == "Asha 39"


def test_a_write_says_whether_it_was_news(house: House) -> None:
    assert house.customers.erase("cust-asha", NOW) is True
    assert house.customers.erase("cust-asha", NOW + SECOND) is True
    assert house.customers.erase("cust-asha", NOW) is False


def test_told_at_once_an_older_erasure_spares_a_newer_account(house: House) -> None:
    for number in range(10):
        customer = f"cust-{number}"
        facts = [
            profile_updated(customer, name="Asha Iyer", occurred_at=NOW + 3 * SECOND),
            registered(customer, occurred_at=NOW + 2 * SECOND),
            erased(customer, occurred_at=NOW + SECOND),
        ]
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(house.tell, facts))
        assert house.profiles.get(customer) is not None
