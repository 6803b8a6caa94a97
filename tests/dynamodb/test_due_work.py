"""Work that falls due, on the real engine: one sweep wins an item, and one odd item never costs the others theirs."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from engagement.due_work import LEASE, SHARDS, DueWork, due_attributes
from engagement.errors import RetryLaterError
from engagement.items import to_item
from shop_facts import NOW, days, hours

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Outcome = Mapping[str, str] | None


@pytest.fixture
def work(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> DueWork:
    return DueWork(dynamodb, dynamodb_table("ReviewRequestsTable"), key_names=("customer_id", "record_id"))


def plan(work: DueWork, *names: str, due_at: datetime = NOW) -> None:
    for name in names:
        item = {"customer_id": name, "record_id": "customer", **due_attributes(name, due_at)}
        work.client.put_item(TableName=work.table, Item=to_item(item))


def due(work: DueWork, now: datetime = NOW) -> list[str]:
    return [item["customer_id"] for item in work.due(now, 100)]


class Act:
    """Answers or raises for some items, and does the work on the others."""

    def __init__(self, **special: Exception | Outcome) -> None:
        self._special = special
        self.done: list[str] = []

    def __call__(self, item: dict[str, Any]) -> Outcome:
        name = item["customer_id"]
        if name not in self._special:
            self.done.append(name)
            return {"done_at": "now"}
        answer = self._special[name]
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_of_twenty_sweeps_at_once_one_claims_the_item(work: DueWork) -> None:
    plan(work, "one")
    (seen,) = work.due(NOW, 10)
    with ThreadPoolExecutor(20) as pool:
        claims = list(pool.map(lambda _: work.claim(seen, NOW), range(20)))
    assert sum(claim is not None for claim in claims) == 1


def test_a_claim_whose_sweep_died_falls_due_again_after_its_lease(work: DueWork) -> None:
    plan(work, "one")
    (seen,) = work.due(NOW, 10)
    work.claim(seen, NOW)
    assert due(work) == []
    assert due(work, NOW + LEASE) == ["one"]


def test_what_falls_due_anew_during_a_sweep_is_not_lost(work: DueWork) -> None:
    plan(work, "one")
    (seen,) = work.due(NOW, 10)
    claimed = work.claim(seen, NOW)
    assert claimed is not None
    plan(work, "one", due_at=NOW + hours(2))
    work.settle(claimed, done_at="now")
    assert due(work, NOW + hours(2)) == ["one"]


def test_a_sweep_reads_only_what_is_due_and_no_more_than_it_takes(work: DueWork) -> None:
    plan(work, *(f"due-{number}" for number in range(30)))
    plan(work, *(f"later-{number}" for number in range(30)), due_at=NOW + hours(1))
    assert sorted(due(work)) == sorted(f"due-{number}" for number in range(30))
    assert len(list(work.due(NOW, SHARDS))) <= SHARDS


def test_what_can_never_be_done_is_settled_as_failed_and_the_others_are_done(work: DueWork) -> None:
    plan(work, "one", "odd", "two")
    act = Act(odd=ValueError("no mail can be made of this"))
    assert work.sweep(NOW, 100, act) == 2
    assert sorted(act.done) == ["one", "two"]
    assert due(work, NOW + days(9)) == []


def test_what_fails_for_a_while_falls_due_again_and_the_others_are_done(work: DueWork) -> None:
    plan(work, "one", "unlucky", "two")
    act = Act(unlucky=ConnectionError())
    with pytest.raises(RetryLaterError, match="1 pieces of due work"):
        work.sweep(NOW, 100, act)
    assert sorted(act.done) == ["one", "two"]
    assert due(work, NOW + LEASE) == ["unlucky"]


def test_what_cannot_be_done_yet_falls_due_again(work: DueWork) -> None:
    plan(work, "early")
    assert work.sweep(NOW, 100, Act(early=None)) == 0
    assert work.sweep(NOW + LEASE, 100, Act()) == 1


def test_where_there_is_nothing_to_do_it_is_settled(work: DueWork) -> None:
    plan(work, "idle")
    assert work.sweep(NOW, 100, Act(idle={})) == 0
    assert due(work, NOW + days(9)) == []


def test_under_load_every_shard_gets_its_share(work: DueWork) -> None:
    plan(work, *(f"order-{number}" for number in range(60)))
    shards = [item["due_shard"] for item in work.due(NOW, SHARDS * 3)]
    assert {shard: shards.count(shard) for shard in set(shards)} == {f"shard-{n}": 3 for n in range(SHARDS)}
