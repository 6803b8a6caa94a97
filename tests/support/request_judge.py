"""Review requests held against what the shop told: each mail and each refusal as it happens."""

from datetime import datetime
from zoneinfo import ZoneInfo

from engagement.events.orders import OrderCancelled, OrderPaid, OrderRefunded
from engagement.events.reviews import ReviewInvited
from request_chances import is_local_hour, unwell
from request_story import Story
from request_tales import RAVI, ZONES, Tale, shown_in
from request_world import PLAN, Accepted, Handed, Refused
from request_yardstick import LOCAL_HOUR, REMIND_AFTER, TOGETHER_WITHIN, USEFUL_FOR, Shop, at_local_hour
from shop_facts import days

_QUIET = PLAN.delivery.quiet_hours
SHOWN = 8
# How an order ends that could be asked about, and is not.
IN_VAIN = ("too_late", "case_open", "lost")
type Shown = set[tuple[str, str]]


class HeldAgainstTheShop(Story):
    """`asked`: what the mails of each send key showed, and when they left. `let_be`: the first refusal of each key."""

    def __init__(self, tale: Tale) -> None:
        super().__init__(tale)
        self.asked: dict[str, tuple[Shown, datetime]] = {}
        self.let_be: dict[str, Refused] = {}

    def mailed(self, mail: Accepted) -> None:
        shop, shown = self.shop(), shown_in(mail.text)
        customer = mail.address.removesuffix("@mail.example.com")
        assert mail.send_key not in self.asked, "a mail that was sent twice"
        assert customer != RAVI, "somebody who did not agree"
        assert not shop.is_erased(customer), "somebody who was erased"
        here = mail.at.astimezone(ZoneInfo(ZONES[customer]))
        assert _QUIET
        assert _QUIET.to_hour <= here.hour < _QUIET.from_hour, "in quiet hours"
        assert shown, "a mail about nothing"
        for order_id, product_id in shown:
            assert order_id in shop.order_ids(customer), "somebody else's order"
            assert not shop.has_open_case(order_id), "while a case is open"
            ripe = shop.ripe(customer, order_id).get(product_id)
            assert ripe, f"{product_id} of {order_id} is nothing to ask about"
            assert ripe <= mail.at, f"{product_id} of {order_id} was not there for long enough"
        assert len(_names(shown)) == len(shown), "twice about one product"
        for key, (_, asked_at) in self.asked.items():
            if self.customer_of(key) == customer:
                assert mail.at >= asked_at + TOGETHER_WITHIN, f"so soon after {key}"
        if mail.send_key.endswith(":first"):
            self._first(mail, customer, shown, shop)
        else:
            self._reminder(mail, customer, shown, shop)
        self.asked[mail.send_key] = (shown, mail.at)

    def handed(self, mail: Accepted) -> Handed:
        """When this mail was handed over first."""
        keys = [
            each for each in self.world.handed if (each.send_key, each.text) == (mail.send_key, mail.text)
        ]
        return next(each for each in self.world.handed if each.version == keys[-1].version)

    def decided_at(self, handed: Handed, customer: str) -> datetime:
        """The invitation that went with it says that."""
        shown = shown_in(handed.text)
        told = [detail for kind, detail in self.world.told if kind == "ReviewInvited"]
        found = [
            fact.occurred_at
            for fact in map(ReviewInvited.model_validate_json, told)
            if fact.customer_id == customer and fact.occurred_at <= handed.at
            if {(each.order_id, each.product_id) for each in fact.products} == shown
        ]
        assert found, "links that nobody was invited by"
        return max(found)

    def at_their_hour(self, handed: Handed, customer: str) -> None:
        decided_at = self.decided_at(handed, customer)
        assert is_local_hour(decided_at, ZONES[customer]), f"not at their hour, but at {decided_at}"
        late = handed.at != decided_at and decided_at not in self.world.broken_off
        assert not late, f"decided at {decided_at}, and handed over at {handed.at} for no reason"

    def of_use_long_enough(self, handed: Handed, customer: str) -> None:
        """As long as the last order in it."""
        lasts = []
        for known in range(handed.known, handed.most + 1):
            dues = [self.shop(known).due(customer, order_id) for order_id, _ in shown_in(handed.text)]
            lasts += [max(due for due in dues if due)] if any(dues) else []
        assert handed.useful_until >= min(lasts) + USEFUL_FOR, "of no more use too soon"

    def _first(self, mail: Accepted, customer: str, shown: Shown, shop: Shop) -> None:
        orders = {order_id for order_id, _ in shown}
        dues = {order_id: shop.due(customer, order_id) for order_id in orders}
        ends = [due + USEFUL_FOR for due in dues.values() if due]
        handed = self.handed(mail)
        decided_at = self.decided_at(handed, customer)
        assert len(ends) == len(orders), "of an order that is not due"
        assert max(ends) >= mail.at, "too late"
        assert min(ends) >= decided_at, "one of them was too late already"
        for due in dues.values():
            assert due
            assert at_local_hour(due, LOCAL_HOUR, ZONES[customer]) <= mail.at, "too soon"
        for key, (before, _) in self.asked.items():
            if key.endswith(":first") and self.customer_of(key) == customer:
                both = orders & {order_id for order_id, _ in before}
                assert not both, "an order that was asked about before"
        # What became untrue before it left was grouped anew.
        missing = self._together(mail, customer, decided_at, self.shop(handed.known), shop) - _names(shown)
        assert not missing or len(shown) == SHOWN, f"not asked about {missing}"

    def _together(self, mail: Accepted, customer: str, when: datetime, then: Shop, shop: Shop) -> set[str]:
        """The products of all orders that were due together, and are still to be asked about."""
        decided = ({*self.world.log()} | {*self.let_be}) - {mail.send_key}
        about = {order_id for order_id, _ in shown_in(mail.text)}
        dues = {
            order_id: due
            for order_id in then.order_ids(customer)
            # What it is about was due, whatever other orders of the same products are decided.
            if order_id in about or not self.keys_about(customer, order_id) & decided
            if not then.has_open_case(order_id) and not shop.has_open_case(order_id)
            if (due := then.due(customer, order_id)) and due + USEFUL_FOR > when
        }
        together_until = min(dues.values(), default=when) + TOGETHER_WITHIN
        return {
            product_id
            for order_id, due in dues.items()
            if due <= together_until
            for product_id, ripe in shop.ripe(customer, order_id).items()
            if ripe and ripe <= due
        }

    def _reminder(self, mail: Accepted, customer: str, shown: Shown, shop: Shop) -> None:
        first = mail.send_key.replace(":reminder", ":first")
        asked, asked_at = self.asked[first]
        assert mail.at >= at_local_hour(asked_at + REMIND_AFTER, LOCAL_HOUR, ZONES[customer]), "too soon"
        assert mail.at <= asked_at + REMIND_AFTER + USEFUL_FOR, "too late"
        assert not any(map(shop.is_reviewed, self.members(first))), "reminded after a review"
        assert _names(shown) <= _names(asked) or len(asked) == SHOWN, "reminded of something else"
        missing = self.left(first, shop, mail.at) - _names(shown)
        assert not missing or len(shown) == SHOWN, f"not reminded of {missing}"

    def left(self, first: str, shop: Shop, when: datetime) -> set[str]:
        """The products that the request showed, and that one of its orders still keeps."""
        return {
            product_id
            for order_id in self.members(first)
            if not shop.has_open_case(order_id)
            for product_id, ripe in shop.ripe(self.customer_of(first), order_id).items()
            if ripe and ripe <= when
        } & _names(self.asked[first][0])

    def members(self, first: str) -> set[str]:
        """The orders of a request that left: those in the mail, and those whose products it showed as others'."""
        customer, (shown, _) = self.customer_of(first), self.asked[first]
        handed = [each for each in self.world.handed if each.send_key == first][-1]
        then, found = self.shop(handed.known), {order_id for order_id, _ in shown}
        asked_at = self.asked[first][1]
        others = {key for key, (_, at) in self.asked.items() if key.endswith(":first") and at < asked_at}
        for order_id in then.order_ids(customer):
            due = then.due(customer, order_id)
            if not due or due > handed.at or then.has_open_case(order_id):
                continue
            shares = _names(shown) & set(then.ripe(customer, order_id))
            if shares and not self.keys_about(customer, order_id) & others:
                found.add(order_id)
        return found

    def keys_about(self, customer: str, order_id: str) -> set[str]:
        """Of all mails that were handed over about the order, or about the same products of others, or that count it
        among those that they do not show.
        """
        shop = self.shop()
        own, mine = set(shop.order_ids(customer)), set(shop.lines(order_id))
        keys = {f"review_request:{order_id}:first"}
        for each in self.world.handed:
            shown = shown_in(each.text)
            due_then = self.shop(each.known).due(customer, order_id)
            same = mine & _names(shown) or len(shown) == SHOWN
            is_theirs = each.send_key.split(":")[1] in own and due_then and due_then <= each.at and same
            if is_theirs or order_id in {order for order, _ in shown}:
                keys.add(each.send_key)
        return keys

    def customer_of(self, send_key: str) -> str:
        lead = send_key.split(":")[1]
        return next(each for each in ZONES if lead in self.shop().order_ids(each))

    def refused(self, refused: Refused) -> None:
        key = refused.send_key
        before = self.let_be.setdefault(key, refused)
        if self.shop().is_erased(self.customer_of(key)) or (
            before != refused and before.reason == refused.reason
        ):
            return
        # What was decided in vain is said again.
        shops = [self.shop(known) for known in (refused.known, None, *self.world.broken_off.values())]
        # Others that it was grouped with go on by themselves.
        is_right = self._is_right_to_let_be if key.endswith(":first") else self._is_right_not_to_remind
        assert any(is_right(shop, refused) for shop in shops), f"{key} let be as {refused.reason}"

    def _is_right_to_let_be(self, shop: Shop, refused: Refused) -> bool:
        customer, order_id = self.customer_of(refused.send_key), refused.send_key.split(":")[1]
        if refused.reason in IN_VAIN:
            due = shop.due(customer, order_id)
            return due is not None and self._in_vain(shop, refused, due + USEFUL_FOR, {order_id})
        return self._is_so(shop, refused.reason, customer, order_id) and not shop.ripe(customer, order_id)

    def _is_right_not_to_remind(self, shop: Shop, refused: Refused) -> bool:
        first = refused.send_key.replace(":reminder", ":first")
        members, end = self.members(first), self.asked[first][1] + REMIND_AFTER + USEFUL_FOR
        if refused.reason in IN_VAIN:
            return self._in_vain(shop, refused, end, members)
        return any(map(shop.is_reviewed, members)) or not self.left(first, shop, refused.at)

    def _in_vain(self, shop: Shop, refused: Refused, end: datetime, orders: set[str]) -> bool:
        if refused.at < end:
            return False
        if refused.reason == "lost":
            # All that time nothing reached the mail path, or it could do nothing.
            return any(start < refused.at and limit > end - days(1) for start, limit in unwell(self.outages))
        return (refused.reason == "case_open") == any(map(shop.has_open_case, orders))

    @staticmethod
    def _is_so(shop: Shop, reason: str, customer: str, order_id: str) -> bool:
        match reason:
            case "cancelled":
                return bool(shop.of(OrderCancelled, order_id))
            case "imported":
                return any(fact.imported for fact in shop.of(OrderPaid, order_id))
            case "reviewed":
                return shop.has_reviewed_something(customer)
            case "refunded":
                return bool(shop.of(OrderRefunded, order_id))
            case "not_reviewable":
                return not any(map(shop.is_reviewable, shop.lines(order_id).values()))
            case _:
                return False


def _names(shown: Shown) -> set[str]:
    return {product_id for _, product_id in shown}
