"""What a mail costs in calls and capacity, counted on the real engine; the README's table says the same."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from cart_nudges.mails.samples import SAMPLES
from engagement.mail_composer import MailComposer
from engagement.mail_orders import SendMail
from engagement.plan import engagement_plan
from mail_facts import SEND_KEY, a_mail
from mail_house import TABLES, House
from rishta_cli.project import ROOT
from ses_facts import delivery, sent
from shop_facts import NOW, a_profile, hours

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ROOM_README = ROOT / "functions/mail_delivery/README.md"
# A transaction prepares and commits each of its items: two units for one of up to 1 KB, as all of ours here are.
# Counted by this rule: versions of the local engine differ in what they report.
_IN_A_TRANSACTION = 2


@pytest.fixture
def house(dynamodb: "DynamoDBClient", dynamodb_table: Callable[[str], str]) -> House:
    house = House(dynamodb, {name: dynamodb_table(name) for name in TABLES})
    house.welcome()
    return house


@contextmanager
def counted(house: House) -> Iterator[Counter[str]]:
    """Calls, and the units that the engine says they took."""
    spent: Counter[str] = Counter()
    events = house.dynamodb.meta.events

    def ask(params: dict[str, Any], model: Any, **_: Any) -> None:
        if "ReturnConsumedCapacity" in model.input_shape.members:
            params["ReturnConsumedCapacity"] = "TOTAL"
        # An item of up to 4 KB is one unit, read consistently, and so is one that is not there.
        keys = [key for table in params.get("RequestItems", {}).values() for key in table["Keys"]]
        spent["writes"] += _IN_A_TRANSACTION * len(params.get("TransactItems", ()))
        spent["reads"] += len(keys) or (model.name == "GetItem")

    def note(parsed: dict[str, Any], model: Any, **_: Any) -> None:
        spent["calls"] += 1
        if "Get" in model.name:
            return
        told = parsed.get("ConsumedCapacity", [])
        units = sum(each["CapacityUnits"] for each in (told if isinstance(told, list) else [told]))
        if model.name != "TransactWriteItems":
            spent["writes"] += math.ceil(units)

    events.register("provide-client-params.dynamodb", ask)
    events.register("after-call.dynamodb", note)
    yield spent
    events.unregister("provide-client-params.dynamodb", ask)
    events.unregister("after-call.dynamodb", note)


def a_real_mail() -> SendMail:
    composer = MailComposer("cart_nudges", engagement_plan(), (b"k" * 32,), "https://pages.example.com")
    return composer.compose(
        "cart_nudge",
        a_profile(),
        send_key=SEND_KEY,
        campaign="cart_nudge",
        useful_until=NOW + hours(24),
        **SAMPLES["cart_nudge"]["usual"],
    )


def row(what: str) -> tuple[int, ...]:
    """A row of the table in the room's README: calls of DynamoDB, reads, writes, calls of SES."""
    found = re.search(
        rf"^\| {re.escape(what)} \|(.+)\|$", ROOM_README.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert found, f"the README has no row {what!r}"
    return tuple(int(cell) for cell in found[1].split("|"))


def figures(house: House, spent: Counter[str]) -> tuple[int, ...]:
    return spent["calls"], spent["reads"], spent["writes"], len(house.ses.accepted)


def test_a_marketing_mail_that_is_delivered(house: House) -> None:
    with counted(house) as sending:
        house.carry_out(a_real_mail(), NOW)
    assert figures(house, sending) == row("sent, marketing")
    with counted(house) as telling:
        house.tell(sent())
        house.tell(delivery())
    assert (telling["calls"], telling["reads"], telling["writes"], 0) == row("SES's Send and Delivery of it")


def test_a_transactional_mail(house: House) -> None:
    order = a_real_mail().model_copy(update={"kind": "transactional"})
    with counted(house) as spent:
        house.carry_out(order, NOW)
    assert figures(house, spent) == row("sent, transactional")


def test_a_mail_that_is_skipped(house: House) -> None:
    with counted(house) as spent:
        house.carry_out(a_mail(topic="offers"), NOW)
    assert figures(house, spent) == row("skipped")


def test_a_duplicate(house: House) -> None:
    house.carry_out(a_real_mail(), NOW)
    house.ses.accepted.clear()
    with counted(house) as spent:
        house.carry_out(a_real_mail(), NOW)
    assert figures(house, spent) == row("a duplicate")


def test_a_mail_that_waits(house: House) -> None:
    with counted(house) as spent:
        house.carry_out(a_mail(), NOW + hours(5))  # in the night
    assert figures(house, spent) == row("held")
