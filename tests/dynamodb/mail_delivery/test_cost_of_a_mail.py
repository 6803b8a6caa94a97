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
from engagement.mail_orders import Premise, SendMail
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
    every = (*TABLES, "CartsTable", "CartShoppersTable", "ProductsTable")
    house = House(dynamodb, {name: dynamodb_table(name) for name in every})
    house.welcome()
    # On a busy machine the engine's first answer takes so long that the turn is over, and another has to be taken.
    house.worker().pace.wait_turn(NOW, NOW + hours(1), bulk=False)
    house.forget_stops()
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
        "cart_reminder",
        a_profile(),
        send_key=SEND_KEY,
        campaign="cart_nudge",
        useful_until=NOW + hours(24),
        **SAMPLES["cart_reminder"]["usual"],
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


def a_nudges_premises(house: House) -> tuple[Premise, ...]:
    """The cart, its customer's and their address's orders, and two products."""
    tables = ["CartsTable", "CartShoppersTable", "CartShoppersTable", "ProductsTable", "ProductsTable"]
    keys = [("cart_id", "cart-9"), ("shopper", "customer:cust-asha"), ("shopper", "address:5d2c")]
    keys += [("product_id", "tea-1"), ("product_id", "tea-2")]
    return tuple(
        Premise(table=house.tables[table], key={name: value}, still={"changed_at": None})
        for table, (name, value) in zip(tables, keys, strict=True)
    )


def test_a_cart_nudge_that_is_looked_at_once_more_before_ses_is_asked(house: House) -> None:
    order = a_real_mail().model_copy(update={"premises": a_nudges_premises(house), "if_untrue": "leave"})
    with counted(house) as spent:
        house.carry_out(order, NOW)
    assert figures(house, spent) == row("sent, upon five premises")
    house.ses.accepted.clear()
    outdated = order.model_copy(
        update={"send_key": "cart_nudge:cart-8:step-1", "premises": tuple(map(fallen, order.premises))}
    )
    with counted(house) as spent:
        house.carry_out(outdated, NOW)
    assert figures(house, spent) == row("outdated")


def fallen(premise: Premise) -> Premise:
    return premise.model_copy(update={"still": {"changed_at": "2027-03-01T11:00:00Z"}})


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
    assert figures(house, spent) == row("held; a duplicate")


def test_a_mail_that_waits(house: House) -> None:
    with counted(house) as spent:
        house.carry_out(a_mail(), NOW + hours(5))  # in the night
    assert figures(house, spent) == row("held; a duplicate")
