"""The story: what happens at the shop, and when. A step is a fact that the shop tells, or what a person does."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from http import HTTPStatus

from engagement.events.base import Line
from engagement.events.carts import CartUpdated
from engagement.events.customers import CustomerRegistered
from engagement.events.orders import (
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
)
from engagement.events.products import ProductChanged
from local_cloud.cloud import LocalCloud
from rishta_cli.demo.customers import CUSTOMERS, END, START
from rishta_cli.demo.points import point_steps
from rishta_cli.demo.reviews import review_steps
from rishta_cli.demo.steps import FORM, Step, at, line, money, order

_ASHAS_WISHES = (line("Darjeeling first flush", 850, quantity=2), line("Clay cup", 120))


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
        [*_registrations(), *_carts(), *_orders(), *point_steps(), *review_steps(), *_offers(), *_trouble()],
        key=lambda step: step.after,
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
        occurred_at=START + at(after),
        cart_id=cart_id,
        lines=lines,
    )
    what = f"{who} fills a cart" if lines else f"{who} empties the cart"
    return Step(at(after + told_late), what + (", told late" if told_late else ""), fact)


def _carts() -> Iterator[Step]:
    yield _cart(0.5, "asha", "cart-asha", *_ASHAS_WISHES)
    # She orders them the next day from another device, with her birthday code: see _offers.
    yield _cart(2.0, "emma", "cart-emma", line("Genmaicha", 24, "USD"))
    yield _cart(4.0, "mira", "cart-mira", line("Nilgiri", 380))
    yield _cart(1.0, "lena", "cart-lena", line("Assam & Friends", 22, "EUR"))
    # A guest until the checkout asks for an address. Overnight one thing gets cheaper, another sells out.
    pot, assam = line("Copper pot", 900), line("Assam", 450)
    yield _cart(3.0, "a guest", "cart-dev", assam, customer_id=None)
    yield _cart(3.2, "a guest", "cart-dev", assam, pot, customer_id=None, email="Dev@mail.example.com")
    yield _product(5.0, "Assam", 399)
    yield _product(5.1, "Copper pot", 900, available=False)
    yield _cart(0.5, "priya", "cart-priya", line("Masala chai", 320))
    yield _cart(0.6, "tom", "cart-tom-1", line("Earl Grey", 9, "GBP"), line("Tea strainer", 14, "GBP"))
    # Bought fifty minutes after it was left: nothing to remind of, though an update is told after the order.
    yield _cart(1.0, "kenji", "cart-kenji", line("Sencha", 18, "USD"))
    yield Step(
        at(1.8),
        "kenji buys the cart",
        OrderPlaced(
            event_id="placed-kenji",
            occurred_at=START + at(1.8),
            order_id="order-kenji",
            customer_id="kenji",
            cart_id="cart-kenji",
        ),
    )
    yield _cart(1.7, "kenji", "cart-kenji", line("Sencha", 18, "USD", quantity=2), told_late=0.4)
    yield _cart(2.0, "bina", "cart-bina", line("Ilam tea", 640))
    yield _cart(2.5, "bina", "cart-bina")
    yield Step(at(6.0), "tom unsubscribes by the link in his reminder", do=_unsubscribe_tom)
    yield _cart(8.0, "tom", "cart-tom-2", line("Lapsang", 11, "GBP"))


def _product(after: float, name: str, price: int, *, available: bool = True) -> Step:
    product = line(name, price)
    fact = ProductChanged(
        event_id=f"{product.product_id}-at-{after}",
        occurred_at=START + at(after),
        product_id=product.product_id,
        name=name,
        prices=(product.unit_price,),
        available=available,
    )
    return Step(at(after), f"{name} costs another price" if available else f"{name} is sold out", fact)


def _unsubscribe_tom(cloud: LocalCloud) -> None:
    # As a mail provider does for its user (RFC 8058); the scanner that looks at the link before must change nothing.
    url = next(mail for mail in cloud.mails if "tom@" in mail.to[0]).headers["List-Unsubscribe"].strip("<>")
    cloud.http("GET", url)
    answer = cloud.http("POST", url, body="List-Unsubscribe=One-Click", headers=FORM)
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"the unsubscribe link answered {answer.status}")


def _orders() -> Iterator[Step]:
    yield order("asha", OrderPaid, 3.0, amount=money(1820))
    yield order("emma", OrderPaid, 4.0, amount=money(96, "USD"))
    yield order("emma", OrderRefunded, 20.0, refund_id="refund-emma", amount=money(32, "USD"))


def _offers() -> Iterator[Step]:
    """The birthday codes, used as people do: typed in small letters, in groups, and passed on to others."""
    gift = _order_with_code("asha", "order-asha-gift", 20.0, lines=_ASHAS_WISHES)
    yield Step(at(20.0), "asha buys what was in her cart, with her birthday code", do=gift)
    yield order("asha", OrderPaid, 20.2, order_id="order-asha-gift", amount=money(1547))
    yield order("asha", OrderRefunded, 30.0, order_id="order-asha-gift", refund_id="cup", amount=money(102))
    yield Step(at(21.0), "asha uses it once more", do=_order_with_code("asha", "order-asha-again", 21.0))
    yield Step(
        at(22.0), "tom uses emma's code", do=_order_with_code("emma", "order-tom-gift", 22.0, by="tom")
    )


def _order_with_code(
    owner: str, order_id: str, after: float, *, by: str | None = None, lines: tuple[Line, ...] = ()
) -> Callable[[LocalCloud], None]:
    def place(cloud: LocalCloud) -> None:
        code = next(str(item["code"]) for item in cloud.table("OffersTable") if item["customer_id"] == owner)
        fact = OrderPlaced(
            event_id=f"placed-{order_id}",
            occurred_at=START + at(after),
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
        occurred_at=START + at(3.0),
        order_id="order-asha",
        customer_id="asha",
        amount=money(1820),
    )
    yield Step(at(3.1), "asha's payment is told a second time, under another event id", again)
    yield Step(at(4.5), "a message that is no JSON lies between two good ones", do=_poison)
    yield Step(at(7.0), "an order is paid in a currency that does not exist", do=_malformed)


def _poison(cloud: LocalCloud) -> None:
    cloud.send("CartNudgesQueue", '{"detail-type": "CartUpdated", "detail": {"cart_id":')


def _malformed(cloud: LocalCloud) -> None:
    amount = {"amount_minor": "19.99", "currency": "euro"}
    identity = {"event_id": "bad", "occurred_at": "2027-02-28T01:00:00Z"}
    details = identity | {"order_id": "order-x", "customer_id": "x", "amount": amount}
    cloud.send("LoyaltyQueue", json.dumps({"detail-type": "OrderPaid", "detail": details}))
