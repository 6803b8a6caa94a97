"""Whatever happens to a few carts, in whatever order it is told: nobody is embarrassed, and nobody is forgotten."""

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cart_nudges.campaign import CartNudgeSettings
from cart_world import PLAN, Accepted, CartWorld
from cart_yardstick import ASHA, CARTS, Shop
from engagement.events.base import Event, Line
from engagement.events.products import ProductChanged
from engagement.money import Money
from shop_facts import (
    NOW,
    cart_deleted,
    cart_updated,
    carts_merged,
    order_placed,
    product_changed,
    registered,
)

STEPS = PLAN.settings(CartNudgeSettings).steps
PRODUCTS = ("assam", "chai", "cups")
# Asha agreed to reminders, Ravi to nothing. A cart is theirs by id, or hers by the address typed; or nobody's.
RAVI = "ravi"
WHO: dict[str, dict[str, Any]] = {
    "asha": {"customer_id": ASHA, "email": None},
    "her address": {"customer_id": None, "email": "ASHA@mail.example.com"},
    "ravi": {"customer_id": RAVI, "email": None},
    "nobody": {"customer_id": None, "email": None},
}
BUYERS: dict[str, dict[str, Any]] = {
    "asha": {"customer_id": ASHA},
    "asha as a guest": {"customer_id": "guest-1", "email": "asha@mail.example.com"},
    "ravi": {"customer_id": RAVI},
}
# Whatever the order of arrival may do to a step that is told in the log, it is one of these.
GOOD_REASONS = {
    "merged",
    "lost",
    "frequency_cap",
    "withheld",
    "superseded",
    "bought_already",
    "sold_out",
    "too_late",
    "bought",
}
_MINUTE = timedelta(minutes=1)


def price_shown(text: str, product_id: str) -> str | None:
    found = re.search(rf"- {product_id}.*?: (\S+)", text)
    return found[1] if found else None


class Story:
    """A shop and our world, side by side; each mail is held against what the shop told when SES took it."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.world = CartWorld(NOW, self._check)
        self._pending: list[tuple[datetime, Event]] = []
        self._ticks = 0
        for customer, consents in ((ASHA, {"reminders"}), (RAVI, set())):
            fact = registered(customer, occurred_at=NOW - 500 * _MINUTE, consents=frozenset(consents))
            self.world.tell(fact)

    def happens(self, fact: Event, *, told_after: int, again_after: int) -> None:
        self._pending.append((self.world.now + told_after * _MINUTE, fact))
        if again_after:
            self._pending.append((self.world.now + (told_after + again_after) * _MINUTE, fact))

    def moment(self) -> datetime:
        """Now, and never the same moment twice."""
        self._ticks += 1
        return self.world.now + timedelta(microseconds=self._ticks)

    def pass_time(self, minutes: int, *, sweep: bool = True, deliver: bool = True) -> None:
        until = self.world.now + minutes * _MINUTE
        due = sorted((each for each in self._pending if each[0] <= until), key=lambda each: each[0])
        self._pending = [each for each in self._pending if each[0] > until]
        for at, fact in due:
            self.world.now = max(self.world.now, at)
            self._tell(fact)
        self.world.now = until
        if sweep:
            self.world.sweep()
        if deliver:
            self.world.deliver()

    def _tell(self, fact: Event) -> None:
        self.world.tell(fact)
        self.shop.facts.append(fact)

    def _check(self, mail: Accepted) -> None:
        _, cart_id, step = mail.send_key.split(":")
        number = int(step.removeprefix("step-"))
        known = [each.send_key for each in self.world.accepted]
        assert mail.send_key not in known, "a step that was mailed twice"
        assert not self.shop.is_bought(cart_id), "mailed although it was known to be bought"
        assert self.shop.owner(cart_id) == ASHA, "somebody else's cart, nobody's, or one without consent"
        assert mail.address == f"{ASHA}@mail.example.com"
        activity = self.shop.updates(cart_id)[-1].occurred_at
        due_at = activity + STEPS[number - 1].after
        assert due_at <= mail.at <= due_at + STEPS[number - 1].useful_for, "too early, or too late"
        shown = {each: price_shown(mail.text, each) for each in PRODUCTS}
        wanted = {each: f"₹{money.amount_minor // 100}" for each, money in self.shop.left(cart_id).items()}
        assert {each: price for each, price in shown.items() if price} == wanted, (
            "not what is left of the cart"
        )
        assert wanted, "a mail about nothing"

    def ends_quietly(self) -> None:
        """All is told, and then nothing happens for a week."""
        while self._pending:
            self.pass_time(60)
        settled_at = self.world.now
        for _ in range(24 * 7):
            self.pass_time(60)
        self._nobody_is_forgotten(settled_at)

    def _nobody_is_forgotten(self, settled_at: datetime) -> None:
        log = self.world.log()
        for cart_id in CARTS:
            if self.shop.owner(cart_id) != ASHA or not self.shop.lines(cart_id):
                continue
            if self.shop.may_be_bought(cart_id):
                continue
            if any(update.customer_id == RAVI for update in self.shop.updates(cart_id)):
                continue  # a step was over when it was his, and is not taken again
            activity = self.shop.updates(cart_id)[-1].occurred_at
            for number, step in enumerate(STEPS, start=1):
                if activity + step.after + step.useful_for < settled_at + timedelta(hours=12):
                    continue  # its time passed while nobody may have looked
                if any(update.email for update in self.shop.updates(cart_id)) and (
                    self.shop.updates(cart_id)[0].occurred_at + step.after + step.useful_for < settled_at
                ):
                    continue  # passed over when it was too late, and nobody was known by id to whom to say so
                keys = [
                    f"cart_nudge:{part}:step-{number}"
                    for part in sorted(self.shop.parts(cart_id), key=lambda part: part != cart_id)
                ]
                entries = [log[key] for key in keys if key in log]
                assert entries, f"{cart_id} was left for days, and nobody decided about its step {number}"
                if len(entries) > 1 or keys[0] not in log:
                    continue  # taken about what became part of it
                entry = entries[0]
                reason = entry.get("reason") or entry.get("cancelled_because")
                assert entry["mail_status"] == "sent" or reason in GOOD_REASONS, entry
                assert reason != "superseded" or self.shop.may_have_been_older(cart_id), entry
                unchanged = len(self.shop.updates(cart_id)) == 1 and not self.shop.of(ProductChanged)
                if reason in {"bought_already", "sold_out"} and unchanged:
                    assert not self.shop.left(cart_id)


_LINES = st.lists(st.sampled_from(PRODUCTS), max_size=3, unique=True)
_DELAYS = st.sampled_from([0, 0, 0, 0, 7, 45, 130])
_AGAIN = st.sampled_from([0, 0, 0, 1, 90, 2000])
_HERS = st.sampled_from(["asha", "her address"])
_EVENTS = st.one_of(
    st.tuples(st.just("update"), st.sampled_from(CARTS), st.sampled_from(sorted(WHO)), _LINES),
    # Most carts hold something, and are hers.
    *[st.tuples(st.just("update"), st.sampled_from(CARTS), _HERS, _LINES.filter(bool))] * 3,
    st.tuples(st.just("delete"), st.sampled_from(CARTS)),
    st.tuples(st.just("merge"), st.permutations(CARTS).map(lambda carts: carts[:2])),
    st.tuples(st.just("order"), st.sampled_from([*CARTS, None]), st.sampled_from(sorted(BUYERS)), _LINES),
    # Few prices, so that some are told again.
    st.tuples(st.just("product"), st.sampled_from(PRODUCTS), st.sampled_from([300, 777]), st.booleans()),
)
_TIMES = st.tuples(
    st.just("time"), st.sampled_from([5, 15, 30, 61, 61, 400, 1441]), st.booleans(), st.booleans()
)
_ANYTHING = st.tuples(st.one_of(_EVENTS, _TIMES), _DELAYS, _AGAIN)


@st.composite
def _race(draw: st.DrawFn) -> list[Any]:
    """A cart is left; between the sweep and the delivery something happens, most likely to that cart."""
    cart_id, products = draw(st.sampled_from(CARTS)), draw(_LINES.filter(bool))
    left = ("update", cart_id, draw(_HERS), products)
    buyer = draw(st.sampled_from(sorted(BUYERS)))
    meanwhile = draw(
        st.one_of(
            st.just(("order", cart_id, buyer, [])),
            st.just(("order", None, buyer, products)),
            st.just(("update", cart_id, "nobody", products[1:])),
            st.just(("product", products[0], 777, draw(st.booleans()))),
            _EVENTS,
        )
    )
    wait, quiet = draw(st.sampled_from([61, 61, 1441])), draw(st.sampled_from([5, 61]))
    times = [("time", wait, True, False), ("time", quiet, draw(st.booleans()), True)]
    return [(event, 0, 0) for event in (left, times[0], meanwhile, times[1])]


_STORIES = st.lists(st.one_of(_race(), _ANYTHING.map(lambda event: [event])), min_size=1, max_size=10).map(
    lambda chunks: [event for chunk in chunks for event in chunk]
)


def _line(product_id: str) -> Line:
    price = Money(amount_minor=(200 + PRODUCTS.index(product_id)) * 100, currency="INR")
    return Line(product_id=product_id, name=product_id, unit_price=price)


def _fact(event: tuple[Any, ...], at: datetime) -> Event:
    match event:
        case ("update", cart_id, who, products):
            lines = tuple(map(_line, products))
            return cart_updated(cart_id, occurred_at=at, lines=lines, **WHO[who])
        case ("delete", cart_id):
            return cart_deleted(cart_id, occurred_at=at)
        case ("merge", (one, other)):
            return carts_merged(one, into_cart_id=other, occurred_at=at)
        case ("order", cart_id, who, products):
            lines = tuple(map(_line, products))
            order_id = f"order-{at:%d%H%M%S%f}"
            return order_placed(order_id, occurred_at=at, cart_id=cart_id, lines=lines, **BUYERS[who])
        case ("product", product_id, rupees, available):
            prices = (Money(amount_minor=rupees * 100, currency="INR"),)
            known = {"name": product_id, "prices": prices, "available": available}
            return product_changed(product_id, occurred_at=at, **known)
        case _:
            raise ValueError(event)


def play(events: list[tuple[tuple[Any, ...], int, int]]) -> Story:
    story = Story()
    for event, told_after, again_after in events:
        if event[0] == "time":
            _, minutes, sweep, deliver = event
            story.pass_time(minutes, sweep=sweep or deliver, deliver=deliver)
        else:
            fact = _fact(event, story.moment())
            story.happens(fact, told_after=told_after, again_after=again_after)
    story.ends_quietly()
    return story


@settings(max_examples=40, deadline=None)
@given(events=_STORIES)
def test_nobody_is_embarrassed_and_nobody_forgotten(events: list[tuple[tuple[Any, ...], int, int]]) -> None:
    play(events)


def test_the_stories_lead_to_mails_of_every_step() -> None:
    """A yardstick that never sees a mail would be none."""
    cart = ("update", "cart-1", "asha", ["assam", "chai"])
    story = play([(cart, 0, 0)])
    sent = Counter(mail.send_key for mail in story.world.accepted)
    decided = {key: entry["mail_status"] for key, entry in story.world.log().items()}
    assert len(sent) >= 2
    assert set(sent.values()) == {1}
    assert sorted(decided) == [f"cart_nudge:cart-1:step-{number}" for number in (1, 2, 3)]
