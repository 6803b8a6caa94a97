"""The story: what happens at the shop, and when. A step is a fact that the shop tells, or what a person does."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from engagement.events.base import Event, Line
from engagement.events.carts import CartUpdated
from engagement.events.customers import CustomerRegistered
from engagement.events.orders import OrderCancelled, OrderDelivered, OrderPaid, OrderPlaced, OrderRefunded
from engagement.events.products import ProductChanged
from engagement.events.reviews import ReviewSubmitted
from engagement.money import Money
from local_cloud.cloud import LocalCloud
from rishta_cli.demo.customers import CUSTOMERS, END, START


@dataclass(frozen=True)
class Step:
    """`tell` a fact, or `do` something to the cloud, so long after the start."""

    after: timedelta
    what: str
    fact: Event | None = None
    do: Callable[[LocalCloud], None] | None = None


def _at(hours: float) -> timedelta:
    return timedelta(hours=hours)


def _line(name: str, price: int, currency: str = "INR", quantity: int = 1) -> Line:
    return Line(
        product_id=name.lower().replace(" &", "").replace(" ", "-"),
        name=name,
        quantity=quantity,
        unit_price=Money(amount_minor=price * 100, currency=currency),
    )


def _money(amount: int, currency: str = "INR") -> Money:
    return Money(amount_minor=amount * 100, currency=currency)


_ASHAS_WISHES = (_line("Darjeeling first flush", 850, quantity=2), _line("Clay cup", 120))


def play(cloud: LocalCloud, on_step: Callable[[str], None] = lambda _: None) -> None:
    """Play each step at its time; between them the clock moves and the schedules run."""
    for step in steps():
        cloud.advance(to=START + step.after)
        on_step(step.what)
        if step.fact:
            cloud.publish(type(step.fact).__name__, step.fact.model_dump(mode="json"))
        if step.do:
            step.do(cloud)
        cloud.settle()
    while cloud.now < END:
        cloud.advance(to=min(END, cloud.now + timedelta(hours=1)))
        on_step("the shop is quiet; schedules run")


def steps() -> list[Step]:
    """Every step of the two days, in order."""
    return sorted(
        [*_registrations(), *_carts(), *_orders(), *_offers(), *_trouble()], key=lambda step: step.after
    )


def _registrations() -> Iterator[Step]:
    for number, customer in enumerate(CUSTOMERS):
        identity = {"event_id": f"registered-{customer['customer_id']}", "occurred_at": customer["joined"]}
        fact = CustomerRegistered.model_validate(identity | customer)
        yield Step(timedelta(seconds=number), f"the shop tells of {customer['name']}", fact)


def _cart(
    after: float, who: str, cart_id: str, *lines: Line, told_late: float = 0, **owner: str | None
) -> Step:
    fact = CartUpdated(
        **{"customer_id": who, **owner},
        event_id=f"{cart_id}-at-{after}",
        occurred_at=START + _at(after),
        cart_id=cart_id,
        lines=lines,
    )
    what = f"{who} fills a cart" if lines else f"{who} empties the cart"
    return Step(_at(after + told_late), what + (", told late" if told_late else ""), fact)


def _carts() -> Iterator[Step]:
    yield _cart(0.5, "asha", "cart-asha", *_ASHAS_WISHES)
    # She orders them the next day from another device, with her birthday code: see _offers.
    yield _cart(2.0, "emma", "cart-emma", _line("Genmaicha", 24, "USD"))
    yield _cart(4.0, "mira", "cart-mira", _line("Nilgiri", 380))
    yield _cart(1.0, "lena", "cart-lena", _line("Assam & Friends", 22, "EUR"))
    # A guest until the checkout asks for an address. Overnight one thing gets cheaper, another sells out.
    pot, assam = _line("Copper pot", 900), _line("Assam", 450)
    yield _cart(3.0, "a guest", "cart-dev", assam, customer_id=None)
    yield _cart(3.2, "a guest", "cart-dev", assam, pot, customer_id=None, email="Dev@mail.example.com")
    yield _product(5.0, "Assam", 399)
    yield _product(5.1, "Copper pot", 900, available=False)
    yield _cart(0.5, "priya", "cart-priya", _line("Masala chai", 320))
    yield _cart(0.6, "tom", "cart-tom-1", _line("Earl Grey", 9, "GBP"), _line("Tea strainer", 14, "GBP"))
    # Bought fifty minutes after it was left: nothing to remind of, though an update is told after the order.
    yield _cart(1.0, "kenji", "cart-kenji", _line("Sencha", 18, "USD"))
    yield Step(
        _at(1.8),
        "kenji buys the cart",
        OrderPlaced(
            event_id="placed-kenji",
            occurred_at=START + _at(1.8),
            order_id="order-kenji",
            customer_id="kenji",
            cart_id="cart-kenji",
        ),
    )
    yield _cart(1.7, "kenji", "cart-kenji", _line("Sencha", 18, "USD", quantity=2), told_late=0.4)
    yield _cart(2.0, "bina", "cart-bina", _line("Ilam tea", 640))
    yield _cart(2.5, "bina", "cart-bina")
    yield Step(_at(6.0), "tom unsubscribes by the link in his reminder", do=_unsubscribe_tom)
    yield _cart(8.0, "tom", "cart-tom-2", _line("Lapsang", 11, "GBP"))


def _product(after: float, name: str, price: int, *, available: bool = True) -> Step:
    line = _line(name, price)
    fact = ProductChanged(
        event_id=f"{line.product_id}-at-{after}",
        occurred_at=START + _at(after),
        product_id=line.product_id,
        name=name,
        prices=(line.unit_price,),
        available=available,
    )
    return Step(_at(after), f"{name} costs another price" if available else f"{name} is sold out", fact)


def _unsubscribe_tom(cloud: LocalCloud) -> None:
    # As a mail provider does for its user (RFC 8058); the scanner that looks at the link before must change nothing.
    url = next(mail for mail in cloud.mails if "tom@" in mail.to[0]).headers["List-Unsubscribe"].strip("<>")
    cloud.http("GET", url)
    answer = cloud.http(
        "POST",
        url,
        body="List-Unsubscribe=One-Click",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"the unsubscribe link answered {answer.status}")


def _order(who: str, kind: type[Event], after: float, **details: Any) -> Step:
    identity = {"event_id": f"{kind.__name__}-{who}-{after}", "occurred_at": START + _at(after)}
    fact = kind.model_validate(identity | {"order_id": f"order-{who}", "customer_id": who} | details)
    return Step(max(_at(after), timedelta(minutes=5)), f"{kind.__name__} of {who}", fact)


def _orders() -> Iterator[Step]:
    yield _order("asha", OrderPaid, 3.0, amount=_money(1820))
    yield _order("vikram", OrderPaid, 3.5, amount=_money(52_450))
    yield _order("emma", OrderPaid, 4.0, amount=_money(96, "USD"))
    yield _order("emma", OrderRefunded, 20.0, refund_id="refund-emma", amount=_money(32, "USD"))
    # Delivered six days and some hours before the story begins: the request falls due on its second day.
    yield _order("bina", OrderDelivered, -150.0, lines=(_line("Ilam tea", 640), _line("Copper kettle", 2400)))
    yield _order("lena", OrderDelivered, -148.0, lines=(_line("Assam & Friends", 22, "EUR"),))
    yield _order("omar", OrderDelivered, -149.0, lines=(_line("Mint tea", 7, "GBP"),))
    yield _order("omar", OrderRefunded, 5.0, refund_id="refund-omar", amount=_money(7, "GBP"))
    yield _order("kenji", OrderDelivered, -147.0, lines=(_line("Matcha", 30, "USD"),))
    yield _order("kenji", ReviewSubmitted, 9.0, rating=5)
    yield _order("tom", OrderDelivered, -146.0, lines=(_line("Tea cosy", 25, "GBP"),))
    yield _order("tom", OrderCancelled, 10.0)
    yield _order("priya", OrderDelivered, -145.0, lines=(_line("Masala box", 450),))


def _offers() -> Iterator[Step]:
    """The birthday codes, used as people do: typed in small letters, in groups, and passed on to others."""
    gift = _order_with_code("asha", "order-asha-gift", 20.0, lines=_ASHAS_WISHES)
    yield Step(_at(20.0), "asha buys what was in her cart, with her birthday code", do=gift)
    yield _order("asha", OrderPaid, 20.2, order_id="order-asha-gift", amount=_money(1547))
    yield _order("asha", OrderRefunded, 30.0, order_id="order-asha-gift", refund_id="cup", amount=_money(102))
    yield Step(_at(21.0), "asha uses it once more", do=_order_with_code("asha", "order-asha-again", 21.0))
    yield Step(
        _at(22.0), "tom uses emma's code", do=_order_with_code("emma", "order-tom-gift", 22.0, by="tom")
    )


def _order_with_code(
    owner: str, order_id: str, after: float, *, by: str | None = None, lines: tuple[Line, ...] = ()
) -> Callable[[LocalCloud], None]:
    def place(cloud: LocalCloud) -> None:
        code = next(str(item["code"]) for item in cloud.table("OffersTable") if item["customer_id"] == owner)
        fact = OrderPlaced(
            event_id=f"placed-{order_id}",
            occurred_at=START + _at(after),
            order_id=order_id,
            customer_id=by or owner,
            offer_codes=(f"{code[:5]}-{code[5:]}".lower(),),
            lines=lines,
        )
        cloud.publish("OrderPlaced", fact.model_dump(mode="json"))

    return place


def _trouble() -> Iterator[Step]:
    again = OrderPaid(
        event_id="told-again",
        occurred_at=START + _at(3.0),
        order_id="order-asha",
        customer_id="asha",
        amount=_money(1820),
    )
    yield Step(_at(3.1), "asha's payment is told a second time, under another event id", again)
    yield Step(_at(4.5), "a message that is no JSON lies between two good ones", do=_poison)
    yield Step(_at(7.0), "an order is paid in a currency that does not exist", do=_malformed)


def _poison(cloud: LocalCloud) -> None:
    cloud.send("CartNudgesQueue", '{"detail-type": "CartUpdated", "detail": {"cart_id":')


def _malformed(cloud: LocalCloud) -> None:
    amount = {"amount_minor": "19.99", "currency": "euro"}
    identity = {"event_id": "bad", "occurred_at": "2027-02-28T01:00:00Z"}
    details = identity | {"order_id": "order-x", "customer_id": "x", "amount": amount}
    cloud.send("LoyaltyAccrualQueue", json.dumps({"detail-type": "OrderPaid", "detail": details}))
