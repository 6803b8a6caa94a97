"""Counting on the real engine: killed anywhere, everybody at once, and losing races."""

import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from conflicting_client import Conflicting
from engagement.errors import RetryLaterError
from feedback_house import Office
from mail_facts import SEND_KEY
from mail_feedback.table import SHARDS
from mail_house import Kill, Trouble, Troubled, broken, throttled, unanswered
from ses_facts import bounce, clicked, complaint, delivery, opened, sent
from shop_facts import NOW

COUNTING = {"get_item", "transact_write_items"}
TROUBLE = [
    *((delivery(), error, COUNTING) for error in (Kill, throttled, broken, unanswered)),
    (complaint(), Kill, {"update_item", *COUNTING, "batch_get_item", "query"}),
    (bounce("Transient", "MailboxFull"), Kill, {"update_item", *COUNTING}),
]


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize(("body", "error", "calls"), TROUBLE)
def test_trouble_at_any_call_and_then_the_same_message_again_counts_once(
    office: Office, body: str, error: Any, calls: set[str], moment: Any
) -> None:
    met = set()
    for at in range(1, 10):
        campaign = f"campaign_{at}"
        office.claim(campaign=campaign)
        trouble = Trouble(at=at, moment=moment, error=error)
        office.client = Troubled(office.dynamodb, trouble)
        with suppress(Exception, Kill):
            office.tell(body)
        met |= set(trouble.calls[at - 1 : at])
        office.client = None
        office.tell(body)
        assert set(office.counted(campaign).values()) == {1}, f"call {at}: {trouble.calls}"
        office.dynamodb.delete_item(
            TableName=office.tables["MailLogTable"], Key={"send_key": {"S": SEND_KEY}}
        )
    assert met == calls


def test_eight_functions_at_once_told_everything_twice_count_every_fact_of_every_mail_once(
    office: Office,
) -> None:
    office.shards = SHARDS
    keys = [f"cart_nudge:cart-{number}:step-1" for number in range(30)]
    office.claim(*keys)
    told = [tell(send_key=key) for key in keys for tell in (sent, delivery, opened, clicked)] * 2
    random.Random(7).shuffle(told)

    def work(share: list[str]) -> None:
        worker = office.worker()
        left = share
        while left:  # what gives up comes back, as from the queue
            again = []
            for body in left:
                try:
                    office.tell(body, by=worker)
                except RetryLaterError:
                    again.append(body)
            left = again

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(work, told[number::8]) for number in range(8)]:
            future.result()
    assert office.counted() == dict.fromkeys(("sent", "delivered", "opened", "clicked"), 30)
    assert {office.status(key) for key in keys} == {"delivered"}


def test_a_lost_race_for_a_counter_is_run_again_on_another_shard(office: Office) -> None:
    office.claim()
    conflicting = Conflicting(office.dynamodb, conflicts=0)
    office.client = conflicting.client
    waited: list[float] = []
    worker = office.worker(waited.append)
    office.tell(sent(), by=worker)
    conflicting.left = 1
    office.tell(delivery(), by=worker)
    assert len(waited) == 1
    assert office.counted() == {"sent": 1, "delivered": 1}
    shards = office.dynamodb.scan(TableName=office.tables["MailCountersTable"])["Items"]
    assert len({item["campaign_shard"]["S"] for item in shards}) == 2


def test_a_function_that_loses_race_after_race_goes_on_trying_and_counts_once(office: Office) -> None:
    office.claim()
    office.client = Conflicting(office.dynamodb, conflicts=4).client
    waited: list[float] = []
    office.tell(delivery(), by=office.worker(waited.append))
    assert len(waited) == 4
    assert office.counted() == {"sent": 1, "delivered": 1}


@pytest.mark.parametrize(("conflicts", "code"), [(100, "TransactionConflict"), (1, "ThrottlingError")])
def test_who_cannot_count_leaves_the_message_to_the_queue(office: Office, conflicts: int, code: str) -> None:
    office.claim()
    office.client = Conflicting(office.dynamodb, conflicts=conflicts, code=code).client
    with pytest.raises(RetryLaterError):
        office.tell(delivery())
    assert office.counted() == {}
    assert office.status() == "sending"


def test_one_function_stays_with_one_shard_while_nobody_is_in_its_way(office: Office) -> None:
    worker = office.worker()
    for number in range(10):
        key = f"cart_nudge:cart-{number}:step-1"
        office.claim(key)
        office.tell(delivery(send_key=key), by=worker)
    shards = office.dynamodb.scan(TableName=office.tables["MailCountersTable"])["Items"]
    assert [item["sent"] for item in shards] == [{"N": "10"}]
    assert int(shards[0]["expires_at"]["N"]) > NOW.timestamp()
