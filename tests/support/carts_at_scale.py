"""What cart updates and sweeps cost, with every request and unit that the engine reports counted."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any, cast
from zlib import crc32

from cart_nudges.campaign import CartNudgeSettings
from cart_nudges.carts.carts_table import Carts
from cart_nudges.carts.shoppers_table import Shoppers
from cart_nudges.carts.timers import SHARDS, CartTimers, Timer
from cart_nudges.carts.tracking import CartTracking
from cart_nudges.steps.outcomes import over, waiting
from cart_nudges.steps.step_rules import LookLater, TakeStep, deed
from cart_nudges.steps.sweeping import CartSweep
from cart_nudges.steps.wiring import Tables, cart_sweep
from day_of_occasions import Counting, client_of
from engagement.bus import Bus
from engagement.clock import to_text
from engagement.items import to_item
from engagement.plan import engagement_plan
from engagement.profiles import Profiles, profile_attributes
from engagement.queues import MessageQueue
from engine_meter import Meter
from shop_facts import a_line, a_profile, cart_updated

KEY = b"a key of the benchmark, 32 bytes and more"
PLAN = engagement_plan()
SETTINGS = PLAN.settings(CartNudgeSettings)
BEGIN = datetime(2027, 3, 1, 6, 30, tzinfo=UTC)
# What a customer does with a cart: so many updates, so long apart.
UPDATES, APART = 10, timedelta(minutes=3)
TABLES = (
    *("CartsTable", "CartTimersTable", "CartShoppersTable", "ProductsTable", "OffersTable"),
    *("CustomersTable", "ContactsTable", "MailLogTable"),
)
_NAMES = {
    "carts_table": "CartsTable",
    "cart_shoppers_table": "CartShoppersTable",
    "cart_timers_table": "CartTimersTable",
    "contacts_table": "ContactsTable",
    "customers_table": "CustomersTable",
    "mail_log_table": "MailLogTable",
    "offers_table": "OffersTable",
    "products_table": "ProductsTable",
}
_BATCH = 25  # BatchWriteItem


class _OnlyTimers:
    """In place of the nudging: each step is over when it is due, so that nothing is counted but the timers."""

    def visit(self, cart: Any, now: datetime) -> Any:
        match deed(cart, SETTINGS, now):
            case TakeStep(step):
                return over(cart, len(SETTINGS.steps) if step.number else 0, SETTINGS)
            case LookLater(at):
                return waiting(cart, at)
            case _:
                return waiting(cart, None)


def follow_carts(client: Any, carts: int, progress: Callable[[int], None]) -> None:
    """So many customers fill a cart, in UPDATES updates, and leave it; sweeps run until all had their first step."""
    tracking, sweep = _tracking(client), _sweep(client, Counting(), nudging=_OnlyTimers())
    for number in range(UPDATES):
        at = BEGIN + number * APART
        for cart in range(carts):
            lines = tuple(a_line(f"Tea {each}") for each in range(1 + number % 3))
            fact = cart_updated(f"cart-{cart}", customer_id=f"cust-{cart}", occurred_at=at, lines=lines)
            tracking.apply(fact)
        progress((number + 1) * carts)
    for minutes in range(0, 120, 5):
        sweep.sweep(BEGIN + timedelta(minutes=minutes), lambda: timedelta(minutes=4))


@dataclass(frozen=True)
class Cost:
    """Of one sweep among that many open carts."""

    open_carts: int
    meter: Meter
    mails: int


def seed(endpoint: str, open_carts: int, due: int, numbers: range) -> None:
    """Each open cart's timer; cart, profile and contact, which are read by key, for those that are due."""
    client = client_of(endpoint)
    for some in batched(numbers, _BATCH, strict=False):
        puts = [{"PutRequest": {"Item": _timer(number, due)}} for number in some]
        client.batch_write_item(RequestItems={"CartTimersTable": puts})
    tracking = _tracking(client)
    for number in (each for each in numbers if each < due):
        customer_id = f"cust-{number:07d}"
        profile = to_item(profile_attributes(a_profile(customer_id)))
        client.put_item(TableName="CustomersTable", Item=profile)
        granted = {"granted": True, "changed_at": "2026-01-01T00:00:00.000000Z"}
        contact = to_item({"customer_id": customer_id, "topic:reminders": granted, "version": 1})
        client.put_item(TableName="ContactsTable", Item=contact)
        tracking.apply(cart_updated(f"cart-{number:07d}", customer_id=customer_id, occurred_at=BEGIN))


def a_sweep(
    endpoint: str, open_carts: int, due: int, progress: Callable[[int], None] = lambda _: None
) -> Cost:
    """`progress` hears how many carts there are so far."""
    step = max(_BATCH, open_carts // 40)
    parts = [range(start, min(open_carts, start + step)) for start in range(0, open_carts, step)]
    with ProcessPoolExecutor(2) as pool:
        begun = [pool.submit(seed, endpoint, open_carts, due, part) for part in parts]
        for part, seeding in zip(parts, begun, strict=True):
            seeding.result()
            progress(part.stop)
    client, meter, others = client_of(endpoint), Meter(), Counting()
    meter.watch(client)
    _sweep(client, others).sweep(BEGIN + SETTINGS.steps[0].after, lambda: timedelta(minutes=4))
    return Cost(open_carts, meter, others.calls["mails"])


def _timer(number: int, due: int) -> dict[str, Any]:
    """Those that are not due yet are so in an hour, or in a month."""
    cart_id = f"cart-{number:07d}"
    at = (
        BEGIN
        + SETTINGS.steps[0].after
        + (timedelta(minutes=60 + number % 43_200) if number >= due else timedelta())
    )
    timer = Timer(cart_id, at)
    return to_item(
        {
            "timer_shard": f"shard-{crc32(cart_id.encode()) % SHARDS}",
            "fires_at": f"{to_text(timer.at)}#{cart_id}",
            "expires_at": int((at + SETTINGS.keep_cart_for).timestamp()),
        }
    )


def _tracking(client: Any) -> CartTracking:
    return CartTracking(
        carts=Carts(client, "CartsTable"),
        timers=CartTimers(client, "CartTimersTable"),
        shoppers=Shoppers(client, "CartShoppersTable"),
        profiles=Profiles(client, "CustomersTable"),
        mail_queue=MessageQueue(cast("Any", Counting()), "mails"),
        settings=SETTINGS,
        hash_key=KEY,
    )


def _sweep(client: Any, others: Counting, *, nudging: Any = None) -> CartSweep:
    fake = cast("Any", others)
    sweep = cart_sweep(
        client,
        Tables.model_validate(_NAMES),
        plan=PLAN,
        signing_keys=(KEY,),
        hash_key=KEY,
        bus=Bus(fake, "bus"),
        mail_queue=MessageQueue(fake, "mails"),
        pages_url="https://pages.example.com",
    )
    return sweep if nudging is None else CartSweep(**vars(sweep) | {"nudging": nudging})


def with_an_index_on_the_time(client: Any, carts: int) -> None:
    """The same updates, as an item that carries `due_at` in an index: each update moves it. To be compared."""
    for number in range(UPDATES):
        due_at = BEGIN + number * APART + SETTINGS.steps[0].after
        for cart in range(carts):
            key = to_item({"cart_id": f"cart-{cart}"})
            values = to_item({":due_at": to_text(due_at), ":shard": f"shard-{cart % SHARDS}"})
            update = "SET due_at = :due_at, due_shard = :shard"
            client.update_item(
                TableName="DueTable", Key=key, UpdateExpression=update, ExpressionAttributeValues=values
            )
    # Claimed and settled once, as `engagement.due_work` does.
    for cart in range(carts):
        key = to_item({"cart_id": f"cart-{cart}"})
        lease = to_item({":lease": to_text(BEGIN + timedelta(days=1))})
        for update, given in (("SET due_at = :lease", lease), ("REMOVE due_at, due_shard", {})):
            values_of = {"ExpressionAttributeValues": given} if given else {}
            client.update_item(TableName="DueTable", Key=key, UpdateExpression=update, **values_of)


def due_table() -> dict[str, Any]:
    names: Sequence[str] = ("cart_id", "due_shard", "due_at")
    return {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in names],
        "KeySchema": [{"AttributeName": "cart_id", "KeyType": "HASH"}],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "due",
                "KeySchema": [
                    {"AttributeName": "due_shard", "KeyType": "HASH"},
                    {"AttributeName": "due_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        "BillingMode": "PAY_PER_REQUEST",
    }
