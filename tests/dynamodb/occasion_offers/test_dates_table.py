"""The table of dates on the real engine: all or nothing, the newest wins, and an erasure leaves nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from conflicting_client import Conflicting
from date_house import NOTHING_KNOWN, House, Watched, known_after, tier_changed
from engagement.errors import RetryLaterError
from occasion_offers.date_rules import DateFact
from shop_facts import NOW, days, erased, profile_updated, registered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

WITH_ALL: dict[str, Any] = {"birthday": "1991-03-02", "dates": {"wedding_day": "--12-11"}}


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    return House(dynamodb, dynamodb_table)


def test_what_was_kept_is_known_again(house: House) -> None:
    assert house.dates.known("cust-asha") == NOTHING_KNOWN
    facts = (tier_changed(), registered(**WITH_ALL), profile_updated(birthday="1970-01-01"))
    for number in range(len(facts)):
        house.tell(facts[number])
        assert house.dates.known("cust-asha") == known_after(*facts[: number + 1])


def test_a_change_writes_only_the_rows_that_it_changes(house: House) -> None:
    writes: list[str] = []

    def note(when: str, operation: str, request: dict[str, Any]) -> None:
        puts = [{"Put": request}] if operation == "put_item" else request.get("TransactItems", [])
        for kind, write in (pair for each in puts if when == "before" for pair in each.items()):
            writes.append(f"{kind} {write.get('Item', write.get('Key', {}))['occasion']['S']}")

    def written(fact: DateFact) -> list[str]:
        writes.clear()
        house.tell(fact, client=Watched(house.client, note))
        return sorted(writes)

    assert written(registered(**WITH_ALL)) == ["Put #told", "Put birthday", "Put joining", "Put wedding_day"]
    assert written(registered(**WITH_ALL)) == []
    assert written(profile_updated(**WITH_ALL, name="Asha Iyer", occurred_at=NOW + days(1))) == ["Put #told"]
    assert written(profile_updated(birthday="1992-03-02", occurred_at=NOW + days(2))) == [
        "Delete wedding_day",
        "Put #told",
        "Put birthday",
    ]
    assert written(tier_changed()) == ["Put #told", "Put birthday", "Put joining"]
    assert written(erased(occurred_at=NOW + days(3))) == ["Delete birthday", "Delete joining", "Put #told"]


def test_an_erasure_leaves_a_tombstone_and_nothing_else(house: House) -> None:
    house.tell(registered(**WITH_ALL), tier_changed(), erased(occurred_at=NOW + days(1)))
    assert house.items() == {
        "#told": {
            "customer_id": "cust-asha",
            "occasion": "#told",
            "version": 3,
            "erased_at": "2027-03-02T12:00:00.000000Z",
        }
    }


class ProcessDiedError(BaseException):
    """A BaseException: no code of ours can handle the end of its own process."""


def killed_at(house: House, fact: DateFact, moment: str, nth: int) -> bool:
    """Tell a fact by a process that dies before or after its nth call; whether it came that far."""
    calls: list[str] = []

    def kill(when: str, operation: str, request: dict[str, Any]) -> None:
        calls.extend([operation] if when == moment else [])
        if when == moment and len(calls) == nth:
            raise ProcessDiedError

    try:
        house.tell(fact, client=Watched(house.client, kill))
    except ProcessDiedError:
        return True
    return False


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_any_call_all_is_kept_or_nothing_and_the_fact_that_comes_again_mends_it(
    house: House, moment: str
) -> None:
    facts: list[DateFact] = [
        registered(**WITH_ALL),
        profile_updated(birthday="1991-03-03", occurred_at=NOW + days(1)),
        erased(occurred_at=NOW + days(2)),
    ]
    for told in range(3):
        before, after = known_after(*facts[:told]), known_after(*facts[: told + 1])
        died = 0
        while killed_at(house, facts[told], moment, nth=died + 1):
            died += 1
            known = house.dates.known("cust-asha")
            assert known in (before, after)
            assert house.items().keys() - {"#told"} == known.dates.keys()
        assert died >= 1
        assert house.dates.known("cust-asha") == after


def test_of_many_told_at_once_the_newest_is_kept_and_its_rows_alone(house: House) -> None:
    facts = [
        profile_updated(birthday=f"1991-03-{number:02}", occurred_at=NOW + days(number))
        for number in range(1, 21)
    ]

    def tell_until_taken(fact: DateFact) -> None:
        while True:
            try:
                return house.tell(fact)
            except RetryLaterError:  # the queue delivers it again
                continue

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(tell_until_taken, [facts[number * 7 % 20] for number in range(20)]))
    assert house.dates.known("cust-asha").dates["birthday"].date == "1991-03-20"
    assert [house.born_on(f"03-{number:02}") for number in range(1, 21)] == [[]] * 19 + [["cust-asha"]]


@pytest.mark.parametrize("facts", [(), (registered(),)])
def test_who_read_before_somebody_else_wrote_keeps_nothing(house: House, facts: tuple[DateFact, ...]) -> None:
    house.tell(*facts)
    before = house.dates.known("cust-asha")
    house.tell(profile_updated(birthday="1991-03-02", occurred_at=NOW + days(1)))
    for fact in (profile_updated(occurred_at=NOW + days(2)), erased(occurred_at=NOW + days(2))):
        assert house.dates.keep(before, known_after(fact, before=before), shards=4) is False
    assert house.dates.known("cust-asha").dates["birthday"].date == "1991-03-02"


def test_a_transaction_that_meets_another_is_tried_again_and_a_throttled_one_left_to_the_queue(
    house: House,
) -> None:
    house.tell(registered(), client=Conflicting(house.client, conflicts=3).client)
    assert house.items().keys() == {"#told", "joining"}
    throttled = Conflicting(house.client, conflicts=1, code="ThrottlingError").client
    with pytest.raises(RetryLaterError, match="ThrottlingError"):
        house.tell(erased(occurred_at=NOW + days(1)), client=throttled)
    assert house.items().keys() == {"#told", "joining"}


def test_who_sees_half_of_anothers_transaction_is_not_misled(house: House) -> None:
    """A query may see the head of a transaction, and not yet its rows: what is known is the head."""
    house.tell(registered(**WITH_ALL))
    house.client.delete_item(
        TableName=house.table, Key={"customer_id": {"S": "cust-asha"}, "occasion": {"S": "birthday"}}
    )
    known = house.dates.known("cust-asha")
    assert known == known_after(registered(**WITH_ALL))
